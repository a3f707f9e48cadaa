"""Where the numbers come from, and the sentences that go with them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from textlens import schema
from textlens.errors import AccountingError
from textlens.report.profiles import Profile
from textlens.report.words import HIDDEN, Labels, sentence, sentence_fits, value_notes

SMALL_N = 30
"""Below this a group is only indicative (domain.md W76: 警察庁 marks n < 30 as 参考値)."""

ALWAYS = ("personal", "third_party", "recall", "not_anonymous", "counts", "legal", "provenance")
"""The seven sentences of domain.md C6; no setting leaves them out."""

UNKNOWN = "不明"

_NO_FILE = "ファイルでない表（DataFrame）"
_ROWS = "読み込んだ表"

DIGITS = 12
"""Characters of a digest that people compare."""


class Account(NamedTuple):
    """One line of the accounting of rows (全件収支)."""

    name: str
    rows: int
    note: str
    total: bool = False


def row_accounts(analysis: Any, labels: Labels, rules: Profile) -> tuple[Account, ...]:
    """Return where every row of the file went; outside the desk without the names of sheets.

    Raises
    ------
    AccountingError
        The lines do not add up.
    """
    counts = analysis.comments["status"].value_counts()
    notes = value_notes("status")
    parts = [Account(labels("status", s), int(counts.get(s, 0)), notes.get(s, "")) for s in schema.STATUSES]
    n_rows = len(analysis.comments)
    if sum(p.rows for p in parts) != n_rows:
        raise AccountingError(f"全体の収支が合いません（行 {n_rows}、状態の合計 {sum(p.rows for p in parts)}）。結果は書き出していません。")
    lines = [*parts, Account("計（読み込んだ行）", n_rows, "", total=True)]
    reading = (analysis.run.get("input") or {}).get("reading") or {}
    if reading.get("rows_below_headings") is not None:
        told = reading.get("left_out", ()) if rules.mask == "none" else [(row, str(why).partition("（")[0]) for row, why in reading.get("left_out", ())]
        reasons = Counter(str(reason) for _, reason in told)
        left = [Account("除いた行", n, reason) for reason, n in sorted(reasons.items())]
        below = int(reading["rows_below_headings"])
        if below == n_rows + sum(a.rows for a in left):
            lines += [*left, Account("計（見出しより下のすべての行）", below, "読み込んだ行と除いた行の合計", total=True)]
    return tuple(lines)


def carried_sentences(analysis: Any, rules: Profile, counts: dict[str, int], *, has_consent: bool) -> dict[str, str]:
    """Return the sentences of a report by name, in their order: domain.md C6 (always), then the profile's."""
    parameters = analysis.run.get("survey") or {}
    figures: dict[str, dict[str, object]] = {
        "personal": {},
        "third_party": {"third_party": counts["third_party"], "sensitive": counts["sensitive"]},
        "recall": {"recall": analysis.run.get("recall") or "未測定"},
        "not_anonymous": {},
        "counts": {
            "distributed": parameters.get("distributed", UNKNOWN), "returned": parameters.get("returned", counts["rows"]),
            "written": counts["written"], "units": counts["units"],
        },
        "legal": {},
        "provenance": {"data": data_name(analysis, rules), "method": method_name(analysis), "execution": execution(analysis)},
        "personal_public": {},
        "verbatim": {},
        "residual": {},
        "small_cells": {"min_cell": rules.min_cell, "mark": HIDDEN},
        "withheld": {"withheld": counts["withheld"]},
        "quotes": {},
        "small_n": {"n": SMALL_N},
    }  # fmt: skip
    if rules.needs_consent:
        name = "consent" if has_consent else "no_consent_column"
        figures[name] = {k: counts[k] for k in ("consented", "published", "refused", "unknown")} if has_consent else {}
    if counts["control"]:
        figures["control"] = {}
    return {n: sentence(n, **values) for n, values in figures.items() if n in ALWAYS or sentence_fits(n, rules.name)}


def digests(run: Mapping[str, Any]) -> tuple[str, str]:
    """Return the SHA-256 of the file ('' where none is known) and of the rows as they were read, from a manifest."""
    source = run.get("input") or {}
    if "rows_sha256" not in source:  # a result of before: its digest is that of the rows
        return "", str(source.get("sha256") or "")
    return str(source["sha256"] or ""), str(source["rows_sha256"])


def data_name(analysis: Any, rules: Profile) -> str:
    """Return the name of the input (a file name, never a path) with the start of its hash; outside the desk the hash alone.

    Files are named after people (大石太郎_….csv), and so are sheets. Where the digest of the file is not known, that of the
    rows is told, and called so.
    """
    reading = (analysis.run.get("input") or {}).get("reading") or {}
    of_file, of_rows = digests(analysis.run)
    digest = f"SHA-256 {of_file[:DIGITS]}" if of_file else f"{_ROWS}の SHA-256 {of_rows[:DIGITS] or UNKNOWN}"
    if not reading:
        return f"{_NO_FILE}（{digest}）"
    if rules.mask != "none":
        return f"{digest}（ファイル名は担当内の版にあります）"
    name = next((str(reading[k]) for k in ("file", "name", "path", "source") if reading.get(k)), _NO_FILE)
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    sheet = reading.get("sheet")
    return f"{name}{f'［{sheet}］' if sheet else ''}（{digest}）"


def _digest_of_file(run: Mapping[str, Any]) -> str:
    """Return the whole digest of the file, or why there is none."""
    source = run.get("input") or {}
    missing = "記録していません（textlens analyze でファイルを読むと記録します）" if source.get("reading") else f"なし（{_NO_FILE}です）"
    return digests(run)[0] or missing


def method_name(analysis: Any) -> str:
    """Return version of textlens and one short hash over all dictionaries in use."""
    version = (analysis.run.get("versions") or {}).get("textlens", "?")
    return f"textlens {version}・辞書 {rules_hash(analysis)}"


def rules_hash(analysis: Any) -> str:
    """Return twelve digits that change whenever any dictionary in use changes."""
    files = analysis.run.get("dictionaries") or {}
    lines = "\n".join(f"{name} {digest}" for name, digest in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:12]


def execution(analysis: Any) -> str:
    """Return what decides the result of a run; nothing notes when ``analyze`` ran, and the log what left the desk afterwards."""
    parameters = analysis.run.get("parameters") or {}
    return f"乱数の種 {parameters.get('random_state', '?')}（分析の日時と実行者は記録していません。確認・配布・共有の日時と実行者は操作記録に残ります）"


def method_rows(analysis: Any, rules: Profile, counts: dict[str, int], left_out: dict[str, str]) -> list[tuple[str, str]]:
    """Return the method card as pairs of item and value; ``left_out``: attributes that are not in the list, and why."""
    run = analysis.run
    parameters = run.get("parameters") or {}
    labels = Labels()
    corrections = getattr(analysis, "corrections", None)
    rows = [
        ("元データ", data_name(analysis, rules)),
        ("読み込んだ行数", f"{counts['rows']:,} 行（うち分類した回答 {counts['read']:,} 通、意見単位 {counts['units']:,} 件）"),
        ("元データの SHA-256", _digest_of_file(run)),
        (f"{_ROWS}の SHA-256", f"{digests(run)[1] or UNKNOWN}（番号・見出し・値から作った印です。列の選び方で変わります）"),
        ("利用目的", str(parameters.get("purpose") or "記入されていません（analyze の purpose で指定してください）")),
        ("記録の種類", labels("record_type", parameters.get("record_type", "survey"))),
        ("出す範囲", f"{rules.name}（{rules.title}）"),
        ("伏せる数", f"{rules.min_cell} 未満" if rules.min_cell > 1 else "伏せない"),
        ("伏せたセルの数", f"{counts['hidden_cells']:,}"),
        ("一覧に載せていない属性の列", _left_out(left_out)),
        ("人による訂正", "なし" if corrections is None else f"{len(corrections):,} 件"),
        ("数え方", "「通」は回答（一人の一つの欄）、「件」は意見単位（一つの回答を、述べていることごとに分けたもの）。"),
        ("種別", "手がかりの語と規則、学習した重みで判定。複数の種別に当てはまる回答は、主な種別を一つ選び、すべても示す。"),
        ("極性", "極性辞書の語を、否定・条件・反語などの言い方を見て数える。手がかりがなければ中立。"),
        ("課の候補", "組織表の語と規則で順位を付ける。決め手が足りないものは保留とし、人が決める。"),
        ("課の手がかりにした設問・見出し", _asked(parameters.get("question") or {})),
        ("話題", "内容語の出方が近い回答をまとめ、特徴的な語を名前にする。同じデータなら並べ替えても同じ結果になる。"),
        ("第三者の情報", "氏名・番号は形と言葉の表から、病気・事情・役割・年齢と誰のことかは、表の印と前後の言葉から学んだ重みで探す。"),
        ("学ばせたモデル", models_told(parameters.get("models") or {}) or "なし（付属のまま）"),
        ("話題の修正", f"あり（印 {parameters['topic_edits'][:DIGITS]}）" if parameters.get("topic_edits") else "なし"),
        ("乱数の種", str(parameters.get("random_state", "?"))),
    ]
    rows += [(f"版: {name}", str(version)) for name, version in sorted((run.get("versions") or {}).items())]
    rows += [("辞書全体の印", rules_hash(analysis))]
    return rows + [(f"辞書: {name}", str(digest)) for name, digest in sorted((run.get("dictionaries") or {}).items())]


def _left_out(columns: dict[str, str]) -> str:
    by_reason: dict[str, list[str]] = {}
    for name, why in columns.items():
        by_reason.setdefault(why, []).append(f"「{name}」")
    return "　".join(f"{'、'.join(names)}: {why}。" for why, names in by_reason.items()) or "なし"


def _asked(question: dict[str, Any]) -> str:
    columns = [f"列「{name}」" for name in question.get("columns", ())]
    return "、".join([*([f"「{question['wording']}」"] if question.get("wording") else []), *columns]) or "なし"


def models_told(digests: dict[str, str]) -> str:
    """Name what an office taught, with the start of each digest (``Analysis.run``); '' where all is as shipped."""
    labels = Labels()
    return "、".join(f"{labels('model', kind)}（印 {digest[:DIGITS]}）" for kind, digest in sorted(digests.items()))
