"""Vectors of texts, kept between builds: one edited article costs the embedding of its own chunks only."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.encoder import Encoder, Vectors

_STEP = 64  # texts between two words of progress


class EmbeddingCache:
    """Vectors by the hash of their text, in one file an encoder; a file that is broken is made anew."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._file = folder / f"{encoder.fingerprint}.npz"
        self._encoder = encoder
        self._known = self._read()
        self._used: dict[str, Vectors] = {}
        self.encoded = 0

    def vectors(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Vectors:
        """Vectors of ``texts``, float32 (len(texts), dimension); ``progress`` gets done and total of what must be encoded."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        for start in range(0, len(missing), _STEP):
            part = list(missing.items())[start : start + _STEP]
            for (key, _), vector in zip(part, self._encoder.encode([text for _, text in part]), strict=True):
                self._known[key] = vector
            self.encoded += len(part)
            if progress:
                progress(start + len(part), len(missing))
        self._used.update((key, self._known[key]) for key in keys)
        return np.array([self._known[key] for key in keys], dtype=np.float32).reshape(len(keys), self._encoder.dimension)

    def save(self) -> None:
        """Keep what was asked for since the cache was opened; what no text uses any more goes. One process at a time."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        for left in self._file.parent.glob(".*"):  # of a process that was killed; only one builds at a time
            left.unlink(missing_ok=True)
        draft = self._file.with_name(f".{self._file.name}")
        keys = np.array(list(self._used), dtype="S32")
        values = np.array(list(self._used.values()), dtype=np.float32).reshape(len(keys), self._encoder.dimension)
        with draft.open("wb") as file:
            np.savez(file, keys=keys, vectors=values)
        os.replace(draft, self._file)

    def _read(self) -> dict[str, Vectors]:
        with contextlib.suppress(Exception):  # whatever is wrong with a cache, the cure is to fill it again
            with np.load(self._file, allow_pickle=False) as stored:
                keys, vectors = stored["keys"], stored["vectors"]
            if vectors.shape == (len(keys), self._encoder.dimension) and np.isfinite(vectors).all():
                return {key.decode("ascii"): vector for key, vector in zip(keys, vectors, strict=True)}
        return {}
