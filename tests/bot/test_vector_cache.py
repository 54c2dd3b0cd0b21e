from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import bot.vector_cache
from bot.vector_cache import FILE, VectorCache
from index.encoder import HashingEncoder, Vectors


class CountingEncoder(HashingEncoder):
    """Remembers which texts it was asked to encode."""

    def __init__(self, dimension: int = 16) -> None:
        super().__init__(dimension)
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode, and remember."""
        self.asked += texts
        return super().encode(texts)


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    """A second training encodes what it has not seen, each text once, and all vectors are the encoder's own."""
    first, second = CountingEncoder(), CountingEncoder()
    VectorCache(tmp_path, first).encode(["one", "two", "one"])
    vectors = VectorCache(tmp_path, second).encode(["two", "three", "two"])
    assert first.asked == ["one", "two"]
    assert second.asked == ["three"]
    np.testing.assert_array_equal(vectors, HashingEncoder(16).encode(["two", "three", "two"]))


def test_training_on_other_data_evicts_nothing_while_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors of the data before stay for the next training on it; of too many, those that are not used go first."""
    encoder = CountingEncoder()
    cache = VectorCache(tmp_path, encoder)
    for texts in (["one", "two"], ["three"], ["one", "two"]):
        cache.encode(texts)
    assert encoder.asked == ["one", "two", "three"]
    monkeypatch.setattr(bot.vector_cache, "MOST", 2)
    cache.encode(["four", "five", "six"])
    cache.encode(["four", "five", "six", "one"])
    assert encoder.asked[3:] == ["four", "five", "six", "one"]


def test_another_encoder_starts_anew(tmp_path: Path) -> None:
    """Vectors of one encoder never serve for another."""
    VectorCache(tmp_path, CountingEncoder(16)).encode(["one"])
    other = CountingEncoder(32)
    assert VectorCache(tmp_path, other).encode(["one"]).shape == (1, 32)
    assert other.asked == ["one"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_a_broken_file_is_no_obstacle(tmp_path: Path, content: bytes) -> None:
    """A file that cannot be read is written anew."""
    (tmp_path / FILE).write_bytes(content)
    encoder = CountingEncoder()
    VectorCache(tmp_path, encoder).encode(["one"])
    VectorCache(tmp_path, encoder).encode(["one"])
    assert encoder.asked == ["one"]


def test_no_texts_are_no_vectors(tmp_path: Path) -> None:
    """Nothing to encode gives an array of no rows."""
    assert VectorCache(tmp_path, CountingEncoder()).encode([]).shape == (0, 16)
