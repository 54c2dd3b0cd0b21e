"""Markdown as the index sees it: front matter, anchors, sections, blocks, plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable(["table", "strikethrough"])
# Finds the blocks and leaves the text in them unread: more than half of a page's time, where its outline is all that is wanted.
_OUTLINE = MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable(["table", "strikethrough"]).disable(["inline"])
_DROPPED = re.compile(r"[^\w\- ]")
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_SPACE = re.compile(r"\s+")
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def anchor(text: str) -> str:
    """The GitHub-style anchor of a heading's text: lower case, spaces to ``-``, other punctuation dropped; never empty."""
    return _DROPPED.sub("", text.strip().lower()).replace(" ", "-") or "section"


class Anchors:
    """Hands out the anchors of one page in order; an anchor that is taken gets ``-1``, ``-2``, ..."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def next(self, text: str) -> str:
        """The anchor of the next heading of the page."""
        base = candidate = anchor(text)
        while candidate in self._taken:
            self._taken[base] += 1
            candidate = f"{base}-{self._taken[base]}"
        self._taken[candidate] = 0
        return candidate


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text up to the next heading; the lead, before any heading, has an empty title and anchor.

    ``trail`` are the titles of the headings above it, outermost first; ``line`` counts from 1 within the body.
    """

    title: str
    anchor: str
    level: int
    trail: tuple[str, ...]
    markdown: str
    line: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values above a page's body, the body, the line it begins on, and what was wrong with the values (or empty)."""

    values: dict[str, Any]
    body: str
    first_line: int
    present: bool
    problem: str


def split_front_matter(text: str) -> FrontMatter:
    """Separate front matter from body. Text that merely begins with a rule (``---``) is body."""
    match = _FRONT.match(text)
    if match is None:
        return FrontMatter({}, text, 1, False, "")
    body, first_line = text[match.end() :], text[: match.end()].count("\n") + 1
    try:
        values = yaml.safe_load(match.group(1))
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        reason = _SPACE.sub(" ", str(error))[:160]
        return FrontMatter({}, body, first_line, True, f"front matter is not valid YAML ({reason})")
    if values is None:
        return FrontMatter({}, body, first_line, True, "")
    if not isinstance(values, dict):
        return FrontMatter({}, text, 1, False, "")
    return FrontMatter({str(key): value for key, value in values.items()}, body, first_line, True, "")


def split_sections(body: str) -> list[Section]:
    """Sections in order, the lead first (even where it is empty). Headings inside lists and quotations split nothing."""
    lines = body.split("\n")
    marks: list[tuple[int, int, int, str, str]] = []  # first line, line after, level, title, anchor
    for opening, inline, name in _headings(body):
        if opening.level == 0 and opening.map:
            marks.append(
                (opening.map[0], opening.map[1], int(opening.tag[1]), _spaced("".join(map(_inline, inline.children or []))), name)
            )
    ends = [mark[0] for mark in marks] + [len(lines)]
    sections = [Section("", "", 0, (), "\n".join(lines[: ends[0]]).strip("\n"), 1)]
    above: list[tuple[int, str]] = []
    for (first, after, level, title, name), end in zip(marks, ends[1:], strict=True):
        while above and above[-1][0] >= level:
            above.pop()
        text = "\n".join(lines[after:end]).strip("\n")
        sections.append(Section(title, name, level, tuple(each for _, each in above), text, first + 1))
        above.append((level, title))
    return sections


def heading_anchors(markdown: str) -> dict[int, str]:
    """The anchor of each heading by its line, counted from 0; headings inside lists and quotations included."""
    return {opening.map[0]: name for opening, _, name in _headings(markdown) if opening.map}


def _headings(markdown: str) -> Iterator[tuple[Token, Token, str]]:
    """Opening token, inline token and anchor of each heading in order."""
    anchors = Anchors()
    links: dict[str, Any] = {}  # definitions of links, which a heading may use
    for opening, inline in pairwise(_OUTLINE.parse(markdown, links)):
        if opening.type == "heading_open":
            inline.children = _PARSER.parseInline(inline.content, links)[0].children
            yield opening, inline, anchors.next(heading_text(inline))


def parse(markdown: str) -> list[Token]:
    """CommonMark tokens, with tables."""
    return _PARSER.parse(markdown)


def heading_text(inline: Token) -> str:
    """The visible words of a heading, as its anchor is made of them."""
    return "".join(child.content for child in inline.children or [] if child.type in ("text", "code_inline"))


def blocks(markdown: str) -> list[str]:
    """The top-level blocks in source form. Code, tables and lists are one block each; nothing but blank lines is lost."""
    lines = markdown.split("\n")
    starts = sorted({token.map[0] for token in _OUTLINE.parse(markdown) if token.level == 0 and token.map and token.nesting >= 0})
    borders = [0, *[start for start in starts if start > 0], len(lines)]
    pieces = ("\n".join(lines[first:last]).strip("\n") for first, last in pairwise(borders))
    return [piece for piece in pieces if piece.strip()]


def plain(markdown: str) -> str:
    """The words a reader sees, on one line: no markup, links by their text, code and table cells kept."""
    return _spaced(" ".join(_words(parse(markdown))))


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(_inline(child) for child in token.children or [])
        elif token.type in ("fence", "code_block"):
            yield token.content
        elif token.type == "html_block":
            yield _TAG.sub(" ", token.content)


def _inline(child: Token) -> str:
    if child.type in ("softbreak", "hardbreak"):
        return " "
    if child.type == "html_inline":
        return " "
    # An image speaks through its alternative text, which markdown-it keeps in content.
    return child.content if child.type in ("text", "code_inline", "image") else ""


def _spaced(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
