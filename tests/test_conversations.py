"""Conversations in the home: what is kept, for whom, and how it is found again."""

import json
import multiprocessing
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from answers import answered, citation

from index.errors import ConversationMissingError, InputError, PinpointError
from qa import conversations as module
from qa.conversation import ConversationSummary, Filters, Turn
from qa.conversation_database import FILE_NAME
from qa.conversations import Conversations

START = datetime(2024, 5, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def kept(home):
    """Conversations whose clock goes on by a minute at each look."""
    times = iter(START + timedelta(minutes=n) for n in range(10_000))
    return Conversations(home, now=lambda: next(times))


def add(kept, asked="When does the gate open?", conversation=None, owner="ann", **given):
    if "answer" not in given and "error" not in given:
        given["answer"] = answered()
    return kept.add_turn(owner, conversation, asked=asked, **given)


def titles(kept, search="", owner="ann", **given):
    return [summary.title for summary in kept.list(owner, search, **given)]


def missing(call, *arguments):
    with pytest.raises(ConversationMissingError) as caught:
        call(*arguments)
    return str(caught.value)


def test_a_turn_comes_back_as_it_was_kept(kept):
    filters = Filters(since="2024-01-01", folders=("/docs",), kinds=("pdf",))
    turn = add(kept, "And\tof the\r\n gate?", question="When does the gate open?", filters=filters)
    assert turn == Turn(
        id=turn.id,
        conversation=turn.conversation,
        asked="And\tof the\r\n gate?",
        question="When does the gate open?",
        filters=filters,
        answer=answered(),
        error=None,
        rating=0,
        created_at=START,
    )
    found = kept.get("ann", turn.conversation)
    assert found.turns == (turn,)
    assert (found.title, found.created_at, found.updated_at) == ("And of the gate?", START, START)
    assert found.created_at.utcoffset() == timedelta(0)
    assert {len(turn.id), len(turn.conversation)} == {22}


def test_an_error_is_kept_in_words(kept):
    turn = add(kept, error="there is no index")
    assert (turn.answer, turn.error, turn.question) == (
        None,
        "there is no index",
        "When does the gate open?",
    )


def test_a_conversation_keeps_its_turns_in_order_and_its_first_title(kept):
    first = add(kept)
    second = add(kept, "And close?", first.conversation)
    assert second.conversation == first.conversation
    found = kept.get("ann", first.conversation)
    assert [turn.asked for turn in found.turns] == ["When does the gate open?", "And close?"]
    assert found.title == "When does the gate open?"
    assert (found.created_at, found.updated_at) == (START, START + timedelta(minutes=1))


def test_the_newest_turn_comes_first(kept):
    first = add(kept, "First?")
    second = add(kept, "Second?")
    assert kept.list("ann") == (
        ConversationSummary(
            id=second.conversation,
            title="Second?",
            created_at=START + timedelta(minutes=1),
            updated_at=START + timedelta(minutes=1),
        ),
        ConversationSummary(
            id=first.conversation, title="First?", created_at=START, updated_at=START
        ),
    )
    add(kept, "More?", first.conversation)
    assert titles(kept) == ["First?", "Second?"]
    kept.rename("ann", second.conversation, "Renamed")
    kept.rate("ann", second.id, 1)
    assert titles(kept) == ["First?", "Renamed"]


def test_equal_times_are_ordered_by_what_was_begun_last(home):
    kept = Conversations(home, now=lambda: START)
    for asked in ("a?", "b?", "c?"):
        add(kept, asked)
    assert titles(kept) == ["c?", "b?", "a?"]
    assert titles(kept, offset=1, limit=1) == ["b?"]
    assert titles(kept, offset=3) == []
    with pytest.raises(InputError, match="must not be below 0"):
        kept.list("ann", offset=-1)


def test_an_owner_sees_nothing_of_another(kept):
    turn = add(kept)
    add(kept, "Mine?", owner="bob")
    assert titles(kept, owner="bob") == ["Mine?"]
    assert titles(kept, "when", owner="bob") == []
    there, elsewhere = turn.conversation, "no such id"
    for call, more in (
        (kept.get, ()),
        (kept.delete, ()),
        (kept.rename, ("Stolen",)),
        (lambda owner, i: add(kept, conversation=i, owner=owner), ()),
    ):
        assert missing(call, "bob", there, *more) == missing(call, "bob", elsewhere, *more)
    assert missing(kept.rate, "bob", turn.id, 1) == missing(kept.rate, "bob", elsewhere, 1)
    found = kept.get("ann", there)
    assert (found.title, found.turns) == ("When does the gate open?", (turn,))


@pytest.mark.parametrize("hostile", ["", "' OR 1=1 --", "\ud800", "\0", "x" * 10_000])
def test_an_id_of_any_kind_is_not_there(kept, hostile):
    add(kept)
    assert missing(kept.get, "ann", hostile) == (
        "there is no such conversation; it may have been deleted"
    )
    assert missing(kept.rate, "ann", hostile, 1) == (
        "there is no such conversation; it may have been deleted"
    )


def test_only_the_first_question_makes_the_file(kept, home):
    assert kept.list("ann") == ()
    missing(kept.get, "ann", "x")
    missing(kept.rename, "ann", "x", "title")
    missing(kept.delete, "ann", "x")
    missing(kept.rate, "ann", "x", 1)
    missing(lambda: add(kept, conversation="x"))
    assert not home.exists()
    add(kept)
    before = {path.name: path.stat().st_mtime_ns for path in home.iterdir()}
    assert list(before) == [FILE_NAME]
    assert len(kept.list("ann", "gate")) == 1
    assert {path.name: path.stat().st_mtime_ns for path in home.iterdir()} == before


def test_a_file_that_was_made_and_not_filled_holds_nothing(kept, home):
    home.mkdir()
    (home / FILE_NAME).touch()
    assert kept.list("ann") == ()
    missing(kept.get, "ann", "x")
    add(kept)
    assert titles(kept) == ["When does the gate open?"]


def test_titles_questions_and_quotes_are_searched(kept):
    add(kept, "When opens the harbour gate?", answer=answered(citation("At nine in the Café.")))
    second = add(kept, "Who?", question="Who paints zebras?", error="no index")
    for search, found in {
        "harbour": ["When opens the harbour gate?"],
        "HARB": ["When opens the harbour gate?"],
        "cafe": ["When opens the harbour gate?"],
        "zebra": ["Who?"],
        "who": ["Who?"],
        "gate nine": ["When opens the harbour gate?"],
        "gate zebras": [],
        "arbour": [],
        "  ": ["Who?", "When opens the harbour gate?"],
    }.items():
        assert titles(kept, search) == found, search
    kept.rename("ann", second.conversation, "Stripes")
    assert titles(kept, "stripes") == ["Stripes"]
    assert titles(kept, "paints stripes") == ["Stripes"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ('"', []),
        ("*", []),
        ('gate"*', ["gate AND (x) OR"]),
        ("AND (x) OR", ["gate AND (x) OR"]),
        ("body:gate", []),
        ("NEAR(gate x)", []),
        ("gate\0", ["gate AND (x) OR"]),
        ("\ud800", []),
        ("- gate ^", ["gate AND (x) OR"]),
        ("gate " * 1000, ["gate AND (x) OR"]),
        ("'); DROP TABLE turns; --", []),
    ],
)
def test_no_search_is_read_as_syntax(kept, search, found):
    add(kept, "gate AND (x) OR", error="none")
    assert titles(kept, search) == found


def test_a_deleted_conversation_leaves_no_word_behind(kept, home):
    other = add(kept, "Other?", error="none")
    turn = add(kept, "xylophone?", answer=answered(citation("A marimba.")))
    kept.delete("ann", turn.conversation)
    missing(kept.get, "ann", turn.conversation)
    missing(kept.rate, "ann", turn.id, 1)
    assert titles(kept) == ["Other?"]
    assert titles(kept, "xylophone") == []
    content = (home / FILE_NAME).read_bytes()
    assert b"xylophone" not in content
    assert b"marimba" not in content
    assert kept.get("ann", other.conversation).turns == (other,)


def test_a_turn_is_found_by_its_owner_alone(kept):
    with pytest.raises(ConversationMissingError):
        kept.turn("ann", "none")  # nothing is kept yet
    turn = kept.add_turn("ann", None, asked="When?", error="none")
    assert kept.turn("ann", turn.id) == turn
    for owner, turn_id in (("bob", turn.id), ("ann", "none")):
        with pytest.raises(ConversationMissingError, match="there is no such conversation"):
            kept.turn(owner, turn_id)


def test_a_rating_is_kept_and_taken_back(kept):
    turn = add(kept)
    for rating in (1, -1, 0):
        kept.rate("ann", turn.id, rating)
        assert kept.get("ann", turn.conversation).turns[0].rating == rating
    with pytest.raises(InputError, match="the rating 2 is none; give -1, 0 or 1"):
        kept.rate("ann", turn.id, 2)


def test_what_anybody_has_rated_comes_in_the_order_of_the_questions(kept, home):
    assert kept.rated() == ()
    assert not (home / FILE_NAME).exists()
    first, second, third = (add(kept, owner=owner) for owner in ("ann", "bob", "ann"))
    kept.rate("ann", third.id, -1)
    kept.rate("ann", first.id, 1)
    assert [(turn.id, turn.rating) for turn in kept.rated()] == [(first.id, 1), (third.id, -1)]
    kept.rate("bob", second.id, 1)
    kept.rate("ann", third.id, 0)
    assert [turn.id for turn in kept.rated()] == [first.id, second.id]


def test_a_title_is_given_by_the_person(kept):
    turn = add(kept)
    assert kept.rename("ann", turn.conversation, " My \n gate\0 ") == "My gate"
    assert titles(kept) == ["My gate"]
    for title, told in {" \n": "the title is empty", "x" * 81: "the limit is 80"}.items():
        with pytest.raises(InputError, match=told):
            kept.rename("ann", turn.conversation, title)
    assert titles(kept) == ["My gate"]


def test_what_is_no_turn_is_refused(kept, home):
    for given in ({"answer": None}, {"answer": answered(), "error": "both"}):
        with pytest.raises(InputError, match="either an answer or an error"):
            add(kept, **given)
    with pytest.raises(InputError, match="blank"):
        add(kept, " \n")
    assert not home.exists()


def test_the_turns_of_a_conversation_are_bounded(kept, monkeypatch):
    monkeypatch.setattr(module, "MAX_TURNS", 2)
    turn = add(kept)
    add(kept, conversation=turn.conversation)
    with pytest.raises(InputError) as caught:
        add(kept, conversation=turn.conversation)
    assert str(caught.value) == (
        "this conversation has 2 questions, the most it can; begin another"
    )
    assert len(kept.get("ann", turn.conversation).turns) == 2


def test_a_question_is_kept_up_to_a_bound_and_without_what_cannot_be_stored(kept):
    turn = add(kept, "\ud800a\0" + "b" * 100_000)
    assert turn.asked == "\ufffda " + "b" * 99_997


def rewrite(home, change):
    with closing(sqlite3.connect(home / FILE_NAME)) as db, db:
        (text,) = db.execute("SELECT answer FROM turns").fetchone()
        held = json.loads(text)
        change(held)
        db.execute("UPDATE turns SET answer = ?", (json.dumps(held),))


def test_an_answer_without_newer_fields_is_read(kept, home):
    turn = add(kept)

    def older(held):
        for field in ("failed", "partial", "copies"):
            del held["index"][field]
        for field in ("authors", "language", "copies"):
            del held["citations"][0]["document"][field]

    rewrite(home, older)
    assert kept.get("ann", turn.conversation).turns == (turn,)


@pytest.mark.parametrize(
    "change", [lambda held: held.pop("citations"), lambda held: held.update(newer=1)]
)
def test_an_answer_that_cannot_be_read_is_told_and_the_rest_shown(kept, home, change):
    turn = add(kept)
    rewrite(home, change)
    other = add(kept, "And?", turn.conversation)
    found = kept.get("ann", turn.conversation).turns
    told = "This answer was kept by another version of Pinpoint; ask again to see it."
    assert found == (turn.model_copy(update={"answer": None, "error": told}), other)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("PRAGMA user_version = 2", "written by a newer Pinpoint (schema 2, this one knows 1)"),
        ("PRAGMA application_id = 1", "these are no conversations; move the file away"),
    ],
)
def test_another_file_is_refused(kept, home, statement, told):
    add(kept)
    with closing(sqlite3.connect(home / FILE_NAME)) as db:
        db.execute(statement)
    for call in (lambda: kept.list("ann"), lambda: add(kept)):
        with pytest.raises(PinpointError) as caught:
            call()
        assert str(caught.value).startswith(f"{home / FILE_NAME}: {told}")


def test_a_damaged_file_is_told(kept, home):
    home.mkdir()
    (home / FILE_NAME).write_bytes(b"no database at all" * 100)
    with pytest.raises(PinpointError) as caught:
        kept.list("ann")
    assert str(caught.value) == (
        f"{home / FILE_NAME}: file is not a database; move the file away to begin anew"
    )


def test_a_full_disk_is_told_and_changes_nothing(kept, monkeypatch):
    add(kept)
    connect = sqlite3.connect

    def full(*arguments, **given):
        db = connect(*arguments, **given)
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
        return db

    monkeypatch.setattr(sqlite3, "connect", full)
    with pytest.raises(PinpointError, match="the disk is full; free some space"):
        add(kept, "x" * 90_000)
    assert titles(kept) == ["When does the gate open?"]


def test_a_home_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(PinpointError, match="cannot be made"):
        add(Conversations(tmp_path / "file" / "home"))


def test_a_writer_that_stays_is_told(kept, home, monkeypatch):
    add(kept)
    monkeypatch.setattr("qa.conversation_database.TIMEOUT_SECONDS", 0.01)
    with closing(sqlite3.connect(home / FILE_NAME)) as db:
        db.execute("BEGIN EXCLUSIVE")
        with pytest.raises(PinpointError, match="another process keeps writing to it; try again"):
            add(kept)


def test_conversations_stay_when_the_index_is_made_anew_or_restored(pinpoint, folder, tmp_path):
    (folder / "gate.txt").write_text("The gate opens at nine.")
    pinpoint.sync(folder)
    pinpoint.backup(tmp_path / "copy")
    kept = Conversations(pinpoint.home)
    turn = add(kept, answer=pinpoint.ask("When does the gate open?"))
    pinpoint.sync(rebuild=True)
    assert pinpoint.check().problems == ()
    pinpoint.restore(tmp_path / "copy")
    assert kept.get("ann", turn.conversation).turns == (turn,)


def write_some(home, name):
    for number in range(10):
        add(Conversations(home), f"{name} {number}?", owner="ann", error="none")


def test_threads_lose_nothing(home):
    write_from(home, threading.Thread)


@pytest.mark.slow
def test_processes_lose_nothing(home):
    write_from(home, multiprocessing.get_context("spawn").Process)


def write_from(home, worker):
    names = ("a", "b", "c", "d")
    workers = [worker(target=write_some, args=(home, name)) for name in names]
    for started in workers:
        started.start()
    for started in workers:
        started.join()
    found = titles(Conversations(home), limit=100)
    assert sorted(found) == sorted(f"{name} {number}?" for name in names for number in range(10))
    for name in names:
        mine = [title for title in found if title.startswith(name)]
        assert mine == [f"{name} {number}?" for number in reversed(range(10))]
