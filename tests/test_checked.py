from clock import Clock

from ui import checked
from ui.checked import Checked


def test_a_token_is_known_for_ten_minutes():
    clock = Clock()
    made = Checked(clock)
    assert made.holder("token") is None
    made.remember("token", "ada")
    clock.now += 599
    assert made.holder("token") == "ada"
    assert made.holder("other") is None
    clock.now += 1
    assert made.holder("token") is None
    assert "token" not in repr(made._holders)


def test_the_first_of_too_many_is_forgotten(monkeypatch):
    monkeypatch.setattr(checked, "_MOST", 2)
    made = Checked()
    for token in "abc":
        made.remember(token, token)
    assert [made.holder(token) for token in "abc"] == [None, "b", "c"]
