import pytest

from qa.support import Quote, Verdict, support

FERRY = Quote("The ferry to Saltby leaves at seven and takes 55 minutes.")
GATE = Quote("The harbour gate is not locked at night.", "Harbour")
TALLOW = Quote("It does not run on telephones.", "Tallow 2.8")


@pytest.mark.parametrize(
    ("claim", "quote", "verdict"),
    [
        ("The ferry to Saltby takes 55 minutes.", FERRY, "supported"),
        ("The ferry to Saltby takes fifty-five minutes.", FERRY, "supported"),
        ("The ferry to Saltby takes 45 minutes.", FERRY, "contradicted"),
        ("The ferry to Saltby takes 55 euros.", FERRY, "unsupported"),
        ("The ferry to Penwick takes 55 minutes.", FERRY, "unsupported"),
        ("The ferry to Saltby never leaves at seven.", FERRY, "contradicted"),
        ("The harbour gate is not locked at night.", GATE, "supported"),
        ("The harbour gate is locked at night.", GATE, "contradicted"),
        ("Every harbour gate is not locked at night.", GATE, "unsupported"),
        ("Tallow 2.8 does not run on telephones.", TALLOW, "supported"),
        ("Tallow 2.8 runs on telephones.", TALLOW, "contradicted"),
        ("Tallow 2.9 does not run on telephones.", TALLOW, "unsupported"),
        (
            "The gate is painted green.",
            Quote("It is painted green.", "The gate opens."),
            "supported",
        ),
        (
            "The gate opens green doors.",
            Quote("It is green.", "The gate opens doors."),
            "unsupported",
        ),
        ("Saltby was founded before 1902.", Quote("Saltby was founded in 1902."), "unsupported"),
        ("Saltby was founded in 1902.", Quote("Saltby was founded before 1902."), "unsupported"),
        (
            "Saltby was founded after 1902.",
            Quote("The town of Saltby was founded after 1902."),
            "supported",
        ),
        ("The shop opens before nine.", Quote("The shop opens at nine."), "unsupported"),
        ("The store keeps -5 degrees.", Quote("The store keeps 5 degrees."), "unsupported"),
        ("The store keeps -5 degrees.", Quote("The store keeps \u22125 degrees."), "supported"),
        ("Ada opened the gate.", Quote("Ada failed to open the gate."), "contradicted"),
        ("Ada opened the gate.", Quote("Ada almost opened the gate."), "unsupported"),
        ("Tallow.", TALLOW, "unsupported"),
        ("Cows eat grass.", FERRY, "unsupported"),
    ],
)
def test_one_quote(claim, quote, verdict):
    found = support(claim, [quote])
    assert found.verdict == verdict
    assert found.quotes == (0,)


def test_no_quotes():
    found = support("The gate opens.", [])
    assert (found.verdict, found.quotes, found.share) == (Verdict.UNSUPPORTED, (), 0.0)
    assert found.missing == ("gate", "opens")


def test_reasons_are_in_the_words_of_both():
    found = support("The ferry to Saltby takes 45 minutes and is red.", [GATE, FERRY])
    assert found.quotes == (1,)
    assert found.shared == ("ferry", "Saltby", "takes", "minutes")
    assert found.missing == ("red",)
    assert found.differ == (("45", "55"),)
    assert found.marked == (46, 48)
    assert FERRY.text[46:48] == "55"


def test_the_first_of_equal_quotes_is_taken():
    assert support("The ferry to Saltby takes 55 minutes.", [GATE, FERRY, FERRY]).quotes == (1,)


def test_support_goes_before_contradiction():
    other = Quote("The ferry to Saltby takes 65 minutes.")
    assert support("The ferry to Saltby takes 55 minutes.", [other, FERRY]).quotes == (1,)


def test_two_quotes_support_two_parts():
    claim = "The ferry to Saltby takes 55 minutes, and the harbour gate is not locked at night."
    found = support(claim, [FERRY, GATE])
    assert (found.verdict, found.quotes) == (Verdict.SUPPORTED, (0, 1))
    assert found.agree == (("55", "55"),)
    wrong = claim.replace("55", "45")
    assert support(wrong, [FERRY, GATE]).verdict is not Verdict.SUPPORTED


def test_words_in_other_roles_are_no_support():
    quote = Quote("The minister accused the captain of the theft.")
    assert (
        support("The captain accused the minister of the theft.", [quote]).verdict == "unsupported"
    )


def test_a_long_list_of_words_is_no_support():
    quote = Quote(f"The gate {'and a boat of the old kind ' * 8} opens.")
    assert support("The gate opens.", [quote]).verdict == "unsupported"
