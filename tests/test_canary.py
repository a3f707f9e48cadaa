"""A secret word goes down every path of ours and must not come out where it should not be."""

from __future__ import annotations

import logging
from pathlib import Path

import pandas as pd
import pytest

import textlens as tl
from textlens import cli
from textlens.errors import TextlensError

SECRET = "ひみつのカナリア"
TEXT = f"{SECRET}の件で、隣の大石さんが困っています。{SECRET}を直してください。"


def frame(rows: int = 30) -> pd.DataFrame:
    return pd.DataFrame({"text": [TEXT] * rows, "地区": [SECRET] * rows}, index=[f"{i:03d}" for i in range(rows)])


def test_repr_progress_manifest_and_logs(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    result = tl.analyze(frame(), progress=lambda *a: seen.append(str(a)), n_topics=2)
    tokens = tl.Tokenizer().transform(result.comments["text"])
    said = capsys.readouterr()
    result.save(tmp_path / "表")
    manifest = (tmp_path / "表" / "manifest.json").read_text(encoding="utf-8")
    for place in (repr(result), str(result.run), repr(tokens), *seen, said.out, said.err, caplog.text, manifest):
        assert SECRET not in place
    assert SECRET in result.comments["text"].iloc[0], "the canary must be alive"


BAD_CALLS = {
    "a number among the texts": lambda: tl.analyze(pd.DataFrame({"text": [TEXT, 5]})),
    "ids twice": lambda: tl.analyze(pd.DataFrame({"text": [TEXT, TEXT]}, index=[SECRET, SECRET])),
    "tokens of a number": lambda: tl.Tokenizer().transform([TEXT, 5]),
    "one string": lambda: tl.Tokenizer().transform(TEXT),
    "unknown id": lambda: tl.analyze(frame(3), n_topics=0).explain("x"),
    "bad profile": lambda: tl.analyze(frame(3), n_topics=0).to_excel("x.xlsx", profile="だめ"),
}


@pytest.mark.parametrize("name", sorted(BAD_CALLS))
def test_errors(name: str) -> None:
    with pytest.raises(TextlensError) as caught:
        BAD_CALLS[name]()
    chain, error = "", caught.value
    while error is not None:
        chain += repr(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)  # type: ignore[assignment]
    assert SECRET not in chain


@pytest.mark.parametrize(
    "content",
    [
        f'番号,自由意見\n1,"{TEXT}\n2,{TEXT}\n3,{TEXT}\n'.encode(),
        f"番号,自由意見\n1,{TEXT}\n".encode("cp932") + b"\xff\xff",
        f"{SECRET}\n1\n2\n".encode(),
        f"番号,点\n1,{SECRET}\n".encode("utf-16-be"),
    ],
)
def test_bad_files(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "調査.csv").write_bytes(content)
    code = cli.main(["analyze", str(tmp_path / "調査.csv"), "--out", str(tmp_path / "出力")])
    said = capsys.readouterr()
    cells = said.out + said.err
    assert code in (0, 2)
    assert SECRET not in cells or f"「{SECRET}」" in cells, "only a heading may be named"


def test_no_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    frame(5).rename_axis("番号").to_csv(tmp_path / "調査.csv", encoding="utf-8-sig")
    assert cli.main(["analyze", str(tmp_path / "調査.csv"), "--text", "text", "--out", str(tmp_path / "出力"), "--quiet"]) == 0
    assert not list((tmp_path / "tmp").iterdir())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["tmp", "出力", "調査.csv"]


def test_an_unexpected_fault_shows_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise KeyError(TEXT)

    monkeypatch.setattr("textlens.commands.analyze.analyze", broken)
    frame(5).rename_axis("番号").to_csv(tmp_path / "調査.csv", encoding="utf-8-sig")
    assert cli.main(["analyze", str(tmp_path / "調査.csv"), "--text", "text", "--out", str(tmp_path / "出力")]) == 2
    said = capsys.readouterr()
    assert SECRET not in said.out + said.err and "KeyError" in said.err
    assert not (tmp_path / "出力").exists()


def test_no_office_command_shows_a_word_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Secret in text, attribute, file name, sheet, heading and id; every command breaks at its heart and at the disk."""
    rows = {"番号": [f"{SECRET}{n:03d}" for n in range(30)], SECRET: [f"値{SECRET}"] * 30, "自由意見": [TEXT] * 30}
    pd.DataFrame(rows).to_excel(tmp_path / f"{SECRET}.xlsx", index=False, sheet_name=SECRET)
    result, sheets = tmp_path / "結果", tmp_path / "配布"
    assert cli.main(["analyze", str(tmp_path / f"{SECRET}.xlsx"), "--id", "番号", "--out", str(result), "--topics", "0", "--quiet"]) == 0
    assert cli.main(["distribute", str(result), "--out", str(sheets), "--quiet"]) == 0
    assert cli.main(["review", str(result), "--out", str(tmp_path / "確認.xlsx"), "--quiet"]) == 0
    capsys.readouterr()
    asked = {
        "distribute.distribute": ["distribute", result, "--out", tmp_path / "a"],
        "share._write": ["share", result, "--profile", "庁内共有", "--out", tmp_path / "b", "--reason", "試験"],
        "review.write_review_sheet": ["review", result, "--out", tmp_path / "c.xlsx"],
        "review.read_review_sheet": ["review", result, "--read", tmp_path / "確認.xlsx"],
        "collect.collect": ["collect", sheets, "--out", tmp_path / "d"],
        "collect.write_frames": ["collect", sheets, "--out", tmp_path / "d"],
        "records.append": ["review", result, "--out", tmp_path / "e.xlsx"],
    }
    for place, command in asked.items():
        for error in (KeyError(TEXT), ValueError(TEXT), OSError(28, TEXT, str(tmp_path / SECRET)), UnicodeDecodeError("utf-8", TEXT.encode(), 0, 1, TEXT)):

            def broken(*args: object, error: Exception = error, **kwargs: object) -> None:
                raise error

            with monkeypatch.context() as patched:
                patched.setattr(f"textlens.commands.{place}", broken)
                assert cli.main([str(part) for part in command]) == 2, (place, error.__class__)
            said = capsys.readouterr()
            assert SECRET not in said.err and "大石" not in said.err + said.out, (place, error.__class__)
    assert not [p.name for p in tmp_path.iterdir() if p.name.endswith(".part") or p.name in ("a", "b")]
    log = (result / "操作記録.jsonl").read_text(encoding="utf-8").replace(f"{SECRET}.xlsx", "")
    assert SECRET not in log, "the log holds the name of the file and nothing else of it"
    receipt = (sheets / "配布控え.tsv").read_text(encoding="utf-8")
    assert "大石" not in receipt and "の件で" not in receipt
