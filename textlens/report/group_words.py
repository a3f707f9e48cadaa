"""What is said beside the comparison of groups, for readers who know no statistics."""

from __future__ import annotations

from collections.abc import Sequence

from textlens.report.groups import Block, Found, Groups
from textlens.report.profiles import Profile
from textlens.report.words import HIDDEN, label_name
from textlens.tables.groups import WROTE
from textlens.tables.statistics import REFERENCE_N

SIZES = ((0.1, "ごく小さい"), (0.3, "小さい"), (0.5, "中くらい"), (float("inf"), "大きい"))
"""Upper end of the effect → how large a difference is (Cohen 1988, w: 0.1, 0.3, 0.5)."""
METHODS = {"chi2": "カイ二乗検定", "fisher": "フィッシャーの正確検定", "monte_carlo": "正確検定（乱数 9,999 回）"}
NOTHING = "区分として比べられる属性の列がないため、属性別と記入率は作っていません。"
NOBODY_SILENT = "空欄や「特になし」の行がないため、記入率は比べられません（どの区分も 100 ％です）。"


def name_of(label: str) -> str:
    """Return what a label is called in these tables."""
    return "記入率" if label == WROTE else label_name(label)


def size_of(effect: float) -> str:
    """Return how large a difference is.

    Examples
    --------
    >>> size_of(0.05), size_of(0.1), size_of(0.7)
    ('ごく小さい', '小さい', '大きい')
    """
    return next(word for end, word in SIZES if effect < end)


def reading(block: Block) -> str:
    """Return what the tests of one attribute say, in a sentence or two."""
    if not block.found:
        return "比べられる人数がありません。"
    differ = [f for f in block.found if f.differs]
    if block.labels == (WROTE,):
        return f"記入率に差があると言えます（差は{size_of(differ[0].effect)}）。" if differ else "記入率に差があるとは言えません（同じだという意味ではありません）。"
    if not differ:
        return "どの種別も、区分の間に差があるとは言えません（同じだという意味ではありません）。"
    told = "、".join(f"{name_of(f.label)}（差は{size_of(f.effect)}）" for f in sorted(differ, key=lambda f: -f.effect))
    rest = "ほかの種別は、差があるとは言えません。" if len(differ) < len(block.found) else ""
    return f"区分の間に差があると言えるもの：{told}。{rest}"


def verdict(found: Found) -> str:
    """Return what one test says."""
    return f"差があると言える（{size_of(found.effect)}）" if found.differs else "差があるとは言えない"


def kind_notes(groups: Groups, rules: Profile) -> list[str]:
    """Return how to read the table of kinds by attribute."""
    return [
        "数字は、書いた人（本文のある回答）のうち、その種別を含む回答の割合です。一通に複数の種別があれば、それぞれに数えます。市民全体の割合ではありません。",
        f"▲は全体より多い、▼は全体より少ない区分です。差があると言えた種別だけに付けます。「参考」は {REFERENCE_N} 人未満で、割合が大きくぶれるため、印を付けません。",
        f"「差があると言える」は、偶然のばらつきだけでは起こりにくい差です。この報告の {groups.n_tests:,} の比較を一度に見たことを割り引いて判断しています（Holm の方法、5 ％）。",
        "差がある理由は、この表からは分かりません。元の声を読むか、別に調べてください。",
        *_hidden_notes(groups.kinds, rules), *other_notes(groups),
    ]  # fmt: skip


def rate_notes(groups: Groups, rules: Profile) -> list[str]:
    """Return how to read the table of who writes at all."""
    return [
        "記入率は、読み込んだすべての行（空欄と「特になし」を含む）のうち、自由記述に何か書いた人の割合です。書かない人の声は、ほかの表にはありません。",
        "調査票を返さなかった人は、このファイルにいないため、数に入っていません。",
        f"▲は全体より多い、▼は全体より少ない区分です（差があると言えたときだけ）。「参考」は {REFERENCE_N} 人未満で、印を付けません。",
        *_hidden_notes(groups.rates, rules),
    ]  # fmt: skip


def _hidden_notes(blocks: Sequence[Block], rules: Profile) -> list[str]:
    kinds = {row.kind for block in blocks for row in block.rows}
    notes = []
    if rules.min_cell > 1:
        notes.append("差があるかどうかと▲▼は、値や数を伏せる前の全員で調べた結果です。")
        notes.append(f"{rules.min_cell} 未満の数と、差し引きで分かる数は「{HIDDEN}」にしました。" + ("人数の少ない区分は、名前も出さずに一行にまとめました。" if "rest" in kinds else ""))
    if "rare" in kinds:
        notes.append("「（少数のため非表示）」は、属性の組合せが少なく、個票で値を伏せた人です。ほかの区分には数えていません。")
    return notes


def other_notes(groups: Groups) -> list[str]:
    """Return which columns were left out, and which values look like the same people."""
    notes = []
    by_reason: dict[str, list[str]] = {}
    for name, why in groups.left_out:
        by_reason.setdefault(why, []).append(f"「{name}」")
    if by_reason:
        notes.append("比べていない列：" + "。".join(f"{'・'.join(names)}（{why}）" for why, names in by_reason.items()) + "。")
    pairs: dict[str, list[str]] = {}
    for name, short, long in groups.alike:
        pairs.setdefault(name, []).append(f"「{short}」と「{long}」")
    notes += [f"ご注意：「{name}」の{'、'.join(told)}は、別の区分として数えています。同じものなら、元のファイルで書き方をそろえて分析し直してください。" for name, told in pairs.items()]
    return notes
