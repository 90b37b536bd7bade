"""Whether a text says or asks what a question asks, by its words."""

from qa.terms import all_stems, content_stems, has_term

_LEAST_TERMS = 3  # fewer are found together by chance
_LEAST_SHARE = 0.5  # of the text's own content words; a long one holds any few


def states(question: str, sentence: str) -> bool:
    """Tell whether a sentence holds every content word of a question and little else.

    "Dogs are allowed on all ferries if they are kept on a lead." states "Are dogs allowed on the
    ferries?"; a question never states anything.
    """
    terms = content_stems(question)
    if len(terms) < _LEAST_TERMS or sentence.rstrip().endswith("?"):
        return False
    return _holds(sentence, terms)


def same_question(question: str, heading: str) -> bool:
    """Tell whether a heading asks what the question asks, in these words and few others."""
    terms = content_stems(question)
    return bool(terms) and heading.rstrip().endswith("?") and _holds(heading, terms)


def _holds(text: str, terms: list[str]) -> bool:
    found = all_stems(text)
    if not all(has_term(term, found) for term in terms):
        return False
    return len(terms) >= _LEAST_SHARE * len(content_stems(text))
