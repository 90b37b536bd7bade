"""Whose question stays in the line, and whose does not."""

import asyncio
import threading

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from ui.asker import Asker
from ui.gone import while_there


class Sender:
    """Sends a body in two parts, and goes when it is told to."""

    def __init__(self):
        self._parts = [b"wh", b"y?"]
        self.leave = asyncio.Event()
        self.got = []

    async def receive(self):
        if self._parts:
            body = self._parts.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(self._parts)}
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.got.append(message)


async def soon():
    for _ in range(20):
        await asyncio.sleep(0)


def app(asker, work):
    async def answering(scope, receive, send):
        body = await Request(scope, receive).body()
        assert body == b"why?"
        told = await asker.in_turn(work)
        await PlainTextResponse(told)(scope, receive, send)

    return answering


@pytest.fixture
def held():
    return threading.Event()


def asked(asker, work, sender):
    scope = {"type": "http", "method": "POST", "headers": []}
    return asyncio.create_task(while_there(app(asker, work), scope, sender.receive, sender.send))


def test_who_goes_while_waiting_leaves_the_line_and_is_not_worked_for(pinpoint, held):
    done = []

    async def run():
        asker = Asker(pinpoint)
        first, second, third = Sender(), Sender(), Sender()

        def work(name):
            done.append(name)
            assert held.wait(30)
            return name

        tasks = [
            asked(asker, lambda name=name: work(name), sender)
            for name, sender in (("first", first), ("second", second), ("third", third))
        ]
        while not done:
            await asyncio.sleep(0.01)
        second.leave.set()
        await tasks[1]
        waiting = len(asker.line)
        held.set()
        await asyncio.gather(*tasks)
        return waiting, [
            [message.get("status") for message in s.got][:1] for s in (first, second, third)
        ]

    assert asyncio.run(run()) == (2, [[200], [], [200]])
    assert done == ["first", "third"]


def test_who_goes_while_answered_holds_the_place_until_the_work_is_done(pinpoint, held):
    running, most, done = 0, 0, []

    def work(name):
        nonlocal running, most
        running += 1
        most = max(most, running)
        assert held.wait(30)
        running -= 1
        done.append(name)
        return name

    async def run():
        asker = Asker(pinpoint)
        first, second = Sender(), Sender()
        tasks = [
            asked(asker, lambda: work("first"), first),
            asked(asker, lambda: work("second"), second),
        ]
        while not running:
            await asyncio.sleep(0.01)
        first.leave.set()
        await soon()
        assert len(asker.line) == 2
        held.set()
        await asyncio.gather(*tasks)
        return len(second.got), len(asker.line)

    assert asyncio.run(run()) == (2, 0)
    assert (most, done) == (1, ["first", "second"])


def test_what_is_done_after_the_answer_is_not_cut_off():
    ended = []

    async def tidy(scope, receive, send):
        await Request(scope, receive).body()
        await PlainTextResponse("so")(scope, receive, send)
        await soon()
        ended.append(True)

    async def run():
        sender = Sender()

        async def send(message):
            await sender.send(message)
            if message["type"] == "http.response.body":
                sender.leave.set()

        await while_there(
            tidy, {"type": "http", "method": "POST", "headers": []}, sender.receive, send
        )

    asyncio.run(run())
    assert ended == [True]


def test_what_fails_fails():
    async def fail(_scope, _receive, _send):
        raise ValueError("as it is")

    async def run():
        sender = Sender()
        await while_there(fail, {"type": "http"}, sender.receive, sender.send)

    with pytest.raises(ValueError, match="as it is"):
        asyncio.run(run())
