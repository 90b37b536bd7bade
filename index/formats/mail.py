"""Mail (RFC 5322): the text of one message, with its sender, date and subject."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime

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
    plain: list[Message] = []
    html: list[Message] = []
    for part in _parts(message):
        kind = part.get_content_type()
        name = _file_name(part)
        if name is not None or kind not in ("text/plain", "text/html"):
            warnings.append(f"attachment not read: {name or kind}")
        else:
            (plain if kind == "text/plain" else html).append(part)
    texts = [text for part in plain if (text := _plain_text(part)).strip()]
    for text in texts:
        read = load_plain(text, "")
        builder.include(text, read.blocks, heading=heading)
    for part in html if not texts else ():
        root = parse_html(decode_markup(_payload(part), _charset(part)))
        if root is not None:
            clear_hidden(root)
            add_html(builder, root, above=heading)
    if not (plain or html):
        warnings.append("no text in the message")


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts that hold content; a forwarded message is one part."""
    stack = [message]
    while stack:
        part = stack.pop()
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            stack.extend(each for each in reversed(inner) if isinstance(each, Message))
        else:
            yield part


def _file_name(part: Message) -> str | None:
    """Return an attachment's name, or None for a part that belongs to the text."""
    try:
        attached = isinstance(part, EmailMessage) and part.is_attachment()
        name = part.get_filename()
    except Exception:  # as above
        return None
    known = " ".join(_UNPRINTABLE.sub(" ", name or "").split())
    return known or (part.get_content_type() if attached else None)


def _plain_text(part: Message) -> str:
    text = decode(_payload(part).replace(b"\0", b""), _charset(part))
    return text.replace("\r\n", "\n")


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
