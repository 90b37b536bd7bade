import itertools
import json
import random

import pytest
from milvus_fakes import FakeTable, Process

from index.errors import LeaseLostError
from index.milvus import ledger
from index.milvus.ledger import EMPTY, Version, begin, commit, current, recovered, settle, visible
from index.milvus.table import FOREVER

pytestmark = pytest.mark.usefixtures("chance")

CHANGES = {"a": ("1", ""), "b": ("2", "1"), "c": ("3", "12"), "d": ("4", "123")}
"""What each sync puts in and takes out."""

STEPS = range(18)
"""Where the first sync can stop: it makes 15 calls, and one for each row that dies."""

LATER = 30
"""How many calls one makes at most that has to settle what another left."""

ALL = 100


@pytest.fixture(params=["growing", "falling"])
def chance(request, monkeypatch):
    """The drawn bits, in an order that does not matter."""
    drawn = itertools.count() if request.param == "growing" else itertools.count(2**31, -1)
    monkeypatch.setattr("index.milvus.ledger.secrets.randbits", lambda _: next(drawn))


class World:
    """A server, the processes that sync to it, and what is checked after each of their calls."""

    def __init__(self):
        self.ledger = {}
        self.rows = {}
        self.settled = [EMPTY]
        self.processes = {}

    def start(self, name):
        process = Process(self.ledger, lambda table: self.sync(table, name))
        self.processes[name] = process
        return process

    def sync(self, table, name):
        rows = FakeTable(self.rows, before=table.before)

        def mark(version):
            for row in rows.get(state(version)["dead"], ["id", "born"]):
                rows.upsert([row | {"died": version.mark}])

        base = recovered(table, mark)
        attempt = begin(table, base)
        new, gone = CHANGES[name]
        alive = rows.query(visible(base), ["id"])
        dead = sorted(row["pk"] for row in alive if row["id"] in gone)
        made = {"born": attempt.number, "died": FOREVER}
        rows.insert({"pk": f"{attempt.number}:{i}", "id": i, **made} for i in new)
        body = {"names": state(base)["names"] + name, "dead": dead}
        version = commit(table, attempt, json.dumps(body))
        mark(version)
        settle(table, version)
        rows.delete_where(f"died <= {base.number}")
        for number in version.closed:
            rows.delete_where(f"born == {number}")
        return version

    def step(self, name, times=ALL):
        for _ in range(times):
            process = self.processes[name]
            if process.done:
                return
            reads = process.next in ("query", "get")
            process.step()
            if not reads:
                self.look()

    def look(self):
        """Readers of this version, and those who still read the one before, see what is right."""
        now = current(FakeTable(self.ledger))
        if now != self.settled[-1]:
            assert now.number > self.settled[-1].number
            assert state(now)["names"].startswith(state(self.settled[-1])["names"])
            self.settled.append(now)
        for version in self.settled[-2:]:
            seen = FakeTable(self.rows).query(visible(version), ["id"])
            assert sorted(row["id"] for row in seen) == expected(version)

    def end(self):
        """A last sync finds nothing in its way; what was reported as done is there."""
        for process in self.processes.values():
            assert process.done
            assert process.error is None or isinstance(process.error, LeaseLostError)
        last = self.start("d")
        self.step("d", ALL)
        assert last.error is None
        names = state(current(FakeTable(self.ledger)))["names"]
        assert names.endswith("d")
        assert {n for n, process in self.processes.items() if process.result} <= set(names)


def state(version):
    return json.loads(version.state) if version.state else {"names": "", "dead": []}


def expected(version):
    ids = set()
    for name in state(version)["names"]:
        new, gone = CHANGES[name]
        ids = ids - set(gone) | set(new)
    return sorted(ids)


def test_a_version_is_seen_once_it_is_settled():
    table = FakeTable()
    assert current(table) == EMPTY
    attempt = begin(table, recovered(table, None))
    version = commit(table, attempt, "x")
    assert version == Version(attempt.number, 1, (), "x", attempt.number)
    assert current(table) == EMPTY
    settle(table, version)
    assert current(table) == current(table, "bounded") == version
    next_one = begin(table, version)
    assert next_one.number > version.number
    assert next_one.base == version


def test_what_is_over_is_forgotten():
    world = World()
    for name in "abc":
        world.start(name)
        world.step(name)
    number = current(FakeTable(world.ledger)).number
    assert {pk for _, pk in world.ledger} == {
        f"{k}:{number}" for k in ("begin", "commit", "settled")
    }
    assert {row["id"]: row["died"] == FOREVER for row in world.rows.values()} == {
        "2": False,
        "3": True,
    }


def test_the_rows_of_one_that_died_are_closed():
    world = World()
    world.start("a")
    world.step("a", 6)  # its row is written
    world.processes["a"].kill()
    assert [row["id"] for row in world.rows.values()] == ["1"]
    (dead,) = (row["number"] for row in world.ledger.values())
    world.start("b")
    world.step("b")
    version = world.processes["b"].result
    assert version.closed == (dead,)
    assert visible(version).endswith(f" and born not in [{dead}]")
    assert [row["id"] for row in world.rows.values()] == ["2"]


def test_a_commit_whose_sync_died_is_settled_by_the_next():
    table, finished = FakeTable(), []
    dead = commit(table, begin(table, EMPTY), "x")
    version = recovered(table, finished.append)
    assert finished == [version]
    assert version == Version(version.number, 1, (), "x", dead.number)
    assert version.number > dead.number
    assert current(table) == version


def test_a_change_of_a_version_that_is_not_the_newest_is_refused():
    table = FakeTable()
    settle(table, commit(table, begin(table, EMPTY), "x"))
    with pytest.raises(LeaseLostError, match="run it again"):
        begin(table, EMPTY)
    begin(table, current(table))  # the one that was refused hinders nobody


def test_two_who_take_a_number_at_the_same_time_take_different_ones():
    shared = {}
    one, other = (Process(shared, lambda table: begin(table, EMPTY)) for _ in range(2))
    for process in (one, other):
        process.step()  # both have seen which numbers are taken
    one.finish()
    other.finish()
    assert len([row for row in shared.values() if row["kind"] == "begin"]) in (1, 2)
    assert [process.error for process in (one, other)].count(None) >= 1
    numbers = {process.result.number for process in (one, other) if process.result}
    assert len(numbers) == [process.error for process in (one, other)].count(None)


def test_of_the_dead_only_so_many_are_remembered(monkeypatch):
    monkeypatch.setattr(ledger, "MOST_CLOSED", 3)
    table = FakeTable()
    numbers = [begin(table, EMPTY).number for _ in range(5)]
    assert begin(table, EMPTY).closed == tuple(numbers[-3:])


@pytest.mark.parametrize("stop", STEPS)
def test_one_stops_anywhere_while_another_runs(stop):
    for more in range(LATER):
        world = World()
        for name, times in [("a", stop), ("b", more), ("a", ALL), ("b", ALL)]:
            if name not in world.processes:
                world.start(name)
            world.step(name, times)
        world.end()


@pytest.mark.parametrize("stop", STEPS)
@pytest.mark.parametrize("order", ["ab", "ba"])
def test_two_stop_anywhere_while_a_third_runs_and_wake_up_later(stop, order):
    for more in range(stop % 3, LATER, 3):
        world = World()
        for name, times in [("a", stop), ("b", more), ("c", ALL)]:
            world.start(name)
            world.step(name, times)
        for name in order:
            world.step(name, ALL)
        world.end()


@pytest.mark.parametrize("stop", STEPS)
def test_two_are_killed_one_after_the_other(stop):
    for more in range(stop % 3, LATER, 3):
        world = World()
        for name, times in [("a", stop), ("b", more)]:
            world.start(name)
            world.step(name, times)
            world.processes[name].kill()
        world.start("c")
        world.step("c", ALL)
        assert world.processes["c"].error is None
        world.end()


@pytest.mark.parametrize("seed", range(25))
def test_any_order(seed):
    drawn = random.Random(seed)
    world = World()
    for name in "abc":
        world.start(name)
    while waiting := [name for name, process in world.processes.items() if not process.done]:
        world.step(drawn.choice(waiting), drawn.randint(1, 8))
    world.end()
