from bench.peers.pinpoint import by_reader
from bench.peers.task import ranked
from tests.passages import passage, span


def test_documents_are_ranked_by_their_best_span_then_as_they_were_found():
    a, b, c, d = (passage(n, f"{name}.txt", "One.", "Two.") for n, name in enumerate("abcd"))
    later = passage(0, "a.txt", "Three.")
    spans = [span(c, 0, 0.2), span(c, 1, 0.9), span(b, 0, 0.5)]
    assert ranked(by_reader([d, a, b, c, later], spans)) == ["c", "b", "d", "a"]


def test_equal_spans_stay_in_the_order_of_the_passages():
    z, y = passage(1, "z.txt", "One."), passage(2, "y.txt", "One.")
    assert ranked(by_reader([z, y], [span(y, 0, 0.5), span(z, 0, 0.5)])) == ["z", "y"]
