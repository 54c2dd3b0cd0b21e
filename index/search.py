"""Searches one snapshot: from a question to the best pages with their best sections."""

from __future__ import annotations

import heapq
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.encoder import Encoder, Signs, Vectors
from index.lexical import words
from index.query_text import read
from index.scoring import (
    LATE_CHUNKS,
    LATE_PAGES,
    NEAR_STRANGERS,
    STRANGERS,
    fused,
    in_order,
    lead,
    nearest,
    page_scores,
    section_scores,
    strangeness,
    with_late,
    worst,
)
from index.snapshot import Snapshot

SECTIONS_SOUGHT = 3  # pages, best first, of which the section that answers is sought anew


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found, with its best section. ``score`` is 0 to 1; ``section`` and ``anchor`` are empty for the lead."""

    path: str
    slug: str
    title: str
    section: str
    anchor: str
    area: str | None
    kind: str
    score: float
    snippet: str
    passage: str
    revision: str
    updated: str | None
    video: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Pages best first, one hit a page; whether the best one answers, and how sure that is (0 to 1)."""

    query: str
    took_ms: float
    answerable: bool
    confidence: float
    hits: tuple[Hit, ...]
    index_version: str


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: its vector (dimension,), its tokens, and its :func:`index.lexical.words`."""

    vector: Vectors
    tokens: Signs
    terms: Sequence[str]

    @classmethod
    def of(cls, text: str, encoder: Encoder, terms: Sequence[str] | None = None) -> Query:
        """Read a text; ``terms`` replace its own words."""
        found = encoder.embed([text])
        return cls(found.vectors[0], found.tokens[0], words(text) if terms is None else terms)


@dataclass(frozen=True, slots=True)
class Ranking:
    """All pages best first, with their scores, each page's best chunk, the section that is shown, and the best page's signals.

    ``late`` is how well the query's words are met on the first pages, by the page's number; empty where that is not known.
    """

    order: npt.NDArray[np.int64]
    scores: Vectors
    late: dict[int, float]
    best_chunks: dict[int, int]
    sections: dict[int, int]
    signals: Vectors


def search(
    snapshot: Snapshot, encoder: Encoder, query: str, top: int, context: str | None = None, without: Collection[int] = ()
) -> SearchResult:
    """The ``top`` best pages for ``query``; ``context`` is the question before it, used where ``query`` leans on it, and the
    chunks ``without`` count as not there.
    """
    began = time.perf_counter()
    text, terms = read(snapshot, encoder, query, context)
    if not any(character.isalnum() for character in text) or not snapshot.articles:
        return SearchResult(query, _since(began), False, 0.0, (), snapshot.version)
    ranking = rank(snapshot, Query.of(text, encoder, terms), top, without)
    confidence = snapshot.calibration.confidence(ranking.signals)
    hits = tuple(
        _hit(snapshot, int(page), float(ranking.scores[page]), ranking.sections[int(page)])
        for page in ranking.order[: max(0, top)]
    )
    answerable = bool(hits) and confidence >= snapshot.calibration.threshold
    return SearchResult(query, _since(began), answerable, confidence, hits, snapshot.version)


def rank(snapshot: Snapshot, query: Query, top: int, without: Collection[int] = (), stranger: int | None = None) -> Ranking:
    """Rank all pages for a query; the chunks ``without`` count as not there.

    ``stranger`` is the query's number where it is itself one of the snapshot's strangers.
    """
    similarity = snapshot.chunks.similarities(query.vector)
    lexical = snapshot.lexical.scores(query.terms)
    if without:
        gone = list(without)
        similarity[gone], lexical[gone] = -1.0, 0.0
    whole = snapshot.pages.similarities(query.vector)
    scores = fused(similarity, lexical)
    pages = page_scores(scores, snapshot.starts, whole)
    order = np.argsort(-pages, kind="stable")
    met = _met(snapshot, query.tokens, order[:LATE_PAGES], scores, without)
    late = {page: float(chunks.max(axis=0).mean()) for page, chunks in met.items()}
    if late:
        pages = with_late(pages, np.array(list(late)), np.array(list(late.values()), dtype=np.float32), snapshot.late_weight)
        order = np.argsort(-pages, kind="stable")
    shown = [int(page) for page in order[: max(1, top)]]
    best = {page: _best_chunk(snapshot, page, scores) for page in shown}
    sections = {page: _section(snapshot, page, best[page], scores) for page in shown}
    for page in shown[:SECTIONS_SOUGHT]:
        if snapshot.tokens is not None and snapshot.places[best[page]].kind == "question":
            sections[page] = _answering_section(snapshot, query, page, best[page], similarity, sections[page])
    found = _signals(snapshot, query, similarity, whole, order, met, without, stranger)
    return Ranking(order, np.clip(pages, 0.0, 1.0), late, best, sections, found)


def _signals(
    snapshot: Snapshot,
    query: Query,
    similarity: Vectors,
    whole: Vectors,
    order: npt.NDArray[np.int64],
    met: dict[int, Vectors],
    without: Collection[int],
    stranger: int | None,
) -> Vectors:
    """All that tells whether the best page answers, see :func:`index.scoring.in_order`."""
    top, own = int(order[0]), snapshot.chunks_of(int(order[0]))
    per_page = np.maximum.reduceat(similarity, snapshot.starts)
    coverage, known = snapshot.lexical.coverage(query.terms, own, without)
    chunks = met.get(top, np.zeros((1, 1), dtype=np.float32))
    words_met = chunks.max(axis=0)
    return in_order(
        {
            "similarity": float(per_page[top]),
            "gap": lead(per_page, order),
            "coverage": coverage,
            "known": known,
            "strange": strangeness(query.vector, snapshot.strangers, stranger),
            "words_met": float(words_met.mean()),
            "worst_met": worst(words_met),
            "strangely_met": _strangely_met(snapshot, query, stranger),
            "body": nearest(similarity[own.start : own.stop]),
            "page": float(whole[top]),
            "met": float(chunks.mean(axis=1).max()),
        }
    )


def _strangely_met(snapshot: Snapshot, query: Query, stranger: int | None) -> float:
    """How well the query's tokens are met by the shipped questions nearest to it, the mean of the best of them."""
    if snapshot.strangers_tokens is None or not len(snapshot.strangers):
        return 0.0
    similarity = snapshot.strangers @ query.vector
    if stranger is not None:
        similarity[stranger] = -1.0
    near = np.argsort(-similarity, kind="stable")[:NEAR_STRANGERS].tolist()
    met = snapshot.strangers_tokens.matches(query.tokens, near).mean(axis=1)
    return float(np.sort(met)[-STRANGERS:].mean())


def _met(
    snapshot: Snapshot, tokens: Signs, pages: npt.NDArray[np.int64], scores: Vectors, without: Collection[int]
) -> dict[int, Vectors]:
    """How well each of the query's tokens is met in the best chunks of each of ``pages``, (chunks, tokens)."""
    if snapshot.tokens is None or not len(tokens):
        return {}
    chunks = {int(page): _best_chunks(snapshot, int(page), scores, without) for page in pages}
    met = snapshot.tokens.matches(tokens, [chunk for own in chunks.values() for chunk in own])
    ends = np.cumsum([len(own) for own in chunks.values()])
    parts = np.split(met, ends[:-1])
    return {page: part if len(part) else np.zeros((1, len(tokens)), np.float32) for page, part in zip(chunks, parts, strict=True)}


def _best_chunks(snapshot: Snapshot, page: int, scores: Vectors, without: Collection[int]) -> list[int]:
    own = (number for number in snapshot.chunks_of(page) if snapshot.places[number].kind != "question" and number not in without)
    return heapq.nlargest(LATE_CHUNKS, own, key=lambda number: float(scores[number]))


def _best_chunk(snapshot: Snapshot, page: int, scores: Vectors) -> int:
    chunks = snapshot.chunks_of(page)
    return chunks.start + int(scores[chunks.start : chunks.stop].argmax())


def _section(snapshot: Snapshot, page: int, best: int, scores: Vectors) -> int:
    """Number of the section that is shown: where the best chunk leads, but a summary says nothing of where on its page."""
    texts = [number for number in snapshot.chunks_of(page) if snapshot.places[number].kind == "text"]
    told = best if snapshot.places[best].kind != "summary" or not texts else max(texts, key=lambda number: float(scores[number]))
    return snapshot.places[told].section


def _answering_section(snapshot: Snapshot, query: Query, page: int, question: int, similarity: Vectors, led: int) -> int:
    """Number of the section that answers best on a page found by one of its typical questions, which leads to ``led``."""
    texts = [number for number in snapshot.chunks_of(page) if snapshot.places[number].kind == "text"]
    if not texts or snapshot.tokens is None or not len(query.tokens):
        return led
    own, asked = [snapshot.places[number].section for number in texts], set(query.terms)
    headings = [set(words(snapshot.passages[page][section].title)) for section in own]
    headed = np.array([len(asked & heading) / max(1, len(asked)) for heading in headings], dtype=np.float32)
    met = snapshot.tokens.matches(query.tokens, texts).mean(axis=1)
    leads = np.array([section == led for section in own], dtype=np.float32)
    found = section_scores(similarity[texts], met, headed, leads, float(similarity[question]))
    return own[int(found.argmax())]


def _hit(snapshot: Snapshot, page: int, score: float, section: int) -> Hit:
    article = snapshot.articles[page]
    passage = snapshot.passages[page][section]
    return Hit(
        path=article.path,
        slug=article.slug,
        title=article.title,
        section=passage.title,
        anchor=passage.anchor,
        area=article.area,
        kind=article.kind,
        score=score,
        snippet=passage.snippet,
        passage=passage.markdown,
        revision=article.revision,
        updated=article.updated,
        video=article.video,
    )


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
