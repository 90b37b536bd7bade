import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.windows import cut

PIECES = [(n * 2, n * 2 + 1) for n in range(10)]  # "a b c d e f g h i j"


def test_whole_sentences_are_joined_up_to_the_size():
    sentences = [(0, 5), (6, 9), (10, 19)]  # 3, 2 and 5 word pieces
    assert cut(PIECES, sentences, size=5, overlap=0) == [(0, 9), (10, 19)]


def test_neighbours_share_a_sentence_that_fits_the_overlap():
    sentences = [(0, 5), (6, 9), (10, 15), (16, 19)]  # 3, 2, 3 and 2
    assert cut(PIECES, sentences, size=5, overlap=2) == [(0, 9), (6, 15), (16, 19)]


def test_a_long_sentence_is_cut_with_a_stride():
    assert cut(PIECES, [(0, 19)], size=4, overlap=2) == [(0, 7), (4, 11), (8, 15), (12, 19)]


def test_nothing_to_cut():
    assert cut([], [(0, 3)], size=4, overlap=0) == []
    assert cut(PIECES, [], size=4, overlap=0) == []


def test_the_overlap_must_be_less_than_the_size():
    with pytest.raises(ValueError, match="windows of 4 word pieces cannot share 4"):
        cut(PIECES, [(0, 19)], size=4, overlap=4)


@given(
    st.lists(st.integers(1, 12), max_size=12),
    st.integers(1, 10).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))),
)
def test_every_piece_is_in_a_window_and_no_window_is_too_long(lengths, size_overlap):
    size, overlap = size_overlap
    total = sum(lengths)
    pieces = [(n, n + 1) for n in range(total)]
    sentences, start = [], 0
    for length in lengths:
        sentences.append((start, start + length))
        start += length
    windows = cut(pieces, sentences, size, overlap)
    assert {n for low, high in windows for n in range(low, high)} == set(range(total))
    assert all(0 < high - low <= size for low, high in windows)
    assert windows == sorted(windows)
