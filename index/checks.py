"""``support kb check``: looks for mistakes in the content, says where they are and how to mend them.

Pages with front matter are held to ``docs/guides/writing-articles.md``; a folder whose pages have none is somebody else's and
gets warnings only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from index.markdown import blocks, parse
from index.promises import promise_in
from index.reader import Problem, Source, read_folder

AREAS = ("billing", "technical", "feature", "customization")
KINDS = {"article": "articles", "tutorial": "tutorials", "video": "videos"}
REVIEW_DAYS = 366
_REQUIRED = ("title", "slug", "kind", "area", "summary", "questions", "updated", "owner", "tags", "applies_to", "related")
_LINK = re.compile(r"\A/help/([^/#?]+)/?(?:#(.*))?\Z")


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: the file and line, what is wrong, how to mend it. ``error`` False is a warning."""

    path: str
    line: int
    message: str
    fix: str
    error: bool

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'error' if self.error else 'warning'}: {self.message}. {self.fix}"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Plan codes and release lines that front matter may name; an empty set allows anything."""

    plans: frozenset[str] = field(default_factory=frozenset)
    versions: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def from_policy(cls, file: Path) -> Allowed:
        """Read them from the policy's data, as plain YAML since this room imports no other; what it lacks is not checked."""
        try:
            values = yaml.safe_load(file.read_text(encoding="utf-8"))
            plans = frozenset(str(each["code"]) for each in values.get("plans", ()))
            versions = frozenset(str(each["line"]) for each in values.get("versions", ()))
        except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError):
            return cls()
        return cls(plans, versions)


def check(folder: Path, *, today: date, allowed: Allowed | None = None) -> list[Finding]:
    """All findings about the pages under ``folder``, by path and line; :class:`~index.errors.ContentError` for no folder."""
    reading = read_folder(folder)
    ours = any(source.front.present for source in reading.sources)
    findings = [_of_problem(problem, ours) for problem in reading.problems]
    by_slug = {source.article.slug: source for source in reading.sources}
    for source in reading.sources:
        strict = source.front.present
        if strict:
            findings += _front_matter(source, today, allowed or Allowed(), by_slug)
        elif ours:
            findings.append(
                Finding(
                    source.article.path, 1, "the page has no front matter", "Add it as in docs/guides/writing-articles.md", True
                )
            )
        findings += _body(source, by_slug, strict or ours)
    findings += _twice(reading.sources, ours)
    return sorted(findings, key=lambda each: (each.path, each.line, each.message))


def _of_problem(problem: Problem, ours: bool) -> Finding:
    return Finding(problem.path, 1, problem.message, "Mend or remove the file", ours)


def _front_matter(source: Source, today: date, allowed: Allowed, by_slug: Mapping[str, Source]) -> Iterator[Finding]:
    article, values = source.article, source.front.values
    name = article.path.rpartition("/")[2].rsplit(".", 1)[0]

    def wrong(key: str, message: str, fix: str, error: bool = True) -> Finding:
        return Finding(article.path, _line_of_key(source, key), message, fix, error)

    for key in _REQUIRED:
        if key not in values:
            yield wrong(key, f"front matter lacks {key!r}", f"Add `{key}:`")
    for key in ("title", "summary", "owner"):
        if key in values and not (isinstance(values[key], str) and values[key].strip()):
            yield wrong(key, f"{key!r} is no text", "Write one line of text, in quotes where it has a colon")
    for key in ("questions", "tags", "related"):
        if key in values and not _is_list_of_text(values[key]):
            yield wrong(key, f"{key!r} is no list of texts", "Write one item a line after `- `, in quotes where it has a colon")
    if values.get("slug") not in (None, name):
        yield wrong("slug", f"slug {values['slug']!r} is not the file's name {name!r}", "Make both the same")
    if "kind" in values and values["kind"] not in KINDS:
        yield wrong("kind", f"unknown kind {values['kind']!r}", f"Write one of {', '.join(KINDS)}")
    if "area" in values and values["area"] not in AREAS:
        yield wrong("area", f"unknown area {values['area']!r}", f"Write one of {', '.join(AREAS)}")
    if "questions" in values and _is_list_of_text(values["questions"]) and not 3 <= len(article.questions) <= 6:
        yield wrong("questions", f"{len(article.questions)} questions", "Write 3 to 6, as customers type them")
    yield from _review(source, today, wrong)
    yield from _applies(source, allowed, wrong)
    for slug in article.related:
        if slug not in by_slug or slug == article.slug:
            yield wrong(
                "related",
                f"related page {slug!r} {'is this page' if slug == article.slug else 'does not exist'}",
                "Name an existing slug or remove it",
            )
    if values.get("kind") == "video" and not (article.video and article.video.get("url") and article.video.get("length")):
        yield wrong("video", "a video has no address or length", 'Add `video: {url: "https://...", length: "4:35"}`')


def _review(source: Source, today: date, wrong: Callable[..., Finding]) -> Iterator[Finding]:
    updated = source.front.values.get("updated")
    if updated is None:
        return
    if not isinstance(updated, date):
        yield wrong("updated", f"'updated' is {updated!r}", "Write the date of the last review as 2026-10-12")
    elif (today - (updated if type(updated) is date else date(updated.year, updated.month, updated.day))).days > REVIEW_DAYS:
        yield wrong("updated", f"not reviewed since {updated}", "Read the page again, mend it and set the date", False)


def _applies(source: Source, allowed: Allowed, wrong: Callable[..., Finding]) -> Iterator[Finding]:
    value = source.front.values.get("applies_to")
    if value is not None and not isinstance(value, dict):
        yield wrong("applies_to", "'applies_to' is no mapping", "Write `versions: [...]` and `plans: [...]` under it")
    for key, found, known in (
        ("plans", source.article.plans, allowed.plans),
        ("versions", source.article.versions, allowed.versions),
    ):
        for name in found:
            if known and name not in known:
                yield wrong(key, f"unknown {key[:-1]} {name!r}", f"Write one of {', '.join(sorted(known))}")


def _body(source: Source, by_slug: Mapping[str, Source], strict: bool) -> Iterator[Finding]:
    article, front = source.article, source.front
    if not front.body.strip():
        yield Finding(article.path, front.first_line, "the page has no text", "Write it or remove the file", strict)
    for token in parse(front.body):
        line = front.first_line + (token.map[0] if token.map else 0)
        if token.type == "heading_open" and token.tag == "h1" and front.present:
            yield Finding(
                article.path, line, "a `#` heading in the body", "Use `##`; the title stands in the front matter", strict
            )
        for child in token.children or []:
            if child.type == "link_open":
                yield from _link(article.path, line, str(child.attrGet("href") or ""), by_slug, strict)
    for line, text in _lines_of_prose(front.body, front.first_line):
        found = promise_in(text)
        if found:
            yield Finding(
                article.path, line, f"states when support answers: {found!r}", "Leave that to the promise clock", strict
            )
    for key in ("title", "summary", "questions"):
        texts = article.questions if key == "questions" else (str(getattr(article, key)),)
        found = next(filter(None, map(promise_in, texts)), None) if front.present else None
        if found:
            yield Finding(
                article.path,
                _line_of_key(source, key),
                f"states when support answers: {found!r}",
                "Leave that to the promise clock",
                strict,
            )


def _link(path: str, line: int, target: str, by_slug: Mapping[str, Source], strict: bool) -> Iterator[Finding]:
    match = _LINK.match(target)
    if match is None:
        return
    slug, fragment = match.group(1), match.group(2)
    if slug not in by_slug:
        yield Finding(path, line, f"dead link: no page {slug!r}", "Name an existing slug", strict)
    elif fragment and fragment not in {section.anchor for section in by_slug[slug].article.sections}:
        yield Finding(
            path, line, f"dead link: page {slug!r} has no heading with the anchor {fragment!r}", "Name an anchor it has", strict
        )


def _lines_of_prose(body: str, first_line: int) -> Iterator[tuple[int, str]]:
    """Each block as one text, so that a sentence broken over lines is seen whole, with the line it begins on."""
    place = 0
    for block in blocks(body):
        place = body.index(block, place)
        yield first_line + body.count("\n", 0, place), " ".join(block.replace("*", "").replace("_", "").split())
        place += len(block)


def _twice(sources: tuple[Source, ...], ours: bool) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for source in sources:
        key = source.article.title.casefold()
        if key in seen:
            yield Finding(
                source.article.path,
                _line_of_key(source, "title"),
                f"the title is also that of {seen[key]}",
                "Say what differs",
                ours,
            )
        seen.setdefault(key, source.article.path)


def _line_of_key(source: Source, key: str) -> int:
    for number, line in enumerate(source.text.split("\n")[: source.front.first_line], 1):
        if line.strip().startswith(f"{key}:"):
            return number
    return 1


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
