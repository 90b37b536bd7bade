import pytest

from index.dense import DenseIndex
from index.filter import Filter
from index.settings import Settings
from index.store import Store
from qa.retrieve import average_min_max, retrieve


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
        with Store.open(pinpoint.home) as store:
            return retrieve(
                store,
                DenseIndex.load(store),
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


def test_a_question_without_words_still_searches(found):
    assert len(found("?!")) == 3


def test_the_same_text_in_two_documents_takes_one_place(found):
    assert [p.document.path[-5:] for p in found("dogs bark") if p.text == "Dogs bark."] == ["/b.md"]


def test_a_version_that_differs_in_a_word_comes_behind_all_else(pinpoint, folder, found):
    others = " ".join(f"word{number}" for number in range(38))
    for year, days in ((2021, 24), (2022, 24), (2023, 28)):
        (folder / f"{year}.md").write_text(f"# Leave {year}\n\nLeave is {days} days {others}.")
    pinpoint.sync(folder)
    expected = ["2023.md", "a.md", "b.md", "c.txt", "2022.md"]  # 2021 says the same as 2022
    assert names(found("Leave is 28 days")) == expected
    assert names(found("Leave is 28 days", passages=4)) == expected[:4]
