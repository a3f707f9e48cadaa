"""What calamine does not tell about an .xlsx sheet: formats, hidden rows and columns, extent.

A pass over the XML with expat, which costs a fraction of reading the workbook with openpyxl.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from textlens.errors import InputFileError
from textlens.tables.sheet_format import BUILT_IN

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MAX_ROWS, _MAX_COLUMNS = 1_048_576, 16_384
_CHUNK = 1 << 20
_PLAIN = ("General", "@", "")


@dataclass
class Structure:
    """Formats and hidden parts of one sheet (0-based), and the last row and column that hold a value.

    ``formulas`` are cells whose formula has no saved value; ``zeros`` those that show 0, which is what programs that
    cannot calculate write (see :func:`recalculates`).
    """

    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    zeros: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    top: int = -1
    left: int = -1
    bottom: int = -1
    right: int = -1


def _actual(archive: zipfile.ZipFile, part: str) -> str:
    """Part names are compared without case (ECMA-376 part 2)."""
    names = archive.namelist()
    return part if part in names else next((name for name in names if name.lower() == part.lower()), part)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(archive: zipfile.ZipFile, part: str, on_start, on_text=None) -> None:  # type: ignore[no-untyped-def]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise InputFileError("ブックの中の XML に DOCTYPE 宣言があります。Excel が作るファイルにはないものなので、読みません。")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = on_start
    if on_text is not None:
        parser.CharacterDataHandler = on_text
    with archive.open(_actual(archive, part)) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _honest(attributes: dict[str, str], size: int) -> None:
    """Refuse counts that cannot be true: calamine reserves that much memory, and the process dies."""
    for name in ("count", "uniqueCount"):
        if int(attributes.get(name, "0") or 0) > size:
            raise ValueError("count")


def check_counts(archive: zipfile.ZipFile) -> None:
    """Check the counts that parts other than sheets declare, such as the number of shared strings.

    Raises
    ------
    ValueError
        A count is larger than the part has bytes.
    """
    for item in archive.infolist():
        part = item.filename.lower()
        if not (part.startswith("xl/") and part.endswith(".xml")) or "worksheets" in part:
            continue
        size = item.file_size

        def start(name: str, attributes: dict[str, str], size: int = size) -> None:
            if name != "t" and attributes:
                _honest(attributes, size)

        _parse(archive, item.filename, start)


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    folder, file = posixpath.split(part)
    found: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship":
            target = attributes.get("Target", "")
            found[attributes.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target)))

    _parse(archive, f"{folder}/_rels/{file}.rels", start)
    return found


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part (path in the archive) of each sheet, by sheet name."""
    relations = _relations(archive, "xl/workbook.xml")
    found: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            link = next((value for key, value in attributes.items() if _local(key) == "id"), "")
            if link in relations:
                found[attributes.get("name", "")] = relations[link]

    _parse(archive, "xl/workbook.xml", start)
    return found


def recalculates(archive: zipfile.ZipFile) -> bool:
    """Tell whether the book asks Excel to calculate all formulas anew, as books do that no Excel has saved yet."""
    found = [False]

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "calcPr":
            found[0] = attributes.get("fullCalcOnLoad") in ("1", "true")

    _parse(archive, "xl/workbook.xml", start)
    return found[0]


def style_formats(archive: zipfile.ZipFile) -> list[str]:
    """Return the number format of each cell style, by style number."""
    if "xl/styles.xml" not in [name.lower() for name in archive.namelist()]:
        return []
    custom: dict[int, str] = {}
    styles: list[int] = []
    inside = [False]

    def start(name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "numFmt":
            custom[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif local in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside[0] = local == "cellXfs"
        elif local == "xf" and inside[0]:
            styles.append(int(attributes.get("numFmtId", "0")))

    _parse(archive, "xl/styles.xml", start)
    return [custom.get(number, BUILT_IN.get(number, "")) for number in styles]


class _Scan:
    """Handlers of one pass; positions are kept because ``r`` may be absent from cells and rows."""

    def __init__(self, formats: list[str], size: int) -> None:
        self.found = Structure()
        self.size = size
        self.special = {str(n): code for n, code in enumerate(formats) if code not in _PLAIN}
        self.row, self.column, self.kind, self.style = -1, -1, "", ""
        self.reading_error = False
        self.opened, self.formula, self.reading_formula, self.value = False, False, False, ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name) if ":" in name else name
        self.reading_error = self.reading_formula = False
        opened, self.opened = self.opened, local == "c"
        if local == "c":
            self._cell(attributes)
        elif local in ("v", "is"):
            self._value()
        elif local == "f" and opened:  # rules of conditional formats, further down, hold an f too
            self._formula()
        elif local == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
            if not 0 <= self.row < _MAX_ROWS:
                raise ValueError("row")
            if attributes.get("hidden") in ("1", "true"):
                self.found.hidden_rows.add(self.row)
        elif local == "col" and attributes.get("hidden") in ("1", "true"):
            self.found.hidden_columns.update(range(int(attributes["min"]) - 1, min(int(attributes["max"]), 16384)))
        elif "count" in attributes:
            _honest(attributes, self.size)

    def _cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            reference = _REFERENCE.fullmatch(attributes["r"].upper())
            if reference is None:
                raise ValueError("cell")
            column = 0
            for letter in reference.group(1):
                column = column * 26 + ord(letter) - 64
            self.column, self.row = column - 1, int(reference.group(2)) - 1
        else:
            self.column += 1
        if not (0 <= self.column < _MAX_COLUMNS and 0 <= self.row < _MAX_ROWS):
            raise ValueError("cell")
        self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
        self.formula, self.value = False, ""

    def _reach(self) -> None:
        found, row, column = self.found, self.row, self.column
        found.top = row if found.top < 0 else min(found.top, row)
        found.left = column if found.left < 0 else min(found.left, column)
        found.bottom, found.right = max(found.bottom, row), max(found.right, column)

    def _formula(self) -> None:
        self._reach()
        self.formula = True
        self.found.formulas.add((self.row, self.column))

    def _value(self) -> None:
        found, row, column = self.found, self.row, self.column
        self._reach()
        if self.formula and self.kind in ("str", "inlineStr"):  # Excel saves an empty result as an empty string
            found.formulas.discard((row, column))
        self.reading_formula = self.formula
        if self.kind in ("n", "d") and self.style in self.special:
            found.formats[row, column] = self.special[self.style]
        elif self.kind == "e":
            self.reading_error = True

    def text(self, data: str) -> None:
        if self.reading_error:
            self.found.errors[self.row, self.column] = data[:20]
        if self.reading_formula:
            self._result(data)

    def _result(self, data: str) -> None:
        cell = self.row, self.column
        self.value += data[:20]
        if self.value.strip():
            self.found.formulas.discard(cell)
        if self.value.strip() == "0" and self.kind == "n":
            self.found.zeros.add(cell)
        else:
            self.found.zeros.discard(cell)


def scan_sheet(archive: zipfile.ZipFile, part: str, formats: list[str]) -> Structure:
    """Read the structure of one sheet.

    Raises
    ------
    InputFileError
        The XML has a DOCTYPE.
    expat.ExpatError, ValueError
        The XML is broken, or a cell lies outside any sheet.
    """
    scan = _Scan(formats, archive.getinfo(_actual(archive, part)).file_size)
    _parse(archive, part, scan.start, scan.text)
    return scan.found
