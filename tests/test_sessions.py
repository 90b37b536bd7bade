import pytest
from clock import Clock

from ui import sessions
from ui.sessions import Sessions


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def made(clock):
    return Sessions(longest_seconds=100, idle_seconds=10, clock=clock)


def test_a_session_is_found_by_its_secret_alone(made):
    secret = made.begin("ada")
    other = made.begin("zoe")
    assert (made.find(secret), made.find(other)) == ("ada", "zoe")
    assert made.find("") is None
    assert made.find(secret[:-1]) is None
    assert len(secret) == 43
    assert secret not in repr(made._sessions)


def test_a_session_ends_after_some_time_without_use(made, clock):
    secret = made.begin("ada")
    clock.now += 9.9
    assert made.find(secret) == "ada"
    clock.now += 9.9
    assert made.find(secret) == "ada"
    clock.now += 10
    assert made.find(secret) is None
    clock.now -= 10
    assert made.find(secret) is None


def test_a_session_ends_after_its_longest_time_though_it_is_used(made, clock):
    secret = made.begin("ada")
    for _ in range(19):
        clock.now += 5
        assert made.find(secret) == "ada"
    clock.now += 5
    assert made.find(secret) is None


def test_a_session_is_ended(made):
    secret, other = made.begin("ada"), made.begin("ada")
    made.end(secret)
    made.end("unknown")
    assert (made.find(secret), made.find(other)) == (None, "ada")


def test_the_oldest_of_too_many_ends(made, monkeypatch):
    monkeypatch.setattr(sessions, "_MOST", 2)
    first, second = made.begin("a"), made.begin("b")
    made.find(first)
    third = made.begin("c")
    assert [made.find(secret) for secret in (first, second, third)] == ["a", None, "c"]
