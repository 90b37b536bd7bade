import pytest

from qa.example_sentences import Asks, plain, sentence_questions

CONTEXT = "Officials of Iran use Pinpoint and backups."


def asked(sentence):
    return [(asks.value, question) for asks, question in sentence_questions(sentence, CONTEXT)]


@pytest.mark.parametrize(
    ("sentence", "asks", "question"),
    [
        ("A chunk is a passage of a document.", "definition", "What is a chunk?"),
        ("**Pinpoint** is a tool for questions.", "definition", "What is Pinpoint?"),
        (
            "The setting `max_pages` is a limit of pages.",
            "definition",
            "What is the setting max_pages?",
        ),
        ("Ada Lovelace was an English mathematician.", "person", "Who was Ada Lovelace?"),
        ("Ada Lovelace (born 1815) was a writer.", "person", "Who was Ada Lovelace?"),
        ("Vali Nasr, an expert on Iran, sees a danger.", "person", "Who is Vali Nasr?"),
        (
            "Hossein Amir Abdollahian, the foreign minister of Iran, was angry.",
            "person",
            "Who is the foreign minister of Iran?",
        ),
        (
            "The museum of art was opened again in March 1998.",
            "date",
            "When was the museum of art opened?",
        ),
        ("Ada Lovelace died on 27 November 1852.", "date", "When did Ada Lovelace die?"),
        ("Ada Lovelace died in London in 1852.", "date", "When did Ada Lovelace die?"),
        ("In 1869, the Old Museum opened a library.", "date",
         "When did the Old Museum open a library?"),
        ("The Old Museum opened a library in 1869.", "date",
         "When did the Old Museum open a library?"),
        (
            "A chunk has at most 256 word pieces.",
            "amount",
            "How many word pieces does a chunk have?",
        ),
        (
            "A question may have at most 2,000 characters, unless you change that.",
            "amount",
            "How many characters may a question have?",
        ),
        (
            "The installed libraries take about 2 GB of disk space.",
            "amount",
            "How much disk space do the installed libraries take?",
        ),
        (
            "However, officials warn that the fighting may spread.",
            "statement",
            "What do officials warn of?",
        ),
        (
            "Vali Nasr accused the U.S. of wanting a conflict.",
            "statement",
            "What did Vali Nasr accuse the U.S. of?",
        ),
        (
            "The Pentagon has also sent additional forces.",
            "statement",
            "What has the Pentagon sent?",
        ),
        (
            "To copy the index into one file, run `pinpoint backup FILE`.",
            "instruction",
            "How do I copy the index into one file?",
        ),
        ("To save your text, you can press a key.", "instruction", "How do I save my text?"),
        (
            "The catalog pg_class describes tables and their columns.",
            "action",
            "What does the catalog pg_class describe?",
        ),
        (
            "The VACUUM command removes dead rows from a table.",
            "action",
            "What does the VACUUM command do?",
        ),
    ],
)  # fmt: skip
def test_a_sentence_and_what_it_answers(sentence, asks, question):
    assert asked(sentence) == [(asks, question)]


def test_a_sentence_may_answer_two_questions():
    assert asked("The Old Museum was founded by Ada Lovelace in 1867.") == [
        ("date", "When was the Old Museum founded?"),
        ("person", "Who founded the Old Museum?"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "A chunk is a passage",  # no sentence
        "This is a tool for questions.",
        "The sample size is the number of bytes in a sample.",
        "Pinpoint is a bit slow at first.",
        "Pinpoint is the fastest tool of all.",
        "Pinpoint is the third tool of its kind.",
        "The setting says that nothing is read.",  # settings say nothing to people
        "To do so, run this command.",
        "To run only lint, format and types, run this command.",
        "To see it, open the page.",
        "Pinpoint reads a folder with all the folders inside it.",  # one thing of many that it does
        "A chunk takes 12 seconds.",
        "It was founded in 1867.",
        "In 1869, the Old Museum opened it.",
    ],
)
def test_sentences_that_make_no_good_question(sentence):
    assert asked(sentence) == []


def test_kinds_are_in_order_of_preference():
    assert [asks.value for asks in Asks][:2] == ["definition", "person"]
    assert list(Asks)[-1] is Asks.HEADING


def test_markdown_is_taken_off():
    assert plain("The [reader](a.md)\nis  **`fast`**.") == "The reader is fast."
