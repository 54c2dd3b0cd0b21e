from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.encoder import HashingEncoder, Vectors
from web import remembered
from web.remembered import RememberingEncoder


class Counting(HashingEncoder):
    """Counts what it is asked."""

    asked: tuple[str, ...] = ()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The double's vectors."""
        self.asked += tuple(texts)
        return super().encode(texts)


def test_each_text_is_encoded_once() -> None:
    """Vectors are those of the encoder in the order of the texts, and a text known already costs nothing."""
    counting, plain = Counting(8), HashingEncoder(8)
    encoder = RememberingEncoder(counting)
    assert (encoder.name, encoder.dimension, encoder.fingerprint) == (plain.name, 8, plain.fingerprint)
    for texts in (["a", "b", "a"], ["b", "c"], [], ["c"]):
        vectors = encoder.encode(texts)
        assert vectors.shape == (len(texts), 8) and np.allclose(vectors, plain.encode(texts))
    assert counting.asked == ("a", "b", "c")


def test_what_was_not_asked_for_longest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more vectors are kept than the bound allows."""
    monkeypatch.setattr(remembered, "_KEPT", 2)
    counting = Counting(8)
    encoder = RememberingEncoder(counting)
    for text in ("a", "b", "a", "c", "a", "b"):
        encoder.encode([text])
    assert counting.asked == ("a", "b", "c", "b")
