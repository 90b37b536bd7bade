"""The kept graph is the one that the code describes, and its reference is the library's."""

import numpy as np
import onnx
import pytest

from bench.export_embedder import DATA, TEXTS, build
from index.model_folder import PACKAGED_MODELS, find_model_folder
from index.onnx_embedder import GRAPH, TOLERANCE, _reference
from index.safetensors import map_tensors
from index.sentence_transformer import SentenceTransformerEmbedder

(NAME,) = PACKAGED_MODELS


@pytest.fixture(scope="module")
def model():
    tensors = map_tensors(find_model_folder(NAME, None)[0] / "model.safetensors")
    return build({name: tensor.shape for name, tensor in tensors.items()})


def test_the_kept_graph_is_what_the_code_builds(model):
    kept = onnx.load(str(DATA / GRAPH), load_external_data=False)
    assert kept == model


def test_it_has_six_layers_and_no_weights(model):
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Softmax") == 6
    assert kinds.count("LayerNormalization") == 13
    inside = [t.name for t in model.graph.initializer if not t.external_data]
    assert inside == ["first", "by head", "joined", "scale"]
    assert len(model.graph.initializer) - 4 == 2 + 6 * 16  # of the embeddings, of each layer


def test_it_is_valid_onnx(model, monkeypatch):
    monkeypatch.chdir(find_model_folder(NAME, None)[0])  # the checker looks for the weights
    onnx.checker.check_model(model, full_check=True)


@pytest.mark.model
def test_the_reference_is_what_sentence_transformers_gives():
    known = _reference()
    embedder = SentenceTransformerEmbedder(find_model_folder(NAME, None)[0], name=NAME)
    assert known["fingerprint"] == embedder.fingerprint
    assert tuple(known["texts"]) == TEXTS
    found = np.stack([embedder.encode_query(text) for text in TEXTS])
    assert np.abs(found - np.array(known["vectors"])).max() <= TOLERANCE / 10
