"""What the help on the query's side brings: ``python -m benchmarks.search_help --queries FILE.jsonl [FILE.jsonl ...]``.

Asks the live index with and without each help, paired, on the questions that it may touch:

- ``spelling``: the questions of the files, with a typo in 10 % of their words;
- ``synonyms``: those of the files that use a customers' word of ``synonyms.yml``;
- ``synonyms_swapped``: the editors' own questions, each with itself left out of the index, in which the product's term is
  replaced by each of the customers' words for it: what the file is written for.

A line of a file is ``{"query", "relevant": [paths]}``; questions without an answer are passed over. Prints one JSON object: hit@1
and hit@5 with and without, and the gain with its 95 % interval by bootstrap over questions.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import settings
from benchmarks.decisions import perturbed
from benchmarks.search_ladder import Case, own_cases, read_cases
from benchmarks.search_quality import TOP, interval
from index.encoder import Encoder
from index.encoders import open_encoder
from index.search import search
from index.snapshot import Snapshot, read_snapshot
from index.spelling import Spelling
from index.synonyms import Synonyms
from index.versions import Versions

Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Help:
    """A help under test: the questions it may touch, and the index without it."""

    cases: Sequence[Case]
    without: Callable[[Snapshot], Snapshot]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure every help and print the report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_help", description=__doc__)
    parser.add_argument("--queries", type=Path, required=True, nargs="+", metavar="FILE.jsonl")
    args = parser.parse_args(argv)
    current = settings.load()
    encoder = open_encoder(current.kb_encoder, current.model_dir)
    versions = Versions(current.index_dir)
    version = versions.require()
    snapshot = read_snapshot(versions.path(version), version)
    cases = [case for file in args.queries for case in read_cases(file, snapshot)]
    found = {name: compared(snapshot, each, encoder) for name, each in helps(snapshot, cases).items()}
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


def helps(snapshot: Snapshot, cases: Sequence[Case]) -> dict[str, Help]:
    """Every help with its questions, by name."""
    touched = [case for case in cases if snapshot.synonyms.added_to(case.query)]
    slips = [replace(case, query=perturbed(case.query, "typos", case.query)) for case in cases]

    def wordless(whole: Snapshot) -> Snapshot:
        return replace(whole, synonyms=Synonyms({}))

    return {
        "spelling": Help(slips, lambda whole: replace(whole, spelling=Spelling({}))),
        "synonyms": Help(touched, wordless),
        "synonyms_swapped": Help(list(swapped(snapshot)), wordless),
    }


def swapped(snapshot: Snapshot) -> Iterator[Case]:
    """The editors' questions that use a term of the product, in each of the customers' words for it."""
    for case in own_cases(snapshot):
        for said, term in snapshot.synonyms.terms.items():
            query = re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", said, case.query, flags=re.IGNORECASE)
            if query != case.query:
                yield replace(case, query=query)


def compared(snapshot: Snapshot, each: Help, encoder: Encoder) -> dict[str, Any]:
    """hit@1 and hit@5 with and without a help, and the paired gain; the number of questions alone where there are none."""
    figures: dict[str, Any] = {"questions": len(each.cases)}
    if not each.cases:
        return figures
    with_help, without = (_ranks(index, encoder, each.cases) for index in (snapshot, each.without(snapshot)))
    for name, bound in (("hit@1", 1), ("hit@5", 5)):
        gain = (with_help < bound).astype(np.float64) - (without < bound)
        figures[name] = {
            "with": round(float((with_help < bound).mean()), 4),
            "without": round(float((without < bound).mean()), 4),
            "gain": interval(gain, lambda sample: float(sample.mean())),
        }
    return figures


def _ranks(snapshot: Snapshot, encoder: Encoder, cases: Sequence[Case]) -> Ranks:
    """Rank of the first right page of each case, 0 the best, ``TOP`` not found."""
    numbers = {article.path: number for number, article in enumerate(snapshot.articles)}
    found = []
    for case in cases:
        hits = search(snapshot, encoder, case.query, TOP, without=case.without).hits
        found.append(next((rank for rank, hit in enumerate(hits) if numbers[hit.path] in case.relevant), TOP))
    return np.array(found)


if __name__ == "__main__":
    sys.exit(main())
