import sentencex

from index.markdown import load_markdown
from index.plain import load_plain
from index.sentences import single_sentences, split_sentences


def sentences(text, loader=load_plain):
    return [text[s.start : s.end] for s in split_sentences(loader(text, "s"))]


def test_sentences_are_trimmed_and_abbreviations_do_not_end_them():
    text = "  Dr. Smith paid $3.5 million on Jan. 5.  He left 😀 then.\n\nU.S. troops stayed."
    assert sentences(text) == [
        "Dr. Smith paid $3.5 million on Jan. 5.",
        "He left 😀 then.",
        "U.S. troops stayed.",
    ]


def test_a_lead_in_takes_its_list_along():
    text = "Do this:\n\n- first. Really.\n- second\n\nThen rest."
    assert sentences(text) == ["Do this:\n\n- first. Really.\n- second", "Then rest."]


def test_a_lead_in_takes_its_code_along():
    text = "Run:\n\n```\na. b. c\n```\n\nDone."
    assert sentences(text, load_markdown) == ["Run:\n\n```\na. b. c\n```", "Done."]


def test_a_long_list_stays_apart():
    items = "\n".join(f"- item number {n} of a list that is far too long" for n in range(20))
    found = sentences(f"All of these:\n\n{items}")
    assert found[0].startswith("All of these:\n\n- item number 0")
    assert len(found[0]) <= 600
    assert found[-1] == "item number 19 of a list that is far too long"


def test_a_heading_separates():
    assert sentences("# A\nLook:\n# B\n- x", load_markdown) == ["Look:", "x"]


def test_a_long_text_is_looked_at_in_parts(monkeypatch):
    split, sizes = sentencex.get_sentence_boundaries, []

    def watched(language, text):
        sizes.append(len(text))
        return split(language, text)

    monkeypatch.setattr("sentencex.get_sentence_boundaries", watched)
    text = "Dr. Smith paid for the lamps in the old harbour “some of it. " * 1000
    found = sentences(text + "The end.")
    assert max(sizes) == 20_000
    assert sum(sizes) < 3 * len(text)
    assert found[-1].endswith("The end.")
    assert "".join("".join(found).split()) == "".join((text + "The end.").split())


def test_parts_do_not_cut_sentences():
    text = "We paid $3.5 million to Dr. Smith on Jan. 5. " * 1000
    assert set(sentences(text)) == {"We paid $3.5 million to Dr. Smith on Jan. 5."}


def test_a_text_of_many_marks_is_looked_at_in_short_parts(monkeypatch):
    looked_at = []

    def split(language, part):
        looked_at.append(len(part))
        return get_sentence_boundaries(language, part)

    get_sentence_boundaries = sentencex.get_sentence_boundaries
    monkeypatch.setattr("sentencex.get_sentence_boundaries", split)
    few, many = "The grey cat of Tom was fed at noon. ", 'He (Tom) said: "No!" to me. '
    for sentence, longest in ((few, 37 * 500 - 1), (many, 2000)):
        looked_at.clear()
        assert sentences(sentence * 500) == [sentence.strip()] * 500
        assert max(looked_at[:3]) == longest  # the last part may be longer, with few marks


def test_single_sentences_take_no_list_along():
    document = load_markdown("Run these:\n\n- one thing\n- another\n", "text")
    found = [document.text[one.start : one.end] for one in single_sentences(document)]
    assert found == ["Run these:", "one thing", "another"]
