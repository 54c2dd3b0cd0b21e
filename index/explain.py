"""Why a search ranks pages as it does, for editors: what each page's score is made of, and what speaks for an answer.

It looks at the same numbers as :func:`index.search.rank`, which stays lean because every turn goes through it; a test holds that
the parts of each score add up to the score that customers' searches get.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from index.chunker import chunk_article
from index.encoder import Encoder, Vectors
from index.lexical import words
from index.query_text import read
from index.scoring import LEXICAL_WEIGHT, MEASURED, PAGE_WEIGHT, SIGNALS
from index.search import Query, Ranking, rank
from index.snapshot import Snapshot

_WHOLE = 1 + LEXICAL_WEIGHT + PAGE_WEIGHT


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page's score: ``value`` is what was measured (0 to 1), ``points`` what it adds to the score.

    ``name`` is similarity (best chunk), words (its BM25 against the best chunk of all), page (the page as a whole) or met (how
    well the query's words are met, one by one).
    """

    name: str
    value: float
    points: float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a page stands at its rank. The best chunk is a ``kind`` text, summary or question of the section; ``matched`` are the
    words of the query that stand in it.
    """

    rank: int
    path: str
    slug: str
    title: str
    score: float
    parts: tuple[Part, ...]
    kind: str
    section: str
    anchor: str
    text: str
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """What tells whether the best page answers: its value, and how far it pulls to yes (positive) or no (in log-odds)."""

    name: str
    value: float
    pull: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """A search with its reasons: ``query`` as it was typed, ``searched`` as it was looked for (slips mended, terms of the product
    added). It is answerable from the confidence ``threshold`` on; no page has the words ``unknown``.
    """

    query: str
    searched: str
    version: str
    answerable: bool
    confidence: float
    threshold: float
    signals: tuple[Signal, ...]
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """The same for people."""
        verdict = "answerable" if self.answerable else "probably not answered here"
        yield f"{self.query}"
        if self.searched != self.query.strip():
            yield f"  searched as: {self.searched}"
        yield f"  {verdict}: confidence {self.confidence:.2f}, needed {self.threshold:.2f}, version {self.version}"
        yield from (f"  {each.pull:+.2f}  {each.name} {each.value:.2f}" for each in self.signals)
        if self.unknown:
            yield f"  no page has: {', '.join(self.unknown)}"
        for each in self.reasons:
            parts = ", ".join(f"{part.name} {part.value:.2f} ({part.points:+.3f})" for part in each.parts)
            yield f"{each.rank:3}. {each.score:.3f}  {each.title}{f' > {each.section}' if each.section else ''}  {each.path}"
            yield f"       {parts}; shared words: {', '.join(each.matched) or 'none'}"
            yield f"       best {each.kind}: {' '.join(each.text.split())[:160]}"


def explain(snapshot: Snapshot, encoder: Encoder, query: str, top: int = 10) -> Explanation:
    """Search ``snapshot`` for ``query`` and say why its ``top`` best pages stand where they do."""
    text, terms = read(snapshot, encoder, query)
    threshold = snapshot.calibration.threshold
    if not any(character.isalnum() for character in text) or not snapshot.articles:
        return Explanation(query, text, snapshot.version, False, 0.0, threshold, (), (), ())
    asked = Query.of(text, encoder, terms)
    ranking = rank(snapshot, asked, top)
    confidence = snapshot.calibration.confidence(ranking.signals)
    spoken = _spoken(text)
    pages = [int(page) for page in ranking.order[: max(0, top)]]
    evidence = _evidence(snapshot, asked)
    reasons = tuple(_reason(snapshot, place, page, ranking, evidence, spoken) for place, page in enumerate(pages, 1))
    unknown = tuple(said for term, said in spoken.items() if not snapshot.lexical.scores([term]).any())
    answerable = bool(reasons) and confidence >= threshold
    signals = _signals(snapshot, ranking)
    return Explanation(query, text, snapshot.version, answerable, confidence, threshold, signals, reasons, unknown)


def _evidence(snapshot: Snapshot, asked: Query) -> tuple[Vectors, Vectors, Vectors]:
    """Similarity of every chunk, its BM25 relative to the best one, similarity of every page as a whole."""
    lexical = snapshot.lexical.scores(asked.terms)
    best = float(lexical.max(initial=0.0))
    similarity, whole = snapshot.chunks.similarities(asked.vector), snapshot.pages.similarities(asked.vector)
    return similarity, (lexical / best if best > 0 else lexical), whole


def _reason(
    snapshot: Snapshot,
    place: int,
    page: int,
    ranking: Ranking,
    evidence: tuple[Vectors, Vectors, Vectors],
    spoken: dict[str, str],
) -> Reason:
    similarity, lexical, whole = evidence
    chunk, article = ranking.best_chunks[page], snapshot.articles[page]
    passage = snapshot.passages[page][ranking.sections[page]]
    text = _text_of(snapshot, page, chunk) or passage.snippet
    there = set(words(text))
    measured = (
        ("similarity", similarity[chunk], 1.0),
        ("words", lexical[chunk], LEXICAL_WEIGHT),
        ("page", whole[page], PAGE_WEIGHT),
        ("met", max(ranking.late.get(page, 0.0), 0.0), snapshot.late_weight * _WHOLE),
    )
    share = _WHOLE * (1 + snapshot.late_weight if ranking.late else 1)
    return Reason(
        rank=place,
        path=article.path,
        slug=article.slug,
        title=article.title,
        score=float(ranking.scores[page]),
        parts=tuple(Part(name, float(value), weight * float(value) / share) for name, value, weight in measured),
        kind=snapshot.places[chunk].kind,
        section=passage.title,
        anchor=passage.anchor,
        text=text,
        matched=tuple(said for term, said in spoken.items() if term in there),
    )


def _text_of(snapshot: Snapshot, page: int, chunk: int) -> str:
    """The chunk's own text, cut again as the build cut it; empty where this program cuts another way than the one that built."""
    cut = chunk_article(snapshot.articles[page], page)
    own = snapshot.chunks_of(page)
    return cut[chunk - own.start].text if len(cut) == len(own) else ""


def _signals(snapshot: Snapshot, ranking: Ranking) -> tuple[Signal, ...]:
    model = snapshot.calibration
    rows = zip(MEASURED, ranking.signals, model.mean, model.scale, model.weights, strict=True)
    return tuple(
        Signal(name, float(value), weight * (float(value) - mean) / scale)
        for name, value, mean, scale, weight in rows
        if name in SIGNALS or weight  # those of older releases only in versions that they built
    )


def _spoken(text: str) -> dict[str, str]:
    """The words of a query as they were typed, by their stems, in order."""
    spoken: dict[str, str] = {}
    for word in text.split():
        for stem in words(word):
            spoken.setdefault(stem, word.strip(".,;:!?\"'()").lower())
    return spoken
