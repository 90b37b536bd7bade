from clock import Clock

from index.milvus.watch import Watch


def row(pk, beat):
    return {"pk": pk, "number": 1, "beat": beat}


def test_a_row_that_stays_as_it_is_counts_as_dead_after_the_seconds():
    clock = Clock()
    watch = Watch(20.0, clock)
    rows = [row("a", 1), row("b", 1)]
    assert watch.living(lambda: rows) == rows
    clock.now += 19.9
    assert watch.living(lambda: rows) == rows
    rows = [row("a", 1), row("b", 2)]
    clock.now += 0.1
    assert watch.living(lambda: rows) == rows[1:]
    assert watch.dead == [row("a", 1)]
    assert not watch.seen_alive(rows[0])
    assert watch.seen_alive(rows[1])


def test_a_dead_one_that_changes_lives():
    clock = Clock()
    watch = Watch(20.0, clock)
    watch.living(lambda: [row("a", 1)])
    clock.now += 20
    assert watch.living(lambda: [row("a", 1)]) == []
    assert watch.living(lambda: [row("a", 2)]) == [row("a", 2)]
    assert watch.dead == []


def test_an_observer_who_is_held_up_blames_nobody_for_it():
    clock = Clock()
    watch = Watch(20.0, clock)

    def slowly():
        clock.now += 60
        return [row("a", 1)]

    assert watch.living(slowly) == [row("a", 1)]
    assert watch.living(slowly) == [row("a", 1)]  # as old as the question, it may be
    assert watch.living(slowly) == []
