import socket

import pytest
from doors import fronted
from starlette.testclient import TestClient

from ui.front import Front
from ui.hosts import allowed_names, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST"])
def test_addresses_of_this_machine_alone(host):
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "", "localhost.example"])
def test_addresses_that_others_reach(host):
    assert not is_loopback(host)


def test_a_server_for_this_machine_is_called_by_its_names_alone():
    own = {"localhost", "127.0.0.1", "::1"}
    assert allowed_names("127.0.0.1") == own
    assert allowed_names("127.0.0.1", ["Docs.example"]) == own | {"docs.example"}


def test_a_server_for_others_is_also_called_by_the_machines_name(monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "Desk")
    monkeypatch.setattr(socket, "getfqdn", lambda: "desk.example")
    assert allowed_names("0.0.0.0", ["docs.example"]) == {
        *("0.0.0.0", "desk", "desk.example", "docs.example", "localhost", "127.0.0.1", "::1")
    }


def status(pinpoint, host, *, numbers, names=("localhost", "127.0.0.1", "::1")):
    app = fronted(pinpoint, Front(names=frozenset(names), numbers=numbers))
    with TestClient(app) as client:
        return client.get("/", headers={"Host": host}).status_code


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:7860", "127.0.0.1:1", "[::1]:7860"])
def test_known_names_are_answered(pinpoint, host):
    assert status(pinpoint, host, numbers=False) == 200


@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "localhost.elsewhere.example",
        "localhost.",
        "127.0.0.1.elsewhere.example",
        "192.0.2.1",
        "",
        "[::1",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "elsewhere.example@localhost",
        "localhost/elsewhere.example",
        "localhost:elsewhere.example",
        "localhost#elsewhere.example",
    ],
)
def test_other_names_are_refused(pinpoint, host):
    assert status(pinpoint, host, numbers=False) == 400


def test_numbers_are_answered_where_others_are_served(pinpoint):
    assert status(pinpoint, "192.0.2.1:7860", numbers=True) == 200
    assert status(pinpoint, "[2001:db8::1]", numbers=True) == 200
    assert status(pinpoint, "192.0.2.1.elsewhere.example", numbers=True) == 400


def test_the_way_out_is_told(pinpoint):
    with TestClient(fronted(pinpoint, Front(names=frozenset({"localhost"})))) as client:
        assert client.get("/").json()["detail"] == (
            "this server is not called by that name; whoever runs it can allow the name with "
            "pinpoint serve --allowed-host"
        )
