"""Whether a sentence states, or denies, what a question for yes or no asks."""

from qa.terms import all_stems, content_stems, has_term

_LEAST_TERMS = 3  # fewer are found together by chance
_LEAST_SHARE = 0.5  # of the sentence's own content words; a long one holds any few


def states(question: str, sentence: str) -> bool:
    """Tell whether a sentence holds every content word of a question and little else.

    "Dogs are allowed on all ferries if they are kept on a lead." states "Are dogs allowed on the
    ferries?"; a question never states anything.
    """
    terms = content_stems(question)
    if len(terms) < _LEAST_TERMS or sentence.rstrip().endswith("?"):
        return False
    found = all_stems(sentence)
    if not all(has_term(term, found) for term in terms):
        return False
    return len(terms) >= _LEAST_SHARE * len(content_stems(sentence))
