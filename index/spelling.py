"""Mends slips of the keyboard in a query, towards the words of the content.

Only words that neither the content nor the encoder's own vocabulary of English knows are touched, so "pasta" never becomes
"paste" because a product speaks of the one and not of the other. A query that is mostly unknown is another language or noise and
stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz.distance import OSA

SHORTEST = 4  # letters; shorter words are too close to one another
LONG = 8  # letters from which two slips are mended
MOST_UNKNOWN = 0.45  # share of a query's words
_INFLECTIONS = ("s", "es", "d", "ed", "ing", "er", "ers", "ly")
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")


def count_words(texts: Iterable[str]) -> dict[str, int]:
    """How often each word of the texts stands in them, in lower case."""
    return dict(Counter(word.lower() for text in texts for word in _WORD.findall(text)))


class Spelling:
    """Corrects towards counted words, the more frequent one where two are equally near. Safe to use from several threads."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = dict(counts)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self.counts:
            if len(word) >= SHORTEST:
                self._by_length[len(word)].append(word)

    def corrected(self, query: str, lexicon: Collection[str]) -> str:
        """The query with unknown words replaced where one of the content is near enough; as it is without a ``lexicon``."""
        if not lexicon:
            return query
        query = _WORD.sub(lambda match: self._apart(match.group(), lexicon), query)
        found = _WORD.findall(query)
        unknown = {word for word in found if self._is_unknown(word, lexicon)}
        if not unknown or sum(word in unknown for word in found) > max(1, MOST_UNKNOWN * len(found)):
            return query
        return _WORD.sub(
            lambda match: self._nearest(match.group(), lexicon) if match.group() in unknown else match.group(), query
        )

    def _apart(self, word: str, lexicon: Collection[str]) -> str:
        """Two words of the content that were written as one ("creditcard"); a name, in capitals, stays as it is."""
        if not word.islower() or not self._is_unknown(word, lexicon):
            return word
        parts = ((word[:at], word[at:]) for at in range(SHORTEST, len(word) - SHORTEST + 1))
        found = [pair for pair in parts if all(self.counts.get(part, 0) > 1 for part in pair)]
        return " ".join(max(found, key=lambda pair: min(self.counts[part] for part in pair))) if found else word

    def _is_unknown(self, word: str, lexicon: Collection[str]) -> bool:
        """Whether neither the word nor what it is an inflection of is known; abbreviations such as VLANs count as known."""
        low = word.lower()
        if len(low) < SHORTEST or "'" in low or (word[1:] != low[1:] and not word.isupper()):
            return False
        stems = (low, *(low.removesuffix(ending) for ending in _INFLECTIONS if low.endswith(ending)))
        return not any(stem in self.counts or stem in lexicon for stem in stems)

    def _nearest(self, word: str, lexicon: Collection[str]) -> str:
        low = word.lower()
        reach = 2 if len(low) >= LONG else 1
        best: tuple[int, int, str] | None = None
        for length in range(len(low) - reach, len(low) + reach + 1):
            for candidate in self._by_length.get(length, ()):
                # A word that stands once may be a slip of the content itself, unless the lexicon vouches for it.
                if self.counts[candidate] < 2 and candidate not in lexicon:
                    continue
                distance = OSA.distance(low, candidate, score_cutoff=reach)
                # People rarely slip on the first letter; demanding it keeps names apart.
                if distance <= reach and (candidate[0] == low[0] or (distance == 1 and len(low) > SHORTEST)):
                    rank = (distance, -self.counts[candidate], candidate)
                    best = rank if best is None or rank < best else best
        return best[2] if best else word
