import pytest
from fakes import WordEmbedder
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import Chunker
from index.document import Block, Extracted
from index.markdown import load_markdown
from index.plain import load_plain

words = WordEmbedder().token_offsets


def chunks(text, *, loader=load_plain, **options):
    return Chunker(words, special_tokens=2, **options).split(loader(text, "s"))


def test_sentences_are_packed_up_to_the_limit_with_one_shared():
    # Each sentence is three words and a full stop: 4 pieces; 2 special ones; limit 10.
    text = "One red cat. Two big dogs. Six old men. Ten new cars."
    found = chunks(text, max_tokens=10, overlap=1)
    assert [text[c.start : c.end] for c in found] == [
        "One red cat. Two big dogs.",
        "Two big dogs. Six old men.",
        "Six old men. Ten new cars.",
    ]
    assert found[1].sentences == ((13, 26), (27, 39))


def test_without_overlap_every_sentence_stands_once():
    text = "One red cat. Two big dogs. Six old men."
    found = chunks(text, max_tokens=10, overlap=0)
    assert [text[c.start : c.end] for c in found] == ["One red cat. Two big dogs.", "Six old men."]


def test_the_heading_path_is_embedded_and_counted():
    text = "# Top\n\n## Sub\n\nOne red cat sat. Two big dogs ran. Six old men sang."
    # 2 special pieces, 3 for "Top > Sub" and 5 for each sentence: two of these fit into 15.
    found = chunks(text, loader=load_markdown, max_tokens=15, overlap=0)
    assert [c.input for c in found] == [
        "Top > Sub\nOne red cat sat. Two big dogs ran.",
        "Top > Sub\nSix old men sang.",
    ]
    assert found[0].heading == ("Top", "Sub")


def test_a_long_heading_path_loses_its_outer_headings_in_the_input_only():
    text = "# a b c d e f\n\n## g h\n\nx."
    found = chunks(text, loader=load_markdown, max_tokens=14)
    assert found[0].input == "g h\nx."
    assert found[0].heading == ("a b c d e f", "g h")


def test_a_sentence_over_the_limit_is_cut_at_white_space():
    text = "a b c d e f g h"
    found = chunks(text, max_tokens=5, overlap=0)
    assert [text[c.start : c.end] for c in found] == ["a b", "c d", "e f", "g h"]


def test_text_without_white_space_is_cut_too():
    text = "x" * 1000 + " y."
    found = chunks(text, max_tokens=12, overlap=0)
    # Ten word pieces of at most 20 characters fit; the last three characters still do (203 // 20).
    spans = [(c.start, c.end) for c in found]
    assert spans == [(0, 200), (200, 400), (400, 600), (600, 800), (800, 1003)]


def test_chunks_do_not_cross_headings():
    text = "# A\nx.\n# B\ny."
    assert [c.input for c in chunks(text, loader=load_markdown)] == ["A\nx.", "B\ny."]


def test_nothing_gives_nothing():
    assert chunks("") == []
    assert chunks(" \n\n ") == []


@pytest.mark.parametrize("loader", [load_plain, load_markdown])
@given(text=st.text(st.sampled_from("ab.:- \n#`|😀é"), max_size=200))
def test_chunks_hold_every_sentence_within_the_limit(loader, text):
    for chunk in chunks(text, loader=loader, max_tokens=32):
        assert chunk.input.endswith(text[chunk.start : chunk.end])
        assert len(words(chunk.input)) + 2 <= 32
        assert (chunk.sentences[0][0], chunk.sentences[-1][1]) == (chunk.start, chunk.end)
        for start, end in chunk.sentences:
            assert text[start:end] == text[start:end].strip() != ""


def test_a_deep_path_costs_no_more_than_what_is_kept_of_it():
    read = []

    def offsets(text):
        read.append(text)
        return words(text)

    path = tuple(f"h{number}" for number in range(1000))
    document = Extracted("One.", "t", None, "text/plain", (Block(0, 4, path),))
    [chunk] = Chunker(offsets, max_tokens=34).split(document)
    assert chunk.input == "h996 > h997 > h998 > h999\nOne."
    assert chunk.heading == path
    assert len(read) < 10


@given(text=st.text(st.sampled_from("ab. \n"), min_size=1, max_size=60), size=st.integers(4, 30))
def test_a_long_text_is_given_to_the_tokenizer_in_parts(text, size):
    longest = max(map(len, text.split()), default=0)
    whole = chunks(text, max_tokens=8)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("index.chunk._PART_CHARS", max(size, longest + 1))
        assert chunks(text, max_tokens=8) == whole


def test_no_part_is_longer_than_a_tokenizer_takes(monkeypatch):
    monkeypatch.setattr("index.chunk._PART_CHARS", 10)
    given_to_it = []

    def offsets(text):
        given_to_it.append(text)
        return words(text)

    Chunker(offsets).split(load_plain("One red cat. Abcdefghijklmnop.", "s"))
    assert given_to_it[:4] == ["One red", " cat.", " Abcdefghi", "jklmnop."]
