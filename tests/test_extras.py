"""What is said where an extra is not installed."""

import importlib
import sys

import pytest


@pytest.mark.parametrize(
    ("extra", "library", "missing"),
    [
        ("langchain", "langchain_core", "langchain_core.callbacks"),
        ("haystack", "haystack", "haystack"),
    ],
)
def test_a_missing_library_is_named_with_the_way_to_get_it(extra, library, missing, monkeypatch):
    monkeypatch.delitem(sys.modules, f"qa.{extra}", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ModuleNotFoundError) as raised:
        importlib.import_module(f"qa.{extra}")
    assert str(raised.value).endswith(f" is not installed; run: pip install 'pinpoint-qa[{extra}]'")
    assert str(raised.value).startswith(library)
    assert f"qa.{extra}" not in sys.modules
