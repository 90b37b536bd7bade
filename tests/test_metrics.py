"""The figures of a server."""

from ui.metrics import Metrics, StageWatch


def lines(metrics, name):
    return [line for line in metrics.text().splitlines() if line.startswith(name)]


def test_stages_last_until_the_next_begins(tmp_path):
    metrics, times = Metrics(tmp_path, lambda: 3, None), iter([10.0, 10.5, 13.0])
    watch = StageWatch(metrics, lambda: next(times))
    watch.begin("searching")
    watch.begin("reading")
    watch.begin(None)
    assert lines(metrics, "pinpoint_stage_seconds_sum") == [
        'pinpoint_stage_seconds_sum{stage="searching"} 0.5',
        'pinpoint_stage_seconds_sum{stage="reading"} 2.5',
    ]
    assert lines(metrics, "pinpoint_questions_waiting") == ["pinpoint_questions_waiting 3.0"]


def test_two_servers_count_apart(tmp_path):
    one, other = (Metrics(tmp_path, lambda: 0, None) for _ in range(2))
    one.count_question("answered")
    one.count_search("failed")
    assert lines(one, "pinpoint_questions_total") == [
        'pinpoint_questions_total{outcome="answered"} 1.0'
    ]
    assert lines(one, "pinpoint_searches_total") == [
        'pinpoint_searches_total{outcome="failed"} 1.0'
    ]
    assert lines(other, "pinpoint_questions_total") == []
