"""Small tables that staff edit: one reader, whatever program saved them, and one clear error for what is no table."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import textlens as tl
from tests.office_files import workbook, zip_of
from textlens.errors import InputFileError
from textlens.office.corrections import read_corrections
from textlens.office.labelled import read_code_map
from textlens.office.review import read_decisions
from textlens.office.review_sheet import read_review_sheet
from textlens.routing.table import read_departments
from textlens.tables.plain import read_plain, read_sheets, read_table
from textlens.topics.edits import TopicEdits

OFFICES = [["コード", "課名", "所管語"], ["0012", "道路・河川課", "道路、舗装,側溝"], ["B2", "みどり課", "公園、遊具"]]


def picture() -> bytes:
    """A PNG of one pixel."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + part(b"IDAT", zlib.compress(b"\0\0")) + part(b"IEND", b"")


def open_document(rows: list[list[str]]) -> bytes:
    """A spreadsheet as LibreOffice keeps it."""
    cells = "".join(
        "<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row) + "</table:table-row>"
        for row in rows
    )
    names = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text"))
    content = f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet><table:table table:name="表">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    manifest = '<?xml version="1.0"?><m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
    return zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})


def saved(folder: Path, kind: str, rows: list[list[str]], stem: str = "表") -> Path:
    """Write rows as a program of an office would: ``xlsx``, ``ods``, or suffix-encoding."""
    suffix, _, encoding = kind.partition("-")
    path = folder / f"{stem}.{suffix}"
    if suffix == "xlsx":
        return workbook(path, {"表": rows})
    if suffix == "ods":
        path.write_bytes(open_document(rows))
        return path
    pd.DataFrame(rows[1:], columns=rows[0]).to_csv(
        path, sep="," if suffix == "csv" else "\t", index=False, encoding=encoding, lineterminator="\r\n", quotechar='"'
    )
    return path


KINDS = ["xlsx", "ods", "tsv-utf-8", "tsv-utf-8-sig", "tsv-utf-16", "tsv-cp932", "csv-utf-8-sig", "csv-cp932", "csv-utf-16", "txt-utf-16"]
WRONG: dict[str, Callable[[], bytes]] = {
    "絵.xlsx": picture,
    "絵.ods": picture,
    "絵.tsv": picture,
    "絵.csv": picture,
    "途中.xlsx": lambda: zip_of({"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": b"<Types/>"})[:-40],
    "中身なし.xlsx": lambda: zip_of({"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": b"<Types/>"}),
    "文書.xlsx": lambda: zip_of({"word/document.xml": b"<w/>"}),
    "文.xlsx": "コード\t課名\n".encode,
    "古い.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "欠け.ods": lambda: zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
    "半端.tsv": lambda: "コード\t課名\n".encode() + b"\xff\xff\x81",
    "空.tsv": lambda: b"",
    "空白.csv": lambda: b"\n\n",
}
READERS: dict[str, Callable[[Path], object]] = {
    "組織表": read_departments,
    "修正ファイル": read_corrections,
    "判断ファイル": read_decisions,
    "対応表": read_code_map,
    "話題の修正ファイル": TopicEdits.load,
    "確認シート": lambda path: read_review_sheet(path, tl.analyze(pd.DataFrame({"text": ["道が暗い。"]}), n_topics=0), who="係", when="2026-05-01"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_program_of_an_office_is_read(kind: str, tmp_path: Path) -> None:
    found = read_departments(saved(tmp_path, kind, OFFICES))
    assert [(one.code, one.name, one.keywords) for one in found] == [("0012", "道路・河川課", ("道路", "舗装", "側溝")), ("B2", "みどり課", ("公園", "遊具"))]
    rows = [["受付番号", "項目", "修正後", "修正者", "修正日"], ["0001", "種別", "要望", "係", "2026-05-01"]]
    assert read_corrections(saved(tmp_path, kind, rows, "修正"))[["id", "field", "new"]].values.tolist() == [["0001", "intent", "request"]]
    assert read_code_map(saved(tmp_path, kind, [["旧コード", "新コード"], ["A1", "B2"]], "対応表")) == {"A1": ("B2",)}
    edits = TopicEdits.load(saved(tmp_path, kind, [["操作", "話題", "値"], ["名前を変える", "1", "一番"]], "話題"))
    assert edits.edits[0].action == "rename" and edits.edits[0].where.endswith("2 行目")


@pytest.mark.parametrize("what", [*READERS])
@pytest.mark.parametrize("name", [*WRONG])
def test_what_is_no_table_ends_in_one_clear_error(what: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(WRONG[name]())
    with pytest.raises(InputFileError) as told:
        READERS[what](tmp_path / name)
    said = str(told.value)
    assert name in said and said.endswith("ください。") and "Error" not in said
    assert said.startswith(f"{what} {name} ")


@pytest.mark.parametrize("what", [*READERS])
def test_a_file_that_is_not_there_is_named(what: str, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=f"^{what} ない.xlsx がありません。ファイル名と場所を確かめてください。$"):
        READERS[what](tmp_path / "ない.xlsx")


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    book = saved(tmp_path, "xlsx", OFFICES).rename(tmp_path / "組織表.csv")
    assert len(read_departments(book)) == 2
    (tmp_path / "タブ.csv").write_text("code\tname\tkeywords\nA\t課\t道,橋\n", encoding="utf-8")
    assert read_departments(tmp_path / "タブ.csv")[0].keywords == ("道", "橋")


def test_rows_are_numbered_as_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "組織表.tsv"
    path.write_text('# 注 "\n\ncode\tname\tkeywords\n# 注\nA\t課\t道\n\nA\t課\t橋\n', encoding="utf-8")
    assert read_table(path, "組織表", remarks=True).index.tolist() == [5, 7]
    with pytest.raises(InputFileError, match="組織表の 5 行目と 7 行目のコード A"):
        read_departments(path)


def test_quotes_and_rows_of_another_length(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text('id\twhy\n"1"\t"二行に\nわたる"\t\n', encoding="utf-8")
    assert read_table(path, "表", quotes=True).values.tolist() == [["1", "二行に\nわたる"]]
    path.write_text('id\twhy\n1\t"はい" と書いた\n2\n', encoding="utf-8")
    assert read_table(path, "表").values.tolist() == [["1", '"はい" と書いた'], ["2", ""]]
    path.write_text("id\twhy\n1\tひみつ\tひみつ\n", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"^表 a.tsv の 2 行目: セルが 3 あります（見出しは 2 列）") as told:
        read_table(path, "表")
    assert "ひみつ" not in str(told.value)
    path = tmp_path / "a.csv"
    path.write_text('id,why\n1,"閉じない\n2,ひみつ\n', encoding="utf-8")
    with pytest.raises(InputFileError, match="表 a.csv を表として読めません（3 行目までの引用符"):
        read_table(path, "表")


def test_numbers_and_days_of_a_workbook_are_written_as_people_do(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    frame = pd.DataFrame({"番号": [12, None], "日": [pd.Timestamp("2026-05-01"), pd.Timestamp("2026-05-01 09:30")], "文": ["0012", "12.0"]})
    frame.to_excel(path, index=False)
    assert [line.cells for line in read_plain(path, "表")][1:] == [["12", "2026-05-01", "0012"], ["", "2026-05-01 09:30:00", "12.0"]]
    assert list(read_sheets(path, "表")) == ["Sheet1"]


def test_a_book_that_unpacks_into_a_flood_is_refused(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(50_000_000))
    (tmp_path / "a.xlsx").write_bytes(target.getvalue())
    with pytest.raises(InputFileError, match="組織表 a.xlsx を表として読めません"):
        read_departments(tmp_path / "a.xlsx")
