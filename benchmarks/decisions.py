"""How often the running system does the right kind of thing on labelled first messages.

``python -m benchmarks.decisions --messages FILE.jsonl [--url http://127.0.0.1:8080] [--perturb none|typos|lower|bare]``

A line: ``{"id","text","decision":[allowed],"area","refusal","policy_topic","tags"}``. Each message opens a conversation of its
own, through the HTTP contract. Prints one JSON object; the messages that came out wrong stand under ``wrong``.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import jwt

import settings

CLAIMS = {"name": "Eva Luation", "email": "eva@example.org", "plan": "professional", "region": "GB", "tz": "Europe/London"}
PROMISED_TIME = re.compile(r"\b(within|in) (\d+|an?|one|two|few) (minute|hour|day|business day)s?\b", re.IGNORECASE)
SOFT_AREA = "area_soft"
PERTURBATIONS = ("none", "typos", "lower", "bare")
WORKERS = 2


def main() -> int:
    """Play the messages and print the report."""
    parser = argparse.ArgumentParser(description="Play labelled first messages against the running system.")
    current = settings.load()
    parser.add_argument("--messages", type=Path, required=True)
    parser.add_argument("--url", default=f"http://127.0.0.1:{current.port}")
    parser.add_argument("--perturb", choices=PERTURBATIONS, default="none")
    arguments = parser.parse_args()
    found = evaluate(arguments.messages, arguments.url, current.widget_identity_secret, arguments.perturb)
    sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return 0


def evaluate(file: Path, url: str, secret: str, perturbation: str) -> dict[str, Any]:
    """Play a file's messages against the system at ``url`` and report; see :func:`report`."""

    def play(message: dict[str, Any]) -> dict[str, Any]:
        return {**message, **converse([perturbed(message["text"], perturbation, message["id"])], url, secret)[0]}

    with ThreadPoolExecutor(WORKERS) as pool:
        return report(list(pool.map(play, read_lines(file))))


def read_lines(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file; empty lines are passed over."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def converse(texts: Iterable[str], url: str, secret: str) -> list[dict[str, Any]]:
    """Say the texts one after the other in a new conversation of a new customer.

    For each: what was ``said``, the ``replies``, and the milliseconds it took (``took_ms``).
    """
    now, turns = int(time.time()), []
    claims = {"sub": f"eval-{uuid.uuid4().hex[:10]}", "aud": "piperocks-support", "iat": now, "exp": now + 600, **CLAIMS}
    headers = {"Authorization": f"Bearer {jwt.encode(claims, secret, algorithm='HS256')}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
        conversation = client.post("/api/v1/conversations").raise_for_status().json()["conversation_id"]
        for number, text in enumerate(texts, 1):
            body = {"text": text, "client_message_id": f"m{number}"}
            started = time.perf_counter()
            answer = client.post(f"/api/v1/conversations/{conversation}/messages", json=body).raise_for_status()
            took = (time.perf_counter() - started) * 1000
            turns.append({"said": text, "replies": answer.json()["replies"], "took_ms": took})
    return turns


def perturbed(text: str, kind: str, seed: str) -> str:
    """The text with typos in 10 % of its words (at least one), in lower case, or without punctuation."""
    if kind == "lower":
        return text.lower()
    if kind == "bare":
        return re.sub(r"[^\w\s@#+-]", "", text) or text
    if kind == "none":
        return text
    words, dice = text.split(), random.Random(seed)
    for index in dice.sample(range(len(words)), max(1, len(words) // 10)):
        words[index] = _typo(words[index], dice)
    return " ".join(words)


def _typo(word: str, dice: random.Random) -> str:
    """Two letters swapped, one dropped, or one doubled."""
    if len(word) < 3:
        return word
    at = dice.randrange(len(word) - 1)
    return dice.choice(
        [word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]]
    )


def report(played: list[dict[str, Any]]) -> dict[str, Any]:
    """Figures of the whole set and by group (the first tag), and what came out wrong."""
    checks: dict[str, list[bool]] = defaultdict(list)
    groups: dict[str, list[bool]] = defaultdict(list)
    wrong = []
    for item in played:
        found = {name: value for name, value in judged(item).items() if value is not None}
        for name, value in found.items():
            checks[name].append(value)
        groups[item["tags"][0] if item["tags"] else "untagged"].append(all(found.values()))
        if not all(found.values()):
            first = item["replies"][0]
            wrong.append(
                {
                    "text": item["said"],
                    "wanted": [item["decision"], item["area"], item["refusal"], item["policy_topic"]],
                    "got": [first["decision"], first["area"], first["refusal"], first["intent"]],
                    "failed": [name for name, value in found.items() if not value],
                }
            )
    times = sorted(item["took_ms"] for item in played)
    return {
        "messages": len(played),
        "share": {name: round(sum(values) / len(values), 4) for name, values in sorted(checks.items())},
        "of": {name: len(values) for name, values in sorted(checks.items())},
        "all_right_by_group": {name: round(sum(values) / len(values), 3) for name, values in sorted(groups.items())},
        "decisions": dict(Counter(item["replies"][0]["decision"] for item in played)),
        "turn_ms": {"p50": round(times[len(times) // 2], 1), "p95": round(times[int(len(times) * 0.95)], 1)},
        "wrong": wrong,
    }


def judged(item: dict[str, Any]) -> dict[str, bool | None]:
    """Each check of a message: right, wrong, or None where the message says nothing of it."""
    replies = item["replies"]
    decisions = {reply["decision"] for reply in replies}
    first = replies[0]
    support = set(item["decision"]) <= {"answer", "unknown"}
    areas = allowed_areas(item) if support else set()
    return {
        "decision": bool(decisions & set(item["decision"])),
        "area": first["area"] in areas if areas else None,
        "refusal_class": any(reply["refusal"] == item["refusal"] for reply in replies) if item["refusal"] else None,
        "in_scope_not_refused": "refuse" not in decisions if not item["refusal"] and "refuse" not in item["decision"] else None,
        "policy_topic": _topic(item, replies) if item["policy_topic"] else None,
        "no_invented_time": _no_time(replies),
        "answered": "answer" in decisions if support else None,
    }


def allowed_areas(item: dict[str, Any]) -> set[str]:
    """The areas that are right for a message: its own, and for a debatable one those of its tags ``alt:<area>``.

    Empty where the message has no area, or a debatable one with nothing named beside it.
    """
    others = {tag.removeprefix("alt:") for tag in item["tags"] if tag.startswith("alt:")}
    if not item["area"] or (SOFT_AREA in item["tags"] and not others):
        return set()
    return {item["area"], *others}


def _topic(item: dict[str, Any], replies: list[dict[str, Any]]) -> bool:
    wanted = {item["policy_topic"], *(tag.split(":", 1)[1] for tag in item["tags"] if tag.startswith("also:"))}
    return any(reply["intent"]["name"].removeprefix("policy_") in wanted for reply in replies) or any(
        (reply.get("evidence") or {}).get("policy_topic") in wanted for reply in replies
    )


def _no_time(replies: list[dict[str, Any]]) -> bool:
    """Outside policy and ticket replies no text may say when somebody answers."""
    texts = [reply["text"] for reply in replies if reply["decision"] not in ("policy", "ticket", "answer")]
    return not any(PROMISED_TIME.search(text) for text in texts)


if __name__ == "__main__":
    sys.exit(main())
