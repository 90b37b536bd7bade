"""The command `pinpoint migrate`."""

import json

import pytest
from milvus_connection import FakeServer, connect_to

from index.milvus.copying import MilvusCopy

ADDRESS = "milvus+http://fake:19530/tests"


@pytest.fixture(autouse=True)
def home(run, tmp_path, folder):
    (folder / "gate.md").write_text("# Gate\n\nThe gate opens at nine.\n")
    home = tmp_path / "home"
    assert run("index", folder, "--home", home)[0] == 0
    return home


@pytest.fixture(autouse=True)
def server(monkeypatch):
    server = FakeServer()
    connect_to(server, monkeypatch, ADDRESS)
    monkeypatch.delenv("PINPOINT_STORE")
    return server


@pytest.fixture
def migrate(run, home):
    def migrate(*arguments):
        return run("migrate", *arguments, "--address", ADDRESS, "--home", home)

    return migrate


THERE = ("--from", "sqlite", "--to", "milvus")
BACK = ("--from", "milvus", "--to", "sqlite")


def test_people_are_told_what_was_copied_and_what_is_next(migrate, home):
    status, out, err = migrate(*THERE)
    first, second, third, fourth, fifth, sixth = out.splitlines()
    assert first == f"from  {home}/pinpoint.db"
    assert second == f"to    {ADDRESS}"
    assert third.startswith("1 documents copied (")
    assert fourth == "1 documents, 1 chunks, 0 copies, 0 failed, 0 partial"
    assert fifth.startswith("the two hold the same: SHA-256 ")
    assert (
        sixth == f'to use it, set PINPOINT_STORE={ADDRESS}, or store = "{ADDRESS}" in pinpoint.toml'
    )
    assert (status, err) == (0, "")


def test_programs_get_json(migrate, home):
    there = json.loads(migrate(*THERE, "--json")[1])
    status, out, _ = migrate(*BACK, "--verify", "--json")
    report = json.loads(out)
    assert report.pop("seconds") >= 0
    assert (status, report) == (
        0,
        {
            "source": ADDRESS,
            "target": f"{home}/pinpoint.db",
            "copied": 0,
            "resumed": 0,
            "counts": {"documents": 1, "chunks": 1, "copies": 0, "failed": 0, "partial": 0},
            "digest": there["digest"],
            "differences": [],
        },
    )


def test_a_difference_is_a_failure(migrate, server, folder):
    migrate(*THERE)
    (key,) = server.collections["chunks 64"]
    server.collections["chunks 64"][key]["vector"] = [0.5] * 64
    status, out, _ = migrate(*THERE, "--verify")
    assert status == 1
    assert out.splitlines()[-2:] == [
        f"differs: {folder}/gate.md: the vectors differ",
        "the two are not the same; a copy that differs is not used",
    ]


def test_wrong_usage(run, migrate, home):
    assert run("migrate", "--from", "sqlite", "--to", "milvus", "--home", home) == (
        2,
        "",
        "error: where on Milvus is not known; name it with --address milvus+http://HOST:PORT/"
        "COLLECTION, or in the setting `store`\n",
    )
    assert migrate("--from", "milvus", "--to", "milvus")[0] == 2
    assert migrate("--from", "milvus")[0] == 2
    assert migrate("--from", "milvus", "--to", "paper")[0] == 2
    assert migrate(*THERE, "--verify", "--force") == (
        2,
        "",
        "error: verify only compares, and force replaces; give one of the two\n",
    )
    told = f"error: no index in {ADDRESS}; make one with: pinpoint index PATH\n"
    assert migrate(*BACK) == (1, "", told)


def test_an_interrupted_one_says_so_and_goes_on(run, migrate, home, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(MilvusCopy, "put_whole", _interrupt)
        assert migrate(*THERE)[0] == 130
    monkeypatch.setenv("PINPOINT_STORE", ADDRESS)
    told = (
        f"error: {ADDRESS}: a migration into this index is not finished; go on with the "
        "`pinpoint migrate` that began it\n"
    )
    assert run("ask", "When does the gate open?", "--home", home) == (1, "", told)
    assert run("index", "--home", home) == (1, "", told)
    assert "0 documents copied, 1 of an earlier call were there (" in migrate(*THERE)[1]
    status, out, _ = run("ask", "When does the gate open?", "--home", home)
    assert status == 0
    assert "The gate opens at nine." in out


def _interrupt(*_):
    raise KeyboardInterrupt
