"""Templates show text as it is."""

import pytest
from jinja2 import DictLoader, UndefinedError

from ui import templating
from ui.templating import render


@pytest.fixture
def template(monkeypatch):
    """Put a template in the place of all."""
    monkeypatch.setattr(
        templating.environment(), "loader", DictLoader({"t.html": "<p>{{ text }}</p>"})
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('<b> & "it\'s"', "<p>&lt;b&gt; &amp; &#34;it&#39;s&#34;</p>"),
        ("one\r\ntwo", "<p>one&#13;\ntwo</p>"),
        ("{{ 7 * 7 }}", "<p>{{ 7 * 7 }}</p>"),
        (3, "<p>3</p>"),
    ],
)
@pytest.mark.usefixtures("template")
def test_text_stands_as_it_is(text, html):
    assert render("t.html", text=text) == html


@pytest.mark.usefixtures("template")
def test_a_missing_value_is_an_error():
    with pytest.raises(UndefinedError):
        render("t.html")
