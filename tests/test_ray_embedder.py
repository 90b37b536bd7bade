"""Batches embedded by Ray: its calls with a stand-in, and a real one in a process of its own."""

import importlib.util
import json
import logging
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest
from fakes import WordEmbedder
from faulty_embedder import source

from index.errors import ModelError
from index.ray_embedder import MOST_DEATHS, RayEmbedder

TEXTS = [f"text {number} has a few words" for number in range(7)]


class StandInRay(types.ModuleType):
    """Runs an actor here, the last block first; notes how it was called."""

    def __init__(self):
        super().__init__("ray")
        self.data = types.ModuleType("ray.data")
        self.data.from_items = self._from_items
        self.data.ActorPoolStrategy = lambda size: ("actors", size)
        self.exceptions = types.SimpleNamespace(RayError=RuntimeError)
        self._private = types.SimpleNamespace(worker=types.SimpleNamespace())
        self.rows, self.calls, self.started = [], [], False
        self.running = False

    def is_initialized(self):
        return self.running

    def init(self, address, **how):
        self.calls.append((address, how))

    def shutdown(self):
        self.calls.append("shutdown")

    def _from_items(self, rows, *, override_num_blocks):
        self.rows, self.blocks = rows, override_num_blocks
        return self

    def map(self, actor, *, fn_constructor_args, compute, ray_remote_args_fn):
        self.calls.append((compute, ray_remote_args_fn()))
        self.actor = actor(*fn_constructor_args)
        return self

    def iter_rows(self):
        return (self.actor(row) for row in reversed(self.rows))


@pytest.fixture
def ray(monkeypatch):
    made = StandInRay()
    monkeypatch.setitem(sys.modules, "ray", made)
    monkeypatch.setitem(sys.modules, "ray.data", made.data)
    for name in ("USAGE_STATS_ENABLED", "BACKEND_LOG_LEVEL", "ENABLE_WINDOWS_OR_OSX_CLUSTER"):
        monkeypatch.setenv(f"RAY_{name}", "?")
        monkeypatch.delenv(f"RAY_{name}")
    level = logging.getLogger("ray.data").level
    yield made
    logging.getLogger("ray.data").setLevel(level)


def embedding(notes, *, address="local", **how):
    return RayEmbedder(
        WordEmbedder(), lambda: source(notes, **how), address=address, processes=2, batch_size=1
    )


def test_rows_that_come_in_any_order_become_vectors_in_order(ray, tmp_path):
    with embedding(tmp_path) as embedder:
        found = embedder.encode_documents([*TEXTS, "\N{GRINNING FACE} \0"])
        assert embedder._inner.embedded == []
    expected = WordEmbedder().encode_documents([*TEXTS, "\N{GRINNING FACE} \0"])
    assert found.tolist() == expected.tolist()
    assert ray.blocks == 8
    restarts = {"max_restarts": MOST_DEATHS, "max_task_retries": MOST_DEATHS}
    assert ray.calls[1:] == [(("actors", 2), restarts), "shutdown"]


def test_a_ray_of_this_machine_is_seen_by_nobody_else(ray, tmp_path):
    with embedding(tmp_path) as embedder:
        embedder.encode_documents(TEXTS)
    (address, how), *_ = ray.calls
    assert (address, how["include_dashboard"], how["num_cpus"]) == ("local", False, 2)
    assert how["log_to_driver"] is False
    assert str(Path(__file__).parent) in how["runtime_env"]["env_vars"]["PYTHONPATH"]
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"
    assert os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] == "0"


def test_a_cluster_that_runs_is_only_connected_to(ray, tmp_path):
    with embedding(tmp_path, address="10.0.0.7:6379") as embedder:
        embedder.encode_documents(TEXTS)
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    assert ray.calls[0] == ("10.0.0.7:6379", quiet)
    assert "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER" not in os.environ


def test_a_ray_that_this_process_uses_already_is_left_running(ray, tmp_path):
    ray.running = True
    with embedding(tmp_path) as embedder:
        embedder.encode_documents(TEXTS)
    assert [call[0] for call in ray.calls] == [("actors", 2)]


def test_ray_is_not_started_for_nothing(ray, tmp_path):
    with embedding(tmp_path) as embedder:
        embedder.encode_documents(TEXTS[:4])
    assert ray.calls == []


@pytest.mark.parametrize(
    ("word", "how", "told"),
    [
        ("a", {"fingerprint": "of another"}, "the model to embed with has the fingerprint of an"),
        ("a", {"loader": "missing"}, "model x: not installed here"),
        ("raise", {}, "KeyError: 'no\\nsuch weight'"),
    ],
)  # fmt: skip
def test_what_goes_wrong_there_is_raised_here(ray, tmp_path, word, how, told):
    with embedding(tmp_path, **how) as embedder, pytest.raises(ModelError) as raised:
        embedder.encode_documents([word, *TEXTS])
    assert str(raised.value).startswith(told)
    assert ray.calls[-1] == "shutdown"


def test_an_error_of_ray_names_its_cause(ray, tmp_path, monkeypatch):
    def broken():
        raise RuntimeError("the actor\ndied")

    monkeypatch.setattr(ray, "iter_rows", broken)
    with embedding(tmp_path) as embedder, pytest.raises(ModelError) as raised:
        embedder.encode_documents(TEXTS)
    assert str(raised.value) == (
        "Ray could not embed (the actor died); if memory ran out, lower embed_processes or "
        "embed_batch"
    )


def test_a_cluster_that_does_not_answer(ray, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise ConnectionError("no\nroute")

    monkeypatch.setattr(ray, "init", refuse)
    with embedding(tmp_path, address="auto") as embedder, pytest.raises(ModelError) as raised:
        embedder.encode_documents(TEXTS)
    assert str(raised.value) == (
        "no Ray cluster answers at auto (no route); start one and let this machine join it with: "
        "ray start, or set embed_ray to local"
    )
    assert ray.calls == []


@pytest.mark.usefixtures("ray")
def test_a_missing_ray_is_named_with_the_way_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with embedding(tmp_path) as embedder, pytest.raises(ModelError) as raised:
        embedder.encode_documents(TEXTS)
    assert str(raised.value) == (
        "embed_ray is set, but ray is not installed; run: pip install 'pinpoint-qa[ray]'"
    )


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="the extra ray is not there")
def test_a_real_ray_loses_nothing_when_a_process_is_killed(tmp_path):
    program = Path(__file__).with_name("ray_run.py")
    run = subprocess.run(
        [sys.executable, program, tmp_path], capture_output=True, text=True, timeout=300
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)  # Ray itself prints nothing there
    assert found["equal"]
    assert found["here"] == 0
    assert found["killed"] == 1
    assert found["loaded"] == 3  # two, and the one in the place of the killed
    assert found["listening_elsewhere"] == []
