"""Which requests are taken for those of another site's page."""

import pytest
from doors import fronted
from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("origins", "status"),
    [
        ([], 200),
        (["http://testserver"], 200),
        (["https://testserver"], 200),
        (["http://testserver:1"], 403),
        (["http://elsewhere.example"], 403),
        (["http://testserver", "http://elsewhere.example"], 403),
        (["http://["], 403),
        (["extension://testserver"], 403),
        (["null"], 403),
        ([""], 403),
    ],
)
def test_only_pages_of_this_server_change_anything(pinpoint, origins, status):
    with TestClient(fronted(pinpoint)) as client:
        headers = [("Origin", origin) for origin in origins]
        assert client.post("/page/ask", headers=headers).status_code == status
