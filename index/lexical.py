"""BM25 over stemmed words; bm25s stays behind this page."""

from __future__ import annotations

import logging
import math
import re
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import cast

import bm25s  # type: ignore[import-untyped, unused-ignore]
import numpy as np
import Stemmer  # type: ignore[import-not-found, unused-ignore]

from index.encoder import Vectors
from index.errors import VersionError

logging.getLogger("bm25s").setLevel(logging.WARNING)

_WORD = re.compile(r"\w+")
# Words that say nothing about the subject of a question; without them BM25 does not reward chatty text.
STOPWORDS = frozenset(
    word
    for line in (
        "a an the and or but if then so of to in on at by for from with without into onto about as is am are was were",
        "be been being do does did doing have has had having can could shall should will would may might must i me my",
        "mine we us our ours you your yours he him his she her hers it its they them their theirs this that these those",
        "there here what which who whom whose when where why how not no yes just also too very more most some any all",
        "each few other than again once only own same such up down out off over under now please hi hello hey thanks",
        "thank want wants need needs like get got way one",
    )
    for word in line.split()
)
_local = threading.local()


def words(text: str) -> list[str]:
    """Stemmed content words of a text, in order."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english")  # a stemmer must not be shared between threads
    kept = [word for word in _WORD.findall(text.lower().replace("’", "'").replace("'s ", " ")) if word not in STOPWORDS]
    return cast("list[str]", _local.stemmer.stemWords(kept))


class LexicalIndex:
    """BM25 scores of a query against numbered texts, and how much of a query's words the texts know."""

    def __init__(self, bm25: bm25s.BM25 | None, frequencies: dict[str, int], count: int) -> None:
        self._bm25 = bm25
        self._frequencies = frequencies
        self._count = count

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> LexicalIndex:
        """An index over texts given as lists of :func:`words`."""
        corpus = [list(text) for text in texts]
        frequencies = Counter(word for text in corpus for word in set(text))
        if not frequencies:
            return cls(None, {}, len(corpus))
        bm25 = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        bm25.index(corpus, show_progress=False)
        return cls(bm25, dict(frequencies), len(corpus))

    def scores(self, query: Sequence[str]) -> Vectors:
        """BM25 score of every text, float32 (texts,)."""
        known = [word for word in query if word in self._frequencies]
        if self._bm25 is None or not known:
            return np.zeros(self._count, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def coverage(self, query: Sequence[str], chunks: range, without: Collection[int] = ()) -> tuple[float, float]:
        """Shares 0 to 1 of the query's weight of words that stand in ``chunks`` together, and that stand anywhere.

        The texts ``without`` count as not there.
        """
        total = here = anywhere = 0.0
        for word in sorted(set(query)):
            weight = self.weight(word)
            total += weight
            if word in self._frequencies:
                found = self.scores([word]) > 0
                if without:
                    found[list(without)] = False
                anywhere += weight if found.any() else 0.0
                here += weight if found[chunks.start : chunks.stop].any() else 0.0
        return (here / total, anywhere / total) if total else (0.0, 0.0)

    def weight(self, word: str) -> float:
        """How telling a word is: high for a rare one, highest for one that no text has."""
        frequency = self._frequencies.get(word, 0)
        return math.log(1 + (self._count - frequency + 0.5) / (frequency + 0.5))

    def write(self, folder: Path) -> None:
        """Write the index into ``folder``, which must not exist."""
        folder.mkdir()
        np.save(folder / "frequencies.npy", np.array(list(self._frequencies.values()), dtype=np.int64))
        (folder / "words.txt").write_text("\n".join(self._frequencies), encoding="utf-8")
        (folder / "count.txt").write_text(str(self._count), encoding="ascii")
        if self._bm25 is not None:
            self._bm25.save(str(folder / "bm25"), show_progress=False)

    @classmethod
    def read(cls, folder: Path) -> LexicalIndex:
        """Open a written index. :class:`VersionError` where its files are not whole."""
        try:
            names = (folder / "words.txt").read_text(encoding="utf-8").split("\n")
            frequencies = dict(zip(names, np.load(folder / "frequencies.npy").tolist(), strict=False))
            count = int((folder / "count.txt").read_text(encoding="ascii"))
            bm25 = bm25s.BM25.load(str(folder / "bm25"), mmap=True, show_progress=False) if (folder / "bm25").is_dir() else None
        except (OSError, ValueError, KeyError) as error:
            raise VersionError(f"{folder} cannot be opened ({error}); run `support kb build`") from error
        return cls(bm25, frequencies, count)
