import logging
import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index import onnx_embedder
from index.embed import load_embedder
from index.errors import ModelError
from index.model_folder import PACKAGED_MODELS, find_model_folder
from index.onnx_embedder import TOLERANCE, OnnxEmbedder
from index.sentence_transformer import SentenceTransformerEmbedder

pytestmark = pytest.mark.model

(NAME,) = PACKAGED_MODELS
LONG = (
    "The keeper of the lighthouse wrote down the wind, the sea and the ships every evening. " * 12
)
TEXTS = [
    "The Moon orbits the Earth in 27 days.",
    "",
    " \n\t",
    "x",
    LONG,
    "word " * 1000,
    "a " * 254,
    "a " * 255,
    "[SEP] is no end and [CLS] no start [MASK] [PAD]",
    "Zoë naïve İstanbul \N{LATIN SMALL LIGATURE FI} 中文 \N{GRINNING FACE} \x00\x07 \u200b \ufffd",
    "| name | price |\n| --- | --- |\n| tea | 3.20 |",
]


@pytest.fixture(scope="module")
def embedder():
    return load_embedder(NAME)


@pytest.fixture(scope="module")
def vectors(embedder):
    return embedder.encode_documents(TEXTS)


def test_the_packaged_model_is_run_by_onnx_runtime(embedder):
    assert isinstance(embedder, OnnxEmbedder)


def test_vectors_and_description_are_those_of_sentence_transformers(embedder, vectors):
    other = load_embedder(NAME, runtime="sentence-transformers")
    assert isinstance(other, SentenceTransformerEmbedder)
    assert embedder.info() == other.info()  # so that an index of the one serves the other
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), 384)
    assert np.abs(vectors - other.encode_documents(TEXTS)).max() <= TOLERANCE
    questions = np.stack([other.encode_query(text) for text in TEXTS])
    assert np.abs(vectors - questions).max() <= TOLERANCE


def test_a_vector_has_the_same_bits_in_any_company(embedder, vectors):
    alone = np.stack([embedder.encode_query(text) for text in TEXTS])
    assert np.array_equal(vectors, alone)
    reversed_batch = embedder.encode_documents(TEXTS[::-1])
    assert np.array_equal(vectors, reversed_batch[::-1])
    one_thread = OnnxEmbedder(find_model_folder(NAME, None)[0], name=NAME, threads=1)
    assert np.array_equal(vectors, one_thread.encode_documents(TEXTS * 2)[len(TEXTS) :])


def test_many_may_ask_at_once(embedder, vectors):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(embedder.encode_query, TEXTS * 5))
    assert np.array_equal(np.stack(found), np.concatenate([vectors] * 5))


def test_no_texts_give_no_vectors(embedder):
    assert embedder.encode_documents([]).shape == (0, 384)


def test_what_is_past_256_word_pieces_does_not_count(embedder):
    within, full, past = embedder.encode_documents(
        ["a " * 253 + "cat", "a " * 254 + "cat", "a " * 254]
    )
    assert np.array_equal(full, past)
    assert not np.allclose(within, past, atol=1e-3)


@pytest.fixture
def changed_folder(tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(find_model_folder(NAME, None)[0], copy)
    config = (copy / "config.json").read_text("utf-8")
    (copy / "config.json").write_text(config.replace("1e-12", "1e-6"), "utf-8")
    return copy


def test_a_package_with_other_files_is_left_to_sentence_transformers(
    changed_folder, monkeypatch, caplog
):
    with pytest.raises(ModelError, match=r"model x: .*model holds other files than the known ones"):
        OnnxEmbedder(changed_folder, name="x")
    monkeypatch.setattr("index.embed.find_model_folder", lambda *_: (changed_folder, None))
    with caplog.at_level(logging.WARNING):
        found = load_embedder(NAME)
    assert isinstance(found, SentenceTransformerEmbedder)
    (message,) = caplog.messages
    assert "sentence-transformers runs it instead" in message


@pytest.mark.parametrize("wrong", [2 * TOLERANCE, float("nan")])
def test_wrong_vectors_are_refused(monkeypatch, wrong):
    known = onnx_embedder._reference()
    vectors = [known["vectors"][0], [known["vectors"][1][0] + wrong, *known["vectors"][1][1:]]]
    monkeypatch.setattr(onnx_embedder, "_reference", lambda: known | {"vectors": vectors})
    with pytest.raises(ModelError, match="gives other vectors here than it should"):
        OnnxEmbedder(find_model_folder(NAME, None)[0], name=NAME)


def test_a_graph_that_cannot_be_loaded(monkeypatch):
    monkeypatch.setattr(onnx_embedder, "GRAPH", onnx_embedder.REFERENCE)
    with pytest.raises(ModelError, match=r"ONNX Runtime cannot load all-minilm-l6-v2\.json"):
        OnnxEmbedder(find_model_folder(NAME, None)[0], name=NAME)
