"""Files out of a `multipart/form-data` request, handed on as they come."""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

from python_multipart.exceptions import ParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from index.errors import InputError


class Sink(Protocol):
    """Where files go to."""

    def begin(self, sent: str) -> None:
        """Begin a file under the name that was sent for it."""

    def write(self, data: bytes) -> None:
        """Add to the file."""

    def end(self) -> None:
        """End the file."""


class TooManyFilesError(InputError):
    """A request holds more files than it may."""


async def receive(
    stream: AsyncIterator[bytes], content_type: str, sink: Sink, *, most_files: int
) -> None:
    """Read a request to its end and give its files to a sink, in a thread.

    Fields that are no files are passed over.

    Raises:
        InputError: it is no such request, is damaged or ends too early.
        TooManyFilesError: it holds more than `most_files`.
    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise InputError("files are sent as multipart/form-data")
    parts = _Parts(options[b"boundary"], sink, most_files)
    async for data in stream:
        await asyncio.to_thread(parts.feed, data)
    parts.check_ended()


class _Parts:
    def __init__(self, boundary: bytes, sink: Sink, most_files: int) -> None:
        self._sink = sink
        self._left = most_files
        self._most = most_files
        self._field = self._value = b""
        self._sent: str | None = None
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_part_begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._on_header_end,
                "on_headers_finished": self._on_headers_finished,
                "on_part_data": self._on_part_data,
                "on_part_end": self._on_part_end,
                "on_end": self._on_end,
            },
        )

    def feed(self, data: bytes) -> None:
        try:
            self._parser.write(data)
        except ParseError as error:
            raise InputError("the upload is damaged; send it again") from error

    def check_ended(self) -> None:
        if not self._ended:
            raise InputError("the upload ends too early; send it again")

    def _on_part_begin(self) -> None:
        self._sent = None

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if self._field.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            sent = options.get(b"filename")
            # A form without a chosen file sends an empty name.
            self._sent = sent.decode("utf-8", "replace") if sent else None
        self._field = self._value = b""

    def _on_headers_finished(self) -> None:
        if self._sent is None:
            return
        if not self._left:
            raise TooManyFilesError(
                f"more than {self._most} files at once; add their folder by its path instead"
            )
        self._left -= 1
        self._sink.begin(self._sent)

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._sent is not None:
            self._sink.write(data[start:end])

    def _on_part_end(self) -> None:
        if self._sent is not None:
            self._sink.end()

    def _on_end(self) -> None:
        self._ended = True
