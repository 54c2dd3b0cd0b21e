"""How often the running system does the right kind of thing in each turn of labelled conversations.

``python -m benchmarks.conversations --conversations FILE.jsonl [--url http://127.0.0.1:8080]``

A line: ``{"id","behaviour","turns":[{"say","decision":[allowed],"never":[forbidden],"refusal","contains_any":[texts],"note"}]}``.
Each is played to its end as a customer of its own, through the HTTP contract, and every turn is judged, those behind a wrong one
as well. Prints one JSON object; the turns that came out wrong stand under ``wrong``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import fmean
from typing import Any

import settings
from benchmarks.decisions import WORKERS, converse, read_lines

CHECKS = {"decision": "decision", "never": "never", "refusal": "refusal", "contains": "contains_any"}
"""What is checked, and the key of a turn that says what must hold."""


def main() -> int:
    """Play the conversations and print the report."""
    parser = argparse.ArgumentParser(description="Play labelled conversations against the running system.")
    current = settings.load()
    parser.add_argument("--conversations", type=Path, required=True)
    parser.add_argument("--url", default=f"http://127.0.0.1:{current.port}")
    arguments = parser.parse_args()
    found = evaluate(arguments.conversations, arguments.url, current.widget_identity_secret)
    sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return 0


def evaluate(file: Path, url: str, secret: str) -> dict[str, Any]:
    """Play a file's conversations against the system at ``url`` and report; see :func:`report`."""

    def play(conversation: dict[str, Any]) -> dict[str, Any]:
        turns = conversation["turns"]
        played = converse((turn["say"] for turn in turns), url, secret)
        return {**conversation, "turns": [{**turn, **found} for turn, found in zip(turns, played, strict=True)]}

    with ThreadPoolExecutor(WORKERS) as pool:
        return report(list(pool.map(play, read_lines(file))))


def report(played: list[dict[str, Any]]) -> dict[str, Any]:
    """Figures of all conversations, by check and by behaviour, and the turns that came out wrong, in the order of the file.

    A turn is right where each of its checks is, a conversation where each of its turns is.
    """
    checks: dict[str, list[bool]] = defaultdict(list)
    behaviours: dict[str, list[list[bool]]] = defaultdict(list)
    wrong = []
    for conversation in played:
        right = []
        for number, turn in enumerate(conversation["turns"], 1):
            found = {name: value for name, value in judged(turn).items() if value is not None}
            for name, value in found.items():
                checks[name].append(value)
            right.append(all(found.values()))
            if not right[-1]:
                failed = [name for name, value in found.items() if not value]
                place = {"id": conversation["id"], "behaviour": conversation["behaviour"], "turn": number}
                wrong.append({**place, **_shown(turn), "failed": failed})
        behaviours[conversation["behaviour"]].append(right)
    return {
        **_figures([right for each in behaviours.values() for right in each]),
        "share": {name: round(fmean(values), 4) for name, values in sorted(checks.items())},
        "of": {name: len(values) for name, values in sorted(checks.items())},
        "by_behaviour": {name: _figures(each) for name, each in sorted(behaviours.items())},
        "wrong": wrong,
    }


def judged(turn: dict[str, Any]) -> dict[str, bool | None]:
    """Each check of a played turn: right, wrong, or None where the turn says nothing of it."""
    replies = turn["replies"]
    decisions = {reply["decision"] for reply in replies}
    never, refusal, parts = turn.get("never"), turn.get("refusal"), turn.get("contains_any")
    said = "\n".join(reply["text"] for reply in replies).lower()
    return {
        "decision": bool(decisions & set(turn["decision"])),
        "never": not decisions & set(never) if never else None,
        "refusal": any(reply["refusal"] == refusal for reply in replies) if refusal else None,
        "contains": any(part.lower() in said for part in parts) if parts else None,
    }


def _figures(conversations: list[list[bool]]) -> dict[str, float]:
    """Counts and shares right of conversations, each given as whether its turns are right."""
    return {
        "conversations": len(conversations),
        "turns": sum(map(len, conversations)),
        "conversations_right": round(fmean(map(all, conversations)), 4),
        "turns_right": round(fmean(right for each in conversations for right in each), 4),
    }


def _shown(turn: dict[str, Any]) -> dict[str, Any]:
    """What was said, what was wanted by check, and what came."""
    replies = turn["replies"]
    return {
        "text": turn["say"],
        "wanted": {check: turn[key] for check, key in CHECKS.items() if turn.get(key)},
        "got": {
            "decisions": [reply["decision"] for reply in replies],
            "refusals": [reply["refusal"] for reply in replies if reply["refusal"]],
            "text": "\n".join(reply["text"] for reply in replies),
        },
    }


if __name__ == "__main__":
    sys.exit(main())
