from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from index.vectors import VectorIndex, bits_apart

ROWS = st.integers(0, 12)
WORDS = st.integers(1, 13)


def of_bits(rows: st.SearchStrategy[int], words: int) -> st.SearchStrategy[np.ndarray]:
    """Rows of random bits, ``words`` numbers of 64 each."""
    return rows.flatmap(lambda count: arrays.arrays(np.uint64, (count, words)))


@pytest.mark.parametrize("count", [0, 1, 300])
def test_every_chunk_has_its_similarity(tmp_path: Path, count: int) -> None:
    """Whatever the number of chunks and however far they are, each has its inner product; mapped from the disk as well."""
    random = np.random.default_rng(3)
    vectors = random.standard_normal((count, 32), dtype=np.float32)
    query = random.standard_normal(32, dtype=np.float32)
    index = VectorIndex.build(vectors)
    index.write(tmp_path / "chunks.faiss")
    for each in (index, VectorIndex.read(tmp_path / "chunks.faiss")):
        found = each.similarities(query)
        assert found.shape == (count,)
        np.testing.assert_allclose(found, vectors @ query, atol=1e-5)


@given(WORDS.flatmap(lambda words: st.tuples(of_bits(ROWS, words), of_bits(ROWS, words))))
def test_bits_apart_are_counted(pair: tuple[np.ndarray, np.ndarray]) -> None:
    """For each pair of rows the count is that of the ones in their exclusive or, whatever their width and number."""
    left, right = pair
    counted = np.bitwise_count(left[:, None, :] ^ right[None, :, :]).sum(axis=2)
    np.testing.assert_array_equal(bits_apart(left, right), counted)


def test_bits_of_rows_that_lie_apart_in_memory_are_counted() -> None:
    """A part of a larger array is counted like a copy of it."""
    bits = np.random.default_rng(4).integers(0, 2**63, (20, 6), dtype=np.uint64)
    np.testing.assert_array_equal(
        bits_apart(bits[::3, 1:4], bits[1:5, 1:4]), bits_apart(bits[::3, 1:4].copy(), bits[1:5, 1:4].copy())
    )
