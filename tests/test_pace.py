"""How fast something goes on."""

from ui.pace import Pace


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_nothing_can_be_told_of_the_beginning():
    clock = Clock()
    pace = Pace(clock)
    assert (pace.rate, pace.seconds_left(5)) == (None, None)
    pace.tell(0)
    clock.now += 0.5
    pace.tell(10)
    assert pace.rate is None


def test_rate_and_time_left():
    clock = Clock()
    pace = Pace(clock)
    pace.tell(0)
    clock.now += 4
    pace.tell(10)
    assert (pace.rate, pace.seconds_left(30)) == (2.5, 12.0)


def test_only_the_last_seconds_count():
    clock = Clock()
    pace = Pace(clock)
    for done in (0, 1000, 1010, 1020):
        pace.tell(done)
        clock.now += 10
    # 1000 was told 20 seconds before 1020, and is forgotten with what came before.
    assert pace.rate == 1.0


def test_another_stage_begins_anew():
    clock = Clock()
    pace = Pace(clock)
    pace.tell(0)
    clock.now += 4
    pace.tell(10)
    pace.begin()
    assert pace.rate is None
    pace.tell(0)
    clock.now += 2
    pace.tell(0)
    assert pace.rate is None
