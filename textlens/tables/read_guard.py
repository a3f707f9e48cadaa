"""Checks before a file is opened: is it there, what is it really, is it safe to unpack."""

from __future__ import annotations

import difflib
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

from textlens.errors import InputFileError

MAX_FILE_BYTES = 500_000_000
"""Larger files are refused: an annual survey is under 10 MB."""
MAX_UNPACKED_BYTES = 400_000_000
"""XML inside one workbook; 20,000 rows of 15 columns are about 15 MB."""
MAX_RATIO = 300
"""Unpacked : packed for parts over 20 MB. Real sheets stay under 50; a bomb is near 1,000."""

_SAVE_AS = "Excel で開き、「名前を付けて保存」で「Excel ブック (.xlsx)」にしてから渡してください。"
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"%PDF", "PDF"), (b"\x89PNG", "画像（PNG）"), (b"\xff\xd8\xff", "画像（JPEG）"), (b"GIF8", "画像（GIF）"),
    (b"BM\x00", "画像（BMP）"), (b"II*\0", "画像（TIFF）"), (b"MM\0*", "画像（TIFF）"), (b"{\\rtf", "リッチテキスト（RTF）"),
    (b"7z\xbc\xaf\x27\x1c", "圧縮ファイル（7z）"), (b"Rar!", "圧縮ファイル（RAR）"), (b"\x1f\x8b", "圧縮ファイル（gzip）"),
    (b"PAR1", "Parquet"), (b"SQLite format 3", "データベース（SQLite）"), (b"MZ", "プログラム（exe）"),
)
_ZIP_KINDS = (
    ("word/", "Word の文書（.docx）"), ("ppt/", "PowerPoint（.pptx）"), ("xl/workbook.bin", "Excel バイナリ ブック（.xlsb）"),
    ("index/document.iwa", "Numbers の書類"),
)
_MARKUP = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")


def load(path: str | os.PathLike[str]) -> tuple[str, bytes]:
    """Return the file's name and bytes.

    Raises
    ------
    InputFileError
        No such file, a folder, not a plain file, empty, too large, or not readable.
    """
    try:
        file = Path(os.fspath(path))
        name = file.name
        exists, folder = file.exists(), file.is_dir()
    except OSError:
        exists, folder = False, False
    except (TypeError, ValueError):
        raise InputFileError("ファイルの場所を文字列で指定してください（例: read_comments('回答一覧.xlsx')）。") from None
    if not exists:
        raise InputFileError(f"ファイル {name} が見つかりません。{_similar(file)}フォルダとファイル名（拡張子も）を確かめてください。")
    if folder:
        raise InputFileError(f"{name or 'この場所'} はフォルダです。中のファイルを一つ指定してください。")
    if not file.is_file():
        raise InputFileError(f"{name} は普通のファイルではありません。Excel か CSV のファイルを指定してください。")
    if name.startswith("~$"):
        raise InputFileError(f"{name} は、Excel が開いている間に作る作業用ファイルです。「~$」のない方を指定してください。")
    try:
        size = file.stat().st_size
        if size > MAX_FILE_BYTES:
            raise InputFileError(f"{name} は {size // 1_000_000} MB あり、上限（{MAX_FILE_BYTES // 1_000_000} MB）を超えます。"
                                 "画像を除くか、ファイルを分けてください。")
        data = file.read_bytes()
    except PermissionError:
        raise InputFileError(f"{name} を開けません。Excel で開いていれば閉じ、読み取りの権限を確かめてください。") from None
    except OSError as error:
        raise InputFileError(f"{name} を読めません（{error.strerror}）。保存場所につながっているか確かめてください。") from None
    if not data:
        raise InputFileError(f"{name} は空のファイル（0 バイト）です。元のシステムから出し直してください。")
    return name, data


def _similar(file: Path) -> str:
    try:
        names = sorted(item.name for item in file.parent.iterdir() if item.is_file())[:2000]
    except OSError:
        return ""
    near = difflib.get_close_matches(file.name, names, n=3, cutoff=0.6)
    return f"同じフォルダに似た名前があります: {'、'.join(near)}。" if near else ""


def kind_of(name: str, data: bytes) -> str:
    """Tell what the bytes are, whatever the file is called: ``"xlsx"``, ``"xls"`` or ``"text"``.

    Raises
    ------
    InputFileError
        A format that cannot be read; the message says which one and what to do.
    """
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _zip_kind(name, data)
    if data.startswith(_CFB):
        return _compound_kind(name, data)
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise InputFileError(f"{name} の中身は {kind} で、表として読めません。元の Excel か CSV のファイルを指定してください。")
    start = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        raise InputFileError(f"{name} の中身は HTML（Web ページ）です。{_SAVE_AS}")
    if start.startswith((b"<?xml", b"<workbook")):
        raise InputFileError(f"{name} の中身は XML です。{_SAVE_AS}")
    suffix = Path(name).suffix.lower()
    if suffix in (".json", ".jsonl", ".html", ".htm", ".xml", ".py", ".ipynb", ".md"):
        raise InputFileError(f"{suffix} のファイルは読めません（{name}）。.xlsx、.xls、.csv、.tsv、.txt のどれかにしてください。")
    if suffix in (".xlsx", ".xlsm", ".xlsb", ".ods", ".docx", ".pdf") and _looks_binary(data):
        raise InputFileError(f"{name} は壊れているか、{suffix} の形式ではありません。Excel で開けるか確かめ、開ければ .xlsx で保存し直してください。")
    return "text"


def _looks_binary(data: bytes) -> bool:
    sample = data[:8000]
    return sum(byte < 9 or 13 < byte < 32 and byte != 27 for byte in sample) > len(sample) // 50


def _zip_kind(name: str, data: bytes) -> str:
    broken = InputFileError(f"{name} は壊れています（ブックの箱である ZIP が最後まで読めません）。"
                            "コピーの途中で切れていないか確かめ、元のファイルをもう一度写してください。")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = {item.filename.lower() for item in members}
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, RuntimeError, NotImplementedError,
            struct.error, EOFError, OverflowError):
        raise broken from None
    for part, kind in _ZIP_KINDS:
        if any(item.startswith(part) for item in names):
            raise InputFileError(f"{name} の中身は {kind} で、読めません。{_SAVE_AS}")
    if b"opendocument" in mimetype:
        raise InputFileError(f"{name} は OpenDocument（.ods など）で、読めません。表計算ソフトで開き、.xlsx で保存してください。")
    if "xl/workbook.xml" not in names:
        raise InputFileError(f"{name} は ZIP で圧縮されたファイルで、Excel のブックではありません。展開して、中のファイルを指定してください。")
    _check_sizes(name, data, members, broken)
    return "xlsx"


def _check_sizes(name: str, data: bytes, members: list[zipfile.ZipInfo], broken: InputFileError) -> None:
    """Refuse bombs, counting what comes out rather than trusting the sizes the archive declares."""
    bomb = InputFileError(f"{name} は、展開すると大きくなりすぎます（上限 {MAX_UNPACKED_BYTES // 1_000_000} MB）。"
                          "壊れたファイルか、開いたパソコンを止めるために作られたファイルの疑いがあります。出どころを確かめてください。")
    total = 0
    for item in members:
        if not item.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        total += item.file_size
        if total > MAX_UNPACKED_BYTES or (item.file_size > 20_000_000 and item.file_size > MAX_RATIO * item.compress_size):
            raise bomb
    try:
        for item in members:
            _check_member(data, item, bomb, broken)
    except (zlib.error, struct.error, ValueError, OverflowError):
        raise broken from None


def _check_member(data: bytes, item: zipfile.ZipInfo, bomb: InputFileError, broken: InputFileError) -> None:
    if item.flag_bits & 1 or item.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise broken
    head = data[item.header_offset:item.header_offset + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise broken
    name_length, extra_length = struct.unpack("<HH", head[26:30])
    start = item.header_offset + 30 + name_length + extra_length
    packed = memoryview(data)[start:start + item.compress_size]
    if len(packed) < item.compress_size:
        raise broken
    if item.compress_type == zipfile.ZIP_STORED:
        if item.file_size != item.compress_size:
            raise broken
        return
    unpacker, count = zlib.decompressobj(-15), 0
    rest: bytes | memoryview = packed
    while rest and not unpacker.eof:
        count += len(unpacker.decompress(rest, 1 << 20))
        rest = unpacker.unconsumed_tail
        if count > item.file_size:
            raise bomb
    if count + len(unpacker.flush()) != item.file_size:
        raise broken


def _compound_kind(name: str, data: bytes) -> str:
    """Tell the old Office formats and encrypted books apart by the stream names they hold."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise InputFileError(f"{name} はパスワードで保護されています。Excel で開き、"
                             "「ファイル」→「情報」→「ブックの保護」→「パスワードを使用して暗号化」を空にして保存してください。")
    if holds("WordDocument"):
        raise InputFileError(f"{name} の中身は Word の文書（.doc）で、読めません。表を Excel に移して .xlsx で保存してください。")
    if holds("PowerPoint Document"):
        raise InputFileError(f"{name} の中身は PowerPoint（.ppt）で、読めません。元の Excel のファイルを指定してください。")
    if not (holds("Workbook") or holds("Book")):
        raise InputFileError(f"{name} は古い Office の形式ですが、Excel のブックが入っていません。{_SAVE_AS}")
    return "xls"
