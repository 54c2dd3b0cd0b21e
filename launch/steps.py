"""Steps that run only where their inputs changed, judged by content hashes and never by time stamps."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class StepFailed(RuntimeError):
    """A set-up step could not be done; the message says which, why, and what to do."""


def fingerprint(paths: Iterable[Path], *facts: str) -> str:
    """SHA-256 over the names and bytes of files (folders are walked) and over further facts such as versions."""
    digest = hashlib.sha256()
    for file in sorted({file for path in paths for file in _files(path)}):
        name = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for fact in facts:
        digest.update(f"\0{fact}".encode())
    return digest.hexdigest()


def _files(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    return (file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)


def run_step(name: str, stamp: Path, inputs: str, outputs: Iterable[Path], action: Callable[[], None]) -> bool:
    """Do ``action`` unless ``stamp`` holds ``inputs`` and all ``outputs`` exist; return whether it ran.

    The stamp is written after the action, so a step that was interrupted runs again.
    """
    if stamp.is_file() and stamp.read_text(encoding="ascii") == inputs and all(path.exists() for path in outputs):
        return False
    say(f"{name} ...")
    started = time.monotonic()
    stamp.unlink(missing_ok=True)
    action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(inputs, encoding="ascii")
    say(f"{name}: done in {time.monotonic() - started:.1f} s")
    return True


def say(line: str) -> None:
    """Tell the person at the terminal what happens; flushed, because child processes write there too."""
    sys.stdout.write(f"[setup] {line}\n")
    sys.stdout.flush()
