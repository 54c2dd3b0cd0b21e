"""Intents with an honest "none of these" on foreign data: trains ``config.yml`` as it is and measures on a test split.

``python -m benchmarks.open_intents --clinc data_full.json`` reads CLINC150's file; ``--train FILE.jsonl --test FILE.jsonl`` any
data of lines ``{"text", "intent"}``, where the intent is null for a test message that belongs to no trained intent.

A message counts as out of scope where the model names ``nlu_fallback`` or an intent of the training data that stands for it
(``oos``). In-scope accuracy counts a rejected in-scope message as wrong. The threshold is the one that training chose.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from launch.environments import RASA, tool
from launch.pipeline import rasa_environment
from launch.steps import ROOT

OUT_OF_SCOPE = "oos"
FALLBACK = "nlu_fallback"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its intent; None belongs to no intent."""

    text: str
    intent: str | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the model said: the intent (None: out of scope), the joined confidence in it, the best intent all the same."""

    intent: str | None
    confidence: float
    best: str | None
    best_probability: float


def read_clinc(file: Path) -> tuple[list[Labelled], list[Labelled]]:
    """Training and test split of CLINC150; the training split keeps its out-of-scope utterances as intent ``oos``."""
    values = json.loads(file.read_text(encoding="utf-8"))
    train = [Labelled(text, intent) for text, intent in [*values["train"], *values["oos_train"]]]
    test = [Labelled(text, intent) for text, intent in values["test"]] + [Labelled(text, None) for text, _ in values["oos_test"]]
    return train, test


def read_lines(file: Path) -> list[Labelled]:
    """Lines ``{"text", "intent"}``."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Labelled(row["text"], row["intent"]) for row in rows]


def train(examples: Iterable[Labelled], folder: Path) -> tuple[Path, float]:
    """``rasa train nlu`` with the project's ``config.yml``; the model's file and the seconds it took."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        by_intent[str(example.intent)].append(" ".join(example.text.split()))
    blocks = [{"intent": name, "examples": "".join(f"- {text}\n" for text in texts)} for name, texts in by_intent.items()]
    data = folder / "nlu"
    data.mkdir()
    (data / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), encoding="utf-8")
    words = [tool(RASA, "rasa"), "train", "nlu", "--config", "config.yml", "--nlu", str(data), "--out", str(folder)]
    began = time.perf_counter()
    done = subprocess.run(
        [*words, "--fixed-model-name", "model"], cwd=ROOT, env=rasa_environment(), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"`rasa train nlu` failed: {done.stderr.strip()[-800:]}")
    return folder / "model.tar.gz", time.perf_counter() - began


def parse(model: Path, texts: Sequence[str]) -> list[Parsed]:
    """What the model says of each text."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    words = [tool(RASA, "python"), "-m", "bot.parse_lines", str(model)]
    done = subprocess.run(words, cwd=ROOT, env=rasa_environment(), input=lines, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"parsing failed: {done.stderr.strip()[-800:]}")
    return [_read(json.loads(line)) for line in done.stdout.splitlines()]


def _read(row: dict[str, Any]) -> Parsed:
    name = row["intent"].get("name")
    named = [item for item in row["ranking"] if item["name"] not in (FALLBACK, OUT_OF_SCOPE)]
    best: dict[str, Any] = named[0] if named else {"name": None, "confidence": 0.0}
    outside = name in (FALLBACK, OUT_OF_SCOPE, None)
    return Parsed(None if outside else name, float(row["signals"].get("confidence", 0.0)), best["name"], best["confidence"])


def report(test: Sequence[Labelled], parsed: Sequence[Parsed]) -> dict[str, Any]:
    """Shares 0 to 1: accuracy in scope, recall out of scope, accuracy of all, and of the best intent with no rejection."""
    rows = list(zip(test, parsed, strict=True))
    inside = [(wanted.intent, got) for wanted, got in rows if wanted.intent is not None]
    outside = [got for wanted, got in rows if wanted.intent is None]
    return {
        "in_scope": len(inside),
        "out_of_scope": len(outside),
        "in_scope_accuracy": _share(got.intent == name for name, got in inside),
        "out_of_scope_recall": _share(got.intent is None for got in outside),
        "accuracy": _share(got.intent == wanted.intent for wanted, got in rows),
        "accuracy_without_rejection": _share(got.best == name for name, got in inside),
    }


def _share(hits: Iterable[bool]) -> float | None:
    values = list(hits)
    return round(sum(values) / len(values), 4) if values else None


def measure(training: Sequence[Labelled], test: Sequence[Labelled]) -> dict[str, Any]:
    """Train, parse, report; with the seconds of the training."""
    with tempfile.TemporaryDirectory() as folder:
        model, seconds = train(training, Path(folder))
        parsed = parse(model, [each.text for each in test])
    return {**report(test, parsed), "training_seconds": round(seconds, 1)}


def main() -> int:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.open_intents", description=__doc__)
    parser.add_argument("--clinc", type=Path, metavar="data_full.json")
    parser.add_argument("--train", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--test", type=Path, metavar="FILE.jsonl")
    args = parser.parse_args()
    if args.clinc:
        training, test = read_clinc(args.clinc)
    elif args.train and args.test:
        training, test = read_lines(args.train), read_lines(args.test)
    else:
        parser.error("name --clinc FILE, or --train FILE and --test FILE")
    sys.stdout.write(json.dumps(measure(training, test), indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
