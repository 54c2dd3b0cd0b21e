"""Mends typos before a message is read: only words that no English lexicon knows, only into words of the training data.

The lexicon is the whole words of the encoder's own vocabulary, so "pasta" never becomes "paste" because a CRM speaks of the
one and not of the other; a word of the training data is never touched either.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

from rapidfuzz.distance import OSA

SHORTEST = 4  # letters; shorter words are too close to one another
SWAPPED = 3  # letters of a word of which only two that changed places are mended ("yse", "hwo")
COMMON = 20  # occurrences in the training data from which such a word is taken to be meant
LONG = 8  # letters from which two slips are mended
MOST_UNKNOWN = 0.45  # share of a text's words
INFLECTIONS = ("s", "es", "d", "ed", "ing", "er", "ers", "ly")
# Words that have only lost an apostrophe; "its", "id" and "ill" are words of their own.
_CONTRACTED = re.compile(
    r"(?<![\w@./-])(?:(do|does|did|is|are|was|were|has|have|had|could|would|should|wo|ca)(nt)|(i|you|we|they)(ve)|(you|they)(re)|(?-i:([Ii])(m))"
    r"|(what)(s)(?!\s+app\b)|(that|how|where|who|there|here|he|she|nobody|somebody|someone|everyone|everybody)(s)"
    r"|(it)(s)(?=\s+(?:\d\w*|an?|the|not|been|just|still|only|no|so|too|very|all|always|never|broken|gone|slow|down|stuck)\b))(?![\w@/-]|\.\w)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_MARKUP = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>|</?[a-z][^<>]{0,300}>", re.IGNORECASE | re.DOTALL)


def without_markup(text: str) -> str:
    """The text without HTML tags, and without what stands in ``script`` and ``style``; as it is where nothing else is left."""
    bare = " ".join(_MARKUP.sub(" ", text).split())
    return bare if bare and bare != " ".join(text.split()) else text


def with_apostrophes(text: str) -> str:
    """The text with the apostrophes that are often left out ("dont", "ive", "whats")."""
    return _CONTRACTED.sub(lambda match: _apart(*(part for part in match.groups() if part)), text)


def _apart(first: str, last: str) -> str:
    return f"{first}{last[0]}'{last[1]}" if last.lower() == "nt" else f"{first}'{last}"


def lexicon(tokenizer_file: Path) -> frozenset[str]:
    """The whole words of a WordPiece ``tokenizer.json``, in lower case."""
    vocabulary = json.loads(tokenizer_file.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 2)


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words of some texts, in lower case."""
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text))


def _inner_capital(word: str) -> bool:
    """Whether a word has a capital behind its first letter and is not all capitals, as names and abbreviations do."""
    return word[1:] != word[1:].lower() and not word.isupper()


class Spelling:
    """Corrects towards the words of some texts, the more frequent one where two are equally near."""

    def __init__(self, texts: Iterable[str], known: Collection[str]) -> None:
        counts = Counter(word.lower() for text in texts for word in _WORD.findall(text))
        # A word seen once may be a typo of the training data itself, unless the lexicon vouches for it.
        self._counts = {word: count for word, count in counts.items() if count > 1 or word in known}
        self._known = known
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self._counts:
            if len(word) >= SHORTEST:
                self._by_length[len(word)].append(word)
        self._found: dict[str, str] = {}

    def correct(self, text: str, names: Collection[str] = ()) -> str:
        """The text with its unknown words replaced where a word of the training data is near enough.

        ``names`` are words, in lower case, that are right as they are. Where much of the text is unknown it is another
        language or no language, and is left as it is but for apostrophes.
        """
        text = with_apostrophes(text)
        words = _WORD.findall(text)
        unknown = sum(self._is_unknown(word) for word in words if word.lower() not in names)
        if unknown > max(1, MOST_UNKNOWN * len(words)):
            return text
        return _WORD.sub(lambda match: match[0] if match[0].lower() in names else self._word(match[0]), text)

    def strangeness(self, text: str, names: Collection[str] = ()) -> float:
        """The share of the words of three letters and more that no lexicon knows, 0 to 1; 0 where there are none."""
        words = [word.lower() for word in _WORD.findall(text) if len(word) > 2]
        others = [word for word in words if word not in names]
        strange = [word for word in others if self._is_unknown(word) or (len(word) < SHORTEST and not self._is_short_word(word))]
        return len(strange) / len(words) if words else 0.0

    def _is_short_word(self, word: str) -> bool:
        return word in self._counts or word in self._known

    def _is_unknown(self, word: str) -> bool:
        """Whether the word is neither known, nor an inflection of a known one, nor an abbreviation such as VLANs."""
        low = word.lower()
        if len(low) < SHORTEST or "'" in low or _inner_capital(word):
            return False
        return self._is_strange(low)

    def _is_strange(self, low: str) -> bool:
        """Whether a word in lower case is neither known nor an inflection of a known one."""
        stems = (low, *(low.removesuffix(ending) for ending in INFLECTIONS if low.endswith(ending)))
        return not any(stem in self._counts or stem in self._known for stem in stems)

    def _word(self, word: str) -> str:
        low = word.lower()
        if len(low) == SWAPPED and word[1:] == low[1:] and not self._is_short_word(low):
            return self._swapped(low) or word
        if _inner_capital(word) and len(low) >= LONG and self._is_strange(low):
            # "PipeRcoks" is a slip in a name that everybody writes; "DealHub" is a name that nobody here has heard of.
            near = self._nearest(low)
            return near if near and self._counts[near] >= COMMON else word
        if not self._is_unknown(word):
            return word
        if low not in self._found:
            self._found[low] = self._nearest(low) or word
        return self._found[low]

    def _swapped(self, word: str) -> str | None:
        """The commonest word of which two neighbouring letters changed places, if there is one."""
        turned = (word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1))
        return max(
            (each for each in turned if self._counts.get(each, 0) >= COMMON), key=lambda each: self._counts[each], default=None
        )

    def _nearest(self, word: str) -> str | None:
        reach = 2 if len(word) >= LONG else 1
        best: tuple[int, int, str] | None = None
        for length in range(len(word) - reach, len(word) + reach + 1):
            for candidate in self._by_length.get(length, ()):
                distance = OSA.distance(word, candidate, score_cutoff=reach)
                # People rarely slip on the first letter; demanding it keeps product names apart.
                if distance <= reach and (candidate[0] == word[0] or (distance == 1 and len(word) > SHORTEST)):
                    rank = (distance, -self._counts[candidate], candidate)
                    best = rank if best is None or rank < best else best
        return best[2] if best else None
