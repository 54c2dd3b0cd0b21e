"""Embeddings of training utterances, kept beside the encoder: a training costs only the utterances that are new.

``python -m bot.vector_cache`` fills it with the project's own utterances (set-up does that once, before the first training).
"""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder

FILE = "utterances.npz"
MOST = 60_000  # vectors that are kept, unless more are used at once: 180 MB of the larger model
Floats = NDArray[np.float32]


class VectorCache:
    """Vectors by text, in ``folder/utterances.npz``, for one encoder; a file of another encoder, or a broken one, is ignored."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._file = folder / FILE
        self._encoder = encoder

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of ``texts``, float32 (len(texts), dimension); new ones are computed and kept.

        Unused ones stay as long as there is room, so that a training on other data costs the next one nothing.
        """
        known = self._read()
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            known.update(zip(missing, self._encoder.encode(list(missing.values())), strict=True))
            used = dict.fromkeys(keys)
            unused = [key for key in known if key not in used][: max(0, MOST - len(used))]
            self._write({key: known[key] for key in (*used, *unused)})
        dimension = self._encoder.dimension
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, dimension), np.float32)

    def _read(self) -> dict[str, Floats]:
        try:
            with np.load(self._file, allow_pickle=False) as stored:
                if str(stored["fingerprint"]) != self._encoder.fingerprint:
                    return {}
                return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return {}

    def _write(self, vectors: dict[str, Floats]) -> None:
        """Replace the file as a whole; where the folder cannot be written, training goes on without a cache."""
        draft = self._file.with_name(f"{FILE}.{os.getpid()}")
        try:
            with draft.open("wb") as stream:
                np.savez(
                    stream,
                    fingerprint=np.array(self._encoder.fingerprint),
                    keys=np.array(list(vectors)),
                    vectors=np.stack(list(vectors.values())),
                )
            os.replace(draft, self._file)
        except OSError as error:
            sys.stderr.write(f"the vectors of the utterances cannot be kept in {self._file.parent}: {error}\n")


def main() -> int:
    """Embed what the project trains on: the utterances of ``data/nlu`` and the questions of the articles."""
    import yaml

    import settings
    from bot.article_questions import article_questions
    from bot.units import training_unit
    from index.encoder import OnnxEncoder
    from policy.document import load_policy

    current = settings.load()
    policy = load_policy(current.policy_file)
    texts = [question for question, _ in article_questions(current.content_dir)]
    for file in sorted((settings.ROOT / "data" / "nlu").glob("*.yml")):
        for intent in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            texts += [line[2:].strip() for line in intent["examples"].splitlines() if line.startswith("- ")]
    folder = current.model_dir / current.nlu_encoder
    encoder = OnnxEncoder.load(folder, threads=os.cpu_count() or 1)
    VectorCache(folder, encoder).encode(list(dict.fromkeys(training_unit(text, policy).marked for text in texts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
