"""Sentence embeddings behind one small interface, served by ONNX Runtime.

Shared by the action server (Python 3.11) and Rasa (Python 3.10), so it needs only numpy, onnxruntime and tokenizers. The folder
that :class:`OnnxEncoder` loads is made by ``support models fetch``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from index.errors import EncoderError

if TYPE_CHECKING:
    import onnxruntime  # type: ignore[import-untyped, unused-ignore]
    import tokenizers

Vectors = npt.NDArray[np.float32]
Signs = npt.NDArray[np.uint64]

RECORD = "encoder.json"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of some texts, float32 (texts, dimension), and the :func:`signs` of each text's tokens, at least one a text."""

    vectors: Vectors
    tokens: tuple[Signs, ...]


class Encoder(Protocol):
    """Turns texts into vectors whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """Name of the model, such as ``all-MiniLM-L6-v2``."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def fingerprint(self) -> str:
        """Hash of everything that decides the vectors: weights, quantisation, tokenizer, length limit."""

    @property
    def lexicon(self) -> Collection[str]:
        """Whole words that the model knows by themselves, in lower case; empty where it knows none."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of ``texts``: float32 of shape (len(texts), dimension), each of length 1."""

    def embed(self, texts: Sequence[str]) -> Embedded:
        """The same vectors, and the tokens of each text."""


@dataclass(frozen=True)
class EncoderRecord:
    """What ``encoder.json`` says about the files beside it."""

    name: str
    dimension: int
    max_length: int
    file: str
    precision: str
    batch: int
    fingerprint: str

    @classmethod
    def read(cls, folder: Path) -> EncoderRecord:
        """Read ``folder/encoder.json``; :class:`EncoderError` where it is missing or not whole."""
        file = folder / RECORD
        try:
            values = json.loads(file.read_text(encoding="utf-8"))
            return cls(**{field: values[field] for field in cls.__dataclass_fields__})
        except FileNotFoundError:
            message = f"no encoder in {folder}; run `support models fetch {folder.name}`"
            raise EncoderError(message) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EncoderError(
                f"{file} cannot be read ({error}); remove {folder} and run `support models fetch {folder.name}`"
            ) from error


class OnnxEncoder:
    """A sentence-transformers model exported to ONNX; mean pooling over tokens, length 1. Safe to use from several threads."""

    def __init__(self, record: EncoderRecord, session: onnxruntime.InferenceSession, tokenizer: tokenizers.Tokenizer) -> None:
        self._record = record
        self._session = session
        self._tokenizer = tokenizer
        self._lexicon = frozenset(word for word in tokenizer.get_vocab() if word.isalpha() and len(word) > 2)

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1, batch: int | None = None) -> OnnxEncoder:
        """Open the encoder exported into ``folder``.

        ``threads`` are ONNX Runtime's own within one call; one is best for a server that answers several people at once.
        ``batch`` overrides how many texts share a pass: large ones are fast for many short texts, but int8 scales its
        activations over the whole pass, so a text's vector then depends a little on its neighbours.
        """
        import onnxruntime
        import tokenizers

        record = EncoderRecord.read(folder)
        record = record if batch is None else replace(record, batch=batch)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors come as exceptions; warnings about the machine help nobody here
        try:
            tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
            session = onnxruntime.InferenceSession(str(folder / record.file), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise bare Exceptions of their own
            raise EncoderError(
                f"the encoder in {folder} does not open ({error}); remove it and run `support models fetch {record.name}`"
            ) from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(record.max_length)
        return cls(record, session, tokenizer)

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._record.name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._record.dimension

    @property
    def fingerprint(self) -> str:
        """Hash of weights, quantisation, tokenizer and length limit."""
        return self._record.fingerprint

    @property
    def lexicon(self) -> Collection[str]:
        """The whole words of the tokenizer's vocabulary."""
        return self._lexicon

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of ``texts``, float32 (len(texts), dimension). Texts of like length share a batch, so little is padded."""
        return self._embed(texts)

    def embed(self, texts: Sequence[str]) -> Embedded:
        """The same vectors, and the tokens of each text without those that mark its beginning and end."""
        tokens: dict[int, Signs] = {}

        def keep(row: int, output: Vectors, length: int) -> None:
            own = output[1 : length - 1] if length > 2 else output[:length]
            tokens[row] = signs(own if len(own) else np.zeros((1, self.dimension), dtype=np.float32))

        vectors = self._embed(texts, keep)
        return Embedded(vectors, tuple(tokens[row] for row in range(len(texts))))

    def _embed(self, texts: Sequence[str], keep: Callable[[int, Vectors, int], None] | None = None) -> Vectors:
        """Vectors of ``texts``; ``keep`` is handed each text's number, its tokens' vectors with padding, and their count."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(list(texts)) if texts else []
        order = sorted(range(len(texts)), key=lambda row: len(encodings[row].ids))
        for start in range(0, len(order), self._record.batch):
            rows = order[start : start + self._record.batch]
            output, mask = self._run([encodings[row].ids for row in rows])
            weights = mask[:, :, None].astype(np.float32)
            vectors[rows] = normalised((output * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0))
            if keep:
                for place, row in enumerate(rows):
                    keep(row, output[place], len(encodings[row].ids))
        return vectors

    def _run(self, ids: list[list[int]]) -> tuple[Vectors, npt.NDArray[np.int64]]:
        """The vectors of all tokens of one batch, and which of them are no padding."""
        width = max(len(row) for row in ids)
        tokens = np.zeros((len(ids), width), dtype=np.int64)
        mask = np.zeros((len(ids), width), dtype=np.int64)
        for row, values in enumerate(ids):
            tokens[row, : len(values)] = values
            mask[row, : len(values)] = 1
        output = self._session.run(["token_embeddings"], {"input_ids": tokens, "attention_mask": mask})[0]
        return cast(Vectors, output), mask


class HashingEncoder:
    """A deterministic double for tests: each word and word stem is a random direction, a text is their sum."""

    def __init__(self, dimension: int = 64) -> None:
        self._dimension = dimension
        self._directions: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        """``hashing-`` and the dimension."""
        return f"hashing-{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def fingerprint(self) -> str:
        """Depends on the dimension alone."""
        return f"hashing-{self._dimension}"

    @property
    def lexicon(self) -> Collection[str]:
        """Empty: to this double every word is as good as another."""
        return ()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of ``texts``, float32 (len(texts), dimension)."""
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _WORD.findall(text.lower()):
                vectors[row] += self._direction(word) + self._direction(word[:5])
        return normalised(vectors)

    def embed(self, texts: Sequence[str]) -> Embedded:
        """The same vectors, and the words of each text."""
        nothing = np.zeros((1, self._dimension), dtype=np.float32)
        found = [[self._direction(word) for word in _WORD.findall(text.lower())] for text in texts]
        return Embedded(self.encode(texts), tuple(signs(np.array(each, dtype=np.float32) if each else nothing) for each in found))

    def _direction(self, word: str) -> Vectors:
        if word not in self._directions:
            seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()[:8], "big")
            self._directions[word] = np.random.default_rng(seed).standard_normal(self._dimension).astype(np.float32)
        return self._directions[word]


def normalised(vectors: Vectors) -> Vectors:
    """Each row scaled to length 1; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return cast(Vectors, (vectors / np.maximum(lengths, 1e-12)).astype(np.float32))


def signs(vectors: Vectors) -> Signs:
    """Which components of ``vectors`` (rows, dimension) are positive: uint64 (rows, dimension / 64 rounded up), a bit each.

    Two vectors' bits differ in the share of places in which their directions do (Charikar, 2002: the share is the angle between
    them over pi, for random directions).
    """
    bits = np.packbits(np.atleast_2d(vectors) > 0, axis=1)
    padded = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : bits.shape[1]] = bits
    return padded.view(np.uint64)


def record_values(folder: Path) -> dict[str, Any]:
    """All that ``encoder.json`` holds, with the measurements of the export."""
    EncoderRecord.read(folder)
    return cast("dict[str, Any]", json.loads((folder / RECORD).read_text(encoding="utf-8")))
