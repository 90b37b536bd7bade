"""Logging in and out with a browser that runs no scripts."""

import pytest
from doors import PASSWORD, fronted
from starlette.testclient import TestClient

from ui.access import Access
from ui.keys import COOKIE
from ui.login_routes import own_place


@pytest.fixture
def client(pinpoint):
    Access(pinpoint.home).add("ada", "ask", "password", PASSWORD)
    with TestClient(fronted(pinpoint), follow_redirects=False) as made:
        yield made


def log_in(client, **given):
    return client.post("/login", data={"name": "ada", "password": PASSWORD} | given)


def test_the_login_page_loads_only_its_style_and_runs_nothing(client):
    response = client.get("/login?next=/source/0%3Fstart=1")
    assert response.status_code == 200
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'self'"
    )
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "same-origin"
    assert '<input type="hidden" name="next" value="/source/0?start=1">' in response.text
    assert "<script" not in response.text
    assert 'role="alert"' not in response.text


def test_what_is_shown_again_is_escaped(client):
    response = log_in(client, name='"><b>', password="wrong", next='/"><b>')
    assert response.status_code == 401
    assert "<b>" not in response.text
    assert "The name or password is not right." in response.text
    assert "wrong" not in response.text


def test_logging_in_begins_a_session_and_leads_on(client):
    response = log_in(client, next="/source/0?start=1")
    assert (response.status_code, response.headers["location"]) == (303, "/source/0?start=1")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}={client.cookies[COOKIE]}; ")
    assert set(cookie.split("; ")[1:]) == {
        "HttpOnly",
        "Max-Age=43200",
        "Path=/",
        "SameSite=strict",
    }
    assert client.get("/page/me").json() == {"name": "ada", "role": "ask"}


def test_the_cookie_is_for_encrypted_connections_where_there_is_one(pinpoint):
    Access(pinpoint.home).add("ada", "ask", "password", PASSWORD)
    with TestClient(fronted(pinpoint), "https://testserver", follow_redirects=False) as client:
        assert "Secure" in log_in(client).headers["set-cookie"].split("; ")


def test_each_login_has_a_session_of_its_own(client):
    log_in(client)
    first = client.cookies[COOKIE]
    log_in(client)
    assert client.cookies[COOKIE] != first


def test_logging_out_ends_the_session_on_the_server(client):
    log_in(client)
    secret = client.cookies[COOKIE]
    response = client.post("/logout")
    assert response.status_code == 204
    assert "Max-Age=0" in response.headers["set-cookie"]
    client.cookies.set(COOKIE, secret)
    assert client.get("/page/me").status_code == 401


@pytest.mark.parametrize(
    "given", [{"password": "wrong"}, {"name": "zoe"}, {"name": ""}, {"password": ""}]
)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(client, given):
    response = log_in(client, **given)
    assert response.status_code == 401
    assert "The name or password is not right." in response.text
    assert "set-cookie" not in response.headers


def test_a_page_of_another_site_can_log_nobody_in_or_out(client):
    for origin in ("http://elsewhere.example", "null"):
        headers = {"Origin": origin}
        data = {"name": "ada", "password": PASSWORD}
        assert client.post("/login", data=data, headers=headers).status_code == 403
        assert client.post("/logout", headers=headers).status_code == 403


@pytest.mark.parametrize("place", ["/", "/source/0?start=1&end=2#quote", "/%2F/elsewhere.example"])
def test_one_is_led_on_within_this_server(place):
    assert own_place(place) == place


@pytest.mark.parametrize(
    "place",
    [
        "",
        "page",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\/elsewhere.example",
        "/a\\b",
        "http://elsewhere.example",
        "javascript:alert(1)",
        "/\t/elsewhere.example",
        "/a\r\nSet-Cookie: a=b",
        " /",
        "/\0",
    ],
)
def test_one_is_never_led_elsewhere(place):
    assert own_place(place) == "/"


def test_where_nobody_is_asked_the_page_is_for_anybody(pinpoint):
    with TestClient(fronted(pinpoint)) as client:
        assert client.get("/page/me").json() == {"name": "", "role": "manage"}
