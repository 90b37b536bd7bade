"""Work that tells what happens."""

import asyncio
import gc
import threading

import anyio
import pytest

from ui.telling import in_thread, telling


def test_what_is_told_comes_in_order_and_then_the_result():
    def work(tell):
        tell("stage", "searching")
        tell("queued", 2)
        return "made"

    async def listen():
        async with telling(work) as (events, working):
            return [(event.event, event.data) async for event in events], await working

    assert asyncio.run(listen()) == ([("stage", "searching"), ("queued", 2)], "made")


def test_work_that_fails_ends_what_is_told_and_is_raised_when_awaited():
    def work(tell):
        tell("stage", "searching")
        raise ValueError("no")

    async def listen():
        async with telling(work) as (events, working):
            told = [event.data async for event in events]
            with pytest.raises(ValueError, match="no"):
                await working
            return told

    assert asyncio.run(listen()) == ["searching"]


class Held:
    """Work that ends a moment after somebody stopped waiting for it; made in a running loop."""

    def __init__(self):
        self.begun, self.gate, self.ended = asyncio.Event(), threading.Event(), []
        self.loop = asyncio.get_running_loop()

    def work(self, tell=lambda _event, _data: None):
        tell("stage", "reading")
        self.loop.call_soon_threadsafe(self.begun.set)
        self.gate.wait(20)
        self.ended.append("work")

    def end_soon(self):
        self.loop.call_later(0.05, self.gate.set)


def test_a_stream_that_is_left_ends_with_its_work():
    async def stream(held):
        try:
            async with telling(held.work) as (events, _):
                async for event in events:
                    yield event
        finally:
            held.ended.append("stream")

    async def leave():
        held = Held()
        told = stream(held)
        await anext(told)
        held.end_soon()
        await told.aclose()
        return held.ended

    assert asyncio.run(leave()) == ["work", "stream"]


def test_who_is_cancelled_waits_for_the_thread():
    async def wait(held):
        try:
            await in_thread(held.work)
        finally:
            held.ended.append("waiting")

    async def cancel():
        held = Held()
        async with anyio.create_task_group() as group:
            group.start_soon(wait, held)
            await held.begun.wait()
            held.end_soon()
            group.cancel_scope.cancel()
        return held.ended

    assert asyncio.run(cancel()) == ["work", "waiting"]


def test_work_that_fails_unheard_is_not_in_the_log():
    unheard = []

    async def leave():
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
        held = Held()

        def work(tell):
            held.work(tell)
            raise ValueError("a word of the question")

        async with telling(work) as (events, _):
            await anext(events)
            held.end_soon()
        gc.collect()

    asyncio.run(leave())
    assert unheard == []  # its message would stand in the log
