"""The peers' pieces of a corpus: cut as their tutorials do, repeated for scale, and turned back into pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.encoder import Vectors, normalised

WORDS = 180  # a page's text is cut every so many words, as in search_ladder's first step
JITTER = 0.02  # as in search_speed: beside a typical component of 0.036


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a page."""

    page: str
    text: str


def cut(page: str, text: str, title: str) -> Iterator[Chunk]:
    """Pieces of at most :data:`WORDS` words, each word in one of them; a page without text is its title."""
    words = text.split() or title.split() or [page]
    for start in range(0, len(words), WORDS):
        yield Chunk(page, " ".join(words[start : start + WORDS]))


def copies_for(chunks: int, wanted: int) -> int:
    """How often the corpus is repeated so that ``chunks`` become at least ``wanted``."""
    return max(1, -(-wanted // max(1, chunks)))


def repeated(chunks: Sequence[Chunk], vectors: Vectors, copies: int) -> tuple[list[Chunk], Vectors]:
    """The corpus ``copies`` times, texts all different and vectors a little; the first copy is the corpus itself."""
    texts = [
        Chunk(f"{copy}/{each.page}", f"{each.text} ({copy})" if copy else each.text) for copy in range(copies) for each in chunks
    ]
    wide = np.tile(vectors, (copies, 1))
    noise = np.random.default_rng(7).standard_normal(wide.shape, dtype=np.float32) * JITTER
    noise[: len(vectors)] = 0
    return texts, normalised(wide + noise)


def best_pages(pages: Iterable[str], top: int) -> list[str]:
    """Pages of chunks that come best first: a page stands where its best chunk stands."""
    return list(dict.fromkeys(pages))[:top]
