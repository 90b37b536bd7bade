"""Questions one after the other, for everyone."""

import asyncio
import threading

import pytest

from index.errors import CrowdedError, InputError
from index.settings import Settings
from ui.asker import Asker


def test_one_is_worked_on_at_a_time_and_the_rest_wait_in_order(pinpoint):
    done, running = [], threading.Semaphore(1)

    async def all_at_once():
        asker = Asker(pinpoint)

        def work(name):
            assert running.acquire(blocking=False)
            done.append(name)
            running.release()
            return name

        names = range(5)
        found = await asyncio.gather(*(asker.in_turn(lambda n=n: work(n)) for n in names))
        return found, len(asker.line)

    assert asyncio.run(all_at_once()) == ([0, 1, 2, 3, 4], 0)
    assert done == [0, 1, 2, 3, 4]


def test_too_many_are_sent_away(pinpoint):
    pinpoint.settings = Settings(questions_waiting=2)

    async def crowd():
        asker = Asker(pinpoint)
        works = [asker.in_turn(lambda n=n: n) for n in range(4)]
        return await asyncio.gather(*works, return_exceptions=True)

    first, second, *others = asyncio.run(crowd())
    assert (first, second) == (0, 1)
    assert [type(other) for other in others] == [CrowdedError, CrowdedError]


def test_what_fails_is_counted_and_raised(pinpoint, folder):
    (folder / "gate.txt").write_text("The gate opens.")
    pinpoint.sync(folder)
    asker = Asker(pinpoint)
    with pytest.raises(InputError):
        asker.ask(" ")
    with pytest.raises(InputError):
        asker.search("x", limit=0)
    pinpoint.reader.read = None
    with pytest.raises(TypeError):
        asker.ask("The gate?")
    counted = [line for line in asker.metrics.text().splitlines() if "_total{" in line]
    assert counted == [
        'pinpoint_questions_total{outcome="refused"} 1.0',
        'pinpoint_questions_total{outcome="failed"} 1.0',
        'pinpoint_searches_total{outcome="refused"} 1.0',
    ]
