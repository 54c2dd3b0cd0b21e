"""Markdown to HTML that may be put into a page as it is.

Two walls, each of which would do alone: the parser leaves raw HTML as text, and what it makes passes an
allow-list. Links lead only to http(s), mailto and pages of this site; they open in a tab of their own
without a way back to the opener.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.markdown import heading_anchors

_INLINE = {"a", "br", "code", "del", "em", "s", "strong"}
_BLOCKS = {"blockquote", "hr", "li", "ol", "p", "pre", "table", "tbody", "td", "th", "thead", "tr", "ul"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\\\x7f]")

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": False, "maxNesting": 20}).enable(["table", "strikethrough"])
_CHAT = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20}).enable(["table", "strikethrough"])


def allowed_link(url: str) -> bool:
    """Whether a link may lead there: http(s), mailto, or a path or fragment of this site."""
    if not url or _UNSAFE_IN_URL.search(url):
        return False
    if url.startswith("/"):
        return not url.startswith("//")
    if url.startswith("#"):
        return True
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.netloc) if parts.scheme in ("http", "https") else parts.scheme == "mailto"


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "a" and name == "href":
        return value if allowed_link(value) else None
    return value


_CHAT_CLEANER = nh3.Cleaner(
    tags=_INLINE | _BLOCKS | _HEADINGS,
    clean_content_tags={"script", "style"},
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)
_ARTICLE_CLEANER = nh3.Cleaner(
    tags=_INLINE | _BLOCKS | _HEADINGS,
    clean_content_tags={"script", "style"},
    attributes={"a": {"href", "title"}, "ol": {"start"}, **{tag: {"id"} for tag in _HEADINGS}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener noreferrer",
)


@lru_cache(maxsize=2048)
def message_html(markdown: str) -> str:
    """A bot's, staff member's or system message as HTML for the widget and the console."""
    return _CHAT_CLEANER.clean(_CHAT.render(markdown))


def plain_html(text: str) -> str:
    """A customer's own words as HTML: nothing in them is markup."""
    paragraphs = [part for part in re.split(r"\n{2,}", text.replace("\r\n", "\n").strip("\n")) if part.strip()]
    return "".join(f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in paragraphs)


@lru_cache(maxsize=512)
def article_html(markdown: str) -> str:
    """An article's body; each heading carries the anchor by which citations point to it."""
    tokens = _MARKDOWN.parse(markdown)
    _set_anchors(tokens, heading_anchors(markdown))
    return _ARTICLE_CLEANER.clean(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def _set_anchors(tokens: list[Token], anchors: Mapping[int, str]) -> None:
    """Give headings the anchors that the index gave the same lines: it reads raw HTML that is text here, so that an anchor
    made anew from a heading's words could differ from the one that citations carry.
    """
    for token in tokens:
        if token.type == "heading_open" and token.map and token.map[0] in anchors:
            token.attrSet("id", anchors[token.map[0]])
