import json

import pytest
from evaluations import few_rounds

ROWS = [
    {"question": "Do cats purr?", "answers": ["purr"], "document": "a.md", "set": "pets"},
    {"question": "Do dogs bark?", "answers": ["bark"]},
    {"question": "What do elephants drink?", "answers": []},
]


@pytest.fixture(autouse=True)
def _few_rounds(monkeypatch):
    few_rounds(monkeypatch)


@pytest.fixture
def home(run, tmp_path, folder):
    (folder / "a.md").write_text("# Pets\n\nCats purr.")
    (folder / "b.txt").write_text("Dogs bark.")
    assert run("index", folder, "--home", tmp_path / "h")[0] == 0
    return tmp_path / "h"


@pytest.fixture
def questions(tmp_path):
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)))
    return file


def test_a_table_for_people(run, home, questions):
    status, out, err = run("eval", questions, "--home", home, "--abstain")
    assert status == 0
    assert "error" not in err  # a bar may show how much is done
    lines = out.splitlines()
    assert lines[0].startswith(f"{questions}: 2 with an answer, ")
    assert "1 asked again without their documents" in lines[0]
    assert lines[1] == "the document that answers is known of 1"
    assert lines[2].startswith("collection: 2 documents, 2 passages, generation 1; ")
    assert "  recall@1                               1.000  1.000 to 1.000           2" in lines
    assert any(line.startswith("  exactness ") and " 1.000 " in line for line in lines)
    assert any(line.startswith("  right   ") and line.endswith(" 2") for line in lines)
    assert any(line.startswith("  pets ") for line in lines)


def test_json_files_pages_and_comparisons(run, home, questions, tmp_path):
    old, page = tmp_path / "old.json", tmp_path / "page.html"
    status, out, _ = run(
        "eval", questions, "--home", home, "--json", "--output", old, "--output", page
    )
    assert status == 0
    assert out == old.read_text()
    assert json.loads(out)["setup"]["questions"] == 3
    assert page.read_text().startswith("<!doctype html>")
    status, out, _ = run("eval", "-", "--home", home, "--compare", old, stdin=questions.read_text())
    assert status == 0
    assert f"against {questions}, 3 questions in common\nmade with another: nothing\n" in out
    assert out.rstrip().endswith(
        "dealt with rightly: 3 by both, 0 by this alone, 0 by the other alone, 0 by neither; "
        "McNemar p 1.000"
    )


def test_a_quote_that_is_not_stored_fails_when_all_is_written(
    run, home, questions, tmp_path, monkeypatch
):
    from index.sqlite_store import SqliteStore

    real = SqliteStore.find_document

    def find_document(store, sha256):
        document, text = real(store, sha256)
        return document, text.replace("purr", "hiss")

    monkeypatch.setattr("index.sqlite_store.SqliteStore.find_document", find_document)
    status, out, err = run(
        "eval", questions, "--home", home, "--output", tmp_path / "out.json", "--json"
    )
    assert status == 1
    assert err.endswith("error: a quote is not what is stored at its place; run: pinpoint check\n")
    assert out == (tmp_path / "out.json").read_text()


def test_what_was_asked_is_kept_where_its_report_cannot_be_made(
    run, home, questions, tmp_path, monkeypatch
):
    old = tmp_path / "old.json"
    assert run("eval", questions, "--home", home, "--output", old)[0] == 0
    other = tmp_path / "other.jsonl"
    other.write_text('{"question": "Do cows low?", "answers": []}')
    status, _, err = run("eval", other, "--home", home, "--compare", old)
    assert status == 2
    assert "have no question in common" in err
    monkeypatch.setattr("qa.evaluation.run.inquire", None)  # would fail, were it asked again
    assert run("eval", other, "--home", home)[0] == 0
    assert list((home / "evaluations").iterdir()) == []


def test_one_that_is_interrupted_says_how_to_go_on(run, home, questions, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.evaluation.collection.run", interrupted)
    status, out, err = run("eval", questions, "--home", home)
    assert (status, out) == (130, "")
    assert err.endswith("stopped; the same command goes on from here\n")


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        ([], "give FILE, or --reader FILE"),
        (["q.jsonl", "--reader", "r.jsonl"], "give FILE, or --reader FILE"),
        (["--reader", "r.jsonl", "--abstain"], "--reader goes with --limit"),
        (["none.jsonl"], "none.jsonl: cannot be read (No such file or directory)"),
        (["q.jsonl", "--output", "none/out.json"], "its folder is not there"),
        (["q.jsonl", "--output", "."], ".: is a folder; name a file in it"),
        (["q.jsonl", "--limit", "0"], "a sample of 0 questions cannot be scored"),
        (["q.jsonl", "--compare", "q.jsonl"], "q.jsonl: is no evaluation"),
    ],
)
@pytest.mark.usefixtures("questions")
def test_wrong_usage(run, home, arguments, cause):
    status, out, err = run("eval", *arguments, "--home", home)
    assert (status, out) == (2, "")
    assert cause in " ".join(err.replace("│", " ").split())
