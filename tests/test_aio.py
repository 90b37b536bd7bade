"""The awaited API."""

import asyncio
import inspect
import threading

import pytest

from index.errors import InputError
from qa import AsyncPinpoint
from qa.api import Pinpoint


@pytest.fixture
def filled(pinpoint, folder):
    (folder / "gate.md").write_text("# Gate\n\nThe gate opens at nine.\n")
    pinpoint.sync(folder)
    return pinpoint


def test_everything_public_is_awaited_with_the_same_arguments():
    def methods(of):
        named = inspect.getmembers(of, inspect.isfunction)
        return {name: inspect.signature(f) for name, f in named if not name.startswith("_")}

    there = methods(Pinpoint)
    left_out = {"watch", "work", "span_model"}  # two never end, the other is for measuring
    assert methods(AsyncPinpoint) == {
        name: signature for name, signature in there.items() if name not in left_out
    } | {"close": inspect.signature(AsyncPinpoint.close)}
    assert all(
        inspect.iscoroutinefunction(getattr(AsyncPinpoint, n)) for n in there.keys() - left_out
    )


def test_answers_are_those_of_the_library(filled):
    async def work():
        async with AsyncPinpoint(filled) as pinpoint:
            answer = await pinpoint.ask("The gate opens?", kinds="markdown")
            found = await pinpoint.search("gate", limit=1)
            with pytest.raises(InputError, match="the question is empty"):
                await pinpoint.ask(" ")
            return answer, found, await pinpoint.exists()

    assert asyncio.run(work()) == (
        filled.ask("The gate opens?"),
        filled.search("gate", limit=1),
        True,
    )


def test_as_many_run_at_once_as_there_are_workers(filled, monkeypatch):
    both, most, running = threading.Barrier(2, timeout=20), [], set()

    def ask(_, question):
        running.add(question)
        both.wait()
        most.append(len(running))
        both.wait()
        running.discard(question)
        return question

    monkeypatch.setattr(AsyncPinpoint, "ask", _awaiting(ask))

    async def work():
        async with AsyncPinpoint(filled, workers=2) as pinpoint:
            return await asyncio.gather(*(pinpoint.ask(str(n)) for n in range(4)))

    assert asyncio.run(work()) == ["0", "1", "2", "3"]
    assert max(most) == 2


def _awaiting(method):
    from qa.aio import _reading

    return _reading(method)


def test_a_question_does_not_wait_for_a_sync(filled):
    answered = threading.Event()

    def hold(*_):
        assert answered.wait(20)

    async def work():
        async with AsyncPinpoint(filled, workers=1) as pinpoint:
            syncing = asyncio.create_task(pinpoint.sync(progress=hold))
            answer = await pinpoint.ask("The gate opens?")
            answered.set()
            return answer, await syncing

    (filled.home.parent / "documents" / "wall.md").write_text("The wall is high.")
    answer, report = asyncio.run(work())
    assert (answer.answered, report.added) == (True, 1)


def test_a_home_is_opened_with_settings(tmp_path):
    with_settings = AsyncPinpoint.open(tmp_path / "home", passages=3)
    assert with_settings.pinpoint.home == tmp_path / "home"
    assert with_settings.pinpoint.settings.passages == 3
    with_settings.close()
