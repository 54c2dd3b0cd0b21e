"""Cross-validated intents over the project's own training data: ``python -m benchmarks.intents [--folds 5] [--rows ROWS.jsonl]``.

Rasa's interpreter names every training utterance by a model that did not learn from it (:mod:`bot.cross_validation`); here its
rows become figures: accuracy, macro-F1, each intent's precision and recall, confusion matrices of readable classes, and how far
the probabilities can be believed. ``--rows`` reads rows of an earlier run instead. Prints one JSON object.

They judge the classifier alone, over data that gathers cases from the borders of the intents on purpose, and tell which intents
the data itself does not hold apart. How customers fare, the held-out messages tell (:mod:`benchmarks.decisions`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from launch.environments import RASA, tool
from launch.pipeline import rasa_environment
from launch.steps import ROOT

FOLDS = 5
BINS = 10
ELSE, NONE = "something else", "none of these"
KINDS = {"ask_": "support", "policy_": "policy", "outside_": "refusal"}  # by the beginning of an intent's name
TALK = "talk and hand-off"
MOST_WRONG = 2  # examples of each confusion that are kept


@dataclass(frozen=True, slots=True)
class Row:
    """An utterance with its intent and the likeliest one of a model that did not learn from it; a rejection overrules that."""

    text: str
    intent: str
    fold: int
    named: str
    probability: float
    confidence: float
    accepted: bool


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a class (``labels``, down) was named as another (``columns``, across)."""

    labels: list[str]
    columns: list[str]
    counts: list[list[int]]


@dataclass(frozen=True, slots=True)
class Bin:
    """Utterances whose probability lies in ``low`` to ``high``: how many, their mean probability, the share that is right."""

    low: float
    high: float
    count: int
    probability: float
    right: float


def cross_validated(folds: int = FOLDS) -> list[Row]:
    """The rows of a run by Rasa's interpreter; its progress is shown as it goes."""
    words = [tool(RASA, "python"), "-m", "bot.cross_validation", "--folds", str(folds)]
    done = subprocess.run(words, cwd=ROOT, env=rasa_environment(), stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise RuntimeError(f"`{' '.join(words)}` ended with code {done.returncode}; its last lines above say why")
    return read_rows(done.stdout.splitlines())


def read_rows(lines: Iterable[str]) -> list[Row]:
    """Rows of JSON lines."""
    return [Row(**json.loads(line)) for line in lines if line.strip()]


def report(rows: Sequence[Row]) -> dict[str, Any]:
    """Figures of the whole, by fold and by intent, and the commonest confusions with examples."""
    by_intent = scores([(row.intent, row.named) for row in rows])
    folds = sorted({row.fold for row in rows})
    return {
        "utterances": len(rows),
        "intents": len(by_intent),
        "folds": len(folds),
        "accuracy": _share(row.named == row.intent for row in rows),
        "accuracy_by_fold": [_share(row.named == row.intent for row in rows if row.fold == fold) for fold in folds],
        "macro_f1": round(sum(each["f1"] for each in by_intent.values()) / len(by_intent), 4),
        "rejected": _share(not row.accepted for row in rows),
        "accuracy_with_rejection": _share(row.accepted and row.named == row.intent for row in rows),
        "accuracy_of_kinds": _share(kind_of(row.named) == kind_of(row.intent) for row in rows),
        "by_intent": by_intent,
        "confused": _confused(rows),
    }


def scores(pairs: Sequence[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and number of utterances of every intent in ``pairs`` of (right, named); worst F1 first.

    An intent that is never named has precision 0.
    """
    wanted, named = Counter(right for right, _ in pairs), Counter(got for _, got in pairs)
    hits = Counter(right for right, got in pairs if right == got)
    found = {
        name: {
            "utterances": count,
            "precision": round(hits[name] / named[name], 4) if named[name] else 0.0,
            "recall": round(hits[name] / count, 4),
            "f1": round(2 * hits[name] / (count + named[name]), 4),
        }
        for name, count in wanted.items()
    }
    return dict(sorted(found.items(), key=lambda item: (item[1]["f1"], item[0])))


def confusions(rows: Sequence[Row]) -> dict[str, Confusion]:
    """Matrices of kinds, areas, refusal classes and policy topics (rejection is a column), and of all intents as named."""
    found = {"kinds": confusion([(kind_of(row.intent), kind_of(row.named) if row.accepted else NONE) for row in rows])}
    for view, prefix in (("areas", "ask_"), ("refusal_classes", "outside_"), ("policy_topics", "policy_")):
        inside = [row for row in rows if row.intent.startswith(prefix)]
        if inside:
            found[view] = confusion([(readable(row.intent), _seen(row, prefix)) for row in inside])
    found["intents"] = confusion([(row.intent, row.named) for row in rows])
    return found


def confusion(pairs: Sequence[tuple[str, str]]) -> Confusion:
    """Counts of (right, named); names that are right for nothing are columns of their own, behind the others."""
    labels = sorted({right for right, _ in pairs})
    columns = labels + sorted({got for _, got in pairs} - set(labels), key=lambda name: (name == NONE, name))
    counted = Counter(pairs)
    return Confusion(labels, columns, [[counted[right, got] for got in columns] for right in labels])


def kind_of(intent: str) -> str:
    """The kind of message that an intent stands for."""
    return next((kind for prefix, kind in KINDS.items() if intent.startswith(prefix)), TALK)


def readable(intent: str) -> str:
    """An intent's name as a reader knows it: ``outside_off_topic`` is "off topic"."""
    prefix = next((prefix for prefix in KINDS if intent.startswith(prefix)), "")
    return intent.removeprefix(prefix).replace("_", " ")


def reliability(judged: Sequence[tuple[float, bool]], bins: int = BINS) -> list[Bin]:
    """Pairs of (probability, right) in bins of equal width, lowest first; the lower edge of each is inside, and 1 in the last."""
    parts: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for probability, right in judged:
        parts[min(bins - 1, int(probability * bins))].append((probability, right))
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            len(part),
            sum(probability for probability, _ in part) / len(part),
            sum(right for _, right in part) / len(part),
        )
        for number, part in enumerate(parts)
        if part
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far probability and share right lie apart, on average over the utterances."""
    return sum(each.count * abs(each.probability - each.right) for each in bins) / sum(each.count for each in bins)


def calibration(rows: Sequence[Row]) -> dict[str, Any]:
    """The error and the bins of the likeliest intent's probability."""
    bins = reliability([(row.probability, row.named == row.intent) for row in rows])
    return {"expected_calibration_error": round(calibration_error(bins), 4), "bins": [asdict(each) for each in bins]}


def _confused(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The 20 commonest confusions; of each the examples in which the model was surest."""
    wrong = sorted((row for row in rows if row.named != row.intent), key=lambda row: -row.probability)
    common = Counter((row.intent, row.named) for row in wrong).most_common(20)
    return [
        {
            "intent": intent,
            "named": named,
            "count": count,
            "examples": [row.text for row in wrong if (row.intent, row.named) == (intent, named)][:MOST_WRONG],
        }
        for (intent, named), count in common
    ]


def _seen(row: Row, prefix: str) -> str:
    if not row.accepted:
        return NONE
    return readable(row.named) if row.named.startswith(prefix) else ELSE


def _share(hits: Iterable[bool]) -> float:
    values = list(hits)
    return round(sum(values) / len(values), 4)


def _figures(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    matrices = {name: asdict(each) for name, each in confusions(rows).items()}
    return {"intents": report(rows), "confusion": matrices, "reliability": calibration(rows)}


def write(rows: Sequence[Row], folder: Path) -> None:
    """Write ``intents.json``, ``confusion.json``, ``reliability.json``, and the rows as ``cross_validated.jsonl``."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
    (folder / "cross_validated.jsonl").write_text(lines, encoding="utf-8")
    for name, found in _figures(rows).items():
        (folder / f"{name}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    """Print figures, matrices and calibration."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intents", description=__doc__)
    parser.add_argument("--folds", type=int, default=FOLDS)
    parser.add_argument("--rows", type=Path, metavar="ROWS.jsonl")
    args = parser.parse_args()
    rows = read_rows(args.rows.read_text(encoding="utf-8").splitlines()) if args.rows else cross_validated(args.folds)
    sys.stdout.write(json.dumps(_figures(rows), indent=1, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
