"""An office's own dictionary folder: ``check`` says of every broken one what ``analyze`` says, without a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from textlens import cli
from textlens.errors import DictionaryError
from textlens.resources import dictionaries_root
from textlens.rules import load_rows, own, read_columns, read_table, use_dictionaries
from textlens.rules.checking import check_own, require_sound
from textlens.rules.limits import COLUMNS, SPARSE, WHOLE, is_rules

CUES = "id\tlabel\tcue\tmatch\tweight\tterm\texample\n"
HEADS = {
    "intent/cues.tsv": CUES, "sentiment/roles.tsv": "id\tterm\tlabel\tmatch\n", "sentiment/polarity.tsv": "feature\tpositive\tnegative\tmixed\tneutral\n",
    "personal/plain_names.tsv": "feature\tweight\n", "personal/name_kanji.tsv": "kanji\tsurname_first\tsurname_last\tgiven_first\tgiven_last\talone\n",
    "routing/concepts.tsv": "concept\tanchors\toutside\trelated\n", "routing/matters.tsv": "id\tconcept\tweight\tterms\n",
    "facets/lacks.tsv": "id\tbase\tkind\tnegated\tstop\n",
}  # fmt: skip
ROWS = [
    # an office's rules
    ("intent/cues.tsv", "k1\t苦情\tlack\tliteral\t1\tやばすぎ\tやばすぎ", "2 行目 (id k1) の label: request・"),
    ("intent/cues.tsv", "k1\tcomplaint\tlakc\tliteral\t1\tやばすぎ\tやばすぎ", "2 行目 (id k1) の cue: 付属の"),
    ("intent/cues.tsv", "k1\tcomplaint\tlack\t部分\t1\tやばすぎ\tやばすぎ", "2 行目 (id k1): match は "),
    ("intent/cues.tsv", "k1\tcomplaint\tlack\tliteral\t１\tやばすぎ\tやばすぎ", "2 行目 (id k1) の weight: 半角の数で"),
    ("intent/cues.tsv", "k1\tcomplaint\tlack\tliteral\tnan\tやばすぎ\tやばすぎ", "2 行目 (id k1) の weight: 半角の数で"),
    ("intent/cues.tsv", "k1\tcomplaint\tlack\tregex\t1\t(やば\t", "2 行目 (id k1): 正規表現が正しくありません"),
    ("intent/cues.tsv", "k1\tcomplaint\tlack\tbase\t1\t　\t", "2 行目 (id k1) の term: 必ず書いて"),
    ("intent/cues.tsv", "k1\tcomplaint\tlack\tregex\t1\t\"や,ば\"\t", "2 行目 (id k1) の term: 「\"」で囲まれて"),
    ("intent/cues.tsv", "\tcomplaint\tlack\tliteral\t1\tやば\t", "2 行目 の id: 必ず書いて"),
    ("intent/cues.tsv", "k1\tcomplaint\tlack\tliteral\t1\tやば\t\nk1\tcomplaint\tlack\tliteral\t1\tやばい\t", "3 行目 (id k1) の id: 前の行と重なって"),
    ("intent/cues.tsv", "rq-hosii\t\t\toff\t\tx\t", "2 行目 (id rq-hosii) の id: 付属の辞書にない id"),
    ("intent/cues.tsv", "rq-hoshii\t\t\toff\t\t\t", "2 行目 (id rq-hoshii) の term: 必ず書いてください。off で"),
    ("sentiment/roles.tsv", "k1\tではない\t否定\tbase", "2 行目 (id k1) の label: deny・"),
    ("sentiment/roles.tsv", "k1\tない\tdeny\tregex", "2 行目 (id k1) の match: base と書いて"),
    # an office's tables
    ("sentiment/polarity.tsv", "complaint\t大\t1\t1\t1", "2 行目 の positive: 半角の数で"),
    ("sentiment/polarity.tsv", "complaint\t1\t1\t1\t", "2 行目 の neutral: 必ず書いて"),
    ("sentiment/polarity.tsv", "complain\t1\t1\t1\t1", "2 行目 の feature: "),
    ("personal/plain_names.tsv", "constant\t弱い", "2 行目 の weight: 半角の数で"),
    ("personal/name_kanji.tsv", "畑\t1\t2.5\t3\t4\t", "2 行目 の surname_last: 半角の整数で"),
    ("personal/name_kanji.tsv", "畑\t1\t\t3\t4\t", "2 行目 の surname_last: 必ず書いて"),
    ("routing/concepts.tsv", "側溝\t側溝\tX9\t", "2 行目 の outside: X0・X1・X2・X3・X4 のどれか"),
    ("routing/concepts.tsv", "側溝\t側溝\t\t百歳のお祝い、総合計画書", "2 行目 の related: routing/concepts.tsv の concept にない名前です。近いのは「総合計画」です。"),
    ("routing/matters.tsv", "m1\t総合計画書\t3\tどんぐり館", "2 行目 (id m1) の concept: routing/concepts.tsv の concept にない名前です。近いのは「総合計画」です。"),
    ("routing/matters.tsv", "m1\t総合計画\t強\tどんぐり館", "2 行目 (id m1) の weight: 半角の数で"),
    ("routing/matters.tsv", "m1\t総合計画\t\tどんぐり館", "2 行目 (id m1) の weight: 必ず書いて"),
    ("facets/lacks.tsv", "LK01\tない\t無い\t\t=無し", "2 行目 (id LK01) の stop: "),
    ("facets/lacks.tsv", "LK01\tない\t無い\tはい\t", "2 行目 (id LK01) の negated: 半角の 0 か 1 で"),
]  # fmt: skip
FILES = [
    ("intent/cues.tsv", (CUES + "k1\tcomplaint\tlack\tliteral\t1\tやばすぎ\tやばすぎ\n").encode("cp932"), "UTF-8 で書かれていません"),
    ("intent/cues.tsv", (CUES + "k1\tcomplaint\tlack\tliteral\t1\tやばすぎ\tやばすぎ\n").encode("utf-16"), "UTF-8 で書かれていません"),
    ("intent/cues.tsv", CUES.encode("utf-16-le"), "UTF-8 で書かれていません"),
    ("topics/synonyms.tsv", "語\t代表\nくるま\t車\n".encode("cp932"), "UTF-8 で書かれていません"),
    ("topics/synonyms.tsv", "語\t代表\nくるま\t車\n".encode(), "見出しに「id」の列がありません"),
    ("intent/cues.tsv", "番号\t種別\t言葉\n1\t苦情\tやばすぎ\n".encode(), "見出しに「id」の列がありません"),
    ("intent/cues.tsv", b"id\tmatch\nrq-hoshii\toff\n", "見出しに「term」の列がありません"),
    ("intent/cues.tsv", "id\tterm\tlabel\tlabel\nk1\tやば\tcomplaint\tpraise\n".encode(), "見出しに「label」の列が二つ"),
    ("intent/cues.tsv", b"", "見出しの行がありません"),
    ("intent/cues.tsv", b"id\tterm\tlabel\nk1\ta\tcomplaint\tb\n", "2 行目: 列が 4 あります"),
    ("personal/reading_weights.tsv", b"table\tvalue\tweights\nlabel\tnone\t1\n", "学習した重みの表"),
]  # fmt: skip
BROKEN = [*((name, (HEADS[name] + rows + "\n").encode(), said) for name, rows, said in ROWS), *FILES]
UNREAD = [
    ("intent/cue.tsv", "近いのは「intent/cues.tsv」です。"),
    ("cues.tsv", "intent/cues.tsv か routing/cues.tsv"),
    ("葛川市/intent/cues.tsv", "intent/cues.tsv に、タブ区切りの UTF-8 で置いて"),
    ("intent/cues.csv", "タブ区切りの UTF-8 で intent/cues.tsv として保存"),
    ("intent/cues.xlsx", "タブ区切りの UTF-8 で intent/cues.tsv として保存"),
    ("routing/departments.tsv", "組織表は --departments で"),
    ("tables/headings.tsv", "この辞書には重ねられません"),
    ("読んでね.pdf", "付属の辞書と同じフォルダ名・ファイル名"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "葛川市の辞書").mkdir()
    yield tmp_path / "葛川市の辞書"
    use_dictionaries(None)


def lay(folder: Path, name: str, content: bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def two_comments(tmp_path: Path) -> Path:
    (tmp_path / "声.csv").write_text("番号,ご意見\n1,道が暗いので直してください。母も困っています。\n2,図書館の職員の方が親切でした。\n", encoding="utf-8")
    return tmp_path / "声.csv"


def faults(folder: Path) -> list[str]:
    use_dictionaries(folder)
    return [fault for _, report in check_own(folder) for fault in report.faults]


@pytest.mark.parametrize(("name", "content", "said"), BROKEN)
def test_check_and_every_command_say_the_same(folder: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, said: str) -> None:
    lay(folder, name, content)
    told = faults(folder)
    assert told[0].startswith(f"自分の市の辞書 {name}") and said in told[0] + told[-1]
    assert cli.main(["analyze", str(two_comments(folder.parent)), "--out", str(folder.parent / "結果"), "--dictionaries", str(folder), "--quiet"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"エラー: {told[0]}\n") and "不具合" not in error
    assert (len(told) > 1) is (f"ほかに {len(told) - 1} か所" in error)


@pytest.mark.parametrize(("name", "content", "said"), BROKEN)
def test_the_loader_itself_refuses(folder: Path, name: str, content: bytes, said: str) -> None:
    lay(folder, name, content)
    use_dictionaries(folder)
    load = load_rows if is_rules((dictionaries_root() / name).read_text(encoding="utf-8").split("\n")[0].split("\t")) else read_table
    for loader in (load, *([read_columns] if load is read_table else [])):
        with pytest.raises(DictionaryError) as error:
            loader(name)
        assert str(error.value).startswith(faults(folder)[0])


@pytest.mark.parametrize(("name", "said"), UNREAD)
def test_a_file_that_is_never_read_is_told(folder: Path, name: str, said: str) -> None:
    lay(folder, name, b"id\tterm\n")
    use_dictionaries(folder)
    (told,) = require_sound(folder)
    assert told.startswith(f"自分の市の辞書 {name}: 読まれません。") and said in told


def test_the_command_tells_all_and_goes_on_to_the_last_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, "intent/cues.tsv", (CUES + "k1\tcomplaint\tlack\tliteral\t1\tやば\tやば").encode("cp932"))
    lay(folder, "sentiment/roles.tsv", (HEADS["sentiment/roles.tsv"] + "k1\tない\t否定\tbase\nk2\tない\t否定\tbase\n").encode())
    lay(folder, "intent/cue.tsv", CUES.encode())
    assert cli.main(["check", "--dictionaries", str(folder), "--quiet"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0].strip() for line in lines] == [
        "自分の市の辞書 intent/cues.tsv", "自分の市の辞書 sentiment/roles.tsv 2 行目 (id k1) の label",
        "自分の市の辞書 sentiment/roles.tsv 3 行目 (id k2) の label", "自分の市の辞書 intent/cue.tsv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("report/profiles.tsv", "setting\t担当内\t庁内共有\t公表\nconsent\t0\t0\t１\n", "半角の 0 か 1"),
        ("personal/patterns.tsv", "id\tgroup\tpattern\nage-named\tage-named\t(?P<v>卒寿\n", "age-named の pattern"),
        ("facets/lacks.tsv", "id\tbase\tkind\tstop\nLK01\tない\tなさ\t\n", "facets/lacks.tsv (id LK02) の stop"),
        ("routing/cues.tsv", "cue\tterms\nasking\t市長への手紙\n", "cue が asking の行の terms"),
        ("report/headings_ja.tsv", "name\theading\twidth\tkind\tprofile\nintent\t市民の３５％が要望\t9\tlabel\t公表\n", "ban-pop-001"),
    ],
)
def test_what_is_wrong_only_together_is_found_by_reading_two_comments(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, said: str
) -> None:
    lay(folder, name, content.encode())
    assert faults(folder) == []
    assert cli.main(["check", "--dictionaries", str(folder), "--quiet"]) == 2
    error = capsys.readouterr().err
    assert said in error and "不具合" not in error
    analyze = ["analyze", str(two_comments(folder.parent)), "--out", str(folder.parent / "結果"), "--topics", "0", "--dictionaries", str(folder), "--quiet"]
    assert cli.main(analyze) == 2
    assert capsys.readouterr().err == f"エラー: {error.strip()}\n"


def test_a_sound_folder_passes_and_what_is_left_out_is_not_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(folder, "intent/cues.tsv", (CUES + "k1\tcomplaint\tlack\tliteral\t1\tやばすぎ\t道がやばすぎ\nrq-hoshii\t\t\toff\t\tx\t\n").encode())
    lay(folder, "topics/compounds.tsv", "id\tterm\nk1\tどんぐり館\n".encode())
    lay(folder, "routing/concepts.tsv", (HEADS["routing/concepts.tsv"] + "どんぐり館\t公園\t\t総合計画\n").encode())
    lay(folder, "routing/matters.tsv", (HEADS["routing/matters.tsv"] + "k1\tどんぐり館\t2.5\tどんぐり館\n").encode())
    lay(folder, "facets/cues.tsv", "id\tterm\tlabel\tmatch\nk1\t草\tkusa\tliteral\n".encode())
    lay(folder, "facets/combinations.tsv", b"id\tlaw\turgent\tneeds\tscope\nk1\tchild_abuse\t1\tkusa harm\tunit\n")
    lay(folder, "README.md", "自分の市の言葉".encode())
    lay(folder, ".DS_Store", b"\0")
    assert cli.main(["check", "--dictionaries", str(folder)]) == 0
    said = capsys.readouterr()
    assert "自分の市の辞書 intent/cues.tsv: 1 行、例文 1 文、直すところ 0" in said.out and not said.err
    assert require_sound(folder) == []


def test_a_label_that_no_combination_asks_for_is_told(folder: Path) -> None:
    lay(folder, "facets/cues.tsv", "id\tterm\tlabel\tmatch\nk1\t草\tkusa\tliteral\n".encode())
    assert "(id k1) の label: facets/combinations.tsv の needs にない名前です。" in faults(folder)[0]


def test_an_empty_folder_is_told(folder: Path) -> None:
    use_dictionaries(folder)
    assert "ファイルが一つもありません" in require_sound(folder)[0]


def test_a_copy_of_all_that_ships_is_sound_but_for_what_cannot_be_laid_over(folder: Path) -> None:
    shutil.copytree(dictionaries_root(), folder, dirs_exist_ok=True)
    assert {fault.split(":")[0].removeprefix("自分の市の辞書 ") for fault in faults(folder)} == set(own._LEARNT)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    assert {*own._LEARNT, *own._ALONE, *SPARSE, *WHOLE, *(name for name in COLUMNS if "*" not in name)} <= names


def test_a_fault_mended_in_another_file_is_forgotten(folder: Path) -> None:
    lay(folder, "routing/matters.tsv", (HEADS["routing/matters.tsv"] + "k1\tどんぐり館\t2\tどんぐり館\n").encode())
    assert faults(folder)
    lay(folder, "routing/concepts.tsv", "concept\tanchors\nどんぐり館\t公園\n".encode())
    assert not faults(folder) and read_table("routing/matters.tsv")[-1]["concept"] == "どんぐり館"


def test_a_row_replaces_all_of_ours_with_its_key_and_no_other(folder: Path) -> None:
    before = read_table("personal/kana_names.tsv")
    double = next(row["term"] for row in before if sum(r["term"] == row["term"] for r in before) > 1)
    lay(folder, "personal/kana_names.tsv", "term\tkind\nドングリ\tsurname\n".encode())
    use_dictionaries(folder)
    assert read_table("personal/kana_names.tsv") == (*before, {"term": "ドングリ", "kind": "surname"})
    lay(folder, "personal/kana_names.tsv", f"term\tkind\n{double}\telder\n".encode())
    assert [row["kind"] for row in read_table("personal/kana_names.tsv") if row["term"] == double] == ["elder"]


def test_no_message_holds_a_cell(folder: Path) -> None:
    secret = "ひみつのカナリア"
    for name, head in HEADS.items():
        width = head.count("\t")
        for place in range(width + 1):
            cells = ["x"] * (width + 1)
            cells[place] = secret
            lay(folder, name, (head + "\t".join(cells) + "\n").encode())
            if head.split("\t")[place] != "id":
                assert faults(folder) and secret not in "".join(faults(folder))
        (folder / name).unlink()
