from bench import filters
from index.sqlite_store import SqliteStore


def test_a_collection_is_made_once_and_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(filters, "DIMENSION", 8)
    monkeypatch.setattr(filters, "WORDS", 200)
    monkeypatch.setattr(filters, "REPEATS", 1)
    monkeypatch.setattr(filters, "QUESTIONS", 2)
    filters.build(tmp_path, 100)
    with SqliteStore.open(tmp_path) as store:
        generation = store.generation()
    filters.build(tmp_path, 100)
    with SqliteStore.open(tmp_path) as store:
        assert store.generation() == generation == 1
    cells = [row.split(" | ") for row in filters.searches(tmp_path)]
    assert [(name, within) for _, name, within, *_ in cells] == [
        ("none", "1,000"),
        ("one folder of ten", "100"),
        ("one document", "10"),
        ("one kind of five", "200"),
        ("half of the days", "500"),
        ("folder, kind and days", "10"),
        ("all folders, named", "1,000"),
        ("a folder of nothing", "0"),
    ]
    pages = list(filters.pages(tmp_path))
    assert len(pages) == 12
    assert all(row.startswith("| 101 | ") for row in pages)
