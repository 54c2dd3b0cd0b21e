from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import passages_of
from index.chunker import WORDS, chunk_article
from index.reader import SUFFIXES, read_folder

FRAGMENTS = (
    *("# ", "## ", "###", "===", "---", "```", "~~~", "| a | b |", "| --- | --- |", "- ", "1. ", "> ", "    ", "\t", "![", "]("),
    *("<b>", "<!--", "-->", "</", "&amp;", "[a]: b", "**", "`", "\\", "\n", "\n\n", "word ", "title: x", "questions: [a, b]"),
    *("é", "\u2028", "\r"),
)
MARKDOWN = st.lists(st.sampled_from(FRAGMENTS), max_size=60).map(lambda parts: "".join(parts).encode())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=400), MARKDOWN))
def test_any_file_is_read_or_named(data: bytes) -> None:
    """Whatever bytes a file holds, it becomes a page with at least one chunk and one passage, or is named as skipped."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"page{SUFFIXES[0]}").write_bytes(data)
        reading = read_folder(Path(folder))
    assert reading.articles or any(problem.skipped for problem in reading.problems)
    for article in reading.articles:
        chunks = chunk_article(article, 0)
        assert chunks and article.title and article.slug
        assert passages_of(article)
        for chunk in chunks:
            if chunk.kind == "text":
                assert len(chunk.text.partition("\n")[2].split()) <= WORDS
                assert 0 <= chunk.section < len(passages_of(article))


def test_a_page_of_a_megabyte_is_cut(tmp_path: Path) -> None:
    """A page as long as a book is cut into chunks of the usual size, every word of it once."""
    text = "# Book\n\n" + "\n\n".join(f"Sentence {number} says word{number} and more." for number in range(25_000))
    assert len(text) > 1_000_000
    (tmp_path / "book.md").write_text(text)
    (article,) = read_folder(tmp_path).articles
    found = " ".join(chunk.text.partition("\n")[2] for chunk in chunk_article(article, 0)).split()
    assert sum(word.startswith("word") for word in found) == 25_000
