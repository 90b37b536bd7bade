"""A calibration from beginning to end, over a collection whose scores can be worked out."""

import json

import pytest
from calibrations import STAMP
from fakes import TermReader, WordEmbedder

from index.errors import IndexMissingError, InputError, PinpointError
from index.settings import Settings
from qa.api import Pinpoint, calibration_of, inquire
from qa.calibration.asking import Asked
from qa.calibration.fit import ISOTONIC_FROM
from qa.calibration.models import Calibration
from qa.calibration.run import Wanted, concluded
from qa.calibration.stored import CalibrationFile

NAMES = ("ant", "bat", "cat", "dog", "eel", "fox", "gnu", "hen", "ibex", "jay", "koi", "lynx")


class NamedReader(TermReader):
    fingerprint = "terms"


def opened(home, reader=None, **settings):
    reader = reader or NamedReader()
    return Pinpoint(home, Settings(**settings), embedder=WordEmbedder(), reader=reader)


@pytest.fixture
def pinpoint(tmp_path, folder):
    for number, name in enumerate(NAMES):
        (folder / f"{name}.txt").write_text(f"The {name} house opens at {number}00. Visit it.")
    made = opened(tmp_path / "home")
    made.sync(folder)
    return made


def rows(count=24, **wrong):
    """Two questions for each animal; all terms stand in the right sentence: score 1."""
    asked = ("When does the {} open?", "When does the {} house open?")
    found = []
    for number, name in enumerate(NAMES):
        for words in asked:
            row = {"question": words.format(name), "answers": [f"{number}00"]}
            found.append(row | ({"answers": wrong[name]} if name in wrong else {}))
    return found[:count]


@pytest.fixture
def file(tmp_path):
    def file(found):
        path = tmp_path / "questions.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in found))
        return path

    return file


def test_an_index_that_changes_meanwhile_is_noticed(pinpoint, folder, file):
    class Syncing(NamedReader):
        def read(self, question, passages):
            if "koi" in question:
                (folder / "new.txt").write_text("The new house opens at 90.")
                opened(pinpoint.home).sync()
            return super().read(question, passages)

    other = opened(pinpoint.home, Syncing())
    with pytest.raises(PinpointError, match="changed while it was calibrated"):
        other.calibrate(file(rows()), risk=0.15)
    assert pinpoint.calibration() is None


def test_from_questions_to_a_threshold_that_is_in_use(pinpoint, file):
    before = pinpoint.ask("When does the cat open?")
    assert (before.confidence, pinpoint.calibration()) == (1.0, None)
    told = []
    found = pinpoint.calibrate(file(rows()), risk=0.15, progress=lambda *one: told.append(one))
    assert found.counts.model_dump() == {
        "file": 24,
        "pin": 0,
        "rating": 0,
        "own_left_out": 4,
        "foreign": 4,
        "unknown": 0,
    }
    assert (told[-1], found.right, found.kind, found.unanswerable) == ((32, 32), 24, "platt", 0.25)
    # The 24 have all their terms; without their house another one opens, with fewer of them.
    chosen = found.chosen
    assert (chosen.score, chosen.answered, chosen.wrong, chosen.coverage) == (1.0, 24, 0, 0.75)
    assert chosen.high == pytest.approx(1 - 0.05 ** (1 / 24))
    assert found.before.brier > found.after.brier
    assert pinpoint.calibration() == found
    after = pinpoint.ask("When does the cat open?")
    assert after.confidence == chosen.confidence == after.citations[0].score < 1.0
    changed = {"confidence", "citations", "candidates", "nearest"}
    assert after.model_dump(exclude=changed) == before.model_dump(exclude=changed)


def test_the_threshold_is_the_one_chosen_and_a_setting_still_wins(pinpoint, file, tmp_path):
    question = "When does the cat house open early?"  # three of four terms: 0.75, above 0.6
    assert pinpoint.ask(question).answered
    found = pinpoint.calibrate(file(rows()), risk=0.15)
    silent = pinpoint.ask(question)
    assert silent.answered is False
    shown = silent.confidence
    assert shown == silent.nearest[0].score < found.chosen.confidence
    assert opened(tmp_path / "home", threshold=shown).ask(question).answered
    assert not opened(tmp_path / "home", threshold=shown + 0.01).ask(question).answered


def test_a_phrasing_is_read_from_the_same_raw_score_on(pinpoint, file, monkeypatch):
    monkeypatch.setattr("qa.phrase.phrase", lambda _answer, settings, *_: settings.threshold)
    answer = pinpoint.ask("When does the cat open?")
    assert pinpoint.phrase(answer) is None
    pinpoint.calibrate(file(rows()), risk=0.15)
    assert pinpoint.phrase(answer) == 1.0


def test_an_evaluation_tells_which_calibration_it_went_through(pinpoint, file, tmp_path):
    assert calibration_of(pinpoint) is None
    pinpoint.calibrate(file(rows()), risk=0.15)
    first = calibration_of(pinpoint)
    assert first == CalibrationFile(pinpoint.home).read().fingerprint
    pinpoint.calibrate(file(rows()), risk=0.16)  # the same threshold will do
    assert calibration_of(pinpoint) == first
    pinpoint.calibrate(file(rows()), risk=0.3)
    assert calibration_of(pinpoint) not in {None, first}
    assert calibration_of(opened(tmp_path / "home", TermReader())) is None
    inquiry = inquire(pinpoint, "When does the cat open?")
    assert inquiry.spans()[0].score == inquiry.answer.confidence < 1.0


def test_it_holds_for_no_other_reader_or_model(pinpoint, file, tmp_path):
    pinpoint.calibrate(file(rows()), risk=0.15)
    raw = {"ask": "When does the cat open?"}
    other = NamedReader()
    other.fingerprint = "other terms"
    for reader in (other, TermReader()):
        asked = opened(tmp_path / "home", reader)
        assert asked.ask(raw["ask"]).confidence == 1.0
        assert asked.status().calibration.ignored == "made for another reader"
    assert opened(tmp_path / "home").ask(raw["ask"]).confidence < 1.0
    pinpoint.remove_calibration()
    assert pinpoint.ask(raw["ask"]).confidence == 1.0
    assert pinpoint.status().calibration is None


def test_the_status_tells_of_it(pinpoint, file):
    found = pinpoint.calibrate(file(rows()), risk=0.15)
    told = pinpoint.status().calibration
    assert told.model_dump() == {
        "ignored": None,
        "questions": 32,
        "generation": 1,
        "threshold": found.chosen.confidence,
        "risk": 0.0,
        "risk_low": 0.0,
        "risk_high": found.chosen.high,
        "risk_asked": 0.15,
    }


def test_a_damaged_file_is_passed_over_and_told(pinpoint, file):
    pinpoint.calibrate(file(rows()), risk=0.15)
    path = pinpoint.home / "calibration.json"
    path.write_text("{")
    assert pinpoint.ask("When does the cat open?").confidence == 1.0
    assert pinpoint.status().calibration.ignored.startswith(f"{path}: cannot be read")
    with pytest.raises(PinpointError, match="pinpoint calibrate --remove"):
        pinpoint.calibration()


def test_only_measuring_stores_nothing(pinpoint, file):
    assert pinpoint.calibrate(file(rows()), risk=0.15, store=False).chosen is not None
    assert pinpoint.calibration() is None


def test_where_no_threshold_keeps_the_risk_nothing_is_stored(pinpoint, file):
    found = pinpoint.calibrate(file(rows()), risk=0.05)
    assert (found.chosen, pinpoint.calibration()) == (None, None)
    assert found.points[0].high == pytest.approx(1 - 0.05 ** (1 / 24))
    assert pinpoint.calibrate(file(rows()), risk=0.15, min_coverage=0.8).chosen is None


def test_a_calibration_is_made_from_raw_confidence_again(pinpoint, file):
    first = pinpoint.calibrate(file(rows()), risk=0.15)
    second = pinpoint.calibrate(file(rows()), risk=0.15)
    assert second.model_dump(exclude={"made_at"}) == first.model_dump(exclude={"made_at"})


def test_too_few_questions_are_refused_before_any_is_asked(pinpoint, file):
    with pytest.raises(PinpointError, match=r"19 labelled questions are too few"):
        pinpoint.calibrate(file(rows(19)), progress=lambda *_: pytest.fail("a question was asked"))


def test_one_outcome_alone_is_refused(pinpoint, file):
    with pytest.raises(PinpointError, match="only 0 of 24 first quotes were wrong"):
        pinpoint.calibrate(file(rows()), unanswerable=0.0)


def test_confidence_that_tells_nothing_is_refused(pinpoint, file):
    wrong = {name: ["midnight"] for name in NAMES[::2]}  # as sure as the right ones
    with pytest.raises(PinpointError, match="does not tell right answers from wrong"):
        pinpoint.calibrate(file(rows(**wrong)), unanswerable=0.0)


@pytest.mark.parametrize(
    "given",
    [
        {"risk": 0.0},
        {"risk": 1.0},
        {"risk": float("nan")},
        {"min_coverage": -0.1},
        {"min_coverage": 1.1},
        {"unanswerable": -0.1},
        {"unanswerable": 0.95},
    ],
)
def test_numbers_out_of_bounds(pinpoint, file, given):
    with pytest.raises(InputError, match="give"):
        pinpoint.calibrate(file(rows()), **given)


@pytest.mark.usefixtures("pinpoint")
def test_a_reader_that_cannot_be_told_from_others(file, tmp_path):
    with pytest.raises(InputError, match="TermReader has no fingerprint"):
        opened(tmp_path / "home", TermReader()).calibrate(file(rows()))


def test_without_an_index(tmp_path, file):
    with pytest.raises(IndexMissingError):
        opened(tmp_path / "none").calibrate(file(rows()))


def test_many_questions_may_bend_the_curve_and_unknown_ones_are_counted():
    found = [Asked(f"{n}?", "file", n / 1000, n % 3 > 0, True) for n in range(ISOTONIC_FROM)]
    found += [Asked("Unknown?", "rating", 0.5, None, True)]
    found += [Asked(f"Nothing {n}?", "foreign", None, False) for n in range(100)]
    made = concluded(found, Wanted(0.5), stamp=STAMP, reader="reader", generation=7)
    assert isinstance(made, Calibration)
    assert (made.map.kind, made.map.questions, made.report.before.questions) == (
        "isotonic",
        ISOTONIC_FROM,
        ISOTONIC_FROM,
    )
    assert (made.report.counts.unknown, made.report.counts.used) == (1, ISOTONIC_FROM + 100)
    assert made.report.points[-1].coverage == pytest.approx(ISOTONIC_FROM / (ISOTONIC_FROM + 100))
    assert made.report.unanswerable == pytest.approx(100 / (ISOTONIC_FROM + 100))
    assert (made.score, made.report.generation) == (made.report.chosen.score, 7)
