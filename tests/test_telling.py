"""Work that tells what happens."""

import asyncio
import gc
import threading

import pytest
from anyio import CancelScope

from ui.telling import telling


def test_what_is_told_comes_in_order_and_then_the_result():
    def work(tell):
        tell("stage", "searching")
        tell("queued", 2)
        return "made"

    async def listen():
        events, working = telling(work)
        return [(event.event, event.data) async for event in events], await working

    assert asyncio.run(listen()) == ([("stage", "searching"), ("queued", 2)], "made")


def test_work_that_fails_ends_what_is_told_and_is_raised_when_awaited():
    def work(tell):
        tell("stage", "searching")
        raise ValueError("no")

    async def listen():
        events, working = telling(work)
        told = [event.data async for event in events]
        with pytest.raises(ValueError, match="no"):
            await working
        return told

    assert asyncio.run(listen()) == ["searching"]


def test_who_stops_listening_waits_for_the_work_all_the_same():
    held, ended = threading.Event(), []

    def work(tell):
        tell("stage", "searching")
        assert held.wait(30)
        ended.append(True)
        raise ValueError("a word of the question")

    async def listen():
        with CancelScope() as scope:
            events, working = telling(work)
            async for _ in events:
                asyncio.get_running_loop().call_later(0.05, held.set)
                scope.cancel()
        assert ended == [True]
        assert working.done()

    unheard = []

    async def run():
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
        await listen()
        gc.collect()

    asyncio.run(run())
    assert unheard == []  # its message would stand in the log
