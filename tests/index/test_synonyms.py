from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.knowledge_base import KnowledgeBase
from index.synonyms import Synonyms, read_synonyms

from .conftest import Workshop

FILE = 'invoice: [receipt, "Bon"]\nuser licence: seat\n'


@pytest.fixture
def synonyms(tmp_path: Path) -> Callable[[str | bytes], tuple[Synonyms, str]]:
    """Reads a file of that content."""

    def read(content: str | bytes) -> tuple[Synonyms, str]:
        (tmp_path / "synonyms.yml").write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_synonyms(tmp_path)

    return read


def test_a_customers_word_brings_the_products_term(synonyms: Callable[[str], tuple[Synonyms, str]]) -> None:
    """A word on the right adds the term on the left, as a whole word in any case, unless the query has the term already."""
    found, wrong = synonyms(FILE)
    assert wrong == ""
    assert found.added_to("Where is my RECEIPT?") == ("invoice",)
    assert found.added_to("receipts, seating") == ()
    assert found.added_to("receipt for an invoice") == ()
    assert found.added_to("a bon for the seat") == ("invoice", "user licence")


@pytest.mark.parametrize("content", ["- a\n- b\n", "a: [1, 2]\n", "a: [[b]]\n", "{", b"\xff\xfe\x00", "a: {b: c}\n", "x: *y\n"])
def test_a_broken_file_is_told_and_not_used(
    synonyms: Callable[[str | bytes], tuple[Synonyms, str]], content: str | bytes
) -> None:
    """What cannot be read is named with the way to write it, and never stops a build."""
    found, wrong = synonyms(content)
    assert "write" in wrong and not found.terms


@pytest.mark.parametrize("content", ["", "# nothing yet\n"])
def test_an_empty_file_is_fine(synonyms: Callable[[str], tuple[Synonyms, str]], content: str) -> None:
    """No synonyms is no mistake."""
    assert synonyms(content) == (Synonyms({}), "")


def test_synonyms_go_live_with_a_build(workshop: Workshop) -> None:
    """An edited file is a new version, found by the customers' word, and never a page of its own."""
    first = workshop.build()
    workshop.write("synonyms.yml", "invoice: [quittung]\n")
    second = workshop.build()
    assert second.fresh and second.version != first.version and second.articles == first.articles
    assert not workshop.build().fresh
    before = KnowledgeBase.open(workshop.index, workshop.encoder).search("my quittung")
    after = KnowledgeBase.open(workshop.index, workshop.encoder, candidate=True).search("my quittung")
    assert after.hits[0].slug == "find-invoices"
    assert after.hits[0].score > next(hit.score for hit in before.hits if hit.slug == "find-invoices")


def test_a_broken_file_is_a_problem_of_the_build(workshop: Workshop) -> None:
    """The build goes through and names the file."""
    workshop.write("synonyms.yml", "[")
    assert [problem.path for problem in workshop.build().problems] == ["synonyms.yml"]
