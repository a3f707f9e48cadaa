"""Short sentences put together from evaluative words (``kinds/words.tsv``): とても不愉快でした, 説明が丁寧でした.

In the surveys most short sentences with とても … でした praise, so that the first reading took the frame for praise and 最低 and 失礼 with
it. Here every frame is filled with words of blame as often as with words of praise: only the word decides. One word in seven
is never learnt (``held_out``): ``python -m benchmarks.word_examples`` tells how the shipped model reads those.
"""

from __future__ import annotations

import random
import sys
import zlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

WORDS = Path(__file__).parent / "kinds" / "words.tsv"
EACH = 3
"""Sentences per word."""
MIXED, DENIED, LOST = 240, 240, 240
"""Sentences with praise and blame, with praise denied, and with praise of what was (昔は商店街がにぎやかで楽しかった): it is missed."""
HELD_OUT = 7
SUBJECTS = (
    "", "", "", "対応が", "窓口の対応が", "職員の態度が", "電話の応対が", "説明が", "手続きが", "施設が", "会場が", "トイレが", "館内が", "雰囲気が", "市のやり方が",
    "案内が", "イベントは", "相談員さんは", "バスは", "結果は", "全体の印象は",
)  # fmt: skip
ADVERBS = ("", "", "", "とても", "本当に", "非常に", "かなり", "すごく", "正直、", "なんだか", "やはり", "思っていたより", "いつも", "今回も")
PLACES = ("", "", "窓口で", "市役所で", "電話をしたら、", "先日、", "初めて行って、", "説明を聞いて、", "帰り際に", "とても", "本当に", "正直、")
ENDS = {
    "na": ("だった。", "でした。", "でした", "です。", "だ。", "と感じました。", "だと思います。", "。", "!", "な印象です。", "としか言えません。", "に感じました。"),
    "i": ("。", "です。", "", "と感じました。", "と思います。", "!", "んです。", "印象です。", "と思った。", "というのが感想です。"),
    "v": ("。", "!", "", "ことがあります。", "というのが正直な感想です。", "のを覚えています。", "一日でした。"),
}
PAST, DENIALS = ("かった。", "かったです。", "かった"), {"na": ("ではなかった。", "とは言えません。", "ではありません。", "とは感じませんでした。"), "i": ("くない。", "くなかったです。", "くありません。")}
THEN = ("昔は", "以前は", "前は", "かつては", "子どもの頃は", "合併前は", "ひと昔前は", "十年前は")
OF_TOWN = ("商店街が", "駅前が", "祭りが", "公園が", "バスが", "図書館が", "この町は", "町内会が", "市民プールが", "海が", "", "")
DAMAGE = {
    "水道管": ("破裂", "漏水"), "道路": ("陥没", "冠水", "亀裂"), "街灯": ("点滅", "消灯", "故障"), "ガードレール": ("破損", "変形"), "側溝のふた": ("破損", "紛失"),
    "橋の欄干": ("破損", "腐食"), "信号機": ("故障", "消灯"), "カーブミラー": ("破損", "転倒"), "滑り台": ("破損", "腐食"), "電線": ("切断", "垂れ下がり"), "看板": ("落下", "転倒"),
    "外壁": ("落下", "剥落"), "マンホール": ("陥没", "浮き上がり"), "水路": ("氾濫", "詰まり"), "消火栓": ("漏水",), "ブロック塀": ("倒壊", "傾斜"), "フェンス": ("破損", "倒壊"),
    "踏切": ("故障",), "防災無線": ("故障",), "街路樹": ("折損", "倒木"), "ため池の堤防": ("決壊", "亀裂"), "自動ドア": ("故障",), "エレベーター": ("停止", "故障"),
}  # fmt: skip
FOUND = ("{0}が{1}。", "{0}{1}", "{0}が{1}しています。", "{0}の{1}を見つけました。", "昨夜、{0}が{1}した。", "駅前の{0}が{1}。", "{0}{1}。場所は三丁目の角。")
THREATS = (
    "今度殴りに行くからな。", "覚えてろよ。", "ただで済むと思うな。", "火をつけてやる。", "お前ら全員クビだ。", "家まで行くぞ。", "痛い目に遭わせてやる。", "夜道に気をつけろ。",
    "役所ごと吹き飛ばすぞ。", "名前は覚えたからな。", "逃げられると思うなよ。", "責任者を出せ。", "土下座しろ。", "ネットにさらしてやる。", "どうなっても知らないぞ。", "ぶっ殺す。",
    "怒鳴り込みに行くから待っていろ。", "首を洗って待っていろ。", "訴えてやる。", "議員に言いつけるぞ。",
)  # fmt: skip


class Word(NamedTuple):
    """``side``: c (blame) or p (praise); ``form``: na, i or v (a sentence in the past)."""

    side: str
    form: str
    word: str


def read_words() -> list[Word]:
    """Return the evaluative words."""
    return [Word(*line.split("\t")) for line in WORDS.read_text(encoding="utf-8").splitlines()[1:]]


def held_out(word: Word) -> bool:
    """Tell whether a word is kept from the readings."""
    return zlib.crc32(word.word.encode()) % HELD_OUT == 0


def sentences(words: list[Word], each: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Return codes (as in ``intent_examples.tsv``) and sentences, ``each`` per word."""
    for word in words:
        for _ in range(each):
            yield word.side, _sentence(word, chance)


def _sentence(word: Word, chance: random.Random) -> str:
    if word.form == "v":
        return chance.choice(PLACES) + word.word + chance.choice(ENDS["v"])
    front, end = chance.choice(SUBJECTS) + chance.choice(ADVERBS), chance.choice(ENDS[word.form])
    if word.form == "i" and _bends(word.word) and chance.random() < 0.4:
        return front + word.word[:-1] + chance.choice(PAST)
    return front + word.word + end


def _bends(word: str) -> bool:
    return word.endswith("い") and not word.endswith("いい")


def examples() -> list[tuple[str, str]]:
    """Return what the first reading learns: codes and sentences, the same at every call."""
    chance = random.Random(5)
    words = [word for word in read_words() if not held_out(word)]
    found = list(sentences(words, EACH, chance))
    sides = {side: [word for word in words if word.side == side and word.form == "na"] for side in "cp"}
    for _ in range(MIXED):
        good, bad = chance.choice(sides["p"]).word, chance.choice(sides["c"]).word
        first, second = chance.sample([subject for subject in SUBJECTS if subject.endswith("が")], 2)
        first, second = first[:-1] + "は", second[:-1] + "は"
        order = chance.random() < 0.5
        found.append(("cp", f"{first}{good}だったが、{second}{bad}だった。") if order else ("pc", f"{first}{bad}でしたが、{second}{good}でした。"))
    praising = [word for word in words if word.side == "p" and (word.form == "na" or (word.form == "i" and _bends(word.word)))]
    for word in chance.choices(praising, k=DENIED):
        stem = word.word[:-1] if word.form == "i" else word.word
        found.append(("c", chance.choice(SUBJECTS) + chance.choice(("", "あまり", "それほど", "とても")) + stem + chance.choice(DENIALS[word.form])))
    found += [("c", text) for text in _of_the_past(praising)]
    damage = [form.format(thing, event) for thing, events in DAMAGE.items() for event, form in product(events, FOUND)]
    found += [("ti", text) for text in chance.sample(damage, 150)] + [("c", text) for text in THREATS]
    return list(dict.fromkeys(found))


def _of_the_past(praising: list[Word]) -> Iterator[str]:
    chance = random.Random(7)
    plain, bending = ([word.word for word in praising if word.form == form] for form in ("na", "i"))
    for number in range(LOST):
        front = chance.choice(THEN) + chance.choice(OF_TOWN)
        end = chance.choice(bending)[:-1] + chance.choice(PAST)
        yield front + (end if number % 3 == 0 else chance.choice(plain) + (f"で{end}" if number % 3 == 1 else chance.choice(("だった。", "でした。", "だったのに。"))))


def main() -> None:
    """Print how the shipped model reads sentences with words it has not learnt from here."""
    import pandas as pd

    from textlens.intent.classifier import IntentClassifier

    unseen = list(sentences([word for word in read_words() if held_out(word)], 6, random.Random(6)))
    found = IntentClassifier().predict(pd.Series([text for _, text in unseen]))
    for side, right, wrong in (("c", "complaint", "praise"), ("p", "praise", "complaint")):
        mine = [i for i, (code, _) in enumerate(unseen) if code == side]
        sys.stdout.write(f"{right}: {len(mine)} sentences, {found[right].iloc[mine].mean():.3f} found, {found[wrong].iloc[mine].mean():.3f} taken for {wrong}\n")


if __name__ == "__main__":
    main()
