import json
import shutil

import numpy as np
import pytest
from fakes import WordEmbedder
from span_models import save_tiny_model

from index.errors import ModelError
from index.settings import Settings
from qa.api import Pinpoint
from qa.evaluate import ReadingRow, best_answers
from qa.span_model import (
    PACKAGED_READER,
    OnnxSpanModel,
    TransformersSpanModel,
    _TokenizedModel,
    load_span_model,
)

pytestmark = pytest.mark.model
PAIRS = [
    ("who purrs?", "the cats purr."),
    ("who purrs at night, and how long?", "dogs bark. " * 4),
    ("who?", "cats"),
]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    save_tiny_model(folder)
    return folder


@pytest.fixture(scope="session")
def exported(tiny, tmp_path_factory):
    from bench.export_reader import export

    folder = tmp_path_factory.mktemp("exported")
    export(tiny, folder)
    return folder


@pytest.fixture
def copy(tiny, tmp_path):
    return shutil.copytree(tiny, tmp_path / "copy")


def test_offsets_are_those_of_the_text(tiny):
    model = load_span_model(str(tiny))
    (logits,) = model.logits([("who purrs?", "  The cats purr. ")])
    text = "  The cats purr. "
    assert [text[a:b] for a, b in logits.offsets] == ["The", "cats", "purr", "."]
    assert logits.offsets.tolist() == [list(o) for o in model.offsets(text)]
    assert logits.starts.shape == logits.ends.shape == (4,)


def test_room_is_what_the_question_leaves(tiny):
    model = load_span_model(str(tiny))
    assert model.room("purr") == 96 - 3 - 1
    assert model.room("purr " * 90) == 96 - 3 - 44  # a long question is cut


def test_the_batch_does_not_matter(tiny, exported):
    for model in (TransformersSpanModel(tiny, "tiny"), OnnxSpanModel(exported, "tiny")):
        for pair, together in zip(PAIRS, model.logits(PAIRS), strict=True):
            (alone,) = model.logits([pair])
            np.testing.assert_allclose(alone.starts, together.starts, atol=1e-5)
            np.testing.assert_allclose(alone.ends, together.ends, atol=1e-5)
            assert alone.none == pytest.approx(together.none, abs=1e-5)


def test_the_exported_model_says_the_same(tiny, exported):
    whole = TransformersSpanModel(tiny, "tiny").logits(PAIRS)
    half = OnnxSpanModel(exported, "tiny").logits(PAIRS)
    for one, other in zip(whole, half, strict=True):
        np.testing.assert_allclose(one.starts, other.starts, atol=2e-3)
        np.testing.assert_allclose(one.ends, other.ends, atol=2e-3)
    assert isinstance(load_span_model(str(exported)), OnnxSpanModel)


def test_a_folder_without_a_tokenizer_is_refused(copy):
    (copy / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"no tokenizer\.json .*cannot be traced.*sentences"):
        load_span_model(str(copy))


def test_a_model_of_another_task_is_refused(tmp_path):
    save_tiny_model(tmp_path, "BertForSequenceClassification")
    with pytest.raises(ModelError, match=r"BertForSequenceClassification, not a question"):
        load_span_model(str(tmp_path))


def test_missing_weights_are_refused(copy):
    (copy / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"no \*\.safetensors"):
        load_span_model(str(copy))


def test_weights_without_the_head_are_refused(copy):
    from safetensors.torch import load_file, save_file

    weights = load_file(copy / "model.safetensors")
    del weights["qa_outputs.weight"]
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"lacks the weights qa_outputs\.weight"):
        load_span_model(str(copy))


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_broken_files_are_refused(copy, name):
    (copy / name).write_bytes(b"{broken")
    with pytest.raises(ModelError, match="reader "):
        load_span_model(str(copy)).logits(PAIRS)


def test_a_damaged_export_is_refused(exported, tmp_path):
    folder = shutil.copytree(exported, tmp_path / "copy")
    (folder / "model.onnx").write_bytes(b"broken")
    with pytest.raises(ModelError, match="cannot load"):
        OnnxSpanModel(folder, "tiny")
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelError, match=r"model\.onnx"):
        OnnxSpanModel(folder, "tiny")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_damaged_packaged_reader_is_refused(exported, tmp_path, monkeypatch, name):
    package = tmp_path / "qa"
    folder = shutil.copytree(exported, package / "data" / "reader")
    monkeypatch.setattr("qa.span_model.files", lambda _: package)
    assert load_span_model(PACKAGED_READER).name == PACKAGED_READER
    with (folder / name).open("ab") as stream:
        stream.write(b" ")
    with pytest.raises(ModelError, match=rf"{name} is damaged .*install pinpoint-qa again"):
        load_span_model(PACKAGED_READER)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"No such file.*{name}"):
        load_span_model(PACKAGED_READER)


@pytest.mark.parametrize(
    ("changed", "room"),
    [
        ({"model_type": "modernbert", "pad_token_id": 50_283}, 96 - 3 - 1),
        ({"model_type": "roberta", "pad_token_id": 1}, 96 - 2 - 3 - 1),
        ({"max_position_embeddings": 40}, 40 - 3 - 1),
    ],
)
def test_room_of_other_kinds_of_model(exported, tmp_path, changed, room):
    folder = shutil.copytree(exported, tmp_path / "copy")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changed))
    model = OnnxSpanModel(folder, "tiny")
    assert model.room("purr") == room
    assert model.room("purr " * 90) >= 16  # a long question leaves room for a text


@pytest.mark.parametrize("config", ["[]", '{"max_position_embeddings": 31}'])
def test_a_model_that_takes_too_little_is_refused(exported, tmp_path, config):
    folder = shutil.copytree(exported, tmp_path / "copy")
    (folder / "config.json").write_text(config)
    with pytest.raises(ModelError, match=r"holds no object|takes 31 word pieces at once, too few"):
        OnnxSpanModel(folder, "tiny").room("purr")


def test_marks_of_the_model_in_a_text_are_text(exported):
    model = OnnxSpanModel(exported, "tiny")
    text = "cats [SEP] purr"
    assert [text[a:b] for a, b in model.offsets(text)] == ["cats", "[", *"SEP", "]", "purr"]


def test_spaces_in_front_of_a_word_piece_are_not_counted(tmp_path):
    from tokenizers import Tokenizer, models, pre_tokenizers

    made = Tokenizer(models.Unigram([("<unk>", 0.0), ("▁Cats", -1.0), ("▁purr.", -1.0)], 0))
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "config.json").write_text("{}")
    assert _TokenizedModel(tmp_path, "made").offsets("Cats purr.") == [(0, 4), (5, 10)]


def test_an_onnx_model_of_another_task_is_refused(exported, tmp_path):
    import onnx

    folder = shutil.copytree(exported, tmp_path / "copy")
    model = onnx.load(str(folder / "model.onnx"))
    del model.graph.output[1]
    onnx.save(model, str(folder / "model.onnx"))
    with pytest.raises(ModelError, match="gives start_logits, not start_logits and end_logits"):
        OnnxSpanModel(folder, "other")


def test_an_unknown_name_is_refused(monkeypatch):
    def unreachable(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr("huggingface_hub.snapshot_download", unreachable)
    with pytest.raises(ModelError, match="model no-such-reader: not an installed"):
        load_span_model("no-such-reader")


def test_an_export_can_be_trained_on(tiny, exported, tmp_path):
    from bench.restore_reader import restore

    restore(exported, tmp_path / "restored")
    before = TransformersSpanModel(tiny, "tiny").logits(PAIRS)
    after = TransformersSpanModel(tmp_path / "restored", "restored").logits(PAIRS)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(one.starts, other.starts, atol=2e-3)


@pytest.mark.parametrize("name", ["folder", "some/reader"])
def test_another_reader_named_in_the_settings_answers(tiny, tmp_path, monkeypatch, name):
    asked = []

    def snapshot(name, **given):
        asked.append((name, given["revision"]))
        return str(tiny)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot)
    settings = Settings(
        reader=str(tiny) if name == "folder" else name, reader_revision="v1", threshold=0.0
    )
    pinpoint = Pinpoint(tmp_path / "home", settings, embedder=WordEmbedder())
    text = "Dogs bark. The cats purr at night, and who knows why."
    (tmp_path / "pets.txt").write_text(text)
    pinpoint.sync(tmp_path / "pets.txt")
    answer = pinpoint.ask("Who purrs at night?")
    assert answer.answered
    for citation in answer.citations:
        assert text[citation.start : citation.end] == citation.quote
        found = citation.answer
        assert text[found.start : found.end] == found.text
        assert citation.start <= found.start < found.end <= citation.end
    assert asked == ([] if name == "folder" else [("some/reader", "v1")])
    ((found, score),) = best_answers(pinpoint.span_model(), [ReadingRow("Who purrs?", text, ())])
    assert found
    assert np.isfinite(score)
