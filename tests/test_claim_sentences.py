import pytest

from index.errors import InputError
from index.settings import Settings
from qa.claim_sentences import is_claim, read_text


def sentences(checked):
    return [checked.text[start:end] for start, end in checked.sentences]


def test_a_text_is_cut_without_headings_and_lists_stay_apart():
    checked = read_text(
        "# Draft\n\nIt says:\n\n- The gate opens.\n- The ferry leaves. Twice.\n", Settings()
    )
    assert checked.name is None
    assert sentences(checked) == ["It says:", "The gate opens.", "The ferry leaves.", "Twice."]


def test_a_file_is_read_by_its_kind(folder):
    file = folder / "draft.html"
    file.write_text("<html><body><h1>Draft</h1><p>The gate opens.</p></body></html>")
    checked = read_text(file, Settings())
    assert checked.name == str(file)
    assert sentences(checked) == ["The gate opens."]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.md", None, "No such file"),
        ("empty.md", b"# Only a heading\n", "holds no sentence"),
        ("odd.bin", bytes(range(256)), "odd.bin: "),
        ("large.txt", b"x" * 101, "over the limit of 100"),
    ],
)
def test_what_cannot_be_read_is_told(folder, name, content, words):
    file = folder / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_text(file, Settings(max_file_bytes=100 if name.startswith("large") else 1000))


def test_an_empty_text_is_told():
    with pytest.raises(InputError, match="the text holds no sentence"):
        read_text(" \n", Settings())


def test_the_sentence_before_names_what_a_pronoun_means():
    checked = read_text("The Heron sank. It was old. It was small.", Settings())
    assert [checked.before(number) for number in range(3)] == ["", *["The Heron sank."] * 2]


@pytest.mark.parametrize(
    "sentence",
    [
        "The gate opens at nine.",
        "Dogs are not allowed",
        "Run `pinpoint index`.",
        "In 2022 the ferries carried 1.2 million passengers!",
        "The notes are clear: dogs may board.",
    ],
)
def test_a_claim(sentence):
    assert is_claim(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "When does the gate open?",
        "Hello everyone!",
        "Best regards,",
        "Summary of the findings",
        "The following is known:",
        "Let me know if you need more.",
        "Here is the summary.",
        "```\ncode runs\n```",
        "It is what it is.",
    ],
)
def test_no_claim(sentence):
    assert not is_claim(sentence)
