"""An encoder that remembers the vectors of the texts it was asked for.

Editors ask the same texts again and again: golden questions of two versions and once more before publishing, unanswered questions
at each look at the list. Customers hardly ever do, therefore turns go without it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence

import numpy as np

from index.encoder import Encoder, Vectors

_KEPT = 4_000  # vectors of 768 float32: 12 MB


class RememberingEncoder:
    """Another encoder's vectors, each computed once while it is among the last :data:`_KEPT` that were asked for."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    @property
    def fingerprint(self) -> str:
        """Hash of everything that decides the vectors."""
        return self._encoder.fingerprint

    @property
    def lexicon(self) -> Collection[str]:
        """Whole words that the model knows by themselves."""
        return self._encoder.lexicon

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of ``texts``, float32 (len(texts), dimension)."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found.update(zip(missing, self._encoder.encode(missing), strict=True))
        with self._lock:
            for text in found:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return np.array([found[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)
