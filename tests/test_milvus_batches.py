import numpy as np
import pytest

from index.milvus import batches as module
from index.milvus.batches import batches, page_size, size, slices


def test_a_row_takes_its_bytes():
    assert size({"pk": "aä", "number": 7}) == 8 + 3 + 8 + 8
    assert size({"vector": [0.0, 0.0]}) == 8 + 8
    assert size({"vector": np.zeros(384, np.float32)}) == 8 + 1536


def test_rows_are_cut_into_messages(monkeypatch):
    monkeypatch.setattr(module, "MESSAGE_BYTES", 30)
    rows = [{"pk": "x" * length} for length in (2, 22, 12, 60, 1)]  # 10, 30, 20, 68 and 9 bytes
    assert [len(batch) for batch in batches(rows)] == [1, 1, 1, 1, 1]
    rows = [{"pk": "x" * length} for length in (2, 12, 2, 2, 2)]  # 10 + 20, 10 + 10 + 10
    assert [len(batch) for batch in batches(rows)] == [2, 3]
    assert list(batches([])) == []


def test_no_message_has_too_many_rows(monkeypatch):
    monkeypatch.setattr(module, "_MOST_ROWS", 2)
    assert [len(batch) for batch in batches({"pk": "x"} for _ in range(5))] == [2, 2, 1]


def test_a_page_has_as_many_rows_as_fit():
    assert page_size([{"pk": "x"}]) == 16_384
    assert page_size([{"pk": "x" * 60_000}, {"pk": "x" * 59_984}]) == 266  # 16 MB / 60,000
    assert page_size([{"pk": "x" * 20_000_000}]) == 1


@pytest.mark.parametrize(("count", "lengths"), [(0, []), (1000, [1000]), (1001, [1000, 1])])
def test_keys_are_cut_into_lists(count, lengths):
    assert [len(some) for some in slices(map(str, range(count)))] == lengths
