"""Understanding and search, measured (``make eval``).

``python -m benchmarks.evaluate [FILE.jsonl ...] [--conversations FILE.jsonl] [--clinc data_full.json] [--only STEP]``;
the steps are

- ``intents``: the training data's intents, cross-validated (:mod:`benchmarks.intents`);
- ``messages``: labelled first messages through the running system, as they are and perturbed (:mod:`benchmarks.decisions`);
  without a file, the project's own sets under ``tests/evaluation``;
- ``conversations``: labelled conversations of several turns through the running system (:mod:`benchmarks.conversations`);
- ``clinc``: ``config.yml`` trained and tested on CLINC150 (:mod:`benchmarks.open_intents`), where ``--clinc`` names its file;
- ``search``: the ladder of search (:mod:`benchmarks.search_ladder`).

All figures lie as JSON in ``DATA_DIR/eval``, with plots (PNG) and ``report.md``, which holds all tables. A step that fails says
what to do; the others are measured all the same, and the command ends with code 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import settings
from benchmarks import conversations, intents, open_intents, summary
from benchmarks.decisions import PERTURBATIONS, evaluate
from benchmarks.search_ladder import figures, ladder
from tests.running_system import RunningSystem

SETS = settings.ROOT / "tests" / "evaluation"
OWN = [
    SETS / f"{name}.jsonl"
    for name in ("messages", "held_out", "blind", "oblique", "borders", "mixed", "fresh_mixed", "first_messages_h")
]
CONVERSATIONS = SETS / "conversations.jsonl"
CHOICES = ("intents", "messages", "conversations", "clinc", "search")
LADDER_QUESTIONS = 300  # of the pages' own; enough for intervals of +/- .06


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the evaluation: what it measures into which files, and what helps where it fails."""

    name: str
    files: tuple[str, ...]
    measure: Callable[[Path], None]
    help: str


def main(argv: Sequence[str] | None = None) -> int:
    """Take the steps and write the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluate", description="Measure understanding and search.")
    parser.add_argument("files", nargs="*", type=Path, default=OWN)
    parser.add_argument("--conversations", type=Path, default=CONVERSATIONS, metavar="FILE.jsonl", help="instead of our own")
    parser.add_argument("--clinc", type=Path, metavar="data_full.json", help="CLINC150, to train and measure on as well")
    parser.add_argument("--only", action="append", choices=CHOICES, help="this step alone")
    args = parser.parse_args(argv)
    needed = (*args.files, args.conversations, *([args.clinc] if args.clinc else []))
    missing = [str(file) for file in needed if not file.is_file()]
    if missing:
        parser.error(f"no such file: {', '.join(missing)}")
    if args.only and "clinc" in args.only and not args.clinc:
        parser.error("the step clinc needs --clinc data_full.json")
    chosen = [step for step in steps(args.files, args.conversations, args.clinc) if not args.only or step.name in args.only]
    return take(chosen, settings.load().data_dir / "eval")


def steps(files: Sequence[Path], talks: Path, clinc: Path | None) -> list[Step]:
    """All steps that can be taken, in their order."""
    prepare = "`make prepare` makes the environments, the encoder, the index and the model"
    lines = "{}; benchmarks/{}.py says what a line of a file holds"
    found = [
        Step("intents", ("intents.json", "confusion.json", "reliability.json"), _intents, prepare),
        Step("messages", ("decisions.json",), partial(_messages, files), lines.format(prepare, "decisions")),
        Step("conversations", ("conversations.json",), partial(_conversations, talks), lines.format(prepare, "conversations")),
    ]
    if clinc:
        keys = f"the file must be CLINC150's data_full.json, with train, test, oos_train and oos_test; {prepare}"
        found.append(Step("clinc", ("open_intents.json",), partial(_clinc, clinc), keys))
    return [*found, Step("search", ("search.json", "search.md"), _search, prepare)]


def take(chosen: Sequence[Step], folder: Path) -> int:
    """Take the steps one after the other, write plots and report; 1 where a step failed, else 0."""
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    for number, step in enumerate(chosen, 1):
        say(f"== {number} of {len(chosen)}: {step.name}")
        began = time.perf_counter()
        for name in step.files:
            (folder / name).unlink(missing_ok=True)  # a report must not show old figures for a step that failed
        try:
            step.measure(folder)
        except Exception:  # whatever went wrong, the other steps are worth their while
            traceback.print_exc()
            say(f"== {step.name} failed, see above. What helps: {step.help}.")
            say(f"== Then: `.venv/bin/python -m benchmarks.evaluate --only {step.name}`")
            failed.append(step.name)
        else:
            say(f"== {step.name}: {time.perf_counter() - began:.0f} s")
    report = summary.write(folder)
    sys.stdout.write(f"\n{report}\n")
    return 1 if failed else 0


def say(line: str) -> None:
    """Tell of progress, beside the figures on standard output."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _intents(folder: Path) -> None:
    rows = intents.cross_validated()
    intents.write(rows, folder)
    found = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
    shown = [(name, found[name]) for name in ("utterances", "accuracy", "macro_f1", "accuracy_of_kinds", "rejected")]
    error = intents.calibration(rows)["expected_calibration_error"]
    sys.stdout.write(summary.table(["intents", "value"], [*shown, ("expected_calibration_error", error)]) + "\n\n")


def _messages(files: Sequence[Path], folder: Path) -> None:
    results: dict[str, Any] = {}
    with _started() as running:
        for file in files:
            for kind in PERTURBATIONS:
                say(f"playing {file.name}, perturbed: {kind}")
                results[f"{file.stem}, {kind}"] = evaluate(file, running.url, running.settings.widget_identity_secret, kind)
    (folder / "decisions.json").write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.stdout.write(summary.decisions(results) + "\n\n")


def _conversations(file: Path, folder: Path) -> None:
    with _started() as running:
        say(f"playing {file.name}")
        found = conversations.evaluate(file, running.url, running.settings.widget_identity_secret)
    (folder / "conversations.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.stdout.write(summary.conversations(found) + "\n\n")


@contextmanager
def _started() -> Iterator[RunningSystem]:
    """The running system on a state of its own, stopped in the end."""
    with tempfile.TemporaryDirectory() as state:
        running = RunningSystem(Path(state))
        try:
            say("starting the system")
            yield running.start()
        finally:
            running.stop()


def _clinc(file: Path, folder: Path) -> None:
    say("training and testing on CLINC150")
    found = json.dumps(open_intents.measure(*open_intents.read_clinc(file)), indent=1)
    (folder / "open_intents.json").write_text(found, encoding="utf-8")
    sys.stdout.write(f"CLINC150 {found}\n\n")


def _search(folder: Path) -> None:
    found, rungs = ladder(most=LADDER_QUESTIONS)
    (folder / "search.json").write_text(json.dumps(figures(rungs), indent=1) + "\n", encoding="utf-8")
    (folder / "search.md").write_text(found + "\n", encoding="utf-8")
    sys.stdout.write(found + "\n")


if __name__ == "__main__":
    sys.exit(main())
