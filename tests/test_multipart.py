"""Files out of a request, as they come."""

import asyncio

import pytest

from index.errors import InputError
from ui.multipart import TooManyFilesError, receive

TYPE = "multipart/form-data; boundary=limit"


class Collected:
    def __init__(self):
        self.files = []
        self.open = None

    def begin(self, sent):
        self.open = (sent, b"")

    def write(self, data):
        self.open = (self.open[0], self.open[1] + data)

    def end(self):
        self.files.append(self.open)
        self.open = None


def part(content, disposition='form-data; name="files"; filename="a.txt"'):
    return (f"--limit\r\nContent-Disposition: {disposition}\r\n\r\n{content}\r\n").encode()


def received(body, content_type=TYPE, step=5, most_files=3):
    async def stream():
        for at in range(0, len(body), step):
            yield body[at : at + step]

    sink = Collected()
    asyncio.run(receive(stream(), content_type, sink, most_files=most_files))
    return sink.files


@pytest.mark.parametrize("step", [1, 5, 10_000])
def test_files_come_whole_however_they_are_cut(step):
    named = 'form-data; name="files"; filename="dir/é \\"x\\".md"'
    body = part("one\r\ntwo") + part("", named) + part("three") + b"--limit--\r\n"
    assert received(body, step=step) == [
        ("a.txt", b"one\r\ntwo"),
        ('dir/é "x".md', b""),
        ("a.txt", b"three"),
    ]


def test_fields_and_empty_choices_are_passed_over():
    body = part("yes", 'form-data; name="replace"')
    body += part("", 'form-data; name="files"; filename=""') + part("one") + b"--limit--\r\n"
    assert received(body, most_files=1) == [("a.txt", b"one")]


def test_a_name_that_is_no_utf8_is_shown_as_far_as_it_goes():
    body = part("one").replace(b"a.txt", b"\xff.txt") + b"--limit--\r\n"
    assert received(body) == [("\ufffd.txt", b"one")]


def test_too_many_files_are_refused():
    with pytest.raises(TooManyFilesError) as caught:
        received(part("one") * 4 + b"--limit--\r\n")
    told = "more than 3 files at once; add their folder by its path instead"
    assert str(caught.value) == told


@pytest.mark.parametrize("body", [b"", part("one"), part("one")[:-9], part("one") + b"--limit"])
def test_what_ends_too_early_is_refused(body):
    with pytest.raises(InputError, match=r"^the upload ends too early; send it again$"):
        received(body)


def test_damage_is_refused():
    with pytest.raises(InputError, match=r"^the upload is damaged; send it again$"):
        received(b"something else entirely" * 9)


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/form-data"])
def test_other_requests_are_refused(content_type):
    with pytest.raises(InputError, match=r"^files are sent as multipart/form-data$"):
        received(part("one") + b"--limit--\r\n", content_type)
