"""Questions and answers as HTML."""

from qa.models import (
    Answer,
    AnswerSpan,
    Candidate,
    Citation,
    CitedDocument,
    CitedLocation,
    IndexSummary,
)
from ui import turn

SHA = "ab" * 32


def citation(quote="The gate opens\n  at nine.", start=10, answer=None, **changes):
    fields = {"title": "Harbour", "path": "/docs/harbour.md", "date": "2024-05-02", **changes}
    return Citation(
        quote=quote,
        start=start,
        end=start + len(quote),
        answer=answer,
        document=CitedDocument(id="0" * 16, sha256=SHA, media_type="text/plain", **fields),
        page=None,
        locations=(),
        rectangles=(),
        link=None,
        heading=("Harbour", "Opening hours"),
        score=0.87,
    )


def result(*, citations=(), nearest=(), candidates=(), failed=0, partial=0):
    return Answer(
        question="When?",
        answered=bool(citations),
        text="",
        confidence=0.874,
        citations=citations,
        nearest=nearest,
        candidates=candidates,
        index=IndexSummary(generation=1, documents=1, chunks=1, failed=failed, partial=partial),
    )


QUOTE = (
    '<blockquote dir="auto"><span class="quote">The gate opens\n  at nine.</span>&nbsp;'
    f'<a class="chip" href="/source/{SHA}?start=10&amp;end=35#quote" target="pinpoint-source"'
    ' aria-label="Open source 1">1</a></blockquote>'
)
SOURCES = (
    '<ul class="sources"><li><span class="number">1</span><span><bdi class="title">Harbour</bdi>'
    '<bdi> → Opening hours</bdi> · <span class="date">2024-05-02</span>'
    '<bdi class="path">/docs/harbour.md</bdi></span></li></ul>'
)


def test_an_answer_is_quotes_then_sources_then_confidence():
    assert turn.answer(result(citations=(citation(),))) == (
        f'<div class="reply found">{QUOTE}{SOURCES}<p class="confidence">Confidence 87%</p></div>'
    )


def candidate(*citations):
    return Candidate(text="nine", confidence=0.5, citations=citations)


def test_other_answers_are_folded_below_and_numbered_on():
    first, second = citation(), citation("It opens at ten.", 40)
    given = (candidate(first), candidate(second, citation(path="/docs/b.md")))
    html = turn.answer(result(citations=(first,), candidates=given))
    _, others = html.split("Confidence 87%</p>")
    assert others.startswith('<details class="others"><summary>1 other answer</summary><blockquote')
    assert others.count("It opens at ten.") == 1
    assert 'aria-label="Open source 2">2</a>' in others
    assert '<span class="number">2</span>' in others
    assert "b.md" not in others
    assert "<details" not in turn.answer(result(citations=(first,), candidates=given[:1]))


def test_what_could_not_be_searched_is_said():
    told = "2 files could not be read and 1 file could be read in part only"
    for given in ({"citations": (citation(),)}, {}):
        assert turn.answer(result(failed=2, partial=1, **given)).endswith(
            f'<p class="unread">{told}, so not everything was searched.</p></div>'
        )


def test_places_stand_behind_the_headings():
    places = [("page", "3"), ("page", "4"), ("row", "7"), ("chapter", "The Whale")]
    given = tuple(CitedLocation(kind=kind, name=name) for kind, name in places)
    html = turn.answer(result(citations=(citation().model_copy(update={"locations": given}),)))
    assert "→ Opening hours → page 3 and 4 → row 7 → The Whale</bdi>" in html


def test_sender_and_date_of_a_message_stand_once():
    given = citation()
    document = given.document.model_copy(update={"authors": "Ann", "date": "2020-03-03"})
    place = CitedLocation(kind="message", name="Ann, 2020-03-03")
    html = turn.answer(
        result(citations=(given.model_copy(update={"document": document, "locations": (place,)}),))
    )
    assert (html.count("Ann"), html.count("2020-03-03")) == (1, 1)


def test_no_answer_says_so_and_shows_what_came_closest():
    assert turn.answer(result(nearest=(citation(),))) == (
        '<div class="reply missing"><h3>Not in your documents</h3>'
        f'<p class="lead">The nearest passages, which do not answer it:</p>{QUOTE}{SOURCES}</div>'
    )


def test_no_answer_from_an_empty_index_is_one_line():
    assert turn.answer(result()) == (
        '<div class="reply missing"><h3>Not in your documents</h3></div>'
    )


def test_quotes_are_numbered_in_order():
    html = turn.answer(result(citations=(citation(), citation(quote="Closed."))))
    assert html.index(">1</a>") < html.index("Closed.") < html.index(">2</a>")


def test_the_short_answer_is_bold_and_in_the_address():
    short = AnswerSpan(text="nine", start=30, end=34)
    html = turn.answer(result(citations=(citation(answer=short),)))
    assert "The gate opens\n  at <b>nine</b>." in html
    assert turn.source_url(citation(answer=short)) == (
        f"/source/{SHA}?start=10&end=35&astart=30&aend=34#quote"
    )


def test_an_undated_source_has_no_date():
    assert '<bdi> → Opening hours</bdi><bdi class="path">' in turn.answer(
        result(citations=(citation(date=None),))
    )


def test_everything_from_outside_is_escaped():
    hostile = "<img src=x onerror=alert(1)>\r\n\"&'"
    literal = "&lt;img src=x onerror=alert(1)&gt;&#13;\n&quot;&amp;&#x27;"
    found = citation(quote=hostile, title=hostile, path=hostile, date=hostile)
    found = found.model_copy(update={"heading": (hostile + "!",)})
    html = turn.turn(hostile, turn.answer(result(citations=(found,)))) + turn.failure(hostile)
    assert html.count(literal) == 7
    assert "<img" not in html


def test_a_blank_question_is_not_shown():
    assert turn.turn(" \n", "<p>reply</p>") == '<article class="turn"><p>reply</p></article>'


def test_a_question_stands_above_its_reply():
    assert turn.turn("When?", "<p>reply</p>") == (
        '<article class="turn"><p class="question">When?</p><p>reply</p></article>'
    )
