"""Grouping of questions: pure functions over texts."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest

from desk.question_groups import Likeness, Vectors, by_meaning, by_wording, groups_of, word_vectors


def test_the_same_question_in_other_words_order_is_one_group() -> None:
    """Case, word order, filler words and endings do not part questions; other words do."""
    texts = ["How do I export deals?", "please EXPORT my deals", "exporting a deals", "Where is the API key?"]
    assert groups_of(texts, by_wording()) == [[0, 1, 2], [3]]


def test_nothing_asked_makes_no_group() -> None:
    """An empty list has no groups and asks the encoder nothing."""

    def never(texts: Sequence[str]) -> Vectors:
        raise AssertionError("the encoder was asked")

    assert groups_of([], by_meaning(never)) == []


@pytest.mark.parametrize(("one", "other"), [("error SYNC-204", "error SYNC-208"), ("upgrade from 5.4", "upgrade from 6.1")])
def test_other_codes_are_other_questions(one: str, other: str) -> None:
    """Two questions that name different codes or numbers stay apart even where their vectors are the same."""
    same = Likeness("same", lambda texts: np.ones((len(texts), 1), dtype=np.float32), 0.5)
    assert groups_of([one, other], same) == [[0], [1]]
    assert groups_of([one, one.upper()], same) == [[0, 1]]
    assert groups_of([one, "an upgrade fails"], same) == [[0, 1]]


def test_a_question_joins_the_group_it_is_most_like() -> None:
    """Of several groups that are like enough it takes the nearest; just below the bound it begins its own."""
    angles = {"a": 0.0, "b": 1.0, "near b": 0.7, "between": 2.2}

    def encode(texts: Sequence[str]) -> Vectors:
        return np.array([[np.cos(angles[text]), np.sin(angles[text])] for text in texts], dtype=np.float32)

    assert groups_of(["a", "b", "near b", "between"], Likeness("angle", encode, 0.6)) == [[0], [1, 2], [3]]


def test_later_questions_never_move_earlier_ones() -> None:
    """Groups of the first questions are the same whatever is asked afterwards."""
    texts = [f"{verb} {thing} {kind}" for verb in ("export", "import") for thing in ("deals", "leads") for kind in ("csv", "pdf")]
    whole = groups_of(texts, by_wording())
    for size in range(len(texts) + 1):
        kept = [[number for number in group if number < size] for group in whole]
        assert groups_of(texts[:size], by_wording()) == [group for group in kept if group]


def test_a_long_work_list_is_grouped_in_time() -> None:
    """Thousands of questions that have nothing in common take a second or so of work, not a minute."""
    words = ["".join(chr(97 + number // 26**place % 26) for place in range(5)) for number in range(5_003)]
    texts = [" ".join(words[number * step % 5_003] for step in (1, 7, 11, 13)) for number in range(3_000)]
    began = time.process_time()
    assert len(groups_of(texts, by_wording())) == 3_000
    assert time.process_time() - began < 3


def test_texts_without_telling_words_are_still_compared() -> None:
    """Texts of filler words alone, or of none, get vectors of length 1 and are one question only if they read the same."""
    texts = ["how do I?", "How do I? ", "", "what is this"]
    assert np.allclose(np.linalg.norm(word_vectors(texts), axis=1), 1)
    assert groups_of(texts, by_wording()) == [[0, 1], [2], [3]]
