import json
import random

import pytest
from extracted import blocks, check, places

from index.errors import LoadError
from index.formats.notebook import load_notebook


def notebook(*cells, **rest):
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells, **rest}).encode()


def markdown(*lines):
    return {"cell_type": "markdown", "source": list(lines)}


def code(source, *outputs):
    return {"cell_type": "code", "source": source, "outputs": outputs}


def load(content):
    return check(load_notebook(content, "stem"))


def test_cells_in_order_with_headings_across_them():
    stream = {"output_type": "stream", "text": ["1\n", "\x1b[31m2\x1b[0m\n"]}
    table = {
        "output_type": "execute_result",
        "data": {"text/plain": "   a\n0  1", "image/png": "x"},
    }
    failed = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["t"]}
    book = load(
        notebook(
            markdown("# Moon\n", "\n", "Seeds *flew*.\n"),
            code("x = 1\nprint(x)", stream, table, failed),
            markdown("## Data\n\n- one\n- two\n"),
            {"cell_type": "raw", "source": "raw"},
            markdown("# Next"),
            code("y"),
        )
    )
    moon, data = ("Moon",), ("Moon", "Data")
    assert blocks(book) == [
        ("text", moon, "Seeds *flew*."),
        ("code", moon, "x = 1\nprint(x)"),
        ("code", moon, "1\n2\n   a\n0  1\nValueError: no"),
        *(("item", data, "one"), ("item", data, "two"), ("code", data, "raw")),
        ("code", ("Next",), "y"),
    ]
    assert places(book)[:3] == [
        ("cell", "1", "# Moon\n\nSeeds *flew*."),
        ("cell", "2", "x = 1\nprint(x)\n\n1\n2\n   a\n0  1\nValueError: no"),
        ("cell", "3", "## Data\n\n- one\n- two"),
    ]
    assert (book.title, book.media_type) == ("Moon", "application/x-ipynb+json")


def test_metadata_counts_first():
    told = {"title": "T", "authors": [{"name": "Ada"}, "Bo", 3], "date": "2 May 2023"}
    book = load(notebook(markdown("# Other"), metadata=told))
    assert (book.title, book.authors, book.date) == ("T", "Ada, Bo", "2023-05-02")


def test_long_outputs_are_cut_at_a_line_and_said_so():
    text = "".join(f"line {n:03}\n" for n in range(200))
    book = load(notebook(code("x", {"output_type": "stream", "text": text})))
    assert blocks(book)[1][2].endswith("line 110")
    assert book.warnings == ("cell 1: output read up to 1,000 characters",)


def test_no_cells_are_an_empty_text():
    book = load(notebook())
    assert (book.text, book.title, book.date) == ("", "stem", None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "not a JSON object"),
        (b'{"nbformat": 3, "worksheets": []}', "notebook format 3 cannot be read"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": 4, "cells": [1]}', "cell 1 is no object"),
    ],
)
def test_what_is_no_notebook_is_refused(content, message):
    with pytest.raises(LoadError, match=message):
        load(content)


def test_wrong_shapes_inside_are_passed_over():
    odd = {"cell_type": "code", "source": {"a": 1}, "outputs": [1, {"data": 2}, {"text": [None]}]}
    cells = [odd, {}, {"cell_type": ["x"]}, {"cell_type": "markdown", "source": [1, "ok\0"]}]
    book = load(notebook(*cells, metadata=[1]))
    assert book.text == "ok"


def test_flipped_bits_raise_only_load_errors():
    whole = notebook(markdown("# A\n", "text"), code("x", {"output_type": "stream", "text": "1"}))
    for seed in range(60):
        chance = random.Random(seed)
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        try:
            load(bytes(broken))
        except LoadError:
            continue


def test_half_a_surrogate_pair_is_mended():
    content = notebook(markdown("A \ud800 half."))
    assert load(content).text == "A \ufffd half."
