from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.spelling import Spelling, count_words

LEXICON = frozenset({"how", "undo", "import", "pasta", "cook", "the", "where", "find", "invoice", "duplicate"})
SPELLING = Spelling(
    count_words(["Undo an import of contacts. Undo the import again. The invoices. Paste it, paste again. Pipelines pipelines."])
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("undo the imoprt", "undo the import"),
        ("where are the pipelnes", "where are the pipelines"),
        ("Undo the IMPROT!", "Undo the import!"),
    ],
)
def test_a_slip_becomes_the_contents_word(typed: str, meant: str) -> None:
    """A swapped, missing or doubled letter is mended, and everything else of the query stays."""
    assert SPELLING.corrected(typed, LEXICON) == meant


@pytest.mark.parametrize(
    "query", ["how to cook pasta", "find duplicated invoices", "abc VLANs", "wo finde ich meine Rechnungen bitte", "", "4711 ???"]
)
def test_what_is_no_slip_stays(query: str) -> None:
    """Words that English or the content knows, their inflections, abbreviations and other languages are not touched."""
    assert SPELLING.corrected(query, LEXICON) == query


def test_without_a_lexicon_nothing_is_touched() -> None:
    """An encoder that knows no words gives no ground to call one wrong."""
    assert SPELLING.corrected("undo the imoprt", ()) == "undo the imoprt"


@given(st.text(), st.lists(st.text(alphabet=string.ascii_letters + " äß'", min_size=1), max_size=5))
def test_any_query_is_survived_and_mending_is_done_once(query: str, texts: list[str]) -> None:
    """Whatever is typed comes back as text, and mending what was mended changes nothing more."""
    spelling = Spelling(count_words(texts))
    mended = spelling.corrected(query, LEXICON)
    assert spelling.corrected(mended, LEXICON) == mended


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("undo the importcontacts", "undo the import contacts"),
        ("where are the Importcontacts", "where are the Importcontacts"),
        ("the undocontacts", "the undocontacts"),
    ],
)
def test_two_words_written_as_one_are_taken_apart(typed: str, meant: str) -> None:
    """Only two words that both stand in the content more than once are; a name in capitals stays as it is."""
    spelling = Spelling(count_words(["Import contacts. Import them again, the contacts. Undo."]))
    assert spelling.corrected(typed, LEXICON) == meant
