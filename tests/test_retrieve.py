import pytest

from index.dense import DenseIndex
from index.filter import Filter
from index.lexical import LexicalIndex
from index.settings import Settings
from index.sqlite_store import SqliteStore
from qa.context import Context
from qa.retrieve import Spoken, average_min_max, retrieve
from qa.search import LocalSearch
from qa.sentence_reader import default_model


def test_average_min_max_by_hand():
    fused = average_min_max([{1: 0.2, 2: 0.6, 3: 0.4}, {1: 5.0, 2: 0.0, 3: 0.0}])
    assert fused == pytest.approx({1: 0.5, 2: 0.5, 3: 0.25})
    assert average_min_max([{1: 0.3, 2: 0.3}]) == {1: 0.0, 2: 0.0}


@pytest.fixture
def found(pinpoint, folder, embedder):
    (folder / "a.md").write_text("---\ndate: 2024-01-01\n---\n# Cats\n\nCats sleep. 😀 They purr.")
    (folder / "b.md").write_text("---\ndate: 2024-06-01\n---\n# Dogs\n\nDogs bark.")
    (folder / "c.txt").write_text("U.S. troops left.")
    (folder / "d.txt").write_text("Dogs bark.")
    pinpoint.sync(folder)

    def found(question, **options):
        settings = Settings(passages=options.pop("passages", 10))
        with SqliteStore.open(pinpoint.home) as store:
            return retrieve(
                store,
                LocalSearch(store, DenseIndex.load(store), options.pop("lexical", None)),
                embedder.encode_query(question),
                question,
                settings,
                **options,
            )

    return found


def names(passages):
    return [passage.document.path.rsplit("/", 1)[1] for passage in passages]


def test_passages_carry_their_place(found):
    best = found("Which cats purr?")[0]
    assert best.document.title == "Cats"
    assert best.text == "Cats sleep. 😀 They purr."
    assert [best.slice(*s) for s in best.sentences] == ["Cats sleep.", "😀 They purr."]
    assert best.heading == ("Cats",)


def test_terms_find_what_letters_hide(found):
    assert names(found("US"))[0] == "c.txt"


def test_dates_bound_the_search(found):
    assert names(found("dogs bark", within=Filter("2024-02-01"))) == ["b.md"]
    assert names(found("dogs bark", within=Filter(until="2024-02-01"))) == ["a.md"]
    assert found("dogs bark", within=Filter("2025-01-01")) == []


def test_bounds_hold_for_the_full_text_index_of_large_collections(found, pinpoint, tmp_path):
    (tmp_path / "terms").mkdir()
    with SqliteStore.open(pinpoint.home) as store:
        lexical = LexicalIndex.build(store, tmp_path / "terms")
    assert names(found("troops", lexical=lexical))[0] == "c.txt"
    markdown = Filter(media_types=("text/markdown",))
    assert sorted(names(found("troops", lexical=lexical, within=markdown))) == ["a.md", "b.md"]


def test_folders_and_kinds_bound_the_search(found, folder):
    assert names(found("cats dogs", within=Filter(media_types=("text/plain",)))) == [
        *("d.txt", "c.txt"),
    ]
    files = (str(folder / "a.md"), str(folder / "d.txt"))
    assert sorted(names(found("dogs", within=Filter(folders=files)))) == ["a.md", "d.txt"]
    both = Filter(folders=files, media_types=("text/plain",))
    assert names(found("dogs", within=both)) == ["d.txt"]


def test_the_number_of_passages_is_bounded(found):
    assert len(found("dogs bark", passages=2)) == 2


def test_the_first_are_the_same_however_many_are_wanted(found):
    everything = found("dogs cats bark")
    assert len(everything) == 3
    assert [found("dogs cats bark", passages=n) for n in (1, 2)] == [everything[:1], everything[:2]]


def test_words_in_one_sentence_count_more_than_words_apart(pinpoint, folder, found):
    (folder / "e.txt").write_text("Owls wander. Bees hum. North it is.")
    (folder / "f.txt").write_text("Owls hum. Bees wander. South it is.")
    pinpoint.sync(folder)
    # The same words, so equal by words and vectors; "hum owls" is nowhere in a row.
    first, second = found("hum owls")[:2]
    assert (first.text, second.text) == (
        "Owls hum. Bees wander. South it is.",
        "Owls wander. Bees hum. North it is.",
    )
    weights = default_model()
    owls, hum = (weights.idf.get(term, weights.idf_unknown) for term in ("owl", "hum"))
    assert first.score - second.score == pytest.approx((1 - max(owls, hum) / (owls + hum)) / 3)


def test_a_heading_is_read_with_each_sentence(pinpoint, folder, found):
    (folder / "e.md").write_text("# Owls\n\nBees hum. They wander.")
    pinpoint.sync(folder)
    assert found("owls wander")[0].score == pytest.approx(1.0)


def test_words_in_a_row_are_found_first(pinpoint, folder, found):
    (folder / "e.txt").write_text("The bank is at the board of a river.")
    (folder / "f.txt").write_text("The board of the bank is at a lake.")
    pinpoint.sync(folder)
    assert names(found("board of the bank"))[:2] == ["f.txt", "e.txt"]


def test_passages_fetched_one_at_a_time_are_the_same(found, monkeypatch):
    everything = found("dogs cats bark")
    monkeypatch.setattr("qa.retrieve._FETCHED", 1)
    assert found("dogs cats bark") == everything


def test_a_question_without_words_still_searches(found):
    assert len(found("?!")) == 3


def test_the_same_text_in_two_documents_takes_one_place(found):
    assert [p.document.path[-5:] for p in found("dogs bark") if p.text == "Dogs bark."] == ["/b.md"]


def test_versions_that_differ_in_a_word_have_a_share_of_the_places(pinpoint, folder, found):
    others = " ".join(f"word{number}" for number in range(38))
    for year, days in ((2020, 20), (2021, 24), (2022, 24), (2023, 28)):
        (folder / f"{year}.md").write_text(f"# Leave {year}\n\nLeave is {days} days {others}.")
    pinpoint.sync(folder)
    # Of 2021 and 2022, which say the same, one is read.
    everything = found("Leave is 28 days")
    assert sorted(names(everything)[:3]) == ["2020.md", "2022.md", "2023.md"]
    assert names(everything)[3:] == ["a.md", "b.md", "c.txt"]
    assert [p.score for p in everything] == sorted((p.score for p in everything), reverse=True)
    four = names(found("Leave is 28 days", passages=4))
    assert four == ["2023.md", names(everything)[1], "a.md", "b.md"]


def spoken(embedder, words, *documents):
    return Spoken(Context(words, frozenset(documents)), embedder.encode_query(words))


def test_what_was_spoken_of_finds_what_the_question_does_not(found, embedder):
    assert names(found("When?"))[0] == "a.md"  # all are alike to it; the first path
    assert names(found("When?", spoken=spoken(embedder, "troops left When?")))[0] == "c.txt"


def test_the_document_spoken_of_comes_first_among_equals(found, embedder):
    dogs = found("dogs bark")
    shas = {passage.document.path[-4:]: passage.document.sha256 for passage in found("cats dogs")}
    before = {p.document.path[-4:]: p.score for p in dogs}
    after = {
        p.document.path[-4:]: p.score
        for p in found("dogs bark", spoken=spoken(embedder, "dogs bark", shas["b.md"]))
    }
    assert after["b.md"] == pytest.approx(before["b.md"] + 0.1)
    assert after["a.md"] == pytest.approx(before["a.md"])


def test_similarity_stays_that_of_the_question_alone(found, embedder):
    plain = {p.document.path: p.similarity for p in found("dogs bark")}
    with_context = found("dogs bark", spoken=spoken(embedder, "cats purr"))
    assert {p.document.path: p.similarity for p in with_context} == pytest.approx(plain)
