"""Opens an encoder by its name."""

from __future__ import annotations

import re
from pathlib import Path

from index.encoder import Encoder, HashingEncoder, OnnxEncoder

_HASHING = re.compile(r"hashing-(\d{1,4})")


def open_encoder(name: str, model_dir: Path, *, threads: int = 1) -> Encoder:
    """The encoder exported under ``model_dir``; ``hashing-64`` is the double that tests of whole processes use.

    :class:`index.errors.EncoderError` says how to make one that is missing.
    """
    double = _HASHING.fullmatch(name)
    if double:
        return HashingEncoder(int(double.group(1)))
    return OnnxEncoder.load(model_dir / name, threads=threads)
