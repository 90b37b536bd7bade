"""Names of uploaded files, of which nothing is believed."""

import pytest

from index.errors import InputError
from ui.safe_name import safe_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("notes.txt", "notes.txt"),
        ("Übersicht 1.md", "Übersicht 1.md"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("/etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\a.txt", "a.txt"),
        ("..\\..\\a.txt", "a.txt"),
        ("folder/in/b.md", "b.md"),
        ("..%2F..%2Fa.txt", "%2F..%2Fa.txt"),  # nobody decodes it
        ("a\0b\x07c\r\n.txt", "abc.txt"),
        ("evil\u202etxt.exe.md", "eviltxt.exe.md"),
        ("\ud800a.txt", "a.txt"),
        ("a.txt:stream", "a.txt_stream"),
        ('<img src=x onerror="1">.md', "_img src=x onerror=_1__.md"),
        (".hidden.txt", "hidden.txt"),
        ("...", None),
        ("..", None),
        ("", None),
        ("a/", None),
        ("\u200b", None),
        ("trailing. . ", "trailing"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.tar.zip", "_com1.tar.zip"),
        ("console.txt", "console.txt"),
        ("cafe\u0301.txt", "caf\u00e9.txt"),
        ("x" * 300 + ".txt", "x" * 146 + ".txt"),
        ("é" * 100 + ".md", "é" * 73 + ".md"),
        ("x." + "y" * 300, "x." + "y" * 148),
    ],
)
def test_a_name_is_made_safe(sent, kept):
    if kept is None:
        with pytest.raises(InputError, match=r"^the file has no name that can be kept; rename it$"):
            safe_name(sent)
    else:
        assert safe_name(sent) == kept
        assert safe_name(kept) == kept


@pytest.mark.parametrize("sent", ["~$report.docx", "a.txt~", "a.tmp", "x/a.part"])
def test_files_that_would_be_passed_over_are_refused(sent):
    with pytest.raises(InputError, match=r"are passed over as temporary; rename it$"):
        safe_name(sent)
