"""Recognise text in an encoding older than Unicode by the alphabets of languages.

A byte above 127 is another letter in each of these encodings. Only in the right one do the letters
make up one language's alphabet (and, beyond Latin, does that language's most frequent letter show).
"""

import re
from collections import Counter
from dataclasses import dataclass

_EXTRA = frozenset("éèàçäöü")  # names and loans in any Latin text
_TYPOGRAPHIC = frozenset("\u00a0\u00ad‘’‚“”„‹›«»–—…•·€£§©®™°²³½¼¾×±µ¡¿ªº´№،؛؟׳״")  # noqa: RUF001
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_IN_WORD = re.compile(r"[^\W\d_][^\w\s\x00-\x7f’·\u00ad–—‘…][^\W\d_]|[a-zà-öø-ÿ][À-ÖØ-Þ]")  # noqa: RUF001
_ASCII_WORDS = re.compile(r"[A-Za-z]+")
_IN_TABLES = re.compile(r"[\d\s,;:.\"/-]+", re.ASCII)  # figures and what stands between cells
_MIXED = re.compile(r"[A-Za-z][^\W\d_\x00-\x7f]|[^\W\d_\x00-\x7f][A-Za-z]")
_MAX_MIXED = 0.02
_FIRST_IDEOGRAPHIC = "\u1100"
_MIN_COVERED = 0.97
_MIN_NATIVE = 0.6
_MIN_PLAIN_LETTERS = 8
_MIN_FREQUENT_LETTERS = 20


@dataclass(frozen=True, slots=True)
class _Language:
    letters: frozenset[str]
    frequent: frozenset[str] = frozenset()
    min_frequent: float = 0.0


def _latin(letters: str) -> _Language:
    return _Language(frozenset(letters + letters.replace("ß", "").upper()))


def _other(ranges: str, frequent: str, share: float) -> _Language:
    letters = frozenset(map(chr, _code_points(ranges)))
    return _Language(letters, frozenset(frequent + frequent.upper()), share)


def _code_points(ranges: str) -> list[int]:
    return [
        code
        for first, last in zip(ranges[::2], ranges[1::2], strict=True)
        for code in range(ord(first), ord(last) + 1)
    ]


_WESTERN = tuple(
    map(
        _latin,
        (
            *("äöüß", "éèàâçêëîïôùûüœæ", "áéíñóúü", "áâãàçéêíóôõú", "àèéìíîòóùú", "åäöé", "æøåé"),
            *("éëïóöüèáêàç", "àçèéíïòóúü"),
        ),
    )
)
_CENTRAL = tuple(
    map(
        _latin,
        ("áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "čćđšž", "ăâîşţ"),
    )
)
_CYRILLIC = (
    _other("АяЁЁёё", "оеаинт", 0.3),
    _other("АяЄЄІІЇЇєєііїїҐҐґґ", "оаинте", 0.3),
    _other("АяЎЎўўІІііЁЁёё", "оаинт", 0.25),
)
_JAPANESE = (_other("ぁヿ一龠々々", "".join(map(chr, range(0x3041, 0x30FD))), 0.2),)
_TRIED: tuple[tuple[str, tuple[_Language, ...]], ...] = (
    ("cp1252", _WESTERN),
    ("iso8859_15", _WESTERN),
    ("cp1250", _CENTRAL),
    ("iso8859_2", _CENTRAL),
    ("cp1254", (_latin("çğıöşüâî"), _Language(frozenset("çğıöşüâîÇĞİÖŞÜ")))),
    ("cp1255", (_other("את", "יוהלאת", 0.3),)),
    ("cp1256", (_other("ءْپپچچژژگگ", "اليمنو", 0.25),)),
    ("cp1253", (_other("Άώ", "αεηιοστν", 0.3),)),
    ("cp949", (_other("가힣", "이다는의을에고가", 0.06),)),
    *((name, _CYRILLIC) for name in ("cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866")),
    ("cp932", _JAPANESE),
    ("euc_jp", _JAPANESE),
    ("gb18030", (_other("一龥", "的一是不了人在有我他这中大来上和国个们为时地", 0.08),)),
    ("big5", (_other("一龥", "的一是不了人在有我他這中大來上和國個們為時地", 0.08),)),
    ("cp850", _WESTERN),
    ("mac_roman", _WESTERN),
)


def guess_legacy(content: bytes) -> str | None:
    """Return the text in the first encoding whose letters fit a language, or None.

    Where two fit, the more common one is earlier in the list: windows-1252 is what browsers
    suppose too. Bytes with control characters are no text.
    """
    if _CONTROL.search(content):
        return None
    for encoding, languages in _TRIED:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _fits(text, languages):
            return text
    return None


def _fits(text: str, languages: tuple[_Language, ...]) -> bool:
    latin = not languages[0].frequent
    if latin and (_IN_WORD.search(text) or not _is_prose(text)):
        return False
    known = frozenset().union(*(language.letters for language in languages))
    alphabet = min(known) < _FIRST_IDEOGRAPHIC
    marks = Counter(char for char in text if char > "\x7f")
    letters = Counter(
        {
            char: count
            for char, count in marks.items()
            if char in known or (char not in _TYPOGRAPHIC if alphabet else char.isalpha())
        }
    )
    if alphabet and not latin and len(_MIXED.findall(text)) > _MAX_MIXED * letters.total():
        return False
    if not letters:  # only quotation marks and the like
        return languages is _WESTERN
    return any(_spells(letters, language) for language in languages)


def _is_prose(text: str) -> bool:
    plain = sum(map(len, _ASCII_WORDS.findall(text)))
    others = len(text) - sum(map(len, _IN_TABLES.findall(text)))
    return plain >= max(_MIN_PLAIN_LETTERS, others / 2)


def _spells(letters: Counter[str], language: _Language) -> bool:
    total = letters.total()
    native = sum(count for char, count in letters.items() if char in language.letters)
    if language.frequent:
        frequent = sum(letters[char] for char in language.frequent)
        enough = total >= _MIN_FREQUENT_LETTERS and frequent >= language.min_frequent * total
        return enough and native >= _MIN_COVERED * total
    extra = sum(letters[char] for char in _EXTRA - language.letters)
    return native + extra >= _MIN_COVERED * total and native >= _MIN_NATIVE * total
