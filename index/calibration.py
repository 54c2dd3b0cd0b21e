"""Learns from the content itself when a question is answerable.

Questions with an answer: those that authors wrote down, each asked with itself left out of the index; for pages without any,
sentences of the text turned into a customer's rough words, asked with their own chunk left out. Without an answer: the
shipped foreign questions, and the neighbouring ones less those that the content seems to answer. (Asking about a page with it and
the pages nearest to it left out, as a question about a missing feature, was measured too: the confidence became worse on two
contents, as such a question's words are all known and a customer's question about a missing feature often has one that is not.)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.chunker import Chunk
from index.encoder import Embedded
from index.foreign import foreign_questions, neighbouring_questions
from index.late_interaction import TokenIndex
from index.lexical import STOPWORDS, words
from index.scoring import fit
from index.search import Query, rank
from index.snapshot import Snapshot

ASKED = 400  # questions with an answer at most; more make the build slower and the fit no better
REFUSED = 0.03  # share of them that may fall below the threshold: a customer's real question should be answered
REFUSAL_COST = 2.5  # a customer's real question that is refused is as bad as so many answers that miss
DOUBTFUL = 0.5  # a neighbouring question that looks surer than this share of those with an answer is taken to have one
KEPT_WORDS = 0.7  # share of a sentence's content words that a made question keeps, as customers use other words than authors
_MOST_WORDS = 12
_MANNERS = (
    "how do I {}",
    "{}",
    "where can I find {}",
    "{} does not work",
    "is it possible to {}",
    "what is {} for",
    "I need help with {}",
)
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Probe:
    """A question with an answer: its text, the page that answers, and the chunks that would give it away."""

    text: str
    page: int
    telling: tuple[int, ...]


def probes(chunks: Sequence[Chunk], *, limit: int = ASKED) -> list[Probe]:
    """Questions with an answer, the same ones for the same content, spread over all pages."""
    written = [Probe(chunk.text, chunk.page, (number,)) for number, chunk in enumerate(chunks) if chunk.kind == "question"]
    asked = {probe.page for probe in written}
    made = [
        Probe(rough_question(sentence), chunk.page, (number,))
        for number, chunk in enumerate(chunks)
        if chunk.kind == "text" and chunk.page not in asked
        for sentence in _sentences(chunk.text)[:1]
    ]
    return sorted([*written, *made], key=lambda probe: hashlib.sha256(probe.text.encode()).digest())[:limit]


def texts_to_encode(asked: Sequence[Probe]) -> list[str]:
    """What :func:`calibrated` needs vectors of, in its order."""
    return [*(probe.text for probe in asked), *foreign_questions(), *neighbouring_questions()]


def calibrated(snapshot: Snapshot, asked: Sequence[Probe], texts: Embedded) -> Snapshot:
    """``snapshot`` with its strangers and calibration; ``texts`` are those of :func:`texts_to_encode`."""
    strangers = np.ascontiguousarray(texts.vectors[len(asked) :], dtype=np.float32)
    tokens = TokenIndex.build(texts.tokens[len(asked) :], strangers.shape[1])
    snapshot = replace(snapshot, strangers=strangers, strangers_tokens=tokens)
    queries = [
        Query(vector, tokens, words(text))
        for vector, tokens, text in zip(texts.vectors, texts.tokens, texts_to_encode(asked), strict=True)
    ]
    positives = [
        rank(snapshot, query, 1, probe.telling).signals for probe, query in zip(asked, queries[: len(asked)], strict=True)
    ]
    negatives = [rank(snapshot, query, 1, stranger=number).signals for number, query in enumerate(queries[len(asked) :])]
    first = fit(positives, negatives, refused=REFUSED, cost=REFUSAL_COST)
    doubtful = np.quantile([first.confidence(values) for values in positives], DOUBTFUL) if positives else 1.0
    foreign = len(foreign_questions())
    kept = negatives[:foreign] + [values for values in negatives[foreign:] if first.confidence(values) < doubtful]
    return replace(snapshot, calibration=fit(positives, kept, refused=REFUSED, cost=REFUSAL_COST))


def rough_question(sentence: str) -> str:
    """A sentence of an article as somebody might ask about it: some of its content words, in a question's manner.

    The same sentence gives the same question.
    """
    content = [word for word in _WORD.findall(sentence) if word.lower() not in STOPWORDS]
    kept = [word for place, word in enumerate(content) if _chance(f"{sentence}{place}") < KEPT_WORDS][:_MOST_WORDS] or content[:2]
    return _MANNERS[int(_chance(sentence) * len(_MANNERS))].format(" ".join(kept).lower())


def _chance(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:6], "big") / 2**48


def _sentences(text: str) -> list[str]:
    """Sentences of a chunk's text that could be a question's length, longest first."""
    body = text.partition("\n")[2]
    return sorted((each for each in _SENTENCE.split(body) if 6 <= len(each.split()) <= 30), key=len, reverse=True)
