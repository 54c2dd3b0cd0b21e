from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.chunker import WORDS, chunk_article, pieces
from index.markdown import plain
from index.reader import read_folder
from tests.index.conftest import Workshop

WORD = st.sampled_from(["open", "the", "settings", "and.", "click", "Import!", "row", "1", "data"])
PARAGRAPH = st.lists(WORD, min_size=1, max_size=300).map(" ".join)
LIST = st.lists(PARAGRAPH, min_size=1, max_size=8).map(lambda items: "\n".join(f"- {item}" for item in items))
TABLE = st.integers(1, 90).map(
    lambda rows: "| a | b |\n|---|---|\n" + "\n".join(f"| cell {row} | value |" for row in range(rows))
)


@hypothesis_settings(deadline=None, max_examples=50)
@given(st.lists(PARAGRAPH | LIST | TABLE, max_size=4).map("\n\n".join))
def test_pieces_cover_a_section_and_are_short(markdown: str) -> None:
    """Every word of a section is in a piece, and no piece is longer than the limit."""
    found = list(pieces(markdown))
    assert all(len(piece.split()) <= WORDS for piece in found)
    words = [word for word in " ".join(found).replace("|", " ").split() if set(word) - set("-|")]
    assert words == [word for word in plain(markdown).split() if set(word) - set("-|")]


def test_a_chunk_says_the_way_to_it(workshop: Workshop) -> None:
    """A chunk begins with title and heading, so that its vector knows what it is about."""
    article = read_folder(workshop.content).articles[0]
    texts = [chunk.text for chunk in chunk_article(article, 0) if chunk.kind == "text"]
    assert texts[1].startswith("Find and download your invoices > Download one invoice\nOpen Settings > Billing > Invoices.")


def test_questions_and_summary_are_chunks_of_their_own(workshop: Workshop) -> None:
    """What the author wrote for finding the page is searched: the summary with tags, and each question."""
    chunks = chunk_article(read_folder(workshop.content).articles[0], 0)
    assert [chunk.kind for chunk in chunks if chunk.kind != "text"] == ["summary", "question", "question", "question"]


def test_the_shortest_page_has_a_chunk(tmp_path: Path) -> None:
    """A page of a heading alone can still be found by it."""
    (tmp_path / "a.md").write_text("# Webhooks\n")
    chunks = chunk_article(read_folder(tmp_path).articles[0], 0)
    assert [chunk.text for chunk in chunks] == ["Webhooks"]
