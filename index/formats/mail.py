"""Mail (RFC 5322): the text of one message, with its sender, date and subject."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from typing import TypeGuard

from index.charset import decode
from index.document import Extracted
from index.errors import LoadError
from index.formats.builder import TextBuilder
from index.formats.html import decode_markup
from index.formats.html_blocks import add_html
from index.formats.html_main import clear_hidden
from index.formats.markup import parse_html
from index.metadata import stated_date
from index.plain import load_plain

_KNOWN = ("from", "to", "date", "subject", "received", "message-id", "mime-version")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ufffd]+")


def load_mail(content: bytes, stem: str) -> Extracted:
    """Read a message: the plain text if it has one, else the HTML, quoted replies and all.

    The title is the subject, else `stem`. Attachments are not read; a warning names each.

    Raises:
        LoadError: the bytes are no mail, or its text is in no encoding that fits.
    """
    message = _parsed(content)
    subject = _header(message, "subject")
    sender, day = _header(message, "from"), _day(message)
    builder = TextBuilder()
    warnings: list[str] = []
    with builder.place("message", ", ".join(part for part in (sender, day) if part) or stem):
        if subject:
            builder.add(subject, kind="heading")
        _add_body(builder, message, (subject,) if subject else (), warnings)
    title = subject or stem
    return builder.build(
        title=title,
        media_type="message/rfc822",
        date=day or stated_date("", [title], stem),
        authors=sender,
        warnings=warnings,
    )


def _parsed(content: bytes) -> Message:
    try:
        message = message_from_bytes(content, policy=policy.default)
        known = any(name.lower() in _KNOWN for name in message)
    except Exception as error:  # the standard library's parser fails in many ways on broken mail
        raise LoadError(f"no mail: {error}; save it again, or leave it out") from error
    if not known:
        raise LoadError("no mail: it has no sender, date or subject; leave it out")
    return message


def _header(message: Message, name: str) -> str | None:
    """Return a header's text on one line, or None where it is missing or beyond reading."""
    try:
        value = message.get(name)
        text = str(value) if value is not None else ""
    except Exception:  # as above
        return None
    return " ".join(_UNPRINTABLE.sub(" ", text).split()) or None


def _day(message: Message) -> str | None:
    try:
        return parsedate_to_datetime(_header(message, "date") or "").date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _add_body(
    builder: TextBuilder, message: Message, heading: tuple[str, ...], warnings: list[str]
) -> None:
    found = False
    for part in _parts(message):
        kind, name = part.get_content_type(), _file_name(part)
        if name is None and kind in ("text/plain", "text/html"):
            found = True
            _add_part(builder, part, heading)
        elif kind.startswith("multipart/"):
            warnings.append(f"not read: {kind} whose parts cannot be told apart")
        else:
            warnings.append(f"attachment not read: {name or kind}")
    if not found:
        warnings.append("no text in the message")


def _add_part(builder: TextBuilder, part: Message, heading: tuple[str, ...]) -> None:
    if part.get_content_type() == "text/plain":
        text = decode(_payload(part).replace(b"\0", b""), _charset(part)).replace("\r\n", "\n")
        builder.include(text, load_plain(text, "").blocks, heading=heading)
        return
    root = parse_html(decode_markup(_payload(part), _charset(part)))
    if root is not None:
        clear_hidden(root)
        add_html(builder, root, above=heading)


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts that hold content; a forwarded message is one part.

    Of alternatives only one is given: the first with plain text, else the last, which is the
    richest.
    """
    stack = [message]
    while stack:
        part = stack.pop()
        payload = part.get_payload()
        inner = [each for each in payload if isinstance(each, Message)] if _is_list(payload) else []
        if part.get_content_maintype() != "multipart" or not inner:
            yield part
        elif part.get_content_type() == "multipart/alternative":
            stack.append(next(filter(_has_plain, inner), inner[-1]))
        else:
            stack.extend(reversed(inner))


def _is_list(payload: object) -> TypeGuard[list[object]]:
    return isinstance(payload, list)


def _has_plain(part: Message) -> bool:
    plain = (each for each in part.walk() if each.get_content_type() == "text/plain")
    return any(_payload(each).strip() for each in plain)


def _file_name(part: Message) -> str | None:
    """Return an attachment's name, or None for a part that belongs to the text."""
    try:
        attached = isinstance(part, EmailMessage) and part.is_attachment()
        name = part.get_filename()
    except Exception:  # as above
        return None
    known = " ".join(_UNPRINTABLE.sub(" ", name or "").split())
    return known or (part.get_content_type() if attached else None)


def _payload(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # as above
        payload = None
    return payload if isinstance(payload, bytes) else b""


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except Exception:  # as above
        return None
