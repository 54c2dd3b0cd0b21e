"""Opens an encoder by its name."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from index.encoder import Encoder, EncoderRecord, HashingEncoder, OnnxEncoder
from index.errors import EncoderError

_HASHING = re.compile(r"hashing-(\d{1,4})")


def open_encoder(name: str, model_dir: Path, *, threads: int = 1) -> Encoder:
    """The encoder exported under ``model_dir``; ``hashing-64`` is the double that tests of whole processes use.

    :class:`index.errors.EncoderError` says how to make one that is missing.
    """
    double = _HASHING.fullmatch(name)
    if double:
        return HashingEncoder(int(double.group(1)))
    return OnnxEncoder.load(model_dir / name, threads=threads)


def fingerprint_of(name: str, model_dir: Path) -> str | None:
    """Fingerprint of that encoder without loading it, or None where it was not exported yet."""
    if _HASHING.fullmatch(name):
        return open_encoder(name, model_dir).fingerprint
    with contextlib.suppress(EncoderError):
        return EncoderRecord.read(model_dir / name).fingerprint
    return None
