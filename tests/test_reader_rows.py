import random

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from bench.reader_edits import Editor
from bench.reader_rows import Encoder, Phase, Planner, Row, Search, split_by_title, to_row

WORDS = [f"w{n}" for n in range(60)]


@pytest.fixture
def tokenizer():
    vocabulary = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2} | {w: n + 3 for n, w in enumerate(WORDS)}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return made


def row(number, *, title="t"):
    """A context of 40 words of which the answer is the one at `number`."""
    words = WORDS[:40] if number < 40 else WORDS[20:]
    context = " ".join(words)
    start = context.index(WORDS[number] + " ")
    return Row("wiki", title, context, "w1 w2 ?", ((start, start + len(WORDS[number])),))


def test_a_row_of_the_file():
    line = {
        "set": "s",
        "title": "t",
        "context": "Cats purr.",
        "question": "Who?",
        "answers": [{"text": "Cats", "start": 0}],
    }
    found = to_row(line)
    assert found == Row("s", "t", "Cats purr.", "Who?", ((0, 4),))
    assert found.texts == ("Cats",)


def test_no_title_is_on_both_sides():
    rows = [row(n % 30, title=f"title {n % 10}") for n in range(100)]
    train, held = split_by_title(rows, 0.25, seed=1)
    assert len(held) == 30  # the third title takes it past 25
    assert len(train) + len(held) == 100
    assert not {r.title for r in train} & {r.title for r in held}
    assert split_by_title(rows, 0.25, seed=1) == (train, held)


def test_a_set_of_one_title_is_split_by_context():
    rows = [row(n) for n in (1, 2, 3, 45, 46)]
    train, held = split_by_title(rows, 0.3, seed=1)
    assert train
    assert held
    assert not {r.context for r in train} & {r.context for r in held}


@pytest.mark.parametrize("number", [0, 7, 38])
def test_a_window_holds_the_answer_and_the_labels_point_at_it(tokenizer, number):
    encode, rng = Encoder(tokenizer), random.Random(2)
    assert encode.special == (1, 2)
    asked = row(number)
    for _ in range(50):
        example = encode.example(asked, (5, 12), asked.answers[0], rng)
        assert 5 <= len(example.context) <= 12
        assert len(example) == len(example.question) + len(example.context) + 3
        assert example.start == example.end
        place = example.start - len(example.question) - 2
        assert example.context[place] == number + 3


def test_a_window_without_an_answer_points_nowhere(tokenizer):
    asked = Row("wiki", "t", " ".join(WORDS), "w1 ?", ())
    example = Encoder(tokenizer).example(asked, (5, 5), None, random.Random(1))
    assert (example.start, example.end, len(example.context)) == (0, 0, 5)


@pytest.fixture
def planner(tokenizer):
    rows = [row(n) for n in range(30)] + [row(n) for n in range(41, 58)]
    return Planner(rows, tokenizer, Editor([]), seed=5)


def test_another_passage_lacks_the_answer(planner):
    for number in (3, 5, 50):
        asked = row(number)
        other = planner.other_passage(asked, random.Random(1))
        assert other.answers == ()
        assert other.context != asked.context
        assert WORDS[number] not in other.context.split()
    assert planner.other_passage(row(25), random.Random(1)) is None  # it stands in both


def test_a_search_puts_shared_rare_words_first():
    search = Search(["cats sleep", "cats and dogs sleep", "dogs bark", "fish swim"])
    assert search("Which dogs bark?", 2) == ["dogs bark", "cats and dogs sleep"]
    assert search("Who swims?", 1) == ["fish swim"]


def test_a_found_passage_is_of_the_set_and_lacks_the_answer(tokenizer):
    contexts = ["anna feeds cats", "bert feeds cats", "cats and anna", "no fish"]
    rows = [Row("one", f"t{n}", c, "who feeds cats?", ((0, 4),)) for n, c in enumerate(contexts)]
    rows.append(Row("two", "t", "carl feeds cats", "who feeds cats?", ((0, 4),)))
    planner = Planner(rows, tokenizer, Editor([]), seed=5)
    found = {planner.found_passage(rows[0], random.Random(n)).context for n in range(20)}
    assert found == {"bert feeds cats", "no fish"}  # not its own, none with "anna", none of "two"
    assert planner.found_passage(rows[0], random.Random(1)).answers == ()
    assert planner.found_passage(rows[-1], random.Random(1)) is None


def test_the_passages_of_a_phase_are_found(tokenizer, monkeypatch):
    planner = Planner([row(n) for n in range(10)], tokenizer, Editor([]), seed=5)
    asked = []
    monkeypatch.setattr(planner, "found_passage", lambda row, _: asked.append(row))
    phase = Phase((5, 20), other=1.0, found=1.0, edited=0.0)
    examples = [e for batch in planner.batches([phase], tokens=200) for e in batch]
    assert len(asked) == 10
    assert all(example.start > 0 for example in examples)  # where none is found, its own


def test_batches_are_the_same_each_time_and_within_the_limit(planner):
    phases = [Phase(window=(5, 20), other=0.3), Phase(window=(10, 30), paragraphs=0.5)]
    one, other = (list(planner.batches(phases, tokens=200)) for _ in range(2))
    assert one == other
    examples = [example for batch in one for example in batch]
    assert 47 <= len(examples) <= 2 * (47 + 30)  # each row may be asked twice
    assert all(len(b) == 1 or len(b) * max(map(len, b)) <= 200 for b in one)
    negatives = [e for e in examples if e.start == 0]
    assert 0 < len(negatives) < len(examples)
    assert all(e.end == 0 for e in negatives)
