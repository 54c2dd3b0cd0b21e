"""The vectors of a version, and how far bits are apart; FAISS stays behind this page.

The index is exact (a flat inner product): some thousand chunks take well under a millisecond, and an exact index has nothing
to tune, to train or to rebuild. It is always built fresh, so nothing of a deleted article can stay in it.
"""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.encoder import Vectors
from index.errors import VersionError


class VectorIndex:
    """Similarity of a query to chunks, by the chunks' numbers."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> VectorIndex:
        """An index of ``vectors``, float32 (chunks, dimension), numbered by row."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def read(cls, file: Path) -> VectorIndex:
        """Open a written index; its vectors are mapped from the disk, so several processes share them."""
        faiss.omp_set_num_threads(1)  # a search is too small to share out, and waking threads costs more than it takes
        try:
            return cls(faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise VersionError(f"{file} cannot be opened ({error}); run `support kb build`") from error

    def write(self, file: Path) -> None:
        """Write the index to ``file``."""
        faiss.write_index(self._index, str(file))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def similarities(self, query: Vectors) -> Vectors:
        """Similarity of every chunk to ``query`` (dimension,), float32 (chunks,), by the chunks' numbers.

        Asked for by a radius that everything is within: the nearest so-and-so many would be sorted, which takes as long again.
        """
        found = np.zeros(len(self), dtype=np.float32)
        if len(self):
            _, values, numbers = self._index.range_search(query[None, :], -np.inf)
            found[numbers] = values
        return found

    def all(self) -> Vectors:
        """All vectors by number, float32 (chunks, dimension)."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)


def bits_apart(left: npt.NDArray[np.uint64], right: npt.NDArray[np.uint64]) -> npt.NDArray[np.int32]:
    """In how many bits each row of ``left`` (rows, words) differs from each of ``right`` (others, words): (rows, others).

    A quarter of the time of numpy's count of bits, which goes over the numbers three times.
    """
    mine, others = np.ascontiguousarray(left), np.ascontiguousarray(right)
    apart = np.empty((len(mine), len(others)), dtype=np.int32)
    if apart.size:
        pointers = (faiss.swig_ptr(each.view(np.uint8)) for each in (mine, others))
        width = mine.shape[1] * mine.itemsize
        faiss.hammings(*pointers, len(mine), len(others), width, faiss.swig_ptr(apart))  # type: ignore[attr-defined]
    return apart
