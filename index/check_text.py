"""Checks of a page's text: links and their anchors, pictures, promises of time, names of plans, releases and integrations."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from markdown_it.token import Token

from index.findings import Allowed, Finding, Pages, line_of_key
from index.markdown import blocks, parse, split_sections
from index.promises import promise_in
from index.reader import SUFFIXES, Source

_HELP = re.compile(r"\A/help/([^/#?][^#?]*?)/?(?:\?[^#]*)?(?:#(.*))?\Z")
_OWN_PLACE = re.compile(r"\A(?:[a-z][a-z0-9+.-]*:|//|/)", re.IGNORECASE)
_BARE_IMAGE = re.compile(r"<img\b(?![^>]*\balt\s*=)[^>]*>", re.IGNORECASE)
_PLAN = re.compile(
    r"\b(Free|Basic|Premium|Business|Plus|Pro|Ultimate|Growth|Essentials?|Advanced|Standard)\s+(?:plan|edition|tier)\b"
)
_RELEASE = re.compile(r"\b(?:PipeRocks(?: CRM| Server)?|release(?: line)?)\s+(\d{1,3})(?:\.\d+)*\b", re.IGNORECASE)
_MARKETPLACE = re.compile(r"\bMarketplace\*\*[^.\n]{0,30}?\b(?:choose|open|click)\s+\*\*([^*]+)\*\*")
_NOT = re.compile(r"\b(?:not?|none|never|without|cannot|isn't|doesn't|don't)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_CLOCK = "Leave that to the promise clock"


def text_findings(source: Source, pages: Pages, allowed: Allowed, strict: bool) -> Iterator[Finding]:
    """All findings about a page's text; ``strict`` makes them errors."""
    article, front = source.article, source.front
    if not front.body.strip():
        yield Finding(article.path, front.first_line, "the page has no text", "Write it or remove the file", strict)
    for token in parse(front.body):
        line = front.first_line + (token.map[0] if token.map else 0)
        if token.type == "heading_open" and token.tag == "h1" and front.present:
            fix = "Use `##`; the title stands in the front matter"
            yield Finding(article.path, line, "a `#` heading in the body", fix, strict)
        yield from _pictures(article.path, line, token, strict)
        for child in token.children or []:
            if child.type == "link_open":
                yield from _link(source, line, str(child.attrGet("href") or ""), pages, strict)
    for line, text in _prose(source):
        found = promise_in(text.replace("*", "").replace("_", ""))
        if found:
            yield Finding(article.path, line, f"states when support answers: {found!r}", _CLOCK, strict)
        if front.present:
            yield from _names(article.path, line, text, allowed)
    if front.present:
        yield from _front_texts(source, allowed)


def linked_slugs(source: Source, pages: Pages) -> set[str]:
    """The pages that a page leads to: by links, as related ones, and as the one it follows."""
    found = {*source.article.related, source.article.follows or ""}
    for token in parse(source.front.body):
        for child in token.children or []:
            if child.type == "link_open":
                target = str(child.attrGet("href") or "")
                match = _HELP.match(target)
                page = pages.by_slug.get(unquote(match.group(1))) if match else _relative(source, target.partition("#")[0], pages)
                found |= {page.article.slug} if page else set()
    return found - {source.article.slug, ""}


def _pictures(path: str, line: int, token: Token, strict: bool) -> Iterator[Finding]:
    fix = "Say in a few words what it shows"
    if token.type == "html_block":
        for match in _BARE_IMAGE.finditer(token.content):
            yield Finding(path, line + token.content.count("\n", 0, match.start()), "a picture has no alt text", fix, strict)
    for child in token.children or []:
        if (child.type == "image" and not child.content.strip()) or (
            child.type == "html_inline" and _BARE_IMAGE.match(child.content)
        ):
            yield Finding(path, line, "a picture has no alt text", fix, strict)


def _link(source: Source, line: int, target: str, pages: Pages, strict: bool) -> Iterator[Finding]:
    path, match = source.article.path, _HELP.match(target)
    if match:
        page, fragment = pages.by_slug.get(unquote(match.group(1))), match.group(2)
        if page is None:
            yield Finding(path, line, f"dead link: no page {match.group(1)!r}", "Name an existing slug", strict)
            return
    else:
        place, _, fragment = target.partition("#")
        if _OWN_PLACE.match(target) or not target:
            return
        page = _relative(source, place, pages) if place else source
        if page is None:
            if place.lower().endswith(SUFFIXES):
                yield Finding(path, line, f"dead link: no file {unquote(place)!r}", "Name an existing file", strict)
            return
    if fragment and unquote(fragment) not in _anchors(page):
        message = f"dead link: page {page.article.slug!r} has no heading with the anchor {fragment!r}"
        yield Finding(path, line, message, "Name an anchor it has", strict)


def _relative(source: Source, place: str, pages: Pages) -> Source | None:
    """The page that a link relative to the file names, with its suffix or without."""
    if not place or _OWN_PLACE.match(place):
        return None
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(source.article.path), unquote(place.partition("?")[0])))
    names = [
        wanted,
        *(wanted + suffix for suffix in SUFFIXES),
        *(posixpath.join(wanted, name) for name in ("index.md", "README.md")),
    ]
    return next((pages.by_path[name] for name in names if name in pages.by_path), None)


@lru_cache(maxsize=4096)
def _anchors_of(body: str) -> frozenset[str]:
    return frozenset(section.anchor for section in split_sections(body))


def _anchors(page: Source) -> frozenset[str]:
    return _anchors_of(page.front.body)


def _prose(source: Source) -> Iterator[tuple[int, str]]:
    """Each block as one text, so that a sentence broken over lines is seen whole, with the line it begins on."""
    body, place = source.front.body, 0
    for block in blocks(body):
        place = body.index(block, place)
        yield source.front.first_line + body.count("\n", 0, place), " ".join(block.split())
        place += len(block)


def _front_texts(source: Source, allowed: Allowed) -> Iterator[Finding]:
    article = source.article
    for key, texts in (("title", (article.title,)), ("summary", (article.summary,)), ("questions", article.questions)):
        line = line_of_key(source, key)
        found = next(filter(None, map(promise_in, texts)), None)
        if found:
            yield Finding(article.path, line, f"states when support answers: {found!r}", _CLOCK, True)
        if key != "questions":  # customers may ask for whatever they like
            for text in texts:
                yield from _names(article.path, line, text, allowed)
    if allowed.integration_slugs and article.slug.startswith("integration-") and article.slug not in allowed.integration_slugs:
        message = f"the page {article.slug!r} is of no supported integration"
        yield Finding(article.path, line_of_key(source, "slug"), message, "Name it otherwise, or add it to the policy", True)


def _names(path: str, line: int, text: str, allowed: Allowed) -> Iterator[Finding]:
    if allowed.plan_names:
        for match in _PLAN.finditer(text):
            if match.group(1) not in allowed.plan_names:
                fix = f"Write one of {', '.join(sorted(allowed.plan_names))}"
                yield Finding(path, line, f"unknown plan {match.group(1)!r}", fix, True)
    if allowed.versions:
        for match in _RELEASE.finditer(text):
            if match.group(1) not in allowed.versions:
                fix = f"Release lines are {', '.join(sorted(allowed.versions))}"
                yield Finding(path, line, f"unknown release {match.group(0)!r}", fix, True)
    if allowed.integrations:
        for match in _MARKETPLACE.finditer(text):
            if match.group(1) not in allowed.integrations:
                message = f"unknown integration {match.group(1)!r} in the Marketplace"
                yield Finding(path, line, message, "Name one of the policy's integrations", True)
    yield from _other_applications(path, line, text, allowed.others)


def _other_applications(path: str, line: int, text: str, others: frozenset[str]) -> Iterator[Finding]:
    """A sentence that calls an application integrated which is not; one that denies it is right."""
    if not others or "integrat" not in text.lower():
        return
    claims = _claims(others)
    for sentence in _SENTENCE.split(text.replace("*", "")):
        match = claims.search(sentence)
        if match and not _NOT.search(sentence) and not sentence.endswith("?"):
            name = next(filter(None, match.groups()))
            fix = "Say that it is not integrated, or name the way round"
            yield Finding(path, line, f"calls {name!r} an integration, which the policy does not know", fix, True)


@lru_cache(maxsize=8)
def _claims(others: frozenset[str]) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(others, key=len, reverse=True))
    return re.compile(rf"\b({names}) integration\b|\bintegrat(?:es?|ion|ions|ed) (?:with|for) ({names})\b")
