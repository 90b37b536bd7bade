from passages import passage, span

from index.filter import Filter
from qa.api import inquire
from qa.inquiry import Inquiry
from qa.read import Reading


def test_sides_take_turns_and_each_passage_comes_once():
    one, two, three = (passage(n, f"{n}.txt", "Cats purr.", "Dogs bark.") for n in (1, 2, 3))
    first, second = span(one, 0, 0.4), span(three, 1, 0.9)
    found = Inquiry(
        None, ((one, two), (three, one)), (Reading((first,), 0.5), Reading((second,), 0.5))
    )
    assert found.retrieved() == [one, three, two]
    assert found.spans() == [second, first]
    assert Inquiry(None, ((),), (Reading((), 0.5),)).retrieved() == []


def test_an_inquiry_has_the_answer_that_asking_gives(pinpoint, folder):
    (folder / "a.txt").write_text("Cats purr.")
    (folder / "b.txt").write_text("Dogs bark.")
    pinpoint.sync(folder)
    found = inquire(pinpoint, "Do cats purr?")
    assert found.answer == pinpoint.ask("Do cats purr?")
    assert [p.text for p in found.retrieved()] == ["Cats purr.", "Dogs bark."]
    assert [s.score for s in found.spans()] == [1.0, 0.0]


def test_texts_can_be_left_out(pinpoint, folder):
    (folder / "a.txt").write_text("Cats purr.")
    (folder / "copy.txt").write_text("Cats purr.")
    (folder / "b.txt").write_text("Dogs bark.")
    pinpoint.sync(folder)
    sha256 = pinpoint.ask("Do cats purr?").citations[0].document.sha256
    found = inquire(pinpoint, "Do cats purr?", within=Filter(without=(sha256,)))
    assert [p.text for p in found.retrieved()] == ["Dogs bark."]
    assert found.answer.answered is False
