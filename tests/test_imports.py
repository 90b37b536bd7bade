"""Imports run ui -> qa -> index only, and importing qa loads nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {"index": {"index"}, "qa": {"index", "qa"}, "ui": {"index", "qa", "ui"}}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_imports_run_one_way(package):
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        ours = {name.split(".")[0] for name in imported(path)} & {*ALLOWED, "tests", "bench"}
        assert ours <= ALLOWED[package], path


def loaded_by(code):
    program = f"import sys; {code}; print(*sorted(m.partition('.')[0] for m in sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(run.stdout.split())


def test_importing_qa_only_defines_names():
    assert loaded_by("import qa") <= {"qa", *sys.stdlib_module_names} | loaded_by("pass")


def test_the_public_names_load_no_model_library():
    after = loaded_by("from qa import Pinpoint, answer, Answer, Citation")
    assert not {"torch", "gradio", "transformers", "sentence_transformers", "faiss"} & after
    assert not {"pymilvus", "grpc", "pandas"} & after


def test_an_unknown_name_is_an_attribute_error():
    import qa

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = qa.nothing


def test_no_module_of_qa_hides_a_public_name():
    import qa
    import qa.api
    from qa import answer

    assert callable(answer)
    assert not {path.stem for path in (ROOT / "qa").glob("*.py")} & set(qa.__all__)


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_type_checkers_are_told_that_the_packages_are_typed(package):
    assert (ROOT / package / "py.typed").read_bytes() == b""


def test_the_server_loads_the_model_context_protocol_with_its_first_request():
    assert "mcp" not in loaded_by("import ui.web")
