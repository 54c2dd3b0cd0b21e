"""Puts questions that ask the same into groups: pure, deterministic, and stable as questions are added.

Questions are taken in their order, oldest first. Each joins the group whose first question it is most like, if it is like enough,
or begins a group of its own. So a later question never moves an earlier one, and a group keeps its first question as its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]

LIKE_IN_WORDS = 0.7
LIKE_IN_MEANING = 0.75  # below it, all-mpnet-base-v2 joins help-centre questions that want different answers

_WORD = re.compile(r"\w+(?:[.\-]\w+)*")
_SAYS_NOTHING = frozenset(
    word
    for line in (
        "a about am an and any are as at be can could did do does for from get has have hello hi how i if in is it me my",
        "of on or our please so some that the there this to us was we what when where which who why will with would you your",
    )
    for word in line.split()
)
_STEM = 6  # characters of a word that count: "import", "imports" and "importing" are one


@dataclass(frozen=True, slots=True)
class Likeness:
    """How questions are compared: what makes vectors of length 1 of texts, and the cosine from which two are one question."""

    name: str
    encode: Encode
    enough: float


def groups_of(texts: Sequence[str], likeness: Likeness) -> list[list[int]]:
    """Groups of the numbers of ``texts`` (oldest first), in the order of their first members.

    Two texts that both name codes or numbers (``SYNC-204``, ``5.4``) but not the same ones are never one question, however
    alike the rest reads.
    """
    if not texts:
        return []
    vectors = likeness.encode(texts)
    codes = [_codes(text) for text in texts]
    groups: list[list[int]] = []
    firsts = np.empty_like(vectors)  # of each group its first question's vector, kept together: gathering them anew costs most
    for number in range(len(texts)):
        like = _cosines(firsts[: len(groups)], vectors[number])
        near = np.flatnonzero(like >= likeness.enough)
        for best in near[np.argsort(-like[near], kind="stable")]:
            first = groups[int(best)][0]
            if not codes[number] or not codes[first] or codes[number] == codes[first]:
                groups[int(best)].append(number)
                break
        else:
            firsts[len(groups)] = vectors[number]
            groups.append([number])
    return groups


def _cosines(rows: Vectors, vector: Vectors) -> Vectors:
    """The cosine of each row with the vector. Of vectors of words, which are zero almost everywhere, only the words count."""
    telling = np.flatnonzero(vector)
    if len(telling) * 8 > len(vector):
        return rows @ vector
    return rows[:, telling] @ vector[telling]


def by_wording() -> Likeness:
    """Likeness by shared words; needs no model."""
    return Likeness("wording", word_vectors, LIKE_IN_WORDS)


def by_meaning(encode: Encode) -> Likeness:
    """Likeness by a sentence encoder whose vectors have length 1."""
    return Likeness("meaning", encode, LIKE_IN_MEANING)


def word_vectors(texts: Sequence[str]) -> Vectors:
    """Which telling words each text has, float32 (texts, different words), rows of length 1.

    A text without a telling word ("how do I?") is compared by its whole wording.
    """
    rows = [_stems(text) or {text.strip().lower()} for text in texts]
    column = {word: number for number, word in enumerate(sorted(set().union(*rows)))}
    vectors = np.zeros((len(rows), len(column)), dtype=np.float32)
    for number, row in enumerate(rows):
        vectors[number, [column[word] for word in row]] = len(row) ** -0.5
    return vectors


def _stems(text: str) -> set[str]:
    words = (word for word in _WORD.findall(text.lower()) if word not in _SAYS_NOTHING)
    return {word if any(map(str.isdigit, word)) else word[:_STEM] for word in words}


def _codes(text: str) -> frozenset[str]:
    return frozenset(word for word in _WORD.findall(text.lower()) if any(map(str.isdigit, word)))
