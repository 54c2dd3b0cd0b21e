"""Our search beside txtai, Haystack and Chroma: ``python -m benchmarks.search_peers --content DIR --queries FILE.jsonl``.

Same pages, same questions (``{"query", "relevant": [paths]}``), and the same embedding model (ours) for all, so that only the
engines differ. The peers are used as their tutorials do: pages cut every 180 words, hybrid search where it comes with the engine,
a page stands where its best chunk stands. Each engine runs in a process of its own, one after another, and embeds the corpus
itself. Then the same at a larger scale: the pages repeated until the peers have ``--chunks`` chunks, embeddings ready-made.

Build time is from text to a searchable index, without imports. Ours also reads and cuts the Markdown and calibrates; what reading
and cutting took for the peers is told apart (``peers_reading_s``, of the smaller scale). ``engine`` is without the passes of the
encoder. Memory is the peak of the whole process, libraries and encoder included. Prints Markdown tables, each figure with
its ratio to ours, and writes ``DATA_DIR/eval/search_peers.json``. The peers are installed into ``DATA_DIR/peers``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import numpy as np

import settings
from benchmarks.peers.chunks import Chunk, copies_for, cut, repeated
from benchmarks.peers.engines import KINDS, OURS, PEERS
from benchmarks.peers.report import against, figures, table, with_ratios
from benchmarks.peers.worker import Job, Measured, write_chunks
from index.encoders import fingerprint_of
from index.markdown import plain
from index.reader import read_folder
from launch.environments import make_peers
from launch.steps import StepFailed

TOP = 10
WIDE_QUERIES = 60  # enough for a 95th percentile; Haystack's store takes long at that scale
PACKAGES = ("txtai", "haystack-ai", "chromadb")
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "DO_NOT_TRACK": "1",
}
Outcome = Measured | str  # the measurements, or why there are none


@dataclass(frozen=True, slots=True)
class Bench:
    """What all runs share: the interpreter of each engine, the job's common part, and a folder to work in."""

    pythons: dict[str, str]
    job: Job
    folder: Path

    def run(self, name: str, scale: str, **more: str | list[str]) -> Outcome:
        """One engine at one scale, in a process of its own."""
        _say(f"{scale}: {name}")
        job_file, result = (self.folder / f"{scale}-{name}.{end}" for end in ("job.json", "result.json"))
        replace(self.job, engine=name, result=str(result), **more).write(job_file)  # type: ignore[arg-type]
        words = [self.pythons[name], "-m", "benchmarks.peers.worker", str(job_file)]
        done = subprocess.run(words, cwd=settings.ROOT, env={**os.environ, **OFFLINE}, capture_output=True, text=True)
        if done.returncode:
            _say(done.stderr)
            return (done.stderr.strip().splitlines() or [f"ended with code {done.returncode}"])[-1]
        return Measured(**json.loads(result.read_text(encoding="utf-8")))


def read_pieces(content: Path) -> list[Chunk]:
    """The peers' chunks of a folder, by our reader."""
    articles = read_folder(content).articles
    return [piece for each in articles for piece in cut(each.path, plain(each.markdown), each.title)]


def compare(bench: Bench, content: Path, pieces: Sequence[Chunk], cases: Sequence[dict[str, Any]], chunks: int) -> dict[str, Any]:
    """Both scales; the larger one is left out where ``chunks`` is 0."""
    pages = len({piece.page for piece in pieces})
    relevant = [case["relevant"] for case in cases]
    small = _small(bench, content, pieces)
    rows = {name: _row(outcome, relevant) for name, outcome in small.items()}
    ours = small.get(OURS)
    for name, outcome in small.items():
        if name != OURS and isinstance(ours, Measured) and isinstance(outcome, Measured):
            rows[name]["hits_against_ours"] = against(ours, outcome, relevant)
    scales = {f"{pages} pages": with_ratios(rows)}
    if chunks:
        copies = copies_for(len(pieces), chunks)
        wide = {name: _row(outcome) for name, outcome in _wide(bench, content, pieces, copies).items()}
        scales[f"{pages * copies} pages ({copies} times the same)"] = with_ratios(wide)
    return scales


def _small(bench: Bench, content: Path, pieces: Sequence[Chunk]) -> dict[str, Outcome]:
    file = bench.folder / "chunks.jsonl"
    write_chunks(file, pieces)
    outcomes: dict[str, Outcome] = {}
    for name in bench.pythons:
        if name == OURS:
            outcomes[name] = bench.run(name, "small", content=str(content), index=str(bench.folder / "index"))
        else:
            outcomes[name] = bench.run(name, "small", chunks=str(file), keep=str(bench.folder / "vectors.npy"))
    return outcomes


def _wide(bench: Bench, content: Path, pieces: Sequence[Chunk], copies: int) -> dict[str, Outcome]:
    queries = bench.job.queries[:: max(1, len(bench.job.queries) // WIDE_QUERIES)][:WIDE_QUERIES]
    pages, file, vectors = (bench.folder / f"wide{end}" for end in ("", ".jsonl", ".npy"))
    kept = bench.folder / "vectors.npy"
    if kept.exists():
        many, values = repeated(pieces, np.load(kept), copies)
        write_chunks(file, many)
        np.save(vectors, values)
    outcomes: dict[str, Outcome] = {}
    for name in bench.pythons:
        if name == OURS:
            for copy in range(copies):
                shutil.copytree(content, pages / str(copy))
            places = {"index": str(bench.folder / "wide-index"), "cache": str(bench.folder / "index" / "cache")}
            outcomes[name] = bench.run(name, "wide", content=str(pages), queries=queries, **places)
        elif kept.exists():
            outcomes[name] = bench.run(name, "wide", chunks=str(file), vectors=str(vectors), queries=queries)
        else:
            outcomes[name] = "no embeddings of the smaller scale"
    return outcomes


def _row(outcome: Outcome, relevant: Sequence[Sequence[str]] | None = None) -> dict[str, Any]:
    return {"error": outcome} if isinstance(outcome, str) else figures(outcome, relevant)


def pythons(engines: Sequence[str], place: Path) -> dict[str, str]:
    """The interpreter of each engine; makes the peers' environment where one of them is wanted."""
    if set(engines) <= {OURS}:
        return {OURS: sys.executable}
    try:
        peers = str(make_peers(place))
    except StepFailed as failure:
        raise SystemExit(
            f"the peers' environment in {place} could not be made: {failure}\n"
            "It needs Python 3.11 and PyPI within reach, and PyTorch's CPU wheel (set PIP_FIND_LINKS to a folder that has it). "
            f"Mend that and run again, or measure ours alone with --engines {OURS}."
        ) from failure
    return {name: sys.executable if name == OURS else peers for name in engines}


def _versions(place: Path) -> dict[str, str]:
    packages = {each.name: each.version for each in distributions(path=[str(path) for path in place.glob("lib/*/site-packages")])}
    return {name: packages[name] for name in PACKAGES if name in packages}


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, print the tables, write the JSON. Code 1 where an engine did not run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_peers", description=__doc__)
    parser.add_argument("--content", type=Path, required=True, metavar="DIR")
    parser.add_argument("--queries", type=Path, required=True, metavar="FILE.jsonl")
    parser.add_argument("--encoder", metavar="NAME", help="embedding model (default: KB_ENCODER)")
    parser.add_argument("--chunks", type=int, default=10_000, help="of the peers at the larger scale; 0 leaves it out")
    parser.add_argument("--engines", nargs="+", choices=tuple(KINDS), default=(OURS, *PEERS), metavar="NAME")
    args = parser.parse_args(argv)
    current = settings.load()
    place = current.data_dir / "peers"
    encoder = args.encoder or current.kb_encoder
    cases = [json.loads(line) for line in args.queries.read_text(encoding="utf-8").splitlines() if line.strip()]
    common = Job("", encoder, str(current.model_dir), [case["query"] for case in cases], TOP, "")
    interpreters, content, began = pythons(args.engines, place), args.content.resolve(), time.perf_counter()
    pieces = read_pieces(content)
    reading = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        scales = compare(Bench(interpreters, common, Path(folder)), content, pieces, cases, args.chunks)
    about = {
        "encoder": encoder,
        "fingerprint": fingerprint_of(encoder, current.model_dir),
        "cpus": os.cpu_count(),
        "queries": len(cases),
        "peers_reading_s": round(reading, 2),
        "versions": _versions(place),
    }
    target = current.data_dir / "eval" / "search_peers.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps({**about, "scales": scales}, indent=1), encoding="utf-8")
    for title, scale in scales.items():
        sys.stdout.write(f"{title}\n\n{table(scale)}\n\n")
    sys.stdout.write(f"{json.dumps(about)}\n{target}\n")
    return int(any("error" in row for scale in scales.values() for row in scale.values()))


if __name__ == "__main__":
    sys.exit(main())
