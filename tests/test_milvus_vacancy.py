from clock import Clock
from milvus_fakes import FakeTable

from index.errors import StoreError
from index.milvus.held import Held
from index.milvus.vacancy import Vacancy

SECONDS = 20.0


def test_the_place_is_free_when_nobody_is_there_or_gives_a_sign():
    clock, table = Clock(), FakeTable()
    held = Held(table, SECONDS, clock)
    held.write()
    vacant = Vacancy(table, seconds=SECONDS, clock=clock)
    assert not vacant()
    clock.now += 15.1
    held.beat()
    assert not vacant()
    clock.now += 14.9
    assert not vacant()
    clock.now += 2.0
    assert vacant()
    held = Held(table, SECONDS, clock)
    held.write()
    clock.now += 2.0
    assert not vacant()


def test_it_asks_every_two_seconds():
    clock, asked = Clock(), []
    vacant = Vacancy(FakeTable(before=asked.append), seconds=SECONDS, clock=clock)
    assert vacant()
    clock.now += 1.9
    assert vacant()
    assert asked == ["query"]
    clock.now += 0.1
    assert vacant()
    assert asked == ["query"] * 2


def test_a_server_that_is_away_frees_no_place():
    def fail(_):
        raise StoreError("away")

    assert not Vacancy(FakeTable(before=fail), seconds=SECONDS, clock=Clock())()
