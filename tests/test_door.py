"""Who is let in, and what they may."""

import asyncio
import logging

import pytest
from doors import PASSWORD, bearer, fronted, with_token
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from ui.access import Access
from ui.front import Front
from ui.keys import COOKIE

UNKNOWN = "log in on the page, or send a token as Authorization: Bearer"
WRONG = "the token is not right, or was taken back; ask for another"


@pytest.fixture
def access(pinpoint):
    return Access(pinpoint.home)


@pytest.fixture
def client(pinpoint):
    with TestClient(fronted(pinpoint), follow_redirects=False) as made:
        yield made


def problem(response):
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == response.status_code
    return response.status_code, body["detail"]


def log_in(client, name="ada", password=PASSWORD):
    return client.post("/login", data={"name": name, "password": password, "next": "/"})


def test_this_machine_alone_is_not_asked_while_nobody_is_named(client):
    assert client.get("/page/documents").json() == ["", "manage"]
    assert client.post("/page/documents/remove").json() == ["", "manage"]


def test_other_machines_are_let_in_by_nobodys_absence_never(pinpoint):
    with TestClient(fronted(pinpoint, Front(ajar=False))) as client:
        assert problem(client.get("/page/documents")) == (401, UNKNOWN)


@pytest.mark.parametrize(
    "name",
    ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "True-Client-IP"],
)
def test_what_a_proxy_forwards_is_not_from_this_machine(client, name):
    response = client.get("/page/documents", headers={name: "127.0.0.1"})
    assert problem(response) == (401, UNKNOWN)


def test_the_door_closes_when_somebody_is_named_and_stays_so_elsewhere(pinpoint, access):
    with TestClient(fronted(pinpoint, Front(ajar=False))) as client:
        token = with_token(pinpoint.home, "ada", "ask")
        assert client.get("/", headers=bearer(token)).json() == ["ada", "ask"]
        access.remove("ada")
        assert problem(client.get("/", headers=bearer(token))) == (401, WRONG)
        assert problem(client.get("/page/job")) == (401, UNKNOWN)


def test_a_token_lets_in_with_its_role(client, pinpoint):
    asking = bearer(with_token(pinpoint.home, "ada", "ask"))
    managing = bearer(with_token(pinpoint.home, "zoe", "manage"))
    for _ in range(2):  # the second time it is known
        assert client.post("/page/ask", headers=asking).json() == ["ada", "ask"]
        assert client.post("/page/documents/index", headers=managing).json() == ["zoe", "manage"]
    refused = client.post("/page/documents/index", headers=asking)
    assert problem(refused) == (
        403,
        "you may ask, but not change documents; ask whoever runs Pinpoint",
    )
    assert client.put("/unheard/of", headers=asking).status_code == 403


def test_without_token_and_session_nothing_is_given(client, pinpoint):
    with_token(pinpoint.home, "ada", "ask")
    for path in ("/page/documents", "/source/0", "/original/0", "/theme.css", "/api/v1/ask"):
        response = client.get(path)
        assert problem(response) == (401, UNKNOWN)
        assert response.headers["www-authenticate"] == "Bearer"
    assert problem(client.post("/page/ask")) == (401, UNKNOWN)


def test_a_person_without_session_is_led_to_the_login(client, pinpoint):
    with_token(pinpoint.home, "ada", "ask")
    accepts = {"Accept": "text/html,*/*"}
    response = client.get("/source/0?start=1&end=2", headers=accepts)
    assert response.status_code == 303
    assert response.headers["location"] == "/login?next=%2Fsource%2F0%3Fstart%3D1%26end%3D2"
    assert problem(client.post("/page/ask", headers=accepts)) == (401, UNKNOWN)


@pytest.mark.parametrize(
    "value", ["", "pp_", "pp_0123456789abcdef_" + "x" * 43, "é", "a b", "x" * 5000]
)
def test_a_wrong_token_lets_nobody_in(client, pinpoint, value):
    with_token(pinpoint.home, "ada", "ask")
    response = client.get("/", headers={"Authorization": f"Bearer {value}".encode()})
    assert problem(response) == (401, WRONG)
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_another_secret_after_a_tokens_name_lets_nobody_in(client, pinpoint):
    token = with_token(pinpoint.home, "ada", "ask")
    assert client.get("/", headers=bearer(token)).status_code == 200
    other = token[:-43] + "x" * 43
    assert problem(client.get("/", headers=bearer(other))) == (401, WRONG)


def test_a_password_is_no_token_and_a_token_no_password(client, pinpoint, access):
    access.add("ada", "ask", "password", PASSWORD)
    token = with_token(pinpoint.home, "zoe", "ask")
    assert client.get("/", headers=bearer(PASSWORD)).status_code == 401
    assert log_in(client, "zoe", token).status_code == 401


def test_a_session_ends_when_its_person_is_taken_out_or_gets_another_secret(client, access):
    access.add("ada", "manage", "password", PASSWORD)
    assert log_in(client).status_code == 303
    assert client.get("/").json() == ["ada", "manage"]
    access.add("ada", "ask", "password", PASSWORD)
    assert client.get("/").status_code == 401
    log_in(client)
    assert client.get("/").json() == ["ada", "ask"]
    access.add("zoe", "ask", "password", PASSWORD)
    assert client.get("/").json() == ["ada", "ask"]
    access.remove("ada")
    assert client.get("/").status_code == 401


def test_a_made_up_session_is_none(client, access):
    access.add("ada", "manage", "password", PASSWORD)
    client.cookies.set(COOKIE, "x" * 43)
    assert client.get("/").status_code == 401


@pytest.fixture
def slowly(monkeypatch):
    """Failures are forgotten more slowly than any machine runs the test."""
    monkeypatch.setattr("ui.keys._FAILURES_A_MINUTE", 0.001)


@pytest.mark.usefixtures("slowly")
def test_wrong_secrets_are_slowed_down_for_their_address_alone(pinpoint, access):
    access.add("ada", "ask", "password", PASSWORD)
    app = fronted(pinpoint)
    with TestClient(app, client=("192.0.2.1", 1), follow_redirects=False) as client:
        assert [log_in(client, password="wrong").status_code for _ in range(5)] == [401] * 5
        response = log_in(client)
        assert response.status_code == 429
        seconds = response.headers["retry-after"]
        told = f"too many wrong passwords or tokens; try again in {seconds} seconds"
        assert 0 < int(seconds) <= 60_000
        assert told in response.text
        status, told = problem(client.get("/", headers=bearer("pp_x")))
        assert (status, told[:34]) == (429, "too many wrong passwords or tokens")
    with TestClient(app, client=("192.0.2.2", 1), follow_redirects=False) as client:
        assert [log_in(client).status_code for _ in range(7)] == [303] * 7


@pytest.mark.usefixtures("slowly")
def test_addresses_of_one_network_of_ipv6_are_one(pinpoint, access):
    access.add("ada", "ask", "password", PASSWORD)
    app = fronted(pinpoint)
    for number in range(5):
        with TestClient(app, client=(f"2001:db8::{number}", 1)) as client:
            assert client.get("/", headers=bearer("pp_x")).status_code == 401
    with TestClient(app, client=("2001:db8::ffff:1", 1)) as client:
        assert client.get("/", headers=bearer("pp_x")).status_code == 429
    with TestClient(app, client=("2001:db8:0:1::", 1)) as client:
        assert client.get("/", headers=bearer("pp_x")).status_code == 401


def test_a_damaged_access_file_lets_nobody_in(client, access, caplog):
    access.add("ada", "ask", "password", PASSWORD)
    access.file.write_text("damaged")
    with caplog.at_level(logging.ERROR):
        response = client.get("/page/documents")
    assert problem(response) == (503, "nobody can be let in; the terminal says why")
    assert str(access.file) in caplog.text
    assert problem(client.get("/", headers={"Accept": "text/html"}))[0] == 503
    response = log_in(client)
    assert response.status_code == 503
    assert "Nobody can be let in; the terminal says why." in response.text


def test_web_sockets_are_closed(client):
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect("/"):
        pass
    assert caught.value.code == 1008


def test_the_person_is_not_taken_over_from_the_request(client, pinpoint):
    with_token(pinpoint.home, "ada", "ask")
    headers = {"X-Forwarded-User": "ada", "Pinpoint.Person": "ada", "Remote-User": "ada"}
    assert client.get("/", headers=headers).status_code == 401


def test_few_secrets_are_hashed_at_once_and_few_wait(pinpoint, access, monkeypatch):
    """Each takes 64 MiB; a flood of them must not take all memory."""
    from ui import keys as module

    access.add("ada", "ask", "password", PASSWORD)
    running, most = 0, 0
    gate = asyncio.Event()

    async def to_thread(function, *arguments):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await gate.wait()
        running -= 1
        return function(*arguments) if arguments[1] == PASSWORD else False

    monkeypatch.setattr(module.asyncio, "to_thread", to_thread)
    keys = module.Keys(access, pinpoint.settings)

    async def flood():
        tasks = [
            asyncio.create_task(keys.log_in({"type": "http", "client": (str(n), 1)}, "ada", "no"))
            for n in range(25)
        ]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    told = asyncio.run(flood())
    assert most == 2
    assert told[:20] == [None] * 20
    assert [str(error) for error in told[20:]] == [
        "too many are logging in at once; try again in 1 second"
    ] * 5
