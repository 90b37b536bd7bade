from qa.claim_terms import claim_terms, close_together, has_other_names, stems


def test_words_without_numbers_and_dates():
    found = claim_terms("The Mallard carried 420 passengers in May 2009.")
    assert list(found.terms) == ["mallard", "carri", "passeng"]
    assert [fact.written for fact in found.facts] == ["420", "May 2009"]


def test_names_and_codes_are_told():
    found = claim_terms("The setting `max_pages` comes from Ruth Adeyemi.")
    named = {term.written for term in found.terms.values() if term.named}
    assert named == {"max_pages", "Ruth", "Adeyemi"}


def test_the_first_word_is_a_name_where_running_text_does_not_know_it():
    assert claim_terms("Tallow runs.").terms["tallow"].named
    assert not claim_terms("Water runs.").terms["water"].named


def test_plain_words_for_the_same_are_found():
    found = claim_terms("The United States requires a permit.")
    assert found.found(stems("The US needs permits.")) == found.terms.keys()


def test_shares_are_of_the_weight():
    found = claim_terms("Tallow sinks.")
    tallow, sink = (found.terms[term].weight for term in found.terms)
    assert found.share(frozenset({"tallow"})) == tallow / (tallow + sink)
    assert claim_terms("").share(frozenset()) == 0.0


def test_opposites_stand_in_for_each_other():
    found = claim_terms("Smoking is allowed.")
    assert found.opposed(stems("Smoking is forbidden.")) == {"allow"}
    assert found.opposed(stems("Smoking is allowed, not forbidden.")) == frozenset()


def test_other_names():
    terms = claim_terms("The pier of Saltby opens.")
    assert not has_other_names("The pier opens.", terms)
    assert has_other_names("The pier of Penwick opens.", terms)


def test_words_far_apart_are_not_close_together():
    found = frozenset({"gate", "open"})
    assert close_together("The gate opens.", found)
    assert not close_together(f"The gate {'is red and ' * 12} opens.", found)
    assert not close_together("", found)
