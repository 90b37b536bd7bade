"""Records of evaluations that nobody ran, with values that can be worked out by hand."""

from qa.evaluation import bootstrap
from qa.evaluation.record import Asked, Best, Hit, Quote, Record, stage_of
from qa.evaluation.setup import Setup

GOLD, OTHER = "aa" * 32, "bb" * 32


def setup(**changes):
    fields = {
        "pinpoint": "0.1.0",
        "program": "p" * 64,
        "file": "q.jsonl",
        "file_sha256": "f" * 64,
        "questions": 3,
        "limit": None,
        "withhold": False,
        "index_id": "i",
        "generation": 1,
        "documents": 2,
        "chunks": 4,
        "model": "words",
        "model_fingerprint": "m",
        "reader": "pinpoint-reader",
        "reader_fingerprint": "r",
        "settings": {"passages": 20},
    }
    return Setup(**fields | changes)


def hits(pattern):
    """Passages of ten characters: `g` of the gold document and relevant, `d` of it only, `o` of
    another one; the digit behind it is its confidence in tenths, none where it was not read."""
    found, words = [], pattern.split()
    read = [number for number, word in enumerate(words) if word[1:]]
    order = sorted(read, key=lambda number: -int(words[number][1:]))
    for number, word in enumerate(words):
        found.append(
            Hit(
                document=OTHER if word[0] == "o" else GOLD,
                start=10 * number,
                end=10 * number + 10,
                relevant=word[0] == "g",
                in_gold=word[0] != "o",
                confidence=int(word[1:]) / 10 if word[1:] else None,
                read_rank=order.index(number) + 1 if word[1:] else None,
            )
        )
    return tuple(found)


def quote(text="Cats purr.", *, supports=True, exact=True, in_gold=True, answer=None, path="/a.md"):
    return Quote(
        path=path,
        document=GOLD if in_gold else OTHER,
        start=0,
        end=len(text),
        quote=text,
        answer=answer,
        score=0.9,
        supports=supports,
        in_gold=in_gold,
        exact=exact,
    )


def record(
    name,
    pattern="",
    quotes=(),
    *,
    asked=Asked.ANSWERABLE,
    answers=("Cats",),
    confidence=0.0,
    best=None,
    seconds=0.1,
    gold=(GOLD,),
    **changes,
):
    """`best` is the text of the best candidate and whether it supports the answer."""
    found = hits(pattern)
    fields = {
        "id": name,
        "asked": asked,
        "set": None,
        "group": name,
        "question": f"Question {name}?",
        "answers": answers if asked is not Asked.UNANSWERABLE else (),
        "gold": gold,
        "hits": found,
        "best": best
        and Best(
            text=best[0],
            quote=best[0],
            document=GOLD,
            start=0,
            end=len(best[0]),
            confidence=confidence,
            supports=best[1],
        ),
        "answered": bool(quotes),
        "text": (quotes[0].answer or quotes[0].quote) if quotes else "",
        "confidence": confidence,
        "quotes": quotes,
        "stage": stage_of(asked, found, quotes),
        "seconds": seconds,
    }
    return Record(**fields | changes)


def few_rounds(monkeypatch):
    """Draw the questions a few times only, whatever is asked for."""
    real = bootstrap.resampled
    monkeypatch.setattr(bootstrap, "resampled", lambda *given: real(*given[:2], 5))
