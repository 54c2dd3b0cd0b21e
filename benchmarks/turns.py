"""How long a turn takes through web, Rasa and the action server, against a canned reply of the same system.

``make bench``. The baseline is a reply that Rasa gives from ``domain.yml`` without the action server, in the same run, so the
ratios hold while the machine's speed drifts.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.running_system import RunningSystem

ROUNDS = 40
CANNED = ("goodbye", "thank you", "are you a bot?")
KINDS = {
    "answer": (
        "how do I undo an import?",
        "rename a stage of my pipeline",
        "where do I find my invoices?",
        "webhooks fail with 500",
    ),
    "policy": ("what are your opening hours?", "how fast do you reply?"),
    "refuse": ("Photoshop keeps crashing", "write me a python script that syncs contacts"),
}


def main() -> int:
    """Start the system, take turns of each kind in rotation, print medians, 95th percentiles and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        running = RunningSystem(Path(folder))
        try:
            running.start()
            figures = measure(running)
        finally:
            running.stop()
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0


def measure(running: RunningSystem) -> dict[str, dict[str, float]]:
    """Milliseconds of a turn by kind, and the ratio of its median to the canned reply's."""
    times: dict[str, list[float]] = {"canned": [], **{kind: [] for kind in KINDS}}
    texts = {"canned": itertools.cycle(CANNED), **{kind: itertools.cycle(said) for kind, said in KINDS.items()}}
    for number in range(ROUNDS + 3):
        for kind, said in texts.items():
            talk = running.talk(region="GB", tz="Europe/London", plan="professional")
            started = time.perf_counter()
            talk.say(next(said))
            if number >= 3:  # the first rounds warm caches and connections
                times[kind].append((time.perf_counter() - started) * 1000)
    base = median(times["canned"])
    return {
        kind: {
            "p50_ms": round(median(values), 1),
            "p95_ms": round(sorted(values)[int(len(values) * 0.95)], 1),
            "ratio_to_canned": round(median(values) / base, 2),
        }
        for kind, values in times.items()
    }
