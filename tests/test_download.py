"""Texts as files."""

from ui.download import download


def test_a_text_is_kept_as_a_file_and_runs_nothing():
    response = download("a.md", "text/markdown", "# \u00e9")
    assert response.body == b"# \xc3\xa9"
    assert response.headers["content-disposition"] == 'attachment; filename="a.md"'
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
