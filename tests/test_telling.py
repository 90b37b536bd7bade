"""Work that tells what happens."""

import asyncio

import pytest

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
