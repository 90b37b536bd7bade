import random

import pytest

from index.charset import decode
from index.errors import LoadError
from index.legacy import guess_legacy

GERMAN = "Der Bericht über die Prüfung der Häuser: schöne Größe, façade, déjà vu."
FRENCH = "Zoë a mangé à la crêperie. Le château était fermé et le garçon était rentré."
RUSSIAN = "Все счастливые семьи похожи друг на друга, каждая несчастлива по-своему."
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。"
CHINESE = "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。"
SAMPLES = [
    ("cp1252", GERMAN + " “Zitat” – 5 €."),
    ("cp1252", "The naïve approach does not work for long texts, which are mostly English."),
    ("cp1252", "It’s only quotation marks — nothing else."),
    ("iso8859-1", FRENCH),
    ("iso8859-15", FRENCH + " Cela coûte 5 €."),
    ("cp1250", "Žluťoučký kůň úpěl ďábelské ódy. Příliš mnoho slov v této větě."),
    ("iso8859-2", "Zażółć gęślą jaźń. W Szczebrzeszynie chrząszcz brzmi w trzcinie."),
    ("cp1254", "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar."),
    *((name, RUSSIAN) for name in ("koi8-r", "cp1251", "iso8859-5", "cp866")),
    ("cp1253", "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια."),
    ("cp1255", "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם."),
    ("cp1256", "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق."),
    *((name, JAPANESE) for name in ("shift_jis", "euc_jp")),
    ("euc_kr", "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다."),
    ("gb18030", CHINESE),
    ("big5", "人人生而自由，在尊嚴和權利上一律平等。他們賦有理性和良心，並應以兄弟關係相對待。"),
    *((name, GERMAN) for name in ("cp850", "mac_roman")),
    *((name, text) for name in ("utf-16-le", "utf-16-be") for text in (GERMAN, "Кот и пёс. Дом.")),
]


@pytest.mark.parametrize(("encoding", "text"), SAMPLES)
def test_older_encodings_are_recognised(encoding, text):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marked_text_is_read_as_marked(encoding):
    assert decode("Zoë 猫\r\n".encode(encoding)) == "Zoë 猫\r\n"


def test_a_declared_charset_counts_where_it_fits():
    assert decode(RUSSIAN.encode("iso8859-5"), "ISO-8859-5") == RUSSIAN
    assert decode("é “".encode("cp1252"), "iso-8859-1") == "é “"
    assert decode("é".encode(), "us-ascii\0") == "é"
    assert decode("é".encode(), "no-such") == "é"


@pytest.mark.parametrize(
    "content", [b"a\xff", "Café".encode("cp1252"), "Þórður á völlum".encode("cp1252")]
)
def test_too_little_to_be_sure_is_refused_with_a_way_out(content):
    with pytest.raises(LoadError, match="not valid UTF-8; save it as UTF-8, or leave it out"):
        decode(content)


def test_nothing_is_an_empty_text():
    assert decode(b"") == ""


def test_binary_bytes_are_never_text():
    for seed in range(1000):
        chance = random.Random(seed)
        assert guess_legacy(bytes([0x80]) + chance.randbytes(chance.choice([5, 20, 300]))) is None
    with pytest.raises(LoadError):
        decode(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01")
    with pytest.raises(LoadError, match="byte 0 is not valid UTF-8"):
        decode(b"\xff\x00")
    with pytest.raises(LoadError, match="NUL at character 2"):
        decode(b"ab\0")


def test_wide_text_with_strays_is_refused():
    with pytest.raises(LoadError):
        decode("a\0b\x01".encode("utf-16-le"))
