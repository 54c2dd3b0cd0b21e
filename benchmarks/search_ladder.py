"""What each part of search brings and costs, step by step: ``python -m benchmarks.search_ladder [--content DIR --queries FILE]``.

By default the project's own pages, asked the questions that their editors wrote, each with itself left out of the index; else
any folder of Markdown with a JSONL of ``{"query", "relevant": [paths]}``. Prints a Markdown table: hit@1 and hit@5 with 95 %
intervals by bootstrap over questions, what the step brought to hit@1 against the one above it (paired, so its interval is
narrower), and the median milliseconds of encoding the query and of ranking. The last step is what is served.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import settings
from benchmarks.search_quality import interval
from index.build import build
from index.chunker import Chunk, chunk_article
from index.embeddings import EmbeddingCache
from index.encoder import Encoder, Vectors
from index.encoders import open_encoder
from index.errors import EncoderError
from index.lexical import LexicalIndex, words
from index.markdown import plain
from index.scoring import fused
from index.search import Query, rank
from index.snapshot import Snapshot, read_snapshot, starts_of
from index.vectors import VectorIndex
from index.versions import Versions

SMALL = "all-MiniLM-L6-v2"  # the tutorials' model
TUTORIAL_WORDS = 180
Order = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the numbers of the pages that answer it, and the chunks that are not to be there when it is asked."""

    query: str
    relevant: frozenset[int]
    without: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """A step: the rank of the first right page for each case (0 the best), and milliseconds."""

    name: str
    ranks: npt.NDArray[np.int64]
    encode_ms: float
    rank_ms: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """Chunks of one cut with their vectors, in the order of pages; ``starts`` as in a snapshot."""

    chunks: Sequence[Chunk]
    vectors: VectorIndex
    starts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, chunks: Sequence[Chunk], cache: EmbeddingCache) -> Corpus:
        """Embed the chunks."""
        vectors = cache.vectors([chunk.text for chunk in chunks], lambda done, total: _say(f"embedded {done} of {total}"))
        return cls(chunks, VectorIndex.build(vectors), starts_of([chunk.page for chunk in chunks]))

    def similarities(self, vector: Vectors, without: Sequence[int] = ()) -> Vectors:
        """Similarity of every chunk, (chunks,)."""
        found = self.vectors.similarities(vector)
        found[list(without)] = -1
        return found

    def order(self, scores: Vectors) -> Order:
        """Pages by their best chunk."""
        return np.argsort(-np.maximum.reduceat(scores, self.starts), kind="stable")


def climb(snapshot: Snapshot, cases: Sequence[Case], encoder: Encoder, small: Encoder | None, folder: Path) -> list[Rung]:
    """All rungs, the served one last; embeddings that only the ladder needs are kept in ``folder``."""
    every = [chunk for page, article in enumerate(snapshot.articles) for chunk in chunk_article(article, page)]
    body = [chunk for chunk in every if chunk.kind == "text" or not _has_text(every, chunk.page)]
    rungs = [_lexical(body, cases)]
    if small is not None:
        cache = EmbeddingCache(folder, small)
        cut = Corpus.of(list(_tutorial_chunks(snapshot)), cache)
        cache.save()
        rungs.append(
            _rung(
                f"{small.name} + FAISS, chunks of {TUTORIAL_WORDS} words",
                cases,
                small,
                lambda query, _: cut.order(cut.similarities(query.vector)),
            )
        )
    cache = EmbeddingCache(folder, encoder)
    bare = Corpus.of([replace(chunk, text=_without_way(chunk)) for chunk in body], cache)
    cache.save()
    rungs.append(
        _rung(
            f"{encoder.name}, chunks under headings",
            cases,
            encoder,
            lambda query, _: bare.order(bare.similarities(query.vector)),
        )
    )
    vectors = snapshot.chunks.all()
    kept = [number for number, chunk in enumerate(every) if chunk in set(body)]
    titled = Corpus(body, VectorIndex.build(vectors[kept]), starts_of([chunk.page for chunk in body]))
    rungs.append(
        _rung(
            "+ title and headings in the chunk",
            cases,
            encoder,
            lambda query, _: titled.order(titled.similarities(query.vector)),
        )
    )
    whole = Corpus(every, snapshot.chunks, snapshot.starts)
    if len(every) > len(body):
        rungs.append(
            _rung(
                "+ summaries and questions",
                cases,
                encoder,
                lambda query, case: whole.order(whole.similarities(query.vector, case.without)),
            )
        )

    def with_words(query: Query, case: Case) -> Order:
        lexical = snapshot.lexical.scores(query.terms)
        lexical[list(case.without)] = 0
        return whole.order(fused(whole.similarities(query.vector, case.without), lexical))

    rungs.append(_rung("+ BM25", cases, encoder, with_words))
    single = replace(snapshot, tokens=None)
    rungs.append(_rung("+ the page as a whole", cases, encoder, lambda query, case: rank(single, query, 10, case.without).order))
    served = f"+ late interaction (served, {len(snapshot.places)} chunks)"
    rungs.append(_rung(served, cases, encoder, lambda query, case: rank(snapshot, query, 10, case.without).order))
    return rungs


def _rung(name: str, cases: Sequence[Case], encoder: Encoder, order: Callable[[Query, Case], Order]) -> Rung:
    _say(name)
    ranks, encoding, ranking = [], [], []
    for case in cases:
        began = time.perf_counter()
        query = Query.of(case.query, encoder)
        between = time.perf_counter()
        found = order(query, case)
        encoding.append((between - began) * 1000)
        ranking.append((time.perf_counter() - between) * 1000)
        ranks.append(_first(found, case.relevant))
    return Rung(name, np.array(ranks), float(np.median(encoding)), float(np.median(ranking)))


def _lexical(chunks: Sequence[Chunk], cases: Sequence[Case]) -> Rung:
    index, starts = LexicalIndex.build(words(chunk.text) for chunk in chunks), starts_of([chunk.page for chunk in chunks])
    ranks, times = [], []
    for case in cases:
        began = time.perf_counter()
        order = np.argsort(-np.maximum.reduceat(index.scores(words(case.query)), starts), kind="stable")
        times.append((time.perf_counter() - began) * 1000)
        ranks.append(_first(order, case.relevant))
    return Rung("BM25, chunks under headings", np.array(ranks), 0.0, float(np.median(times)))


def _first(order: Order, relevant: frozenset[int]) -> int:
    return next((number for number, page in enumerate(order) if int(page) in relevant), len(order))


def _has_text(chunks: Sequence[Chunk], page: int) -> bool:
    return any(chunk.page == page and chunk.kind == "text" for chunk in chunks)


def _without_way(chunk: Chunk) -> str:
    return chunk.text.partition("\n")[2] or chunk.text


def _tutorial_chunks(snapshot: Snapshot) -> Iterator[Chunk]:
    for page, article in enumerate(snapshot.articles):
        text = plain(article.markdown).split() or article.title.split()
        for start in range(0, len(text), TUTORIAL_WORDS):
            yield Chunk(page, 0, "text", " ".join(text[start : start + TUTORIAL_WORDS]))


def table(rungs: Sequence[Rung]) -> str:
    """The ladder as a Markdown table."""
    lines = ["| step | hit@1 | brought | hit@5 | encode ms | rank ms |", "| --- " * 6 + "|"]
    before: Rung | None = None
    for rung in rungs:
        first, fifth = (_shown(interval(rung.ranks < at, _mean)) for at in (1, 5))
        gain = "" if before is None else _shown(interval((rung.ranks < 1).astype(float) - (before.ranks < 1), _mean), sign="+")
        lines.append(f"| {rung.name} | {first} | {gain} | {fifth} | {rung.encode_ms:.1f} | {rung.rank_ms:.2f} |")
        before = rung
    return "\n".join(lines)


def _mean(sample: npt.NDArray[Any]) -> float:
    return float(sample.mean())


def _shown(figure: dict[str, float], sign: str = "") -> str:
    return f"{figure['value']:{sign}.3f} [{figure['low']:{sign}.3f}, {figure['high']:{sign}.3f}]"


def own_cases(snapshot: Snapshot) -> list[Case]:
    """Each question that an editor wrote, answered by its page, asked with itself left out."""
    chunks = (chunk for page, article in enumerate(snapshot.articles) for chunk in chunk_article(article, page))
    return [
        Case(chunk.text, frozenset({chunk.page}), (number,)) for number, chunk in enumerate(chunks) if chunk.kind == "question"
    ]


def read_cases(file: Path, snapshot: Snapshot) -> list[Case]:
    """The questions of a file that have an answer among the pages."""
    numbers = {article.path: number for number, article in enumerate(snapshot.articles)}
    lines = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    found = ((line["query"], frozenset(numbers[path] for path in line["relevant"] if path in numbers)) for line in lines)
    return [Case(query, relevant) for query, relevant in found if relevant]


def figures(rungs: Sequence[Rung]) -> list[dict[str, Any]]:
    """The ladder as JSON holds it: each step's hits with their intervals, and milliseconds."""
    return [
        {
            "step": rung.name,
            "questions": len(rung.ranks),
            **{f"hit@{at}": interval(rung.ranks < at, _mean) for at in (1, 5)},
            "encode_ms": round(rung.encode_ms, 2),
            "rank_ms": round(rung.rank_ms, 3),
        }
        for rung in rungs
    ]


def ladder(content: Path | None = None, queries: Path | None = None, most: int | None = None) -> tuple[str, list[Rung]]:
    """Build what is missing and climb; ``most`` questions at most, spread evenly. Returns the table and its rungs."""
    current = settings.load()
    if content is not None and queries is None:
        raise SystemExit("--content needs --queries FILE.jsonl with the questions to ask of it")
    folder = current.data_dir / "eval" / "ladder"
    index_dir = current.index_dir if content is None else folder / content.resolve().as_posix().strip("/").replace("/", "-")
    encoder = open_encoder(current.kb_encoder, current.model_dir)
    built = build(content or current.content_dir, index_dir, encoder, at=datetime.now(timezone.utc), progress=_say)
    snapshot = read_snapshot(Versions(index_dir).path(built.version), built.version)
    cases = own_cases(snapshot) if queries is None else read_cases(queries, snapshot)
    if not cases:
        raise SystemExit("none of the questions names a page that is there")
    cases = cases[:: -(-len(cases) // most)] if most else cases
    climbed = climb(snapshot, cases, encoder, _small(current), folder / "cache")
    return f"{len(cases)} questions, {len(snapshot.articles)} pages\n\n{table(climbed)}", climbed


def _small(current: settings.Settings) -> Encoder | None:
    try:
        return open_encoder(SMALL, current.model_dir)
    except EncoderError:
        _say(f"without {SMALL}: `support models fetch {SMALL}` brings it")
        return None


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_ladder", description=__doc__)
    parser.add_argument("--content", type=Path, metavar="DIR")
    parser.add_argument("--queries", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--most", type=int, metavar="N", help="ask N questions at most, spread evenly over all")
    args = parser.parse_args(argv)
    sys.stdout.write(ladder(args.content, args.queries, args.most)[0] + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
