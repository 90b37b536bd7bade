"""Spans of stages, in memory."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.conversations import Conversations
from ui import ask_routes, tracing
from ui.job import Job

sdk = pytest.importorskip("opentelemetry.sdk.trace")


@pytest.fixture
def spans(monkeypatch):
    """Return the spans that have ended."""
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = sdk.TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", lambda: provider.get_tracer("test"))
    return exporter.get_finished_spans


def told(spans):
    return [(span.name, dict(span.attributes)) for span in spans]


def test_each_stage_is_a_span_in_the_whole(spans):
    with tracing.stages("question") as traced:
        traced.begin("searching")
        traced.count({"passages": 3})
        traced.begin("searching")
        traced.begin("reading")
        traced.end()
        traced.count({"answered": True})
    ended = spans()
    assert told(ended) == [
        ("searching", {"pinpoint.passages": 3}),
        ("reading", {}),
        ("question", {"pinpoint.answered": True}),
    ]
    whole = ended[-1].context
    assert [span.parent.span_id for span in ended[:-1]] == [whole.span_id] * 2
    assert all(span.start_time <= span.end_time for span in ended)


def test_an_error_ends_all_spans_and_leaves_no_word(spans):
    with pytest.raises(ValueError, match="SECRET"), tracing.stages("question") as traced:
        traced.begin("reading")
        raise ValueError("SECRET")
    assert told(spans()) == [("reading", {}), ("question", {})]
    assert "SECRET" not in "".join(span.to_json() for span in spans())


def test_without_the_extra_nothing_is_traced(monkeypatch):
    monkeypatch.setattr(tracing, "_tracer", lambda: None)
    with tracing.stages("question") as traced:
        traced.begin("searching")
        traced.count({"passages": 3})
        traced.end()
        traced.count({"answered": True})


def test_a_question_is_traced_without_its_words(pinpoint, folder, spans):
    (folder / "gate.txt").write_text("The gate opens at nine.")
    pinpoint.sync(folder)
    app = FastAPI()
    ask_routes.add(app, pinpoint, Conversations(pinpoint.home))
    with TestClient(app) as client:
        client.post("/page/ask", json={"question": "When does the gate open?"})
        client.post("/page/ask", json={"question": " "})
    counts = {"pinpoint.answered": True, "pinpoint.citations": 1, "pinpoint.documents": 1}
    assert told(spans()) == [
        ("searching", {}),
        ("reading", {}),
        ("checking quotes", {}),
        ("question", counts),
        ("question", {"pinpoint.failed": True}),
    ]
    written = "".join(span.to_json() for span in spans())
    assert "gate" not in written
    assert "nine" not in written


def test_a_job_is_traced_without_names(pinpoint, folder, spans):
    (folder / "gate.txt").write_text("The wall is high.")
    job = Job(pinpoint)
    job.start("add", lambda own, progress: own.sync(folder, progress=progress))
    job._thread.join(30)
    assert job.state.report is not None
    ended = told(spans())
    assert ended[-1] == ("job: add", {})
    stages = dict(ended[:-1])
    assert stages["reading files"] == {"pinpoint.done": 1, "pinpoint.total": 1}
    assert stages["embedding chunks"] == {"pinpoint.done": 1, "pinpoint.total": 1}
    assert "gate" not in "".join(span.to_json() for span in spans())


def test_nothing_is_sent_where_nothing_is_configured(monkeypatch):
    for name in tracing._CONFIGURED:
        monkeypatch.delenv(name, raising=False)
    assert tracing.configure() is False


def test_a_missing_extra_is_told(monkeypatch, capsys):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    assert tracing.configure() is False
    assert capsys.readouterr().err == (
        "no traces are sent: install the extra with pip install 'pinpoint-qa[otel]'\n"
    )


def test_what_is_configured_is_sent(monkeypatch):
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    given = []
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.setattr("opentelemetry.trace.set_tracer_provider", given.append)
    assert tracing.configure() is True
    (provider,) = given
    assert provider.resource.attributes["service.name"] == "pinpoint"
    provider.shutdown()
