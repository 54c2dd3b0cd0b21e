"""Understanding on labelled first messages, as they are and perturbed, then the ladder of search (``make eval``).

``python -m benchmarks.evaluate [FILE.jsonl ...] [--clinc data_full.json]``: without a file, the project's own two sets under
``tests/evaluation``. Writes ``DATA_DIR/eval/decisions.json`` with every message that came out wrong, and prints a table; with
``--clinc`` also trains ``config.yml`` on CLINC150 and writes ``open_intents.json`` (see :mod:`benchmarks.open_intents`).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import settings
from benchmarks import open_intents
from benchmarks.decisions import PERTURBATIONS, evaluate
from benchmarks.search_ladder import ladder
from tests.running_system import RunningSystem

SETS = settings.ROOT / "tests" / "evaluation"
OWN = [SETS / "messages.jsonl", SETS / "held_out.jsonl"]
LADDER_QUESTIONS = 300  # of the pages' own; enough for intervals of +/- .06
COLUMNS = ("decision", "area", "refusal_class", "in_scope_not_refused", "policy_topic", "no_invented_time")


def main() -> int:
    """Start the system once and play each file in each perturbation."""
    parser = argparse.ArgumentParser(description="Measure the decisions of the assistant.")
    parser.add_argument("files", nargs="*", type=Path, default=OWN)
    parser.add_argument("--clinc", type=Path, metavar="data_full.json", help="CLINC150, to train and measure on as well")
    args = parser.parse_args()
    files: list[Path] = args.files
    with tempfile.TemporaryDirectory() as folder:
        running = RunningSystem(Path(folder))
        try:
            running.start()
            secret = running.settings.widget_identity_secret
            results = {
                f"{file.stem}, {kind}": evaluate(file, running.url, secret, kind) for file in files for kind in PERTURBATIONS
            }
        finally:
            running.stop()
    target = settings.load().data_dir / "eval" / "decisions.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(results, indent=1, ensure_ascii=False), encoding="utf-8")
    sys.stdout.write(table(results) + f"\n{target}\n\n")
    if args.clinc:
        found = json.dumps(open_intents.measure(*open_intents.read_clinc(args.clinc)), indent=1)
        target.with_name("open_intents.json").write_text(found, encoding="utf-8")
        sys.stdout.write(f"CLINC150 {found}\n\n")
    sys.stdout.write(ladder(most=LADDER_QUESTIONS) + "\n")
    return 0


def table(results: dict[str, dict[str, Any]]) -> str:
    """The shares as a Markdown table."""
    lines = ["| set | messages | " + " | ".join(COLUMNS) + " |", "| --- " * (len(COLUMNS) + 2) + "|"]
    for name, report in results.items():
        shares = " | ".join(f"{report['share'].get(column, float('nan')):.3f}" for column in COLUMNS)
        lines.append(f"| {name} | {report['messages']} | {shares} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
