"""Cuts articles into the pieces that are embedded and searched.

A chunk carries the way to it (title and headings) in front of its text. What an answer quotes is the whole section, so a chunk
need not be readable by itself: long lists and tables are cut between items and rows, paragraphs between sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.articles import Article
from index.markdown import Section, blocks, plain, split_sections

WORDS = 120  # words of text in a chunk at most, the way to it not counted
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A searched piece: ``text`` is embedded; ``page`` and ``section`` count from 0.

    ``kind`` is ``text`` for a piece of the body, ``summary`` for the page's description, ``question`` for a question that its
    author wrote down. The latter two point at section -1 until the build finds the section that fits them best.
    """

    page: int
    section: int
    kind: str
    text: str


def sections_of(article: Article) -> list[Section]:
    """The sections of an article's body as chunks and passages count them. A page's own title heading counts as its lead."""
    return split_sections(article.markdown)


def chunk_article(article: Article, page: int) -> list[Chunk]:
    """All chunks of one article: its text, its summary with tags, its questions. At least one."""
    chunks = [
        Chunk(page, number, "text", f"{way(article, section)}\n{text}")
        for number, section in enumerate(sections_of(article))
        for text in pieces(section.markdown)
    ]
    summary = ". ".join(part for part in (article.title, article.summary, ", ".join(article.tags)) if part)
    if article.questions or article.tags or not chunks:
        chunks.append(Chunk(page, -1, "summary", summary))
    chunks.extend(Chunk(page, -1, "question", question) for question in article.questions)
    return chunks


def way(article: Article, section: Section) -> str:
    """``title > heading > subheading``, without saying the title twice."""
    steps = [article.title, *section.trail, section.title]
    kept = [step for number, step in enumerate(steps) if step and step not in steps[:number]]
    return " > ".join(kept)


def pieces(markdown: str, limit: int = WORDS) -> Iterator[str]:
    """Plain text of a section in pieces of at most ``limit`` words; a single longer word run without a border stays whole."""
    gathered: list[str] = []
    count = 0
    for unit in _units(markdown, limit):
        length = len(unit.split())
        if gathered and count + length > limit:
            yield " ".join(gathered)
            gathered, count = [], 0
        gathered.append(unit)
        count += length
    if gathered:
        yield " ".join(gathered)


def _units(markdown: str, limit: int) -> Iterator[str]:
    """Blocks as plain text; one that is too long by itself in lines, sentences or, at last, words."""
    for block in blocks(markdown):
        text = plain(block)
        if len(text.split()) <= limit:
            if text:
                yield text
            continue
        for part in _parts(block):
            words = part.split()
            for start in range(0, len(words), limit):
                yield " ".join(words[start : start + limit])


def _parts(block: str) -> Iterator[str]:
    lines = [plain(line) if not line.startswith(("```", "~~~")) else line for line in block.split("\n")]
    if _is_prose(block):
        yield from (part for part in _SENTENCE.split(plain(block)) if part)
    else:
        yield from (line for line in lines if line)


def _is_prose(block: str) -> bool:
    first = block.lstrip()[:2]
    return not (first[:1] in "|-*+>`~" or first[:1].isdigit() or block.startswith(("    ", "\t")))
