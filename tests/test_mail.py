import random
from email.message import EmailMessage

import pytest
from extracted import blocks, check, places

from index.errors import LoadError
from index.formats.mail import load_mail

HEAD = "From: Ada Berg <ada@x.org>\nDate: Tue, 02 May 2023 23:30:00 -0700\nSubject: Moon trees\n"


def load(content, stem="stem"):
    return check(load_mail(content if isinstance(content, bytes) else content.encode(), stem))


def test_a_plain_message():
    mail = load(HEAD + "\nHello,\nthe seeds flew.\n\n> Did they?\n\n-- \nAda\n")
    assert mail.text == "Moon trees\n\nHello,\nthe seeds flew.\n\n> Did they?\n\n-- \nAda"
    assert blocks(mail) == [
        ("text", ("Moon trees",), "Hello,\nthe seeds flew."),
        ("text", ("Moon trees",), "> Did they?"),
        ("text", ("Moon trees",), "-- \nAda"),
    ]
    assert places(mail) == [("message", "Ada Berg <ada@x.org>, 2023-05-02", mail.text)]
    assert (mail.title, mail.date) == ("Moon trees", "2023-05-02")
    assert (mail.authors, mail.media_type) == ("Ada Berg <ada@x.org>", "message/rfc822")
    assert mail.warnings == ()


def message(**headers):
    made = EmailMessage()
    for name, value in headers.items():
        made[name] = value
    return made


def test_plain_text_is_preferred_and_attachments_are_named():
    made = message(Subject="S", From="a@x.org")
    made.set_content("Plain é.\n")
    made.add_alternative("<p>Rich.</p>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="raport é.pdf")
    made.add_attachment("note", filename="note.txt")
    mail = load(made.as_bytes())
    assert mail.text == "S\n\nPlain é."
    assert mail.warnings == (
        "attachment not read: raport é.pdf",
        "attachment not read: note.txt",
    )
    assert places(mail)[0][1] == "a@x.org"


def test_html_is_read_where_there_is_no_plain_text():
    made = message(Subject="S")
    made.set_content("<h1>Top</h1><ul><li>One</ul><script>x</script>", subtype="html")
    mail = load(made.as_bytes())
    assert blocks(mail) == [("item", ("S", "Top"), "One")]
    assert places(mail)[0][:2] == ("message", "stem")


def test_parts_that_are_no_alternatives_are_all_read_in_order():
    mail = load(
        HEAD + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n"
        "<p>Body.\n--b\nContent-Type: text/plain\n\nList footer.\n--b--\n"
    )
    assert mail.text == "Moon trees\n\nBody.\n\nList footer."


def test_alternatives_without_plain_text_give_the_last():
    mail = load(
        HEAD + "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\n"
        "Content-Type: text/html\n\n<p>Rich.\n--b--\n"
    )
    assert mail.text == "Moon trees\n\nRich."
    assert mail.warnings == ()


def test_a_multipart_without_boundary_is_a_warning():
    mail = load(HEAD + "Content-Type: multipart/mixed; boundary=b\n\nno boundary")
    assert mail.warnings == (
        "not read: multipart/mixed whose parts cannot be told apart",
        "no text in the message",
    )


def test_a_forwarded_message_is_an_attachment():
    made = message(Subject="Fwd")
    made.set_content("See below.")
    made.add_attachment(message(Subject="Inner"))
    assert load(made.as_bytes()).warnings == ("attachment not read: message/rfc822",)


def test_encoded_headers_and_charsets():
    raw = (
        b"Subject: =?utf-8?B?Wm/Dqw==?=\nFrom: =?koi8-r?B?69TP?= <k@x.org>\n"
        b"Content-Type: text/plain; charset=windows-1251\nContent-Transfer-Encoding: 8bit\n\n"
    )
    mail = load(raw + "Кот дома.".encode("cp1251"))
    assert mail.text == "Zoë\n\nКот дома."
    assert mail.authors == "Кто <k@x.org>"


def test_missing_headers_are_none():
    mail = load("To: b@x.org\nDate: soon\n\nText.", "2024-01-02 note")
    assert (mail.title, mail.authors, mail.date) == ("2024-01-02 note", None, "2024-01-02")
    assert blocks(mail) == [("text", (), "Text.")]


@pytest.mark.parametrize("content", [b"", b"just text", b"\x00\xff\xfe", b"PK\x03\x04 x"])
def test_what_is_no_mail_is_refused(content):
    with pytest.raises(LoadError, match=r"no mail: .*leave it out"):
        load(content)


@pytest.mark.parametrize(
    "tail",
    [
        "Content-Type: multipart/mixed; boundary=b\n\nno boundary at all",
        "Content-Type: multipart/mixed\n\nnone",
        "Content-Type: text/plain; charset*=x''%zz\n\nx",
        "Content-Type: ;;;\nContent-Transfer-Encoding: base64\n\n!!!",
        "Content-Type: message/rfc822\n\n\n",
        "Content-Disposition: attachment; filename*0*=x''%e9; filename*2=b\n\nx",
        'From: "<@\nTo: =?x?q?=?=,,;:\nDate: Tue, 99 Foo 9999 99:99:99\n\nx',
    ],
)
def test_broken_mime_is_read_or_refused(tail):
    try:
        load("Subject: s\n" + tail)
    except LoadError:
        return


def test_deep_multipart_does_not_run_out_of_stack():
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(60))
    load("Subject: s\n" + nested + "Content-Type: text/plain\n\ndeep")


def test_flipped_bits_raise_only_load_errors():
    made = message(Subject="S é", From="Ada <a@x.org>", Date="Tue, 02 May 2023 10:00:00 +0000")
    made.set_content("Plain é.\n")
    made.add_alternative("<p>Rich.</p>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="r.pdf")
    whole = made.as_bytes()
    for seed in range(60):
        chance = random.Random(seed)
        broken = bytearray(whole[: chance.randrange(1, len(whole))])
        for _ in range(10):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        try:
            load(bytes(broken))
        except LoadError:
            continue
