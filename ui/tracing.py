"""OpenTelemetry spans, one a stage, with times and counts and never a word of anybody's.

They are made only where the extra `otel` is installed and an endpoint is configured.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import cache
from typing import Any

_NAME = "pinpoint"
_CONFIGURED = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


class Stages:
    """The spans of a piece of work: one around all of it, one for the stage that it is in."""

    def __init__(self, whole: Any) -> None:  # noqa: ANN401
        self._whole = whole
        self._stage = ExitStack()
        self._current: Any = None
        self._name = ""

    def begin(self, name: str) -> None:
        """Begin a stage, which ends the one before; one that goes on is left."""
        if name == self._name:
            return
        self.end()
        self._name = name
        self._current = self._stage.enter_context(_span(name))

    def count(self, counts: Mapping[str, int | float | bool]) -> None:
        """Note counts on the stage, else on the whole."""
        span = self._current or self._whole
        if span is not None:
            span.set_attributes({f"{_NAME}.{name}": count for name, count in counts.items()})

    def end(self) -> None:
        """End the stage, if there is one; what is counted from here on is of the whole."""
        self._stage.close()
        self._current, self._name = None, ""


@contextmanager
def stages(name: str) -> Iterator[Stages]:
    """Trace the block as a whole, whose stages can be told."""
    with _span(name) as whole:
        made = Stages(whole)
        try:
            yield made
        finally:
            made.end()


def configure() -> bool:
    """Send spans to where `OTEL_EXPORTER_OTLP_ENDPOINT` says; return whether they are sent.

    Nothing is configured where the variable is not set. Where the extra is missing, that is told
    on stderr.
    """
    if not any(os.environ.get(name) for name in _CONFIGURED):
        return False
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        told = "no traces are sent: install the extra with pip install 'pinpoint-qa[otel]'"
        print(told, file=sys.stderr, flush=True)  # noqa: T201
        return False
    name = os.environ.get("OTEL_SERVICE_NAME", _NAME)
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True


@cache
def _tracer() -> Any:  # noqa: ANN401
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    return trace.get_tracer(_NAME)


def _span(name: str) -> AbstractContextManager[Any]:
    tracer = _tracer()
    if tracer is None:
        return nullcontext()
    # An error's message may hold words of a document.
    span: AbstractContextManager[Any] = tracer.start_as_current_span(
        name, record_exception=False, set_status_on_exception=False
    )
    return span
