"""How well the single words of a query are met by the words of a chunk (late interaction: Khattab & Zaharia, ColBERT, 2020).

One vector for a whole chunk says what it is about; whether it has what was asked for is told by its tokens: each token of the
query is compared with each of the chunk's, and what counts is the mean of the best matches. Kept are the signs of the vectors'
components alone, one bit each (see :func:`index.encoder.signs`): 96 bytes a token for 768 components, and a comparison is a
count of bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoder import Signs, Vectors
from index.errors import VersionError
from index.vectors import bits_apart

TOKENS, STARTS = "tokens.npy", "token_starts.npy"


class TokenIndex:
    """The tokens of numbered chunks: ``bits`` uint64 (tokens, words of 64 components), ``starts`` int64 (chunks + 1,).

    A vector has ``dimension`` components.
    """

    def __init__(self, bits: Signs, starts: npt.NDArray[np.int64], dimension: int) -> None:
        self._bits = bits
        self._starts = starts
        self._dimension = dimension

    @classmethod
    def build(cls, tokens: Sequence[Signs], dimension: int) -> TokenIndex:
        """An index of the tokens of each chunk, at least one a chunk."""
        starts = np.concatenate([[0], np.cumsum([len(each) for each in tokens])]).astype(np.int64)
        bits = np.concatenate(tokens) if len(tokens) else np.zeros((0, -(-dimension // 64)), dtype=np.uint64)
        return cls(bits, starts, dimension)

    @classmethod
    def read(cls, folder: Path, dimension: int, of: str = "") -> TokenIndex | None:
        """Open what was written into ``folder``, mapped from the disk; None where an older release wrote none."""
        file, file_of_starts = _files(folder, of)
        if not file.exists():
            return None
        try:
            bits, starts = np.load(file, mmap_mode="r"), np.load(file_of_starts)
        except (OSError, ValueError) as error:
            raise VersionError(f"{file} cannot be opened ({error}); run `support kb build`") from error
        if starts.ndim != 1 or bits.ndim != 2 or int(starts[-1]) != len(bits):
            raise VersionError(f"{folder} is not whole (its tokens disagree); run `support kb build`")
        return cls(bits, starts, dimension)

    def write(self, folder: Path, of: str = "") -> None:
        """Write the index into ``folder``; ``of`` says what the tokens are of, where it is not the chunks."""
        file, file_of_starts = _files(folder, of)
        np.save(file, np.asarray(self._bits))
        np.save(file_of_starts, self._starts)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def tiled(self, times: int) -> TokenIndex:
        """The same chunks ``times`` over, for benchmarks of size."""
        lengths = np.tile(np.diff(self._starts), times)
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return TokenIndex(np.tile(np.asarray(self._bits), (times, 1)), starts, self._dimension)

    def matches(self, query: Signs, chunks: Sequence[int]) -> Vectors:
        """How well each token of ``query`` is met by each of ``chunks``, -1 to 1: float32 (chunks, tokens of the query)."""
        if not len(chunks) or not len(query):
            return np.zeros((len(chunks), len(query)), dtype=np.float32)
        rows = np.concatenate([self._bits[self._starts[chunk] : self._starts[chunk + 1]] for chunk in chunks])
        firsts = np.cumsum([0, *(int(self._starts[chunk + 1] - self._starts[chunk]) for chunk in chunks[:-1])])
        nearest = np.minimum.reduceat(bits_apart(query, rows), firsts, axis=1)
        return np.ascontiguousarray((1.0 - 2.0 * nearest.T / self._dimension).astype(np.float32))


def _files(folder: Path, of: str) -> tuple[Path, Path]:
    first = f"{of}_" if of else ""
    return folder / f"{first}{TOKENS}", folder / f"{first}{STARTS}"
