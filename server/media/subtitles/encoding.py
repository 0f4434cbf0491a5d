"""What the bytes of a text file of subtitles say: such files seldom tell their encoding.

Pure. A byte order mark decides, then UTF-8 if all of it is; else it is guessed, by the language
where the file's name tells it.
"""

import codecs
import unicodedata

import charset_normalizer

_MARKS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What subtitles in a language were written in before Unicode, by ISO 639 codes; strict ones first.
_BY_LANGUAGE = {
    "ja jpn": ("shift_jis", "cp932", "euc_jp"),
    "zh chi zho": ("gb18030", "big5"),
    "ko kor": ("cp949",),
    "ru rus uk ukr bg bul be bel mk mkd mac sr srp": ("cp1251", "koi8_r"),
    "el ell gre": ("cp1253",),
    "tr tur az aze": ("cp1254",),
    "he heb iw": ("cp1255",),
    "ar ara fa fas per ur urd": ("cp1256",),
    "lt lit lv lav et est": ("cp1257",),
    "vi vie": ("cp1258",),
    "th tha": ("cp874",),
    "pl pol cs ces cze sk slk slo hu hun hr hrv sl slv ro ron rum bs bos": ("cp1250",),
    "en eng fr fra fre de deu ger es spa it ita pt por nl nld dut sv swe da dan no nor nb nob"
    " fi fin is isl ice ca cat": ("cp1252",),
}
# Which letters were written in which of the encodings that look alike; the likelier ones first.
# charset-normalizer's own measures tie between them, and took short French for Baltic.
_LATIN_LETTERS = {
    "cp1252": "áàâäãåæçéèêëíìîïñóòôöõøœßúùûüÿ",
    "cp1254": "çğıİöşüâîû",
    "cp1250": "áâăäąćčçďđéěęëíîĺľłńňóôöőřšśşťţúůüűýžźż",
    "cp1257": "āąčćēęėģīįķļņńōóõöšśūųüžźż",
}
_SIGNS = "¿¡«»\u2039\u203a\u201a„“”‘’–—…·•©®°ªº€£\N{NO-BREAK SPACE}"
_LAST_ASCII = 0x7F
_MOST_ACCENTS = 0.5
"""Accented letters for each plain one: 0.3 in the Czech and Vietnamese of the tests, above 3
where the script is another."""

_SAMPLE_BYTES = 64 * 1024
"""Enough of a file to guess by; more only takes longer."""


def decode(data: bytes, language: str = "") -> str:
    """Return the text of a file, whatever it was written in.

    Args:
        data: The file.
        language: Its language where known, as ISO 639 or BCP 47 (`ru`, `rus`, `zh-Hant`).
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if (wide := _unmarked_utf16(data)) is not None:
        return data.decode(wide, errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode(_guess(data, language), errors="replace")


def _unmarked_utf16(data: bytes) -> str | None:
    """Tell UTF-16 by its line ends, of which every file of subtitles has some."""
    sample = data[:_SAMPLE_BYTES]
    for encoding, newline in (("utf-16-le", b"\n\0"), ("utf-16-be", b"\0\n")):
        at = sample.find(newline)
        while at >= 0:
            if at % 2 == 0:
                return encoding
            at = sample.find(newline, at + 1)
    return None


def _guess(data: bytes, language: str) -> str:
    own, _, rest = language.lower().partition("-")
    if own in {"zh", "chi", "zho"} and rest in {"tw", "hk", "mo", "hant"}:
        return "big5"
    for languages, encodings in _BY_LANGUAGE.items():
        if own and own in languages.split():
            return next((e for e in encodings if _fits(data, e)), encodings[0])
    # Lines of times and English names tell nothing.
    telling = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[:_SAMPLE_BYTES]
    if _is_latin(telling):
        return min(_LATIN_LETTERS, key=lambda encoding: _strangers(telling, encoding))
    best = charset_normalizer.from_bytes(telling).best()
    return best.encoding if best is not None else "cp1252"


def _fits(data: bytes, encoding: str) -> bool:
    """Whether all of it is text; some encodings take nearly anything for letters of nobody's."""
    try:
        return not any(unicodedata.category(c) == "Co" for c in data.decode(encoding))
    except UnicodeDecodeError:
        return False


def _is_latin(data: bytes) -> bool:
    """Tell Latin letters with accents by their being few; elsewhere nearly all are beyond ASCII."""
    beyond = sum(byte > _LAST_ASCII for byte in data)
    plain = sum(byte <= _LAST_ASCII and chr(byte).isalpha() for byte in data)
    return beyond < plain * _MOST_ACCENTS


def _strangers(data: bytes, encoding: str) -> int:
    """How many letters and signs are none of those that this encoding was made for."""
    usual = _LATIN_LETTERS[encoding] + _SIGNS
    text = data.decode(encoding, errors="replace")
    return sum(c.lower() not in usual for c in text if not c.isascii())
