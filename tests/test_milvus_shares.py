from index.milvus.shares import Shares


def test_each_batch_is_in_one_share():
    assert Shares(7, 3).left == {0: [0, 1, 2], 1: [3, 4, 5], 2: [6]}
    assert Shares(0, 3).left == {}
    assert Shares(0, 3).here() is None


def test_one_share_is_done_here_and_two_are_given_to_each_worker():
    shares = Shares(6, 1)
    assert shares.here() == 0
    assert shares.give(["b", "a"]) == [(1, "a"), (2, "b"), (3, "a"), (4, "b")]


def test_who_has_done_all_gets_twice_as_many_and_others_no_more():
    shares = Shares(20, 1)
    assert shares.give(["a", "b"]) == [(0, "a"), (1, "b"), (2, "a"), (3, "b")]
    assert shares.done(0, 0)
    assert shares.done(2, 2)
    assert shares.give(["a", "b"]) == [(4, "a"), (5, "a"), (6, "a"), (7, "a")]
    assert shares.give(["a", "b"]) == []
    assert shares.done(4, 4)
    assert shares.give(["a", "b"]) == [(8, "a")]


def test_what_is_done_counts_once():
    shares = Shares(2, 2)
    assert shares.done(0, 0)
    assert not shares.done(0, 0)
    assert shares.left == {0: [1]}
    assert shares.done(1, 0)
    assert not shares.done(1, 0)
    assert shares.left == {}


def test_when_all_are_given_the_last_one_given_is_done_here_too():
    shares = Shares(4, 2)
    assert shares.here() == 0
    assert shares.give(["a"]) == [(1, "a")]
    shares.done(0, 0)
    shares.done(1, 0)
    assert shares.here() == 1
    shares.done(2, 1)
    assert shares.here() == 1
    shares.done(3, 1)
    assert shares.here() is None


def test_the_shares_of_one_who_is_gone_are_given_to_another():
    shares = Shares(2, 1)
    assert shares.give(["a"]) == [(0, "a"), (1, "a")]
    shares.done(1, 1)
    assert shares.give(["b"]) == [(0, "b")]
    assert shares.give([]) == []
    assert shares.here() == 0


def test_a_share_that_came_back_without_all_vectors_waits_again():
    shares = Shares(1, 1)
    assert shares.give(["a"]) == [(0, "a")]
    shares.again(0)
    assert shares.give(["a"]) == [(0, "a")]
    shares.done(0, 0)
    shares.again(0)
    assert shares.here() is None
