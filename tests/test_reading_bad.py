"""Bad input: each gets a Japanese error that names file, place and cure, and quotes no comment."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.office_files import delimited, repacked, survey, workbook, zip_of
from textlens.errors import EncodingError, InputFileError, ParameterError, TextColumnError, TextlensError
from textlens.tables import read_guard
from textlens.tables.reading import read_comments

SECRET = "ひみつカナリア"
GOOD = [["番号", "ご意見"], *([str(i), f"道が暗い所が{i}か所あります。{SECRET}"] for i in range(12))]


def refused(path: Any, kind: type[Exception] = InputFileError, **options: Any) -> str:
    """Read, expect a refusal, and return its message after checking that it tells nothing it must not."""
    with pytest.raises(kind) as caught:
        read_comments(path, **options)
    message = str(caught.value)
    assert SECRET not in message and isinstance(caught.value, ValueError)
    assert caught.value.__cause__ is None and (caught.value.__suppress_context__ or caught.value.__context__ is None)
    assert str(Path(str(path)).parent) + os.sep not in message, "the folder may hold a person's name"
    return message


CONTENTS = {
    "a.pdf": (b"%PDF-1.7\n...", "PDF"), "写真.xlsx": (b"\x89PNG\r\n\x1a\n....", "PNG"), "b.xls": (b"\xff\xd8\xff\xe0", "JPEG"),
    "表.xls": ("<html><table><tr><td>番号</td></tr></table></html>".encode(), "HTML"),
    "表.xlsx": (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "HTML"),
    "表2003.xls": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML"),
    "a.docx": (zip_of({"word/document.xml": b"<w/>"}), "Word"), "b.xlsx": (zip_of({"ppt/presentation.xml": b"<p/>"}), "PowerPoint"),
    "a.ods": (zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<c/>"}), "OpenDocument"),
    "c.xlsx": (zip_of({"回答.csv": b"1,2"}), "ZIP"), "a.xlsb": (zip_of({"xl/workbook.bin": b"\0"}), ".xlsb"),
    "切れ.xlsx": (zip_of({"xl/workbook.xml": b"<w/>" * 99})[:80], "壊れて"), "空.csv": (b"", "0 バイト"),
    "制御文字.csv": (b"\x1f\x1f", "空白と改行しか"), "空白.csv": (" \r\n\u3000\r\n".encode(), "空白と改行しか"), "a.json": (b'[{"text": "x"}]', ".json"),
    "鍵.xlsx": (read_guard._CFB + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "パスワード"),
    "旧.doc": (read_guard._CFB + bytes(600) + "WordDocument".encode("utf-16-le"), "Word"),
    "旧.xls": (read_guard._CFB + bytes(600) + "Workbook".encode("utf-16-le"), "壊れて"),
    "謎.xls": (read_guard._CFB + bytes(600), "Excel のブックが入っていません"), "a.csv": (bytes(range(256)) * 9, "文字のファイルではありません"),
    "雑.xlsx": (b"\x01\x02\x03\x04" * 99, "壊れて"), "a.7z": (b"7z\xbc\xaf\x27\x1c....", "7z"), "見出し.csv": ("番号,ご意見\r\n".encode(), "0 行"),
    "数.csv": ("番号,満足度\r\n".encode() + b"1,2\r\n2,3\r\n3,4\r\n", "数字の列しか"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_content_decides(name: str, tmp_path: Path) -> None:
    data, words = CONTENTS[name]
    (tmp_path / name).write_bytes(data)
    message = refused(tmp_path / name)
    assert words in message and name in message


def test_missing_folder_and_special_files(tmp_path: Path) -> None:
    delimited(tmp_path / "市民の声2026.csv", GOOD)
    assert "似た名前があります: 市民の声2026.csv" in refused(tmp_path / "市民の声2025.csv")
    assert "フォルダです" in refused(tmp_path)
    (tmp_path / "~$市民の声.xlsx").write_bytes(b"x")
    assert "作業用ファイル" in refused(tmp_path / "~$市民の声.xlsx")
    assert "見つかりません" in refused(tmp_path / ("あ" * 300 + ".csv"))
    if os.path.exists("/dev/zero"):
        assert "普通のファイルではありません" in refused("/dev/zero")
    for wrong in (None, 3, "a\0b"):
        with pytest.raises(TextlensError):
            read_comments(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [
    [["市長への手紙"], ["受付番号", "12"], ["受付日", "2026/4/1"], ["住所", "葛川市城北"], ["内容", SECRET], ["回答", "伝えます。"]],
    [["回答者", "A", "B"], ["性別", "男", "女"], ["年代", "30代", "60代"], ["自由意見", SECRET, f"{SECRET}。道が暗いので直してほしい。"]],
])
def test_headings_in_the_first_column(rows: list[list[str]], tmp_path: Path) -> None:
    """Dates and addresses of a form must not come out as comments."""
    assert "行/列の入れ替え" in refused(workbook(tmp_path / "a.xlsx", {"様式": rows}), TextColumnError)
    kinds = [["種別", "内容"], *([kind, f"{kind}です。道が暗い。"] for kind in ("苦情", "要望", "意見", "感想"))]
    assert len(read_comments(workbook(tmp_path / "b.xlsx", {"一覧": kinds}))) == 4


def test_workbook_called_csv_and_text_called_xls(tmp_path: Path) -> None:
    workbook(tmp_path / "a.csv", {"表": GOOD})
    delimited(tmp_path / "b.xls", GOOD, "cp932", "\t")
    for name in ("a.csv", "b.xls"):
        df = read_comments(tmp_path / name)
        assert len(df) == 12 and any("拡張子は" in warning for warning in df.attrs["reading"].warnings)


@pytest.mark.parametrize("bad, words", [
    ('1,"閉じ忘れ\r\n2,次の行\r\n3,また次\r\n', "「\"」の数が合いません"),
    ('1,"彼は"はい"と言った"\r\n2,次\r\n', "「\"」の数が合いません"),
    ('1,"閉じ忘れ\r\n2,次の行\r\n3,また次\r\n4,終わり"\r\n5,五\r\n6,六\r\n', "飲み込まれています"),
    ("1,道が暗い。\r\nそして次に、ここです。\r\n2,二\r\n3,三\r\n4,四\r\n", "文だけの行"),
    ("1,道が暗い\r\n2,バス,電車が不便\r\n3,三\r\n4,四\r\n5,五\r\n", "列が多く"),
])
def test_broken_quotes_and_stray_delimiters(bad: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(("番号,ご意見\r\n" + bad).replace("次", SECRET).encode("cp932"))
    message = refused(tmp_path / "a.csv")
    assert words in message and "行目" in message


def test_comments_with_line_breaks_and_commas_are_not_taken_for_lost_quotes(tmp_path: Path) -> None:
    rows = [["番号", "ご意見"], *([str(i), "一つ目、道が暗い。\n二つ目、バスがない。\n三つ目, 公園, 図書館"] for i in range(9))]
    assert read_comments(delimited(tmp_path / "a.csv", rows))["text"].iloc[0] == rows[1][1]


@pytest.mark.parametrize("encoding, words", [("utf-8", "1 行目"), ("utf-16", "読めません"), ("rot13", "使えません"), ("no-such", "使えません")])
def test_wrong_encoding_named(encoding: str, words: str, tmp_path: Path) -> None:
    assert words in refused(delimited(tmp_path / "a.csv", GOOD, "cp932"), EncodingError, encoding=encoding)


def test_broken_bytes_are_told_by_place_in_the_likely_codes_only(tmp_path: Path) -> None:
    data = delimited(tmp_path / "a.csv", GOOD).read_bytes().replace("5か".encode(), b"5\xff\xfe")
    (tmp_path / "b.csv").write_bytes(data)
    message = refused(tmp_path / "b.csv", EncodingError)
    assert "utf-8 は" in message and "（7 行目）" in message and "euc_jis_2004" not in message


def test_cp932_named_for_a_utf8_file(tmp_path: Path) -> None:
    file = delimited(tmp_path / "a.csv", [["番号", "意見"], ["1", "道"], ["2", "川や海"]], "utf-8")
    assert "UTF-8" in refused(file, EncodingError, encoding="latin-1")


def test_undecodable_byte_is_located(tmp_path: Path) -> None:
    file = delimited(tmp_path / "a.csv", GOOD, "utf-8")
    file.write_bytes(file.read_bytes() + b"13,\xff\xfe\xfd\r\n")
    message = refused(file, EncodingError)
    assert f"utf-8 は {file.stat().st_size - 4} バイト目（14 行目）" in message and "cp932" in message


def test_too_long_cell(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(("番号,ご意見\r\n1,道\r\n2," + "あ" * 1_000_001 + "\r\n").encode())
    assert "1,000,000 文字" in refused(file) and "3 行目" in refused(file)


def test_bombs(tmp_path: Path) -> None:
    base = workbook(tmp_path / "a.xlsx", {"表": GOOD})
    big = b"<x>" + b" " * 50_000_000 + b"</x>"
    assert "大きくなりすぎ" in refused(repacked(base, tmp_path / "b.xlsx", lambda p: {**p, "xl/worksheets/sheet1.xml": big}))
    entities = b'<!DOCTYPE a [<!ENTITY b "x">]><worksheet/>'
    assert "DOCTYPE" in refused(repacked(base, tmp_path / "c.xlsx", lambda p: {**p, "xl/worksheets/sheet1.xml": entities}))

    def far(book: Any, page: Any) -> None:
        page.write_string(1_048_575, 16_383, "x")

    assert "散らばって" in refused(workbook(tmp_path / "d.xlsx", {"表": GOOD}, {"表": far}))


def test_declared_sizes_are_not_trusted(tmp_path: Path) -> None:
    base = workbook(tmp_path / "a.xlsx", {"表": GOOD})
    data = bytearray(base.read_bytes())
    with zipfile.ZipFile(base) as archive:
        item = archive.getinfo("xl/sharedStrings.xml")
    lie = (item.file_size - 50).to_bytes(4, "little")
    data[item.header_offset + 22: item.header_offset + 26] = lie
    central = data.rindex(b"xl/sharedStrings.xml") - 46
    data[central + 24: central + 28] = lie
    (tmp_path / "b.xlsx").write_bytes(data)
    refused(tmp_path / "b.xlsx")


@pytest.mark.parametrize("part, old, new", [
    ("xl/sharedStrings.xml", b'uniqueCount="', b'uniqueCount="99999999999'), ("xl/worksheets/sheet1.xml", b'<c r="A2"', b'<c r="A299999999"'),
    ("xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="299999999"'), ("xl/worksheets/sheet1.xml", b'<c r="A2"', b'<c r="ZZZZ2"'),
])
def test_numbers_that_would_make_the_reader_take_all_memory(part: str, old: bytes, new: bytes, tmp_path: Path) -> None:
    base = workbook(tmp_path / "a.xlsx", {"表": GOOD})
    assert "壊れて" in refused(repacked(base, tmp_path / "b.xlsx", lambda p: {**p, part: p[part].replace(old, new)}))


def test_file_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_guard, "MAX_FILE_BYTES", 10)
    assert "上限" in refused(delimited(tmp_path / "a.csv", GOOD))


def test_sheets(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"回答": GOOD, "空": [], "集計": [["件数", "割合"], [1, 2], [3, 4]]})
    assert "あるシート: 「回答」、「空」、「集計」" in refused(file, sheet="回答一覧")
    assert "1 から 3 まで" in refused(file, sheet=0)
    assert "何も書かれていません" in refused(file, sheet="空")
    assert "数字の列しか" in refused(file, TextColumnError, sheet="集計")
    assert "何も書かれていません" in refused(workbook(tmp_path / "b.xlsx", {"空": []}))
    for options in ({"sheet": 1.5}, {"sheet": True}, {"text": 3}, {"attributes": 5}, {"attributes": [1]}, {"encoding": 1}):
        with pytest.raises(ParameterError):
            read_comments(file, **options)  # type: ignore[arg-type]


def test_nothing_of_a_comment_reaches_the_log_or_the_screen(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(5)
    source = workbook(tmp_path / "a.xlsx", {"表": GOOD}).read_bytes()
    with caplog.at_level(logging.DEBUG):
        for _ in range(60):
            data = bytearray(source)
            data[rng.randrange(len(data))] ^= 255
            (tmp_path / "b.xlsx").write_bytes(bytes(data))
            with contextlib.suppress(TextlensError):
                read_comments(tmp_path / "b.xlsx")
    out, err = capfd.readouterr()
    assert SECRET not in caplog.text + out + err and "panicked" not in err


def _mutated(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    changed = bytearray(data)
    for place, length, new in changes:
        start = place % max(1, len(changed))
        changed[start:start + length] = new
    return bytes(changed)


_CHANGES = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 8),
                              st.one_of(st.binary(max_size=4), st.sampled_from([b'"', b"\n", b",", b"<", b"-1", b"9" * 12]))), min_size=1, max_size=5)
_FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_FUZZ
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a.txt", "a.tsv"]))
def test_random_bytes_end_well(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    with contextlib.suppress(TextlensError):
        read_comments(tmp_path / name)


@_FUZZ
@given(_CHANGES, st.sampled_from(["utf-8", "cp932", "utf-16"]))
def test_mutated_csv_ends_well(tmp_path: Path, changes: list[tuple[int, int, bytes]], encoding: str) -> None:
    data = delimited(tmp_path / "a.csv", GOOD, encoding).read_bytes()
    (tmp_path / "b.csv").write_bytes(_mutated(data, changes))
    with contextlib.suppress(TextlensError):
        read_comments(tmp_path / "b.csv")


@_FUZZ
@given(_CHANGES)
def test_mutated_xls_ends_well(tmp_path: Path, changes: list[tuple[int, int, bytes]]) -> None:
    (tmp_path / "b.xls").write_bytes(_mutated((Path(__file__).parent / "cases" / "reading_survey.xls").read_bytes(), changes))
    with contextlib.suppress(TextlensError):
        read_comments(tmp_path / "b.xls")


@_FUZZ
@given(_CHANGES, st.integers(0, 50))
def test_mutated_workbook_parts_end_well(tmp_path: Path, changes: list[tuple[int, int, bytes]], part: int) -> None:
    base = tmp_path / "a.xlsx"
    if not base.exists():
        survey(base, 6)
    with zipfile.ZipFile(io.BytesIO(base.read_bytes())) as archive:
        name = sorted(archive.namelist())[part % len(archive.namelist())]
    repacked(base, tmp_path / "b.xlsx", lambda parts: {**parts, name: _mutated(parts[name], changes)})
    with contextlib.suppress(TextlensError):
        read_comments(tmp_path / "b.xlsx")
