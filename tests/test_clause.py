import pytest

from qa.clause import parse


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Why have militias been attacking US troops in Iraq?",
            ("Why", "have", "militias", "been attacking", "US troops in Iraq"),
        ),
        ("Who accused the US?", ("Who", "", "", "accused", "the US")),
        ("Which setting limits file sizes?", ("Which setting", "", "", "limits", "file sizes")),
        ("Which option turns it off?", ("Which option", "", "", "turns", "it off")),
        ("How does the index file work?", ("How", "does", "the index file", "work", "")),
        ("What does pinpoint watch do?", ("What", "does", "pinpoint watch", "do", "")),
        ("What's the default of a setting?", ("What", "is", "the default of a setting", "", "")),
        (
            "Does a file that cannot be read stop the others?",
            ("", "Does", "a file that cannot be read", "stop", "the others"),
        ),
        ("If it rains, who should be told?", ("who", "should", "", "be told", "")),
        ("How many US troops are in Iraq?", ("How many US troops", "are", "", "", "in Iraq")),
        ("Does that change my files?", ("", "Does", "that", "change", "my files")),
        ("And why did they?", ("why", "did", "they", "", "")),
        ("Tell me about chunks.", ("", "", "chunks", "", "")),
        ("in Syria", ("", "", "", "", "in Syria")),
        ("", ("", "", "", "", "")),
    ],
)
def test_parts_of_a_question(question, parts):
    clause = parse(question)
    found = (clause.wh, clause.aux, clause.subject, clause.verb, clause.rest)
    assert tuple(clause.of(part) for part in found) == parts


def test_what_stands_in_front_is_kept():
    clause = parse("In 2020, did the rate rise?")
    assert clause.of(clause.front) == "In 2020"
    assert clause.of(clause.subject) == "the rate"
