"""An encoder that remembers the vectors of the texts it was asked for.

Editors ask the same texts again and again: golden questions of two versions and once more before publishing, unanswered questions
at each look at the list. Customers hardly ever do, therefore turns go without it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence

import numpy as np

from index.encoder import Embedded, Encoder, Signs, Vectors

_KEPT = 4_000  # texts, each a vector of 768 float32 and some twenty tokens of 96 bytes: 20 MB


class RememberingEncoder:
    """Another encoder's vectors, each computed once while it is among the last :data:`_KEPT` that were asked for."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[Vectors, Signs]] = OrderedDict()

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
        return self.embed(texts).vectors

    def embed(self, texts: Sequence[str]) -> Embedded:
        """The same vectors, and the tokens of each text."""
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            new = self._encoder.embed(missing)
            found.update(zip(missing, zip(new.vectors, new.tokens, strict=True), strict=True))
        with self._lock:
            for text in found:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        vectors = np.array([found[text][0] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)
        return Embedded(vectors, tuple(found[text][1] for text in texts))
