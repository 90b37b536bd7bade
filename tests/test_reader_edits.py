import random

import pytest

from bench import reader_edits
from bench.reader_edits import Editor, names_in, nouns_in, without_answer

CONTEXT = "In 1912 the ship left Cork for New York. The captain of the vessel was Edward Smith."


def edit(kind, question, *, context=CONTEXT, others=(), seed=1, pool=()):
    editor = Editor(pool)
    return getattr(editor, f"_{kind}")(question, context, list(others), random.Random(seed))


def test_names_and_nouns_of_a_text():
    assert names_in(CONTEXT) == ["Cork", "New York", "Edward Smith"]
    assert nouns_in("The captain of the vessel was old.") == ["vessel"]  # before a long word: none


@pytest.mark.parametrize("seed", range(8))
def test_a_number_becomes_another(seed):
    edited = edit("number", "What sank in 1915?", seed=seed)
    assert edited.startswith("What sank in ")
    assert edited.endswith("?")
    assert edited != "What sank in 1915?"
    assert edited[13:-1].isdigit()


def test_a_name_becomes_one_of_the_context_or_of_another_passage():
    found = {
        edit("name", "Where did Kate Brown go?", others=["Ann Lee"], seed=s) for s in range(20)
    }
    assert found <= {
        f"Where did {name} go?" for name in ("Cork", "New York", "Edward Smith", "Ann Lee")
    }
    assert "Where did Ann Lee go?" in found
    assert len(found) > 1


def test_a_word_becomes_one_that_excludes_it():
    assert edit("word", "Who was the father?") == "Who was the mother?"
    assert edit("word", "Who jumped?") is None


def test_a_noun_becomes_another():
    assert edit("noun", "Who was the master of the lighthouse?", pool=["It met a house."]) is None
    found = {
        edit("noun", "Who saw the castle?", pool=["on the bridge", "by the stone"], seed=s)
        for s in range(20)
    }
    assert found <= {"Who saw the bridge?", "Who saw the stone?", None}
    assert len(found - {None}) >= 1


def test_a_negation_is_put_in():
    found = {edit("negation", "Why did it sink?", seed=seed) for seed in range(8)}
    assert found == {"Why did not it sink?", "Why didn't it sink?"}
    assert edit("negation", "Why didn't it sink?") is None


def test_a_condition_is_added():
    found = {
        edit("condition", "Why did it sink?", others=["Rome", "Cork"], seed=s) for s in range(30)
    }
    found.discard(None)
    assert all(text.startswith("Why did it sink ") for text in found)
    assert not any("Cork" in text for text in found)  # the passage speaks of it
    assert any("Rome" in text for text in found)


def test_edit_takes_a_kind_that_can_be_done():
    editor = Editor([CONTEXT])
    found = editor.edit("Who was the father?", CONTEXT, [], random.Random(3))
    assert found == editor.edit("Who was the father?", CONTEXT, [], random.Random(3))
    assert found is not None
    assert found[1] in reader_edits.KINDS
    tried = [editor.edit("Why?", "No.", [], random.Random(seed)) for seed in range(30)]
    assert {None if item is None else item[1] for item in tried} <= {None, "condition"}


def test_the_sentences_of_the_answer_are_taken_out():
    context = "One is here. Two is there. Three is gone."
    assert without_answer(context, [(13, 16)]) == "One is here. Three is gone."
    assert without_answer("One is here. Two is there.", [(13, 16)]) is None  # too little is left
    assert without_answer(context, []) is None  # nothing was taken out
