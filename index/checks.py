"""``support kb check``: looks for mistakes in the content, says where they are and how to mend them.

Pages with front matter are held to ``docs/guides/writing-articles.md``; a folder whose pages have none is somebody else's and
gets warnings only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from index.check_network import network_findings
from index.check_text import text_findings
from index.findings import Allowed, Finding, Pages, line_of_key
from index.reader import Problem, Reading, Source, read_folder

__all__ = ["Allowed", "Finding", "check"]

AREAS = ("billing", "technical", "feature", "customization")
KINDS = {"article": "articles", "tutorial": "tutorials", "video": "videos"}
REVIEW_DAYS = 366
MOST_QUESTIONS = 20  # typical questions of a page; of more, some ask for another page
_REQUIRED = ("title", "slug", "kind", "area", "summary", "questions", "updated", "owner", "tags", "applies_to", "related")
_KEYS = frozenset({*_REQUIRED, "video", "follows"})


def check(folder: Path, *, today: date, allowed: Allowed | None = None) -> list[Finding]:
    """All findings about the pages under ``folder``, by path and line; :class:`~index.errors.ContentError` for no folder."""
    return check_reading(read_folder(folder), today=today, allowed=allowed)


def check_reading(reading: Reading, *, today: date, allowed: Allowed | None = None) -> list[Finding]:
    """The same of a folder that was read already."""
    ours = any(source.front.present for source in reading.sources)
    findings = [_of_problem(problem, ours) for problem in reading.problems]
    pages = Pages.of(reading.sources)
    for source in reading.sources:
        strict = source.front.present
        if strict:
            findings += _front_matter(source, today, allowed or Allowed(), pages.by_slug)
        elif ours:
            findings.append(
                Finding(
                    source.article.path, 1, "the page has no front matter", "Add it as in docs/guides/writing-articles.md", True
                )
            )
        findings += text_findings(source, pages, allowed or Allowed(), strict or ours)
    findings += network_findings(reading.sources, pages, ours)
    return sorted(findings, key=lambda each: (each.path, each.line, each.message))


def _of_problem(problem: Problem, ours: bool) -> Finding:
    return Finding(problem.path, 1, problem.message, "Mend or remove the file", ours)


def _front_matter(source: Source, today: date, allowed: Allowed, by_slug: Mapping[str, Source]) -> Iterator[Finding]:
    article, values = source.article, source.front.values
    name = article.path.rpartition("/")[2].rsplit(".", 1)[0]

    def wrong(key: str, message: str, fix: str, error: bool = True) -> Finding:
        return Finding(article.path, line_of_key(source, key), message, fix, error)

    for key in _REQUIRED:
        if key not in values:
            yield wrong(key, f"front matter lacks {key!r}", f"Add `{key}:`")
    for key in values.keys() - _KEYS:
        yield wrong(key, f"unknown key {key!r}", f"Write one of {', '.join(sorted(_KEYS))}, or remove it")
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
    yield from _folder(article.path, values, wrong)
    if "questions" in values and _is_list_of_text(values["questions"]) and not 3 <= len(article.questions) <= MOST_QUESTIONS:
        yield wrong("questions", f"{len(article.questions)} questions", f"Write 3 to {MOST_QUESTIONS}, as customers type them")
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


def _folder(path: str, values: Mapping[str, Any], wrong: Callable[..., Finding]) -> Iterator[Finding]:
    """The folders of our own layout say kind and area as well; pages elsewhere may lie where they like."""
    top, *rest = path.split("/")
    kind = next((name for name, folder in KINDS.items() if folder == top and rest), None)
    if kind and values.get("kind") in KINDS and values["kind"] != kind:
        yield wrong(
            "kind", f"kind {values['kind']!r} lies in {top}/", f"Move the file to {KINDS[values['kind']]}/ or mend the kind"
        )
    if kind == "article" and len(rest) > 1 and rest[0] in AREAS and values.get("area") in AREAS and values["area"] != rest[0]:
        yield wrong("area", f"area {values['area']!r} lies in {top}/{rest[0]}/", "Move the file or mend the area")


def _review(source: Source, today: date, wrong: Callable[..., Finding]) -> Iterator[Finding]:
    updated = source.front.values.get("updated")
    if updated is None:
        return
    if not isinstance(updated, date):
        yield wrong("updated", f"'updated' is {updated!r}", "Write the date of the last review as 2026-10-12")
        return
    age = (today - date(updated.year, updated.month, updated.day)).days
    if age < -1:  # a day of grace: the editor's date may be ahead of the clock's
        yield wrong("updated", f"'updated' is {updated}, which is still to come", "Write the date of the last review")
    elif age > REVIEW_DAYS:
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


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
