"""Vectors of texts and of their tokens, kept between builds: one edited article costs the embedding of its own chunks only."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.encoder import Embedded, Encoder, Signs, Vectors

_STEP = 64  # texts between two words of progress
_FORM = 2  # of the file; raise when it changes


class EmbeddingCache:
    """Vectors and tokens by the hash of their text, in one file an encoder; a file that is broken is made anew."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._file = folder / f"{encoder.fingerprint}-{_FORM}.npz"
        self._encoder = encoder
        self._known = self._read()
        self._used: dict[str, tuple[Vectors, Signs]] = {}
        self.encoded = 0

    def embedded(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Embedded:
        """``texts`` with their tokens; ``progress`` gets done and total of what must be encoded."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        for start in range(0, len(missing), _STEP):
            part = list(missing.items())[start : start + _STEP]
            found = self._encoder.embed([text for _, text in part])
            self._known.update(zip((key for key, _ in part), zip(found.vectors, found.tokens, strict=True), strict=True))
            self.encoded += len(part)
            if progress:
                progress(start + len(part), len(missing))
        self._used.update((key, self._known[key]) for key in keys)
        vectors = np.array([self._known[key][0] for key in keys], dtype=np.float32).reshape(len(keys), self._encoder.dimension)
        return Embedded(vectors, tuple(self._known[key][1] for key in keys))

    def vectors(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Vectors:
        """The vectors of ``texts`` alone, float32 (len(texts), dimension)."""
        return self.embedded(texts, progress).vectors

    def save(self) -> None:
        """Keep what was asked for since the cache was opened; what no text uses any more goes. One process at a time."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        for left in self._file.parent.glob(".*"):  # of a process that was killed; only one builds at a time
            left.unlink(missing_ok=True)
        for other in self._file.parent.glob(f"{self._encoder.fingerprint}*.npz"):  # of an older release
            if other != self._file:
                other.unlink(missing_ok=True)
        draft = self._file.with_name(f".{self._file.name}")
        keys = np.array(list(self._used), dtype="S32")
        values = np.array([vector for vector, _ in self._used.values()], dtype=np.float32)
        tokens = [each for _, each in self._used.values()]
        lengths = np.array([len(each) for each in tokens], dtype=np.int64)
        with draft.open("wb") as file:
            np.savez(file, keys=keys, vectors=values, tokens=np.concatenate(tokens) if tokens else lengths, lengths=lengths)
        os.replace(draft, self._file)

    def _read(self) -> dict[str, tuple[Vectors, Signs]]:
        with contextlib.suppress(Exception):  # whatever is wrong with a cache, the cure is to fill it again
            with np.load(self._file, allow_pickle=False) as stored:
                keys, vectors, tokens, lengths = (stored[name] for name in ("keys", "vectors", "tokens", "lengths"))
            shaped = vectors.shape == (len(keys), self._encoder.dimension) and tokens.dtype == np.uint64
            if shaped and len(tokens) == lengths.sum() and np.isfinite(vectors).all():
                parts = np.split(tokens, np.cumsum(lengths)[:-1])
                return {key.decode("ascii"): pair for key, pair in zip(keys, zip(vectors, parts, strict=True), strict=True)}
        return {}
