import json

from passages import passage, span

from index.rows import IndexState
from qa.compose import Source, compose
from qa.models import Answer
from qa.read import Reading


def test_answers_stored_before_there_were_kinds_still_load():
    one = passage(1, "a.txt", "Ann left.")
    answer = compose(
        "who?", Reading((span(one, 0, 0.9),), 0.5), {1: Source(one.text)}, IndexState(1, 1, 1),
        max_citations=3,
    )  # fmt: skip
    stored = json.loads(answer.model_dump_json())
    for name in ("kind", "sides", "differing"):
        del stored[name]
    loaded = Answer.model_validate(stored)
    assert (loaded.kind, loaded.sides, loaded.differing) == ("span", (), ())
    assert loaded.citations == answer.citations
