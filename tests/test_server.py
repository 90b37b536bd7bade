import pytest
from starlette.responses import JSONResponse
from starlette.testclient import TestClient

from index.errors import InputError
from index.settings import Settings
from ui.access import Access
from ui.protocol import Protocol
from ui.server import check_closed, config


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "desk.example"])
def test_other_machines_are_served_only_once_somebody_is_named(tmp_path, host):
    with pytest.raises(InputError) as caught:
        check_closed(tmp_path, host)
    assert str(caught.value) == (
        f"other machines reach {host}, and {tmp_path / 'access.json'} names nobody who may come "
        "in; name somebody first: pinpoint access add NAME --role ask"
    )
    Access(tmp_path).add("ada", "ask", "password", "a long password")
    check_closed(tmp_path, host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_is_served_without_anybody(tmp_path, host):
    check_closed(tmp_path, host)


async def caller(scope, receive, send):
    await JSONResponse([scope["client"][0], scope["scheme"]])(scope, receive, send)


def called(forwarded_by):
    made = config(caller, Settings(shutdown_seconds=7), forwarded_by)
    made.load()
    headers = {"X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "https"}
    return TestClient(made.loaded_app, client=("127.0.0.1", 1)).get("/", headers=headers).json()


def test_only_a_named_proxy_is_believed():
    assert called([]) == ["127.0.0.1", "http"]
    assert called(["192.0.2.1"]) == ["127.0.0.1", "http"]
    assert called(["127.0.0.1"]) == ["192.0.2.9", "https"]


def test_headers_connections_and_the_end_have_bounds():
    made = config(caller, Settings(shutdown_seconds=7))
    assert made.h11_max_incomplete_event_size == 32_768
    assert made.timeout_graceful_shutdown == 7
    assert (made.http, made.ws, made.access_log) == (Protocol, "none", False)
