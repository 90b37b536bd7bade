"""Answers that no index gave, with values that can be seen at a glance."""

from qa.models import Answer, Citation, CitedDocument, IndexSummary

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


def answered(*citations, question="When?", nearest=(), candidates=()):
    """An answer of one citation if none are given; an honest no where `nearest` is given."""
    found = citations or (() if nearest else (citation(),))
    return Answer(
        question=question,
        answered=bool(found),
        text="",
        confidence=0.874,
        citations=found,
        nearest=nearest,
        candidates=candidates,
        index=IndexSummary(generation=1, documents=1, chunks=1),
    )
