from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.errors import VersionError
from index.lexical import LexicalIndex, words

TEXTS = ["Import your contacts from a CSV file", "Download an invoice", "Importing deals", ""]


@pytest.fixture
def lexical() -> LexicalIndex:
    """An index of the texts above."""
    return LexicalIndex.build(words(text) for text in TEXTS)


def test_words_are_stems_without_chatter() -> None:
    """Inflections meet, and words that say nothing about the subject are dropped."""
    assert words("Please, how do I import my contacts?") == words("importing a contact")
    assert words("how do I do that?") == []


def test_a_text_with_the_rare_word_wins(lexical: LexicalIndex) -> None:
    """BM25 ranks the text that has the telling words first, and a text without them has zero."""
    scores = lexical.scores(words("import csv"))
    assert scores.argmax() == 0 and scores[1] == 0 and scores.shape == (4,)


def test_unknown_words_score_nothing(lexical: LexicalIndex) -> None:
    """A query of words that no text has is no error."""
    assert not lexical.scores(words("zebra")).any()
    assert not lexical.scores([]).any()


def test_coverage_weighs_rare_words_more(lexical: LexicalIndex) -> None:
    """The share of a query found in some texts, and anywhere; texts left out do not count."""
    here, anywhere = lexical.coverage(words("csv zebra"), range(0, 1))
    assert 0 < here < 1 and here == anywhere
    assert lexical.coverage(words("csv"), range(1, 2)) == (0.0, 1.0)
    assert lexical.coverage(words("csv"), range(0, 1), without=[0]) == (0.0, 0.0)
    assert lexical.coverage([], range(0, 1)) == (0.0, 0.0)


@pytest.mark.parametrize("texts", [TEXTS, ["", ""]])
def test_a_written_index_answers_the_same(tmp_path: Path, texts: list[str]) -> None:
    """Writing and reading changes no score, even where there are no words at all."""
    built = LexicalIndex.build(words(text) for text in texts)
    built.write(tmp_path / "lexical")
    read = LexicalIndex.read(tmp_path / "lexical")
    query = words("import contacts")
    assert np.array_equal(built.scores(query), read.scores(query))
    assert built.coverage(query, range(0, 1)) == read.coverage(query, range(0, 1))


def test_a_torn_index_is_a_typed_error(tmp_path: Path) -> None:
    """Missing files are a version's trouble, with advice."""
    with pytest.raises(VersionError, match="support kb build"):
        LexicalIndex.read(tmp_path)
