"""What fans out and what does not, and that the vectors stay those of the embedder given."""

import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder
from faulty_embedder import source

from index.embed import load_embedder
from index.embed_source import EmbedSource, source_of
from index.errors import ModelError
from index.fan_out import FanOut, fan_out, in_batches
from index.onnx_embedder import cores
from index.process_embedder import ProcessEmbedder
from index.ray_embedder import RayEmbedder
from index.settings import Settings
from index.sqlite_store import SqliteStore
from index.sync import sync


class HereFanOut(FanOut):
    """Does the last batch first, here, and notes it."""

    def __init__(self, **sizes):
        super().__init__(WordEmbedder(), None, **sizes)
        self.spread = []

    def close(self):
        self.spread.append("closed")

    def _spread(self, batches):
        for number in reversed(range(len(batches))):
            self.spread.append(list(batches[number]))
            yield number, self._inner.encode_documents(batches[number])


def test_all_but_documents_is_the_inner_embedders():
    inner = WordEmbedder(name="inner", max_tokens=40)
    with fan_out(inner, Settings(embed_processes=2)) as found:
        assert (found.fingerprint, found.max_tokens, found.special_tokens) == (
            "fingerprint of inner",
            40,
            2,
        )
        assert found.info() == inner.info()
        assert found.token_offsets("two words") == [(0, 3), (4, 9)]
        assert found.encode_query("two words").tolist() == inner.encode_query("two words").tolist()


def test_documents_are_cut_into_batches_and_keep_their_order():
    texts = ["a", "b c", "d", "e", "f g h"]
    with HereFanOut(processes=1, batch_size=2) as embedder:
        found = embedder.encode_documents(texts)
    assert embedder.spread == [["f g h"], ["d", "e"], ["a", "b c"], "closed"]
    assert found.tolist() == WordEmbedder().encode_documents(texts).tolist()


def test_few_batches_are_embedded_here():
    embedder = HereFanOut(processes=2, batch_size=2)
    embedder.encode_documents(list("abcdefgh"))  # two batches a process
    assert embedder.spread == []
    embedder.encode_documents(list("abcdefghi"))
    assert len(embedder.spread) == 5


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, WordEmbedder),
        ({"embed_processes": 2}, ProcessEmbedder),
        ({"embed_ray": "auto"}, RayEmbedder),
        ({"embed_ray": "10.0.0.7:6379", "embed_processes": 8}, RayEmbedder),
    ],
)
def test_the_settings_say_what_embeds(settings, kind):
    embedder = WordEmbedder()
    with fan_out(embedder, Settings(**settings)) as found:
        assert type(found) is kind
    assert found is embedder or kind is not WordEmbedder


def test_batches_of_an_embedder_that_does_not_fan_out_come_one_after_the_other():
    found = list(in_batches(embedder := WordEmbedder(), [["a", "b"], ["c"]]))
    assert [(number, vectors.shape) for number, vectors in found] == [(0, (2, 64)), (1, (1, 64))]
    assert embedder.embedded == ["a", "b", "c"]


def test_a_source_names_the_model_and_holds_nothing_else(folder, monkeypatch):
    settings = Settings(
        model=folder.name, model_runtime="sentence-transformers", embed_batch=8, model_revision="r"
    )
    monkeypatch.chdir(folder.parent)
    found = source_of(WordEmbedder(), settings, 3)
    assert json.loads(found.model_dump_json()) == {
        "loader": "index.embed:load_embedder",
        "arguments": {
            "model": str(folder),  # also from another working folder
            "revision": "r",
            "batch_size": 8,
            "runtime": "sentence-transformers",
            "threads": 3,
        },
        "fingerprint": "fingerprint of words",
        "threads": 3,
    }
    assert source_of(WordEmbedder(), Settings(model="org/name"), 1).arguments["model"] == "org/name"


def test_another_model_than_here_is_refused(tmp_path):
    assert source(tmp_path).load().fingerprint == "fingerprint of words"
    with pytest.raises(ModelError, match="the same model on every machine, or name a model_rev"):
        source(tmp_path, fingerprint="of another").load()


def test_cores_are_shared_among_processes(monkeypatch):
    monkeypatch.setattr("index.fan_out._cores", lambda: 8)
    for processes, threads in ((2, 4), (3, 2), (16, 1)):
        with fan_out(WordEmbedder(), Settings(embed_processes=processes)) as embedder:
            assert embedder._source().threads == threads
    with fan_out(WordEmbedder(), Settings(embed_processes=2, embed_ray="auto")) as embedder:
        assert embedder._source().threads == 1


def vectors_in(home):
    with SqliteStore.open(home) as store:
        return store.chunk_ids().tolist(), store.vectors().tolist()


def test_an_index_is_the_same_whatever_embeds_and_tells_its_progress(folder, tmp_path, monkeypatch):
    for number in range(9):
        word = "once" if number in (2, 7) else "page"  # whose process is killed
        (folder / f"{number}.txt").write_text(f"{word} {number} of all")
    notes = tmp_path / "notes"
    notes.mkdir()
    monkeypatch.setattr("index.fan_out.source_of", lambda *_: source(notes))
    told, settings = [], {"embed_batch": 1, "extract_processes": 1}
    sync(tmp_path / "one", [folder], WordEmbedder(), Settings(**settings))
    report = sync(
        tmp_path / "two",
        [folder],
        embedder := WordEmbedder(),
        Settings(**settings, embed_processes=2),
        progress=lambda *it: told.append(it),
    )
    assert embedder.embedded == []
    assert report.embedded == 9
    assert told[-10:] == [("embedding chunks", done, 9) for done in range(10)]
    assert vectors_in(tmp_path / "one") == vectors_in(tmp_path / "two")


def test_what_was_done_before_processes_died_is_kept(folder, tmp_path, monkeypatch):
    for number in range(9):
        (folder / f"{number}.txt").write_text(f"text {number}")
    (folder / "last.txt").write_text("die at the longest of all of these texts")
    notes = tmp_path / "notes"
    notes.mkdir()
    monkeypatch.setattr("index.fan_out.source_of", lambda *_: source(notes))
    settings = Settings(embed_batch=1, extract_processes=1, embed_processes=2)
    with pytest.raises(ModelError, match="3 processes died"):
        sync(tmp_path / "home", [folder], WordEmbedder(), settings)
    report = sync(tmp_path / "home", [folder], WordEmbedder(), Settings())
    assert report.resumed + report.embedded == 10
    assert report.resumed >= 8  # the other process may have been at one


@pytest.mark.model
def test_the_real_model_gives_the_same_bits():
    texts = [f"The keeper wrote {n} lines about the sea. " * (1 + n % 7) for n in range(30)]
    inner = load_embedder(Settings().model)
    with fan_out(inner, Settings(embed_processes=2, embed_batch=4)) as embedder:
        found = embedder.encode_documents(texts)
        assert isinstance(embedder, ProcessEmbedder)
        killed, _ = embedder.pids
        maps = [Path(f"/proc/{pid}/maps") for pid in embedder.pids]
        assert not any("torch" in path.read_text() for path in maps if path.exists())
        os.kill(killed, signal.SIGKILL)
        again = embedder.encode_documents(texts)
    expected = inner.encode_documents(texts)
    assert found.shape == (30, 384)
    assert np.array_equal(found, expected)
    assert np.array_equal(again, expected)


@pytest.mark.model
def test_the_real_source_loads_the_same_model():
    made = source_of(inner := load_embedder(Settings().model), Settings(), cores())
    travelled = EmbedSource.model_validate_json(made.model_dump_json())
    assert travelled.load().info() == inner.info()
