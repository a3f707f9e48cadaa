"""Bytes of a text file → characters, without losing one.

Office files come as UTF-8 with or without a byte order mark, UTF-16, and above all CP932, which
people call Shift_JIS. ``cp932`` is the only right codec for these: ``shift_jis`` fails on ``①㈱髙﨑``.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes

from textlens.errors import EncodingError

_ALIASES = {
    "shift_jis", "shift-jis", "shiftjis", "sjis", "s_jis", "x-sjis", "ms932", "ms_kanji", "mskanji",
    "windows-31j", "windows31j", "cp932", "932", "csshiftjis",
}
_ALLOWED = {
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp932", "euc_jp", "euc_jis_2004",
    "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_jp_2004", "iso2022_jp_ext",
    "shift_jis_2004", "shift_jisx0213", "euc_jisx0213", "ascii", "cp1252", "iso8859-1", "gb18030", "big5", "cp949", "euc_kr",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO2022 = re.compile(rb"\x1b\$[@B]|\x1b\$\(D")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HALF_KANA = re.compile(r"[｡-ﾟ]")
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")
_KANA = re.compile(r"[ぁ-ん]")
_NOT_TEXT = 0.5
"""Where half of the letters are unlike Japanese office text (:func:`_oddness`), the bytes are no text or in another codec."""


class Decoded(NamedTuple):
    """The characters of a file, the codec that gave them, and what should be told to the user."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def _canonical(name: str) -> str:
    plain = name.strip().lower()
    if plain in _ALIASES or plain.replace("-", "_") in _ALIASES:
        return "cp932"
    try:
        found = codecs.lookup(plain).name
    except (LookupError, ValueError):
        found = ""
    if found not in _ALLOWED:
        raise EncodingError(
            f"encoding={name!r} という文字コードは使えません。"
            "encoding='cp932'（Shift_JIS）、'utf-8'、'utf-16'、'euc_jp' のどれかを指定するか、指定を外してください。"
        )
    return found


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _named(data: bytes, encoding: str, name: str) -> Decoded:
    codec = _canonical(encoding)
    if codec == "utf-8" and data.startswith(codecs.BOM_UTF8):
        codec = "utf-8-sig"
    try:
        text = data.decode(codec)
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        raise EncodingError(
            f"{name} は {encoding} として読めません（{start + 1} バイト目、{_line(data, start)} 行目）。"
            "encoding= の指定を外すと、文字コードを自動で調べます。"
        ) from None
    if codec in ("cp932", "cp1252", "iso8859-1", "gb18030", "big5", "euc_jp") and not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            raise EncodingError(
                f"{name} は UTF-8 のファイルです。encoding={encoding!r} で読むと文字化けします。"
                "encoding= の指定を外すか、encoding='utf-8' としてください。"
            )
    return Decoded(text.removeprefix("\ufeff"), codec)


def _oddness(text: str) -> float:
    """Return how unlike Japanese office text the characters are (0 = like it)."""
    sample = text[:200_000]
    letters = sum(not char.isascii() for char in sample) or 1
    half = len(_HALF_KANA.findall(sample))
    kana = len(_KANA.findall(sample))
    control = len(_CONTROLS.findall(sample))
    return (half + 5 * control + 0.5 * max(0, letters - kana - half - len(_JAPANESE.findall(sample)))) / letters


def _half_width_words(text: str) -> bool:
    """Tell words in half-width kana (ｶﾞｲﾄｳ) from other bytes read as such: ﾞ and ﾟ stand where they can, marks are few."""
    kana = _HALF_KANA.findall(text)
    marks = sum(char in "ﾞﾟ" for char in kana)
    placed = len(re.findall("[ｳｶ-ﾄﾊ-ﾎ]ﾞ|[ﾊ-ﾎ]ﾟ", text))
    return bool(kana) and placed >= 0.9 * marks and sum(char in "｡｢｣､･" for char in kana) <= 0.2 * len(kana) and not _CONTROLS.search(text)


def _sixteen_bits(data: bytes) -> str | None:
    """Return the byte order of UTF-16 text without a byte order mark, judged by where NUL bytes are."""
    sample = data[:20_000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if odd > 0.02 * half and even < 0.1 * odd:
        return "utf-16-le"
    if even > 0.02 * half and odd < 0.1 * even:
        return "utf-16-be"
    return None


def decode(data: bytes, *, encoding: str | None = None, name: str = "ファイル") -> Decoded:
    """Turn the bytes of a text file into characters.

    Parameters
    ----------
    data : bytes
    encoding : str, optional
        Codec to use. ``shift_jis`` and its other names mean CP932, as in Excel.
    name : str
        File name for messages.

    Returns
    -------
    Decoded
        ``text`` without a byte order mark, ``encoding``, ``notes``.

    Raises
    ------
    EncodingError
        The bytes are not text in the codec named, or in any codec tried; the message says at which
        byte and line.

    Notes
    -----
    Order: byte order mark, ISO-2022-JP escapes, UTF-16 by its NUL bytes, UTF-8, then CP932 or EUC-JP,
    whichever reads more like Japanese.

    Misses: a short EUC-JP file of half-width katakana only; CP932 files with vendor characters
    (外字, bytes F040–F9FC) decode to private-use characters and are reported, not repaired.

    Examples
    --------
    >>> decode("①㈱髙﨑〜".replace("〜", "～").encode("cp932")).encoding
    'cp932'
    >>> decode("ご意見".encode("utf-8-sig"))
    Decoded(text='ご意見', encoding='utf-8-sig', notes=())
    """
    if encoding is not None:
        return _named(data, encoding, name)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _marked(data, codec, name)
    if _ISO2022.search(data):
        for codec in ("iso2022_jp", "iso2022_jp_3", "iso2022_jp_ext"):
            try:
                return Decoded(data.decode(codec), codec)
            except UnicodeDecodeError:
                continue
    if b"\0" in data:
        return _with_nulls(data, name)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        utf8 = error.start
    candidates: list[tuple[float, int, Decoded]] = []
    failed = [(utf8, "utf-8")]
    for order, codec in enumerate(("cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004")):
        if order >= 2 and candidates:
            break
        try:
            text = data.decode(codec)
        except UnicodeDecodeError as error:
            failed.append((error.start, codec))
        else:
            candidates.append((_oddness(text), order, Decoded(text, codec)))
    if candidates:
        oddness, _, best = min(candidates, key=lambda item: item[:2])
        if oddness > _NOT_TEXT and not _half_width_words(best.text):
            raise EncodingError(f"{name} は文字のファイルとして読めません（{best.encoding} では意味のない並びになります）。"
                                "Excel で開き直し、.xlsx で保存してください。")
        return best
    guess = from_bytes(data[:100_000]).best()
    hint = f"{guess.encoding} かもしれません（encoding= で指定できます）。" if guess and guess.encoding in _ALLOWED else ""
    places = [f"{codec} は {start + 1} バイト目（{_line(data, start)} 行目）"
              for start, codec in sorted(failed, key=lambda item: -item[0])[:2]]
    raise EncodingError(
        f"{name} の文字コードが分かりません。読めなくなった位置（先まで読めた順）: {'、'.join(places)}。{hint}"
        "途中で切れているか、違う文字コードが混ざっています。元のシステムから出し直すか、Excel で開いて .xlsx で保存してください。"
    )


def _marked(data: bytes, codec: str, name: str) -> Decoded:
    try:
        return Decoded(data.decode(codec).removeprefix("\ufeff"), codec)
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"{name} は {codec} の印で始まりますが、{error.start + 1} バイト目"
            f"（{_line(data, error.start)} 行目あたり）が読めません。"
            "ファイルが途中で切れていないか確かめ、元のシステムから出し直してください。"
        ) from None


def _reads_without_nulls(data: bytes) -> bool:
    """Tell a file in which a NUL has strayed from one of 16-bit characters."""
    for codec in ("utf-8", "cp932"):
        try:
            text = data.replace(b"\0", b"").decode(codec)
        except UnicodeDecodeError:
            continue
        if _KANA.search(text) and _oddness(text) < 0.1:
            return True
    return False


def _with_nulls(data: bytes, name: str) -> Decoded:
    codec = _sixteen_bits(data)
    if codec and not _reads_without_nulls(data):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            text = "\0"
        if "\0" not in text:
            return Decoded(text, codec, (f"文字コードの印（BOM）がないので、{codec} と判断しました。",))
    raise EncodingError(
        f"{name} は文字のファイルではありません（{data.index(0) + 1} バイト目に文字でない値があります）。"
        "Excel のファイルなら、Excel で開いて .xlsx で保存し直してください。"
    )
