"""The real model on real documents: what users are promised, asked in their own words."""

import hashlib
import os
from pathlib import Path

import pytest

from qa.api import Pinpoint

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[1]
# Read before a fixture clears the environment.
SOURCE_DOCUMENT = os.environ.get("PINPOINT_SOURCE_DOCUMENT")

ANSWERED = [
    ("How long have the militias been attacking US troops?", "seven weeks"),
    ("Who is Vali Nasr?", "Johns Hopkins"),
    ("What has the Pentagon sent to deter Iran?", "aircraft carriers"),
    ("Who accused the US of wanting to intensify the conflict?", "Abdollahian"),
    ("Where have troops been attacked?", "Iraq and Syria"),
    ("Which groups does Iran support?", "Hezbollah"),
    ("Who believes that Iran is using the militia attacks as a warning?", "Defense officials"),
    ("What is the Biden administration urging Israel to avoid?", "two-front war"),
    ("What have intelligence agencies assessed about Iran?", "avoid a broader conflict"),
    ("What has the U.S. carried out airstrikes against?", "munitions storage"),
    ("What have U.S. defense officials proposed?", "targeted retaliation"),
    ("How has the Pentagon responded to the attacks?", "airstrikes"),
]
NOT_THERE = [
    "What is the capital of Australia?",
    "How much did the aircraft carriers cost?",
    "Who won the 2022 World Cup?",
    "How many soldiers were killed?",
    "Who is the president of France?",
    "When did the war in Ukraine begin?",
    "When was Vali Nasr born?",
    "How much does the US spend on defense?",
    "How tall is Mount Everest?",
    "What is the recipe for pancakes?",
]
HANDBOOK = [
    ("How do I rebuild the index?", "pinpoint index --rebuild"),
    ("Where is the index stored?", ".pinpoint"),
    ("Does Pinpoint use a language model?", "language model"),
    ("How do I add documents?", "pinpoint index"),
    ("Which kinds of files can Pinpoint read?", "Markdown"),
]


def source_folder():
    if SOURCE_DOCUMENT:
        return Path(SOURCE_DOCUMENT).parent
    return ROOT.parent / "shared" / "seeds"


def opened(tmp_path_factory, folder):
    pinpoint = Pinpoint.open(tmp_path_factory.mktemp("home"))
    report = pinpoint.sync(folder)
    assert report.added
    assert not report.failed
    return pinpoint


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    if not list(source_folder().glob("*.txt")):
        pytest.skip("no source document; name it in PINPOINT_SOURCE_DOCUMENT")
    return opened(tmp_path_factory, source_folder())


@pytest.fixture(scope="module")
def seeds(seeds_index):
    return Pinpoint.open(seeds_index)


def check_citations(answer):
    for citation in (*answer.citations, *answer.nearest):
        text = Path(citation.document.path).read_bytes().decode()
        assert text[citation.start : citation.end] == citation.quote
        assert hashlib.sha256(text.encode()).hexdigest() == citation.document.sha256


@pytest.mark.parametrize(("question", "words"), ANSWERED)
def test_the_source_document_answers_first(source, question, words):
    answer = source.ask(question)
    assert answer.answered, answer.nearest[0]
    assert words in answer.citations[0].quote
    assert answer.citations[0].document.date == "2023-11-30"
    check_citations(answer)


@pytest.mark.parametrize("question", NOT_THERE)
def test_the_source_document_does_not_say(source, question):
    answer = source.ask(question)
    assert not answer.answered, answer.text
    check_citations(answer)


@pytest.mark.parametrize(("question", "words"), ANSWERED[:4] + HANDBOOK)
def test_our_own_seeds_answer(seeds, question, words):
    answer = seeds.ask(question)
    assert answer.answered, answer.nearest[0]
    assert words.lower() in answer.citations[0].quote.lower()
    check_citations(answer)


@pytest.mark.parametrize("question", NOT_THERE[:3])
def test_our_own_seeds_do_not_say(seeds, question):
    assert not seeds.ask(question).answered


def test_the_same_bytes_from_a_fresh_handle(seeds):
    question = "How do I rebuild the index?"
    first = seeds.ask(question).model_dump_json()
    assert seeds.ask("Who is Vali Nasr?").answered
    assert Pinpoint.open(seeds.home).ask(question).model_dump_json() == first


def test_a_second_sync_embeds_nothing(seeds):
    report = Pinpoint.open(seeds.home).sync()
    assert (report.embedded, report.added, report.updated) == (0, 0, 0)
    assert report.unchanged == seeds.status().index.documents
