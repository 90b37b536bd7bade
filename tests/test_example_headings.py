import pytest

from qa.example_headings import heading_question

BODY = (
    "The System Functions are here."
    "To start the database server, run pg_ctl. The documents that officials add to the index of"
    " Pinpoint are stored by the militias of Iran. Citations say what the answer is."
)


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("What is an index?", "What is an index?"),
        ("can I use it with others?", "Can I use it with others?"),
        ("2.3. How to install Pinpoint", "How do I install Pinpoint?"),
        ("19.3. Starting the Database Server", "How do I start the database server?"),
        ("Adding documents", "How do I add documents?"),
        ("Adding and removing documents", "How do I add and remove documents?"),
        ("Add documents from your index", None),  # what stands behind a bare verb may be its noun
        ("Remove a document", "How do I remove a document?"),
        ("Change, rename or move a document", "How do I change, rename or move a document?"),
        ("Check a citation yourself", "How do I check a citation?"),
        ("Cite a quote in your own text", None),  # no verb that is known
        ("Copy a quote into your own text", "How do I copy a quote into my own text?"),
        ("Update Pinpoint", "How do I update Pinpoint?"),
        ("Where an index is stored", "Where is an index stored?"),
        ("Why officials are worried", "Why are officials worried?"),
        ("How long a question may be", "How long may a question be?"),
        ("What Iran says", "What does Iran say?"),
        ("How Pinpoint checks a citation", "How does Pinpoint check a citation?"),
        ("Which files Pinpoint reads", "Which files does Pinpoint read?"),
    ],
)
def test_headings_that_ask(heading, question):
    assert heading_question(heading, f"{BODY} {heading.lower()}") == question


@pytest.mark.parametrize(
    "heading",
    [
        "Introduction",
        "Limits of a file",
        "Settings",
        "Return Value",
        "Logging levels",
        "Using it",
        "What this means",
        "More examples",
        "How it works",
        "Working memory",
        "Trigger Functions",
        "Where the file is stored",  # which one?
        "Run these:",
    ],
)
def test_headings_that_do_not(heading):
    assert heading_question(heading, BODY) is None


def test_a_heading_in_title_case_is_written_as_its_text_writes_it():
    assert heading_question("Using the Area", "See the area.") == "How do I use the area?"
    assert heading_question("Using the Area", "See the Area.") == "How do I use the Area?"
    assert heading_question("Using the Area", "Nothing.") is None
