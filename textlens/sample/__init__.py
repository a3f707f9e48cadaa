"""The survey that ships with textlens: invented comments of the fictional city 葛川市.

Every word is invented. 葛川市 (くずかわし), its districts, shops, people, telephone numbers and addresses do
not exist. The material is for demonstrations, tutorials and tests; it says nothing about any real office.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Literal

import pandas as pd

from textlens.errors import InputFileError, ParameterError

_FOLDER = Path(__file__).resolve().parent
_STEM = "葛川市_市民意識調査_自由意見"

COLUMNS = (
    "id", "受付日", "回収方法", "性別", "年代", "居住地区", "職業", "居住年数", "同居家族", "子どもの人数",
    "公開同意", "種別", "問12満足度", "自由意見",
)
"""Columns of the master, in order."""

_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}


def sample_survey_path(kind: Literal["xlsx", "csv"] = "xlsx") -> Path:
    """Return where the office file of the sample survey lies.

    Parameters
    ----------
    kind
        ``"xlsx"``: the workbook as a 課 keeps it (title rows, two-row header, merged cells, notes).
        ``"csv"``: the same sheet as Excel saves it in CP932; emoji and rare kanji are ``?`` there.

    Raises
    ------
    ParameterError
        ``kind`` is neither of the two.

    Examples
    --------
    >>> sample_survey_path().name
    '葛川市_市民意識調査_自由意見.xlsx'
    >>> sample_survey_path("csv").is_file()
    True
    """
    if kind not in ("xlsx", "csv"):
        raise ParameterError(f'kind には "xlsx" か "csv" を指定してください（指定された値: {kind!r}）。')
    return _FOLDER / f"{_STEM}.{kind}"


def sample_years() -> dict[str, Path]:
    """Return three years of the invented survey, oldest first: year → office file.

    Made to be compared: between the first and the second year the wording of the question changed; in the third
    the closing of the heated pool, which nobody mentioned before, is a matter for many; more people answer by Web.

    Examples
    --------
    >>> list(sample_years())
    ['令和6年度', '令和7年度', '令和8年度']
    """
    earlier = {year: _FOLDER / f"葛川市_市民意識調査_{year}.csv" for year in ("令和6年度", "令和7年度")}
    return {**earlier, "令和8年度": sample_survey_path()}


def load_master() -> pd.DataFrame:
    r"""Return the clean table from which the office files are built, one row per returned questionnaire.

    Returns
    -------
    DataFrame
        Columns as in :data:`COLUMNS`; ``id`` is text with leading zeros, ``受付日`` a date (datetime64),
        ``子どもの人数`` and ``問12満足度`` (1 = 不満 … 5 = 満足) are ``Int64`` with ``<NA>`` where the box
        was left empty; everything else is text, ``自由意見`` with its line breaks.

    Raises
    ------
    InputFileError
        The shipped file was changed so that it is no longer the table it was.

    Examples
    --------
    >>> master = load_master()
    >>> master["id"].is_unique, master["自由意見"].str.contains("\n").any()
    (True, np.True_)
    """
    path = _FOLDER / "survey.tsv"
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise InputFileError(f"{path.name} の見出しが違います。textlens を入れ直してください。")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(COLUMNS):
            raise InputFileError(
                f"{path.name} の {number} 行目の列数が {len(row)} です（正しくは {len(COLUMNS)}）。"
                "textlens を入れ直してください。"
            )
    table = pd.DataFrame(rows[1:], columns=list(COLUMNS), dtype="str")
    table["受付日"] = pd.to_datetime(table["受付日"], format="%Y-%m-%d")
    for column in ("子どもの人数", "問12満足度"):
        table[column] = pd.to_numeric(table[column].replace("", None)).astype("Int64")
    table["自由意見"] = [_unescape(text) for text in table["自由意見"]]
    return table


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    head, *tail = text.split("\\")
    out, skip = [head], False
    for part in tail:
        if skip:
            out.append(part)
            skip = False
        elif part == "":
            out.append("\\")
            skip = True
        else:
            out.append(_ESCAPES.get(part[0], "\\" + part[0]) + part[1:])
    return "".join(out)
