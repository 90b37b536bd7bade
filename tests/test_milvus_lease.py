import os
import threading

import pytest
from clock import Clock
from milvus_fakes import FakeTable, Process

from index.errors import IndexLockedError, LeaseLostError, StoreError
from index.milvus.held import Held
from index.milvus.lease import lease

SECONDS = 20.0
CALLS = 11
"""How many it takes to come, write and go, if nobody else does."""

STOPS = range(CALLS + 3)
"""Where one can stop; who waits looks more often."""


class Place:
    """A server, the processes that want to write, and who of them does; time passes as they wait.

    At every moment at most one writes that may still take itself for the writer.
    """

    def __init__(self):
        self.rows = {}
        self.clock = Clock()
        self.writing = {}
        self.wrote = []

    def sleep(self, seconds):
        self.clock.now += seconds

    def lease(self, table, timeout_seconds=1000.0):
        return lease(
            table,
            seconds=SECONDS,
            timeout_seconds=timeout_seconds,
            clock=self.clock,
            sleep=self.sleep,
            in_background=False,
        )

    def start(self, name):
        return Process(self.rows, lambda table: self.write(table, name))

    def write(self, table, name):
        with self.lease(table) as held:
            assert all(other.over for other in self.writing.values())
            self.writing[name] = held
            try:
                held.check()
                table.count("")  # what it writes
                held.check()
                self.wrote.append(name)
            except LeaseLostError:  # that it is told so is what is asked for
                pass
            finally:
                del self.writing[name]

    def end(self, *processes):
        for process in processes:
            process.finish()
            assert process.error is None, repr(process.error)


def test_the_place_is_free_again_after():
    place = Place()
    for _ in range(2):
        with place.lease(FakeTable(place.rows)) as held:
            held.check()
            assert [row["number"] for row in place.rows.values()] == [1]
        assert place.rows == {}
    with pytest.raises(ValueError, match="as it is"), place.lease(FakeTable(place.rows)):
        raise ValueError("as it is")
    assert place.rows == {}


@pytest.mark.parametrize("stop", STOPS)
def test_one_stops_anywhere_while_another_comes(stop):
    for more in STOPS:
        for back in STOPS:
            place = Place()
            one, other = place.start("one"), place.start("other")
            one.step(stop)
            other.step(more)
            one.step(back)
            place.end(other, one)
            assert "other" in place.wrote


@pytest.mark.parametrize("stop", STOPS)
def test_one_stops_anywhere_until_another_has_taken_over(stop):
    for more in range(4):
        place = Place()
        one, other = place.start("one"), place.start("other")
        one.step(stop)
        while "other" not in place.writing and not other.done:
            other.step()
        other.step(more)
        place.end(one, other)
        assert place.wrote


@pytest.mark.parametrize("stop", STOPS)
def test_two_stop_anywhere_while_a_third_comes(stop):
    for more in STOPS:
        for last in ("one", "other"):
            place = Place()
            one, other, third = (place.start(name) for name in ("one", "other", "third"))
            one.step(stop)
            other.step(more)
            third.finish()
            place.end(*((other, one) if last == "one" else (one, other)), third)
            assert "third" in place.wrote


@pytest.mark.parametrize("stop", range(1, CALLS))
def test_the_place_of_a_killed_one_is_taken_after_the_seconds_and_not_before(stop):
    place = Place()
    one = place.start("one")
    one.step(stop)
    one.kill()
    began = place.clock.now
    place.end(place.start("other"))
    assert place.wrote[-1] == "other"
    assert SECONDS <= place.clock.now - began <= SECONDS + 1
    assert place.rows == {}  # its row as well


def test_who_lives_is_waited_for_until_the_timeout_and_named():
    place = Place()
    with place.lease(FakeTable(place.rows)) as held:
        began = place.clock.now

        def beat_and_sleep(seconds):
            place.sleep(seconds)
            held.beat()

        with (
            pytest.raises(IndexLockedError) as raised,
            lease(
                FakeTable(place.rows),
                seconds=SECONDS,
                timeout_seconds=100.0,
                clock=place.clock,
                sleep=beat_and_sleep,
                in_background=False,
            ),
        ):
            raise AssertionError("it was let in")
        assert 100 <= place.clock.now - began <= 101
        held.check()
        assert len(place.rows) == 1  # who gave up leaves nothing behind
    assert str(raised.value).startswith(f"process {os.getpid()} (")
    assert str(raised.value).endswith("is writing to this index; try again when it is done")


def test_one_is_not_turned_away_by_a_dead_one_however_short_the_timeout():
    place = Place()
    dead = place.start("dead")
    dead.step(6)
    dead.kill()
    with place.lease(FakeTable(place.rows), timeout_seconds=0.0) as held:
        held.check()


def test_one_that_slept_too_long_knows_it_by_its_own_clock():
    place = Place()
    with place.lease(FakeTable(place.rows)) as held:
        place.clock.now += 0.9 * SECONDS - 0.1
        held.check()
        place.clock.now += 0.1
        for ask in (held.check, held.stay, held.beat, held.write):
            with pytest.raises(LeaseLostError, match="held up for so long"):
                ask()


def test_one_whose_row_was_taken_away_knows_it_and_does_not_come_back():
    place = Place()
    with place.lease(FakeTable(place.rows)) as held:
        place.rows.clear()
        place.clock.now += SECONDS / 4
        with pytest.raises(LeaseLostError):
            held.beat()
        with pytest.raises(LeaseLostError):
            held.check()
        assert place.rows == {}


def test_who_counts_in_time_keeps_the_place():
    place = Place()
    with place.lease(FakeTable(place.rows)) as held:
        for _ in range(20):
            place.clock.now += SECONDS / 4
            held.beat()
        held.check()


def test_a_server_that_does_not_answer_for_a_while_costs_nothing():
    place = Place()
    table = FakeTable(place.rows)
    held = Held(table, SECONDS, place.clock)
    held.write()

    def fail(_):
        raise StoreError("gone")

    place.clock.now += SECONDS / 2
    for failing in (fail, lambda name: fail(name) if name == "delete" else None):
        table.before = failing
        with pytest.raises(StoreError):
            held.write()
        table.before = lambda _: None
        held.check()
    place.clock.now += SECONDS / 2
    held.check()
    held.write()
    assert len(place.rows) == 1
    table.before = fail
    held.leave()  # that it fails hinders nobody for long
    table.before = lambda _: None
    held.leave()
    assert place.rows == {}


def test_a_thread_counts_while_the_work_is_done():
    table, beaten = FakeTable(), threading.Event()
    with lease(table, seconds=2.0, timeout_seconds=1.0) as held:
        table.before = lambda name: beaten.set() if name == "upsert" else None
        assert beaten.wait(60.0)
        held.check()
    assert table.shared == {}


def test_three_come_in_the_order_of_their_tickets():
    place = Place()
    waiting = [place.start(name) for name in "abc"]
    for process in waiting:
        process.step(4)
    while any(not process.done for process in waiting):
        for process in waiting:
            process.step()
    assert place.wrote == ["a", "b", "c"]
    assert place.rows == {}
