import pytest

from qa.facts import compare, facts


def written(text):
    return [fact.written for fact in facts(text)]


def compared(claim, quote, above=""):
    found = compare(claim, facts(claim), quote, facts(quote), facts(above))
    pairs = [[(a.written, b.written) for a, b in some] for some in (found.agree, found.differ)]
    return (*pairs, [fact.written for fact in found.absent])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("It opened on 3 May 1931 with twelve boats.", ["3 May 1931", "twelve"]),
        ("At most 2000 characters, since 2020.", ["2000", "2020"]),
        ("Version 2.8 costs $1,200.", ["2.8", "1,200"]),
    ],
)
def test_facts_stand_in_order(text, found):
    assert written(text) == found


def test_a_year_that_counts_something_is_a_number():
    number, year = facts("At most 2000 characters, since 2020.")
    assert (number.value, number.date) == (2000.0, None)
    assert year.date == (2020, None, None)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("It has 1,200 boats.", "The twelve hundred boats are 1200 boats."),
        ("It takes seven weeks.", "It took 49 days."),
        ("It costs 50 million euros.", "The price is 50,000,000 euros."),
        ("About 100 people came.", "97 people came."),
        ("At most 80 characters.", "A title has up to eighty characters."),
        ("No more than 500 questions.", "At most 500 questions."),
        ("The largest number is 80 characters.", "At most 80 characters."),
        ("It was founded in 1931.", "It was founded on 3 May 1931."),
        ("It was founded in May 1931.", "It was founded on 1931-05-03."),
    ],
)
def test_the_same_number_or_date_agrees(claim, quote):
    agree, differ, absent = compared(claim, quote)
    assert len(agree) == 1
    assert (differ, absent) == ([], [])


@pytest.mark.parametrize(
    ("claim", "quote", "pair"),
    [
        ("It has 1,300 boats.", "It has 1,200 boats.", ("1,300", "1,200")),
        ("More than nine weeks.", "More than seven weeks.", ("nine", "seven")),
        ("At most 120 characters.", "At most 80 characters.", ("120", "80")),
        ("At least 80 characters.", "At most 80 characters.", ("80", "80")),
        ("Boats longer than 20 metres.", "Boats longer than 30 metres.", ("20", "30")),
        ("It sank in 1957.", "It sank in 1947.", ("1957", "1947")),
        ("It opened on 4 May 1931.", "It opened on 3 May 1931.", ("4 May 1931", "3 May 1931")),
    ],
)
def test_another_number_or_date_differs(claim, quote, pair):
    assert compared(claim, quote) == ([], [pair], [])


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("It has 12 boats.", "It has a quay."),
        ("It has 12 boats.", "It costs 12 euros."),
        ("It takes seven weeks.", "It takes more than six weeks."),
        ("It opened on 3 May 1931.", "It opened in 1931."),
    ],
)
def test_what_a_quote_does_not_say_is_absent(claim, quote):
    agree, differ, absent = compared(claim, quote)
    assert (agree, differ, len(absent)) == ([], [], 1)


def test_one_as_a_pronoun_is_not_missed():
    assert compared("One of them sank.", "The ferry sank.") == ([], [], [])


def test_a_number_that_the_claim_gives_as_well_does_not_differ():
    claim = "It carries 420 passengers and 60 cars and 12 passengers."
    assert compared(claim, "It carries 420 passengers and 60 cars.") == (
        [("420", "420"), ("60", "60")],
        [],
        ["12"],
    )


def test_the_number_of_the_other_half_of_a_list_differs():
    quote = "Mooring costs 12 euros a night in summer and 7 euros a night in winter."
    assert compared("Mooring costs 12 euros a night in winter.", quote)[1] == [("12", "7")]
    assert compared("Mooring costs 7 euros a night in winter.", quote)[1] == []


def test_headings_may_agree_and_never_differ():
    assert compared("Tallow 2.8 runs.", "It runs.", above="Tallow 2.8") == (
        [("2.8", "2.8")],
        [],
        [],
    )
    assert compared("Tallow 2.8 runs.", "It runs.", above="Tallow 2.9") == ([], [], ["2.8"])
