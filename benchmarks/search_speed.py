"""How long a search takes beside the encoding of its query: ``python -m benchmarks.search_speed [--chunks 10000]``.

The index of the content is widened to the wanted number of chunks: its pages are repeated with vectors that differ a little
(embedding as many real chunks would take many minutes and change nothing: a search does the same work whatever the numbers are).
Each query is searched and encoded in turn, so that both meet the machine in the same state. Prints one JSON object; ``ratio`` is
the median search, encoding included, over the median encoding.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

import settings
from index.build import build
from index.chunker import chunk_article
from index.encoder import Encoder, normalised
from index.encoders import open_encoder
from index.lexical import LexicalIndex, words
from index.search import search
from index.snapshot import Place, Snapshot, centres, read_snapshot, starts_of, write_snapshot
from index.vectors import VectorIndex
from index.versions import Versions

JITTER = 0.02  # standard deviation of a repeated vector's components, beside a typical component of 0.036
MOST_QUERIES = 200


def widened(snapshot: Snapshot, count: int) -> Snapshot:
    """The snapshot with its pages repeated until it holds at least ``count`` chunks."""
    random = np.random.default_rng(7)
    times = -(-count // len(snapshot.places))
    pages = len(snapshot.articles)
    texts = [words(chunk.text) for page, article in enumerate(snapshot.articles) for chunk in chunk_article(article, page)]
    if len(texts) != len(snapshot.places):
        raise ValueError("the index was built of other content; build it anew")
    vectors = np.tile(snapshot.chunks.all(), (times, 1))
    noise = random.standard_normal(vectors.shape, dtype=np.float32) * JITTER
    noise[: len(texts)] = 0
    vectors = normalised(vectors + noise)
    places = [Place(place.page + pages * each, place.section, place.kind) for each in range(times) for place in snapshot.places]
    return replace(
        snapshot,
        articles=tuple(replace(article, path=f"{each}/{article.path}") for each in range(times) for article in snapshot.articles),
        passages=snapshot.passages * times,
        places=tuple(places),
        starts=starts_of([place.page for place in places]),
        chunks=VectorIndex.build(vectors),
        pages=VectorIndex.build(centres(vectors, places)),
        lexical=LexicalIndex.build(texts * times),
        tokens=snapshot.tokens.tiled(times) if snapshot.tokens else None,
    )


def measure(snapshot: Snapshot, encoder: Encoder, queries: Sequence[str], rounds: int) -> dict[str, float]:
    """Medians and 95th percentiles in milliseconds, and the ratio; every query ``rounds`` times."""
    for query in queries[:10]:
        search(snapshot, encoder, query, 10)
    searched, encoded = [], []
    for _ in range(rounds):
        for query in queries:
            began = time.perf_counter()
            encoder.encode([query])
            between = time.perf_counter()
            search(snapshot, encoder, query, 10)
            encoded.append((between - began) * 1000)
            searched.append((time.perf_counter() - between) * 1000)
    figures = {
        f"{name}_{label}": round(float(np.quantile(values, share)), 2)
        for name, values in (("encode_ms", encoded), ("search_ms", searched))
        for label, share in (("p50", 0.5), ("p95", 0.95))
    }
    return {**figures, "ratio": round(float(np.median(searched) / np.median(encoded)), 3)}


def main(argv: Sequence[str] | None = None) -> int:
    """Build, widen, measure, print."""
    current = settings.load()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_speed", description=__doc__)
    parser.add_argument("--content", type=Path, default=current.content_dir, metavar="DIR")
    parser.add_argument(
        "--index", type=Path, default=current.index_dir, metavar="DIR", help="embeddings are taken from its cache"
    )
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=2, help="how often each query is asked")
    args = parser.parse_args(argv)
    encoder = open_encoder(current.kb_encoder, current.model_dir)
    build(args.content, args.index, encoder, at=datetime.now(timezone.utc))
    versions = Versions(args.index)
    snapshot = widened(read_snapshot(versions.path(versions.require(candidate=True)), "speed"), args.chunks)
    asked = [question for article in snapshot.articles for question in article.questions]
    queries = list(dict.fromkeys(asked or [article.title for article in snapshot.articles]))
    queries = queries[:: max(1, len(queries) // MOST_QUERIES)][:MOST_QUERIES]
    with tempfile.TemporaryDirectory() as folder:
        # Written and read again: a served index is mapped from the disk.
        write_snapshot(snapshot, Path(folder))
        figures = measure(read_snapshot(Path(folder), "speed"), encoder, queries, args.rounds)
    about = {"encoder": encoder.name, "fingerprint": encoder.fingerprint, "cpus": os.cpu_count()}
    print(json.dumps({**about, "chunks": len(snapshot.places), "queries": len(queries), **figures}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
