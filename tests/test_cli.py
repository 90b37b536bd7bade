import json
import sqlite3

import pytest
from fakes import WordEmbedder
from milvus_connection import FakeServer, connect_to
from span_models import MarkedModel

from qa.span_model import load_span_model
from qa.span_reader import SpanReader


@pytest.fixture
def home(run, tmp_path, folder):
    (folder / "a.md").write_text("---\ndate: 2024-05-01\n---\n# Pets\n\n## Cats\n\nCats purr.")
    (folder / "b.txt").write_text("Dogs bark.")
    assert run("index", folder, "--home", tmp_path / "h")[0] == 0
    return tmp_path / "h"


def test_index_json_is_one_object(run, tmp_path, folder):
    (folder / "a.txt").write_text("Cats purr.")
    (folder / "b.mp4").write_bytes(b"film")
    status, out, err = run("index", folder, "--home", tmp_path / "h", "--json")
    found = json.loads(out)
    assert found.pop("seconds") >= 0
    cause = found["failed"][0]["cause"]
    assert cause.startswith("video/mp4 cannot be read yet; convert it to one of .csv, .docx, ")
    assert found == {
        "added": 1,
        "updated": 0,
        "renamed": 0,
        "removed": 0,
        "remade": 0,
        "unchanged": 0,
        "failed": [{"path": str(folder / "b.mp4"), "cause": cause}],
        "reasons": [],
        "embedded": 1,
        "resumed": 0,
    }
    assert status == 1
    assert f"failed: {folder / 'b.mp4'}: {cause}" in err


def test_index_for_people(run, home):
    status, out, err = run("index", "--home", home)
    assert (status, err) == (0, "")
    assert out.startswith(
        "0 added, 0 updated, 0 renamed, 0 removed, 2 unchanged, 0 failed, 0 chunk"
    )


def test_index_without_paths_takes_seeds_at_first(run, tmp_path):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("Cats purr.")
    status, out, _ = run("index", "--json")
    assert (status, json.loads(out)["added"]) == (0, 1)
    assert (tmp_path / ".pinpoint" / "pinpoint.db").is_file()
    assert json.loads(run("index", "--json")[1])["unchanged"] == 1


def test_ask_for_people(run, home, folder):
    status, out, err = run("ask", "Do cats purr?", "--home", home)
    assert (status, err) == (0, "")
    assert out == (
        "Cats purr. [1]\n\n"
        f"[1] Pets, Cats, 2024-05-01\n    {folder / 'a.md'}:42-52\n\n"
        "confidence 100%\n"
    )


def test_sender_and_date_of_a_mail_are_said_once(run, home, folder):
    head = "From: Ann <ann@example.org>\nSubject: Goats\nDate: Tue, 3 Mar 2020 10:00:00 +0100"
    (folder / "c.eml").write_text(f"{head}\n\nGoats bleat.\n")
    run("index", folder, "--home", home)
    _, out, _ = run("ask", "Do goats bleat?", "--home", home)
    assert "[1] Goats, Ann <ann@example.org>, 2020-03-03\n" in out


def test_what_could_not_be_searched_is_said(run, home, folder):
    (folder / "broken.txt").write_bytes(b"\xff\0")
    run("index", folder, "--home", home)
    _, out, _ = run("ask", "Do cats purr?", "--home", home)
    told = "1 file could not be read, so not everything was searched; see: pinpoint status"
    assert out.rstrip().endswith(told)
    _, out, _ = run("ask", "What do elephants drink?", "--home", home)
    assert out.rstrip().endswith(told)


def test_ask_json_is_the_answer_model(run, home, folder):
    status, out, _ = run("ask", "-", "--home", home, "--json", stdin="Do cats purr?")
    found = json.loads(out)
    assert status == 0
    assert set(found) == {
        *("question", "answered", "text", "confidence", "citations", "nearest", "candidates"),
        *("index", "kind", "sides", "differing"),
    }
    assert (found["kind"], found["sides"], found["differing"]) == ("yes_no", [], [])
    assert (found["question"], found["answered"], found["text"]) == (
        *("Do cats purr?", True, "Cats purr. [1]"),
    )
    (citation,) = found["citations"]
    text = (folder / "a.md").read_text()
    assert text[citation["start"] : citation["end"]] == citation["quote"] == "Cats purr."
    assert (citation["heading"], citation["page"], citation["answer"]) == (
        *(["Pets", "Cats"], None, None),
    )


def test_a_comparison_is_shown_side_by_side(run, home, folder):
    status, out, _ = run("ask", "Compare cats with elephants.", "--home", home)
    assert status == 0
    assert out == (
        "cats:\n    Cats purr. [1]\n\n"
        "elephants:\n    Not in your documents.\n\n"
        f"[1] Pets, Cats, 2024-05-01\n    {folder / 'a.md'}:42-52\n\n"
        "confidence 100%\n"
    )


def test_sources_that_differ_are_shown_the_newest_first(run, home, folder):
    for date, days in (("2022-01-10", 24), ("2024-01-15", 28), ("", 20)):
        said = f"date {date}\n\n" if date else ""
        (folder / f"leave{days}.txt").write_text(f"{said}There are {days} days of leave.")
    run("index", folder, "--home", home)
    status, out, _ = run("ask", "How many days of leave are there?", "--home", home)
    assert status == 0
    assert out == (
        "Sources differ:\n\n"
        "2024-01-15:\n    There are 28 days of leave. [1]\n\n"
        "2022-01-10:\n    There are 24 days of leave. [2]\n\n"
        "undated:\n    There are 20 days of leave. [3]\n\n"
        f"[1] leave28, 2024-01-15\n    {folder / 'leave28.txt'}:17-44\n"
        f"[2] leave24, 2022-01-10\n    {folder / 'leave24.txt'}:17-44\n"
        f"[3] leave20\n    {folder / 'leave20.txt'}:0-27\n\n"
        "confidence 67%\n"
    )


def test_not_in_your_documents_is_done(run, home):
    status, out, _ = run("ask", "Do elephants swim?", "--home", home)
    assert status == 0
    assert out.startswith("Not in your documents.\n\nThe nearest passages, which do not answer it:")
    assert json.loads(run("ask", "Elephants?", "--home", home, "--json")[1])["answered"] is False


def test_ask_filters_by_date(run, home):
    assert run("ask", "Cats purr", "--home", home, "--since", "2024-05-02")[1].startswith("Not in")
    assert run("ask", "Cats purr", "--home", home, "--until", "2024-05-01")[1].startswith("Cats")


def test_ask_filters_by_folder_and_kind(run, home, folder, tmp_path):
    def first(*bounds):
        return run("ask", "Cats purr", "--home", home, *bounds)[1].split(" [1]")[0].split(".")[0]

    assert first("--folder", folder, "--kind", "markdown") == "Cats purr"
    assert first("--folder", tmp_path / "other", "--folder", folder / "a.md") == "Cats purr"
    assert first("--kind", "pdf", "--kind", "markdown") == "Cats purr"
    assert first("--folder", folder / "b.txt") == "Not in your documents"
    assert first("--kind", "text") == "Not in your documents"


def test_documents_cannot_steer_the_terminal(run, tmp_path, folder):
    (folder / "a.txt").write_text("Cats \x1b[2J purr [bold]here[/bold].")
    run("index", folder, "--home", tmp_path / "h")
    out = run("ask", "Cats purr here", "--home", tmp_path / "h")[1]
    assert out.startswith("Cats \N{REPLACEMENT CHARACTER}[2J purr [bold]here[/bold]. [1]\n")


def test_status(run, home, folder):
    status, out, _ = run("status", "--home", home)
    assert status == 0
    assert f"home        {home}\n" in out
    assert "documents   2\n" in out
    assert "model       words (fingerprint " in out
    assert "search      vectors exactly, words by SQLite\n" in out
    assert f"follows     {folder}\n" in out
    assert "  max_citations = 3\n" in out
    found = json.loads(run("status", "--home", home, "--json")[1])
    assert found["index"] == {
        "generation": 1,
        "documents": 2,
        "chunks": 2,
        "failed": 0,
        "partial": 0,
        "copies": 0,
        "search": "hybrid",
    }


def test_status_and_answers_say_how_a_server_is_searched(run, home, folder, monkeypatch):
    connect_to(FakeServer(), monkeypatch)
    (folder / "a.txt").write_text("The gate opens at nine.")
    assert run("index", folder, "--home", home)[0] == 0
    _, out, _ = run("status", "--home", home)
    told = "vectors on the server, words here among eight times as many"
    assert f"search      {told}\n" in out
    _, out, _ = run("ask", "When does the gate open?", "--json", "--home", home)
    assert json.loads(out)["index"]["search"] == "rescored"


def test_status_lists_what_failed(run, home, folder):
    (folder / "c.bin").write_bytes(b"\0")
    assert run("index", "--home", home)[0] == 1
    assert f"failed      {folder / 'c.bin'}: application/octet-stream" in run(
        "status", "--home", home
    )[1].replace("\n", "")


def test_remove(run, home, folder):
    assert run("remove", folder / "b.txt", "--home", home) == (0, "1 removed from the index\n", "")
    status, _, err = run("remove", folder / "b.txt", "--home", home)
    assert (status, err) == (
        2,
        f"error: {folder / 'b.txt'}: not in this index; see: pinpoint status\n",
    )


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("ask", ""), 2, "error: the question is empty; ask something in a few words\n"),
        (("ask", "x" * 100_000), 2, "error: the question has 100000 characters, the limit is 2000"),
        (("ask", "q", "--since", "May"), 2, "error: since 'May' is not a date; write it as YYYY"),
        (("ask", "q", "--kind", "exe"), 2, "error: kind 'exe' is unknown; the kinds are book, "),
        (("ask", "q", "--folder", ""), 2, "error: a folder's path is empty; name a folder"),
        (("ask",), 2, "Missing argument"),
        (("nothing",), 2, "No such command 'nothing'"),
        (("index", "missing.txt"), 1, "missing.txt: no such file or folder"),
    ],
)
def test_bad_input(run, home, arguments, status, message):
    found, out, err = run(*arguments, *(() if arguments == ("nothing",) else ("--home", home)))
    assert found == status
    assert message in err
    assert "Traceback" not in out + err


def test_no_index(run, tmp_path):
    for command in (("ask", "q"), ("status",), ("index",)):
        status, out, err = run(*command, "--home", tmp_path / "none")
        assert (status, out) == (1, "")
        assert (
            err == f"error: no index in {tmp_path / 'none'}; make one with: pinpoint index PATH\n"
        )


def test_a_mistyped_first_path_makes_no_index(run, tmp_path):
    status, out, err = run("index", "typo", "--home", tmp_path / "h")
    assert (status, out) == (1, "")
    assert err.startswith(f"error: nothing to index: {tmp_path / 'typo'}: no such file or folder")
    assert "no index in" in run("status", "--home", tmp_path / "h")[2]


def test_another_model(run, home, monkeypatch):
    monkeypatch.setattr("qa.api.load_embedder", lambda *_, **__: WordEmbedder(name="other"))
    status, _, err = run("ask", "q", "--home", home)
    assert status == 1
    assert "built with another model (words)" in err
    status, out, _ = run("index", "--home", home)
    assert status == 0
    assert "2 made anew (the embedding model is another one), 0 failed, 2 chunks embedded" in out
    assert run("ask", "cats purr", "--home", home)[1].startswith("Cats purr.")


def test_a_newer_schema(run, home):
    with sqlite3.connect(home / "pinpoint.db") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    status, _, err = run("ask", "q", "--home", home)
    assert status == 1
    assert "written by a newer Pinpoint (schema 99" in err


def test_a_corrupt_faiss_file(run, home, caplog):
    (home / "vectors.faiss").write_bytes(b"junk")
    status, out, _ = run("ask", "cats purr", "--home", home)
    assert (status, out.split("\n")[0]) == (0, "Cats purr. [1]")
    assert "vectors.faiss: damaged, or not of this index; rebuilt from the database" in caplog.text


def test_bad_settings(run, home):
    (home / "pinpoint.toml").write_text("colour = 1")
    status, _, err = run("ask", "q", "--home", home)
    assert status == 2
    assert "colour (from" in err


@pytest.fixture
def rows(tmp_path):
    own = {"question": "Who purrs?", "context": "Cats purr.", "answers": [{"text": "Cats"}]}
    none = {"question": "Who barks?", "context": "Birds sing.", "answers": []}
    file = tmp_path / "rows.jsonl"
    file.write_text(f"{json.dumps(own)}\n{json.dumps(none)}\n")
    return file


def test_eval_scores_the_reader_alone(run, monkeypatch, rows):
    asked = []
    monkeypatch.setattr(
        "qa.api.load_span_model", lambda *names: asked.append(names) or MarkedModel("Cats")
    )
    monkeypatch.setenv("PINPOINT_READER", "some/model")
    monkeypatch.setenv("PINPOINT_READER_REVISION", "abc")
    status, out, err = run("eval", "--reader", rows, "--json")
    found = json.loads(out)
    assert found.pop("seconds") >= 0
    assert found.pop("passages_per_second") > 0
    assert (status, err, asked) == (0, "", [("some/model", "abc")])
    assert found == {
        "reader": "marked",
        "file": str(rows),
        "rows": 2,
        "answerable": 1,
        "em": 100.0,
        "f1": 100.0,
        "auroc": 1.0,
        "best_f1": 100.0,
        "threshold": 8.0,
    }
    status, out, _ = run("eval", "--reader", rows, "--limit", 1)
    assert out.startswith(f"marked on {rows}: 1 rows, ")
    assert "best SQuAD" not in out
    assert run("eval", "--reader", rows, "--limit", 0)[0] == 2


def test_eval_refuses_what_it_cannot_score(run, rows, tmp_path, monkeypatch):
    status, _, err = run("eval", "--reader", tmp_path / "none.jsonl")
    assert status == 2
    assert "No such file" in err
    monkeypatch.setenv("PINPOINT_READER", "sentences")
    status, out, err = run("eval", "--reader", rows)
    assert (status, out) == (2, "")
    assert "the reader is set to sentences" in err


def test_ask_with_another_reader(run, home, monkeypatch):
    monkeypatch.setattr("qa.api.load_span_model", lambda *_: MarkedModel("purr"))
    monkeypatch.setattr("qa.api.SpanReader", SpanReader)
    status, out, _ = run("ask", "What do cats do?", "--home", home, "--reader", "m", "--json")
    (citation, *_) = json.loads(out)["citations"]
    assert (status, citation["quote"], citation["answer"]["text"]) == (0, "Cats purr.", "purr")


def test_ask_with_a_reader_that_is_not_there(run, home, tmp_path, monkeypatch):
    monkeypatch.setattr("qa.api.load_span_model", load_span_model)
    (tmp_path / "empty").mkdir()
    arguments = ("ask", "What do cats do?", "--home", home, "--reader")
    status, out, err = run(*arguments, tmp_path / "empty")
    assert (status, out) == (1, "")
    assert "no tokenizer.json" in err
    assert "--reader sentences" in err
    assert run(*arguments, "sentences")[0] == 0


def test_progress_goes_to_stderr(run, tmp_path, folder, monkeypatch):
    monkeypatch.setattr("ui.progress._QUIET_SECONDS", 0)
    for name in "ab":
        (folder / f"{name}.txt").write_text(f"{name} cats.")
    status, out, err = run("index", folder, "--home", tmp_path / "h")
    assert status == 0
    assert out.startswith("2 added")
    assert "reading files" in err
    assert "embedding chunks" in err
    assert "2/2" in err


def test_a_dry_run_lists_files_and_changes_nothing(run, home, folder):
    (folder / "b.txt").unlink()
    (folder / "c.txt").write_text("New.")
    status, out, err = run("index", "--home", home, "--dry-run")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        f"add      {folder / 'c.txt'}",
        f"remove   {folder / 'b.txt'}",
        "would be: 1 added, 0 updated, 0 renamed, 1 removed, 0 made anew, 1 unchanged; "
        "nothing was changed",
    ]
    found = json.loads(run("index", "--home", home, "--dry-run", "--json")[1])
    assert found["added"] == [str(folder / "c.txt")]
    assert "generation  1\n" in run("status", "--home", home)[1]


def test_authors_and_copies_are_told(run, tmp_path, folder):
    page = '<html lang="en"><head><title>Ducks</title><meta name="author" content="Ann Lee"></head>'
    page += "<body><main><p>Ducks swim in ponds.</p></main></body></html>"
    for name in ("a.html", "b.html"):
        (folder / name).write_text(page)
    run("index", folder, "--home", tmp_path / "h")
    assert "(1 of them is a copy of another, indexed once)" in run(
        "status", "--home", tmp_path / "h"
    )[1]  # fmt: skip
    out = run("ask", "Where do ducks swim?", "--home", tmp_path / "h")[1]
    assert out.splitlines()[:5] == [
        "Ducks swim in ponds. [1]",
        "",
        "[1] Ducks, by Ann Lee",
        f"    {folder / 'a.html'}:0-20",
        f"    also {folder / 'b.html'}",
    ]
    found = json.loads(run("ask", "Where do ducks swim?", "--home", tmp_path / "h", "--json")[1])
    document = found["citations"][0]["document"]
    assert (document["authors"], document["language"]) == ("Ann Lee", "en")
    assert document["media_type"] == "text/html"
