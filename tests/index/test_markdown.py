from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.markdown import (
    Anchors,
    anchor,
    blocks,
    heading_anchors,
    heading_text,
    parse,
    plain,
    split_front_matter,
    split_sections,
)

PIECES = """# Top
## Undo an import
## Undo an import
### Steps-1
## !!!
text here

- item
1. step
```
    code
| a | b |
|---|---|
| 1 | 2 |
> quoted
> ## inside
---
===
<div>raw</div>
[link](/help/x)"""
LINES = st.lists(st.sampled_from(PIECES.split("\n")), max_size=25)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Undo an import", "undo-an-import"),
        ("What's new in 7.5?", "whats-new-in-75"),
        ("Set `API key` (v2)", "set-api-key-v2"),
        ("Größe ändern", "größe-ändern"),
        ("a_b - c", "a_b---c"),
        ("!?", "section"),
    ],
)
def test_an_anchor_is_github_style(text: str, expected: str) -> None:
    """A heading's anchor is lower case with dashes for spaces and without other punctuation, and never empty."""
    assert anchor(text) == expected


@given(st.lists(st.sampled_from(["a", "A", "a-1", "a-1-1", "b c", "!", ""]) | st.text(max_size=6), max_size=20))
def test_anchors_of_a_page_are_unique(headings: list[str]) -> None:
    """However alike the headings of a page are, no two get the same anchor."""
    anchors = Anchors()
    given_out = [anchors.next(heading) for heading in headings]
    assert len(set(given_out)) == len(given_out)


def test_repeated_headings_are_numbered() -> None:
    """The second of two equal headings gets -1 and the third -2."""
    assert [section.anchor for section in split_sections("## A\n\n## A\n\n## A")] == ["", "a", "a-1", "a-2"]


MARKED = ["## A &amp; `b` ![c](d)", "# [e][x] *f*", "### g \\# <b>h</b>", "[x]: http://y", "#", "Setext [x]"]


@given(st.lists(st.sampled_from([*PIECES.split("\n"), *MARKED]), max_size=25))
def test_headings_read_as_in_the_whole_page(lines: list[str]) -> None:
    """The outline, which leaves the text between headings unread, has the very words of each heading that a full reading has."""
    body = "\n".join(lines)
    anchors = Anchors()
    inline = [after for before, after in pairwise(parse(body)) if before.type == "heading_open"]
    assert list(heading_anchors(body).values()) == [anchors.next(heading_text(each)) for each in inline]


@given(LINES)
def test_sections_lose_no_text(lines: list[str]) -> None:
    """Headings and texts of the sections together are the words of the page, in order."""
    body = "\n".join(lines)
    found = " ".join(f"{section.title} {plain(section.markdown)}" for section in split_sections(body))
    assert found.split() == plain(body).split()


@given(LINES)
def test_blocks_lose_nothing_but_blank_lines(lines: list[str]) -> None:
    """The blocks of a section, put together, are its lines."""
    body = "\n".join(lines)
    kept = [line for block in blocks(body) for line in block.split("\n") if line.strip()]
    assert kept == [line for line in body.split("\n") if line.strip()]


def test_code_is_not_cut_at_what_looks_like_a_heading() -> None:
    """A line with # inside a fence is code."""
    sections = split_sections("## Script\n```\n# not a heading\n```\n")
    assert [section.title for section in sections] == ["", "Script"]


def test_a_section_knows_the_headings_above_it() -> None:
    """The trail names the enclosing headings, and a sibling does not enclose."""
    sections = split_sections("## A\n### B\ntext\n## C\n### D\ntext")
    assert {section.title: section.trail for section in sections if section.title} == {"A": (), "B": ("A",), "C": (), "D": ("C",)}


def test_plain_text_has_no_markup() -> None:
    """Emphasis, links, code, tables and HTML leave their words only."""
    text = "**Open** [the page](/help/x) and `run`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<div>raw</div>\n"
    assert plain(text) == "Open the page and run a b 1 2 raw"


@pytest.mark.parametrize(
    ("text", "values", "body", "problem"),
    [
        ("---\ntitle: A\n---\nbody", {"title": "A"}, "body", False),
        ("---\n---\nbody", {}, "body", False),
        ("---\ntitle: [A\n---\nbody", {}, "body", True),
        ("---\nupdated: 2026-13-45\n---\nbody", {}, "body", True),
        ("---\njust a rule\n---\nbody", {}, "---\njust a rule\n---\nbody", False),
        ("---\nno end", {}, "---\nno end", False),
        ("no front", {}, "no front", False),
    ],
)
def test_front_matter_is_taken_only_where_it_is_one(text: str, values: dict[str, str], body: str, problem: bool) -> None:
    """Front matter is a mapping between two rules; what is broken is reported and what is none stays in the body."""
    found = split_front_matter(text)
    assert (found.values, found.body, bool(found.problem)) == (values, body, problem)
