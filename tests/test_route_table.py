import pytest

from ui.route_table import Table

TABLE = Table([("GET", "/a.b"), ("POST", "/c/{id}"), ("GET", "/d/{path:path}")])


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/a.b"), ("HEAD", "/a.b"), ("POST", "/c/1"), ("GET", "/d/e/f"), ("GET", "/d/")],
)
def test_rows_are_found(method, path):
    assert TABLE.holds(method, path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/a.b"),
        ("GET", "/axb"),
        ("GET", "/a.b/"),
        ("GET", "//a.b"),
        ("GET", "/a.b\n"),
        ("POST", "/c/1/2"),
        ("POST", "/c/"),
        ("get", "/a.b"),
    ],
)
def test_what_is_no_row_is_not(method, path):
    assert not TABLE.holds(method, path)
