"""Learns from the content itself when a question is answerable.

Questions with an answer: those that authors wrote down, each asked with itself left out of the index; for pages without any,
sentences of the text turned into a customer's rough words, asked with their own chunk left out. Without an answer: the
shipped foreign questions. (Asking about a page with the whole page left out, as a question about a missing feature, was
measured too: other pages often do answer it, and the confidence became worse.)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.chunker import Chunk
from index.encoder import Vectors
from index.foreign import foreign_questions
from index.lexical import STOPWORDS, words
from index.scoring import Calibration, fit
from index.search import rank
from index.snapshot import Snapshot

ASKED = 400  # questions with an answer at most; more make the build slower and the fit no better
REFUSED = 0.03  # share of them that may fall below the threshold: a customer's real question should be answered
ANSWERED = 0.05  # share of foreign questions that may pass, where refusing them would cost real questions
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
    """What :func:`calibrate` needs vectors of, in its order."""
    return [*(probe.text for probe in asked), *foreign_questions()]


def calibrate(snapshot: Snapshot, asked: Sequence[Probe], vectors: Vectors) -> Calibration:
    """Fit the calibration of ``snapshot``; ``vectors`` are those of :func:`texts_to_encode`."""
    foreign = foreign_questions()
    positives = [
        _signals(snapshot, probe.text, vector, probe.telling) for probe, vector in zip(asked, vectors[: len(asked)], strict=True)
    ]
    negatives = [_signals(snapshot, text, vector) for text, vector in zip(foreign, vectors[len(asked) :], strict=True)]
    return fit(positives, negatives, refused=REFUSED, answered=ANSWERED)


def rough_question(sentence: str) -> str:
    """A sentence of an article as somebody might ask about it: some of its content words, in a question's manner.

    The same sentence gives the same question.
    """
    content = [word for word in _WORD.findall(sentence) if word.lower() not in STOPWORDS]
    kept = [word for place, word in enumerate(content) if _chance(f"{sentence}{place}") < KEPT_WORDS][:_MOST_WORDS] or content[:2]
    return _MANNERS[int(_chance(sentence) * len(_MANNERS))].format(" ".join(kept).lower())


def _chance(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:6], "big") / 2**48


def _signals(snapshot: Snapshot, text: str, vector: Vectors, without: Collection[int] = ()) -> Vectors:
    return rank(snapshot, vector, words(text), 1, without).signals


def _sentences(text: str) -> list[str]:
    """Sentences of a chunk's text that could be a question's length, longest first."""
    body = text.partition("\n")[2]
    return sorted((each for each in _SENTENCE.split(body) if 6 <= len(each.split()) <= 30), key=len, reverse=True)
