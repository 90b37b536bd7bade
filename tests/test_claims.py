"""Texts checked against an index, with stand-ins for the models."""

import hashlib

import pytest
from passages import passage

from index.errors import IndexMissingError, InputError, QuoteError
from qa.claims import candidates, check_claim
from qa.compose import Source

FERRY = "# Ferries\n\nThe Mallard takes 55 minutes to Saltby. It carries 420 passengers.\n"
DRAFT = (
    "Hello!\n\nThe Mallard takes 45 minutes to Saltby. It carries 420 passengers. "
    "The Mallard was painted red.\n"
)


@pytest.fixture
def indexed(pinpoint, folder):
    (folder / "ferries.md").write_text(FERRY)
    (folder / "old.md").write_text("---\ndate: 2020-01-01\n---\nThe Heron sank in 1947.\n")
    pinpoint.sync(folder)
    return pinpoint


def test_each_sentence_has_a_verdict_and_its_place(indexed):
    report = indexed.claims(DRAFT)
    verdicts = ["no_claim", "contradicted", "supported", "unsupported"]
    assert [claim.verdict for claim in report.claims] == verdicts
    assert [DRAFT[claim.start : claim.end] for claim in report.claims] == [
        claim.text for claim in report.claims
    ]
    assert report.counts.model_dump() == dict.fromkeys(sorted(verdicts), 1)
    assert report.sha256 == hashlib.sha256(DRAFT.encode()).hexdigest()
    assert (report.file, report.index.documents, report.borne_out) == (None, 2, False)


def test_quotes_are_cut_from_the_document(indexed):
    _, wrong, right, none = indexed.claims(DRAFT).claims
    for citation in (*wrong.citations, *right.citations, *none.nearest):
        _, text = indexed.document(citation.document.sha256)
        assert text[citation.start : citation.end] == citation.quote
    assert wrong.citations[0].answer.text == "55"
    assert (wrong.nearest, none.citations) == ((), ())
    assert wrong.reasons.differ[0].model_dump() == {"claim": "45", "quote": "55"}
    assert none.reasons.missing == ("painted", "red")


def test_a_pronoun_is_read_as_what_it_stands_for_on_both_sides(indexed):
    right = indexed.claims(DRAFT).claims[2]
    assert right.understood == "The Mallard carries 420 passengers."
    assert right.citations[0].quote == (
        "The Mallard takes 55 minutes to Saltby. It carries 420 passengers."
    )


def test_progress_is_told_and_a_file_is_named(indexed, folder):
    file = folder.parent / "draft.txt"
    file.write_text(DRAFT)
    told = []
    report = indexed.claims(file, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert report.file == str(file)


def test_bounds_hold(indexed):
    assert indexed.claims("The Heron sank in 1947.").borne_out
    found = indexed.claims("The Heron sank in 1947.", since="2021-01-01").claims[0]
    assert (found.verdict, found.reasons) == ("unsupported", None)
    with pytest.raises(InputError, match="is not a date"):
        indexed.claims("The Heron sank in 1947.", since="soon")


def test_without_an_index(pinpoint):
    with pytest.raises(IndexMissingError):
        pinpoint.claims("The gate opens.")


def test_candidates_are_sentences_once_with_what_they_lean_on():
    one = passage(1, "a.md", "The gate is old.", "It opens at nine.", heading=("Gate",))
    found = candidates([one, one])
    assert [(c.span.start, c.start, c.span.end) for c in found] == [(0, 0, 16), (0, 17, 34)]
    assert found[1].quote().text == "It opens at nine."
    assert found[1].quote().around == "a Gate The gate is old. "


def test_a_quote_that_is_not_in_its_document_is_refused():
    one = passage(1, "a.md", "The gate opens at nine.")
    claim = "The gate opens at nine."
    with pytest.raises(QuoteError):
        check_claim(claim, 0, len(claim), lambda _: [one], {1: Source("Another text, quite.")})
