"""How good search is on a set of questions: ``python -m benchmarks.search_quality --content DIR --queries FILE``.

Prints one JSON object: hit@1, hit@5 and mean reciprocal rank over the questions that have an answer, the area under the curve of
the confidence against those that have none, false refusals, and milliseconds a query; each figure with a 95 % interval by
bootstrap over questions.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import settings
from index.build import build
from index.encoders import open_encoder
from index.knowledge_base import KnowledgeBase

RESAMPLES = 1000
TOP = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question: the rank of the first right page (0 the best, ``TOP`` not found), the verdict, the time."""

    has_answer: bool
    rank: int
    answerable: bool
    confidence: float
    took_ms: float


def ask(knowledge: KnowledgeBase, cases: Sequence[dict[str, Any]]) -> list[Outcome]:
    """Search for every case; a case is ``{"query", "relevant": [paths]}``, without an answer where ``relevant`` is empty."""
    for case in cases[:5]:
        knowledge.search(case["query"], TOP)
    outcomes = []
    for case in cases:
        result, relevant = knowledge.search(case["query"], TOP), set(case["relevant"])
        rank = next((number for number, hit in enumerate(result.hits) if hit.path in relevant), TOP)
        outcomes.append(Outcome(bool(relevant), rank, result.answerable, result.confidence, result.took_ms))
    return outcomes


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All figures, each as ``{"value", "low", "high"}``; a figure that the questions do not allow is left out."""
    answered = [each for each in outcomes if each.has_answer]
    unanswered = [each for each in outcomes if not each.has_answer]
    figures: dict[str, Any] = {"questions": len(answered), "without_answer": len(unanswered)}
    if answered:
        ranks = np.array([each.rank for each in answered])
        figures["hit@1"] = interval(ranks, lambda sample: float((sample < 1).mean()))
        figures["hit@5"] = interval(ranks, lambda sample: float((sample < 5).mean()))
        figures["mrr"] = interval(ranks, lambda sample: float(np.where(sample < TOP, 1 / (sample + 1), 0).mean()))
        figures["falsely_refused"] = interval(
            np.array([not each.answerable for each in answered]), lambda sample: float(sample.mean())
        )
    if unanswered:
        figures["falsely_answered"] = interval(
            np.array([each.answerable for each in unanswered]), lambda sample: float(sample.mean())
        )
    if answered and unanswered:
        labelled = np.array([(each.confidence, each.has_answer) for each in outcomes])
        figures["auc"] = interval(labelled, lambda sample: auc(sample[sample[:, 1] == 1, 0], sample[sample[:, 1] == 0, 0]))
    times = np.array([each.took_ms for each in outcomes])
    figures["ms"] = {"median": round(float(np.median(times)), 2), "p95": round(float(np.quantile(times, 0.95)), 2)}
    return figures


def auc(positives: npt.NDArray[np.float64], negatives: npt.NDArray[np.float64]) -> float:
    """Chance that a question with an answer gets more confidence than one without; ties count half."""
    if not len(positives) or not len(negatives):
        return 0.5
    difference = positives[:, None] - negatives[None, :]
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def interval(values: npt.NDArray[Any], figure: Callable[[npt.NDArray[Any]], float]) -> dict[str, float]:
    """A figure with its 95 % interval by bootstrap; the same values give the same interval."""
    random = np.random.default_rng(7)
    drawn = [figure(values[random.integers(0, len(values), len(values))]) for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, (0.025, 0.975))
    return {"value": round(figure(values), 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def main(argv: Sequence[str] | None = None) -> int:
    """Build an index of the content (or take ``--index``) and print the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_quality", description=__doc__)
    parser.add_argument("--content", type=Path, required=True, metavar="DIR")
    parser.add_argument("--queries", type=Path, required=True, metavar="FILE.jsonl")
    parser.add_argument("--index", type=Path, metavar="DIR", help="keep the index here, so that a second run is quick")
    parser.add_argument("--encoder", metavar="NAME", help="embedding model (default: KB_ENCODER)")
    args = parser.parse_args(argv)
    current = settings.load()
    encoder = open_encoder(args.encoder or current.kb_encoder, current.model_dir)
    cases = [json.loads(line) for line in args.queries.read_text(encoding="utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as scratch:
        index_dir = args.index or Path(scratch)
        build(args.content, index_dir, encoder, at=datetime.now(timezone.utc), progress=lambda line: print(line, file=sys.stderr))
        knowledge = KnowledgeBase.open(index_dir, encoder, candidate=True)
        figures = report(ask(knowledge, cases))
    about = {"encoder": encoder.name, "fingerprint": encoder.fingerprint, "version": knowledge.version, "cpus": os.cpu_count()}
    print(json.dumps({**about, **figures}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
