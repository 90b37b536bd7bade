import pytest
from clock import Clock

from ui import rate
from ui.rate import Rate


@pytest.fixture
def clock():
    return Clock()


def test_a_pause_fills_the_bucket_and_no_more(clock):
    made = Rate(6, 2, clock)
    assert [made.wait_seconds("a") for _ in range(3)] == [0, 0, pytest.approx(10)]
    clock.now += 4
    assert made.wait_seconds("a") == pytest.approx(6)
    clock.now += 6
    assert [made.wait_seconds("a") for _ in range(2)] == [0, pytest.approx(10)]
    clock.now += 1000
    assert [made.wait_seconds("a") for _ in range(3)] == [0, 0, pytest.approx(10)]


def test_as_many_at_once_as_in_a_minute_if_nothing_else_is_said(clock):
    made = Rate(3, clock=clock)
    assert [made.wait_seconds("a") for _ in range(4)] == [0, 0, 0, pytest.approx(20)]


def test_each_client_has_its_own(clock):
    made = Rate(60, 1, clock)
    assert [made.wait_seconds(client) for client in "aba"] == [0, 0, pytest.approx(1)]


def test_what_is_given_back_can_be_taken_again(clock):
    made = Rate(60, 1, clock)
    made.wait_seconds("a")
    made.give_back("a")
    made.give_back("a")
    assert [made.wait_seconds("a") for _ in range(2)] == [0, pytest.approx(1)]


def test_the_client_that_was_longest_away_is_forgotten(clock, monkeypatch):
    monkeypatch.setattr(rate, "_MOST", 2)
    made = Rate(60, 1, clock)
    for client in "abc":
        made.wait_seconds(client)
    assert [made.wait_seconds(client) for client in "cba"] == [
        pytest.approx(1),
        pytest.approx(1),
        0,
    ]
