import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from evaluations import quote, record, setup

from qa.evaluation.record import Asked
from qa.evaluation.report import MOST_FAILURES, histogram, recall_at, report
from qa.evaluation.score import compared, score
from ui.eval_page import html, link, plots

RECORDS = [
    record("1", "o2 g9", (quote(),), confidence=0.9, best=("Cats", True), seconds=0.2, set="pets"),
    record("2", "g3", confidence=0.3, best=("<b>naps</b>", False), seconds=0.4),
    record("3", "o1", (quote("<i>x</i>", supports=False, path="/a&b.md"),), confidence=0.8,
           best=("x", False), asked=Asked.WITHHELD, seconds=9.0),
]  # fmt: skip


@pytest.fixture(scope="module")
def scores():
    return score(RECORDS, setup(file="<q>.jsonl"), rounds=5)


def test_what_is_drawn_follows_from_the_records(scores):
    found = report(scores, RECORDS)
    assert found.risk.coverage.tolist() == pytest.approx([1 / 3, 2 / 3, 1])
    assert found.risk.risk.tolist() == pytest.approx([0, 1 / 2, 2 / 3])
    assert [(each.questions, each.right) for each in found.reliability] == [(1, 0), (1, 0), (1, 1)]
    assert found.recall.retrieved == (0.5, *[1.0] * 19)
    assert found.recall.read == (1.0,) * 20
    assert sum(found.latency.counts) == 2
    assert (found.latency.counts[12], found.latency.counts[-1]) == (1, 1)
    assert (found.latency.edges[0], found.latency.edges[-1]) == (0, 0.4)
    assert [each.id for each in found.failures] == ["2", "3"]


def test_nothing_is_drawn_of_nothing():
    alone = [record("1", "o1", asked=Asked.UNANSWERABLE, confidence=0.2)]
    made = score(alone, setup(), rounds=5)
    assert recall_at(made) == ((), ())
    assert histogram([]) == ((), ())
    assert [plot.title for plot in plots(report(made, alone))] == [
        "Risk against coverage",
        "Reliability",
        "Time of a question",
    ]
    assert "None." in html(made, alone)


def test_a_page_needs_nothing_else_and_escapes_everything(scores):
    page = html(compared(scores, scores, rounds=5), RECORDS)
    HTMLParser().feed(page)
    assert not re.search(r"<script|<link|src=|url\(|https?:", page)
    assert "&lt;q&gt;.jsonl" in page
    assert "&lt;b&gt;naps&lt;/b&gt;" in page
    assert "&lt;i&gt;x&lt;/i&gt;" in page
    assert "/a&amp;b.md" in page
    assert "<b>naps" not in page
    drawn = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawn) == 4
    for svg in drawn:
        ET.fromstring(svg)
    assert page.count("<rect") == 2
    assert page.count("<circle") == 3
    for said in ("recall@1 after reading", "silent wrongly", "Sets", "Compared", "silence"):
        assert said in page


def test_more_failures_than_a_page_holds_are_counted(scores):
    many = [RECORDS[1]] * (MOST_FAILURES + 3)
    assert len(report(scores, many).failures) == MOST_FAILURES
    assert report(scores, many).left_out == 3


def test_files_are_linked_where_they_are_there(tmp_path):
    file = tmp_path / "a b.md"
    file.write_text("x")
    assert link(str(file)) == file.as_uri()
    assert link(str(tmp_path / "pack.zip" / "a.md")) is None
    assert link("a b.md") is None
