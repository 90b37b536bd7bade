import numpy as np

from index.dense_delta import Delta

ONE, TWO, THREE = np.eye(3, dtype=np.float32)


def ids(*numbers):
    return np.array(numbers, dtype=np.int64)


def test_added_and_removed_by_hand():
    delta = Delta.none().after(ids(7, 8), np.stack([ONE, TWO]), ids(2, 3))
    assert delta.ids.tolist() == [7, 8]
    assert delta.removed.tolist() == [2, 3]
    later = delta.after(ids(9), THREE[np.newaxis], ids(7, 4))
    assert later.ids.tolist() == [8, 9]
    assert later.vectors.tolist() == [TWO.tolist(), THREE.tolist()]
    assert later.removed.tolist() == [2, 3, 4]  # 7 was never in the base
    assert delta.ids.tolist() == [7, 8]  # as it was


def test_all_that_was_added_may_go_again():
    delta = Delta.none().after(ids(7), ONE[np.newaxis], ids())
    assert delta.after(ids(), np.empty((0, 0), np.float32), ids(7)).ids.tolist() == []
    wider = np.ones((1, 5), dtype=np.float32)
    assert delta.after(ids(8), wider, ids(7)).vectors.shape == (1, 5)


def test_an_id_of_the_base_can_come_back():
    delta = Delta.none().after(ids(), np.empty((0, 0), np.float32), ids(2, 3))
    assert delta.returned(ids(3)).removed.tolist() == [2]


def test_the_nearest_of_the_added():
    vectors = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)
    delta = Delta.none().after(ids(4, 5, 6), vectors, ids())
    query = np.array([0, 1], dtype=np.float32)
    found, scores = delta.search(query, 2, None)
    assert sorted(zip(found.tolist(), scores.round(6).tolist(), strict=True)) == [
        (5, np.float32(0.8).round(6).item()),
        (6, 1.0),
    ]
    assert delta.search(query, 1, ids(4, 5))[0].tolist() == [5]
    assert delta.search(query, 5, ids())[0].tolist() == []
    assert Delta.none().search(query, 5, None)[0].tolist() == []
