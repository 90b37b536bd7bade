import pytest

from ui.person import ANYBODY, Person, address_of, client_of, person_of, with_person


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a:b", "a:b"),
    ],
)
def test_the_address_of_a_client(host, address):
    assert address_of({"client": (host, 1)}) == address


@pytest.mark.parametrize("scope", [{}, {"client": None}])
def test_a_client_without_an_address(scope):
    assert address_of(scope) == ""
    assert client_of(scope) == ""


def test_a_person_is_counted_by_name():
    scope = {"client": ("192.0.2.1", 1)}
    assert client_of(scope) == "192.0.2.1"
    assert client_of(with_person(dict(scope), Person("192.0.2.2", "ask"))) == "person 192.0.2.2"
    assert client_of(with_person(dict(scope), ANYBODY)) == "192.0.2.1"


def test_nobody_is_known_of_a_request_that_passed_no_door():
    assert person_of({"pinpoint.person": "ada"}) is None
