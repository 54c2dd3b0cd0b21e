"""The content folder as editors see it: each page's file beside what is live, with what is wrong with it.

Reading and checking a folder takes a second or so, therefore both are kept until a file changes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from index.articles import Article
from index.checks import REVIEW_DAYS, Allowed, Finding, check_reading
from index.reader import SUFFIXES, Source, read_folder

STATES = {
    "live": "Live",
    "edited": "Edited",
    "new": "New",
    "removed": "Removed",
    "stale": "Not reviewed for a year",
    "failing": "Failing check",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the content folder or of the live version. ``states`` are some of :data:`STATES`: one of the first four, and
    what else is to be known.
    """

    path: str
    slug: str
    title: str
    kind: str
    area: str | None
    updated: str | None
    owner: str | None
    states: tuple[str, ...]
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Content:
    """The folder at one moment: what was read, by path, and all findings. ``problem`` says why it cannot be read at all."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    problem: str = ""

    def findings_of(self, path: str) -> tuple[Finding, ...]:
        """The findings about one file, by line."""
        return tuple(finding for finding in self.findings if finding.path == path)

    @property
    def errors(self) -> int:
        """How many findings are mistakes; the others are warnings."""
        return sum(finding.error for finding in self.findings)


class ContentFolder:
    """Reads the folder again when a file in it has changed. Safe to use from several threads; blocking."""

    def __init__(self, folder: Path, allowed: Allowed) -> None:
        self.folder = folder
        self._allowed = allowed
        self._lock = threading.Lock()
        self._mark: object = None
        self._content = Content()

    def read(self, today: date) -> Content:
        """What the folder holds now, checked as of ``today``."""
        with self._lock:
            mark = (today, _mark(self.folder))
            if mark != self._mark:
                self._content, self._mark = self._fresh(today), mark
            return self._content

    def _fresh(self, today: date) -> Content:
        try:
            reading = read_folder(self.folder)
        except (ValueError, OSError) as error:
            return Content(problem=str(error))
        findings = check_reading(reading, today=today, allowed=self._allowed)
        return Content({source.article.path: source for source in reading.sources}, tuple(findings))


def pages(content: Content, live: Iterable[Article], today: date) -> tuple[Page, ...]:
    """Every page of the folder and of the live version, by title."""
    served = {article.path: article for article in live}
    found = [
        _page(source.article, _state(source.article, served.get(path)), content.findings_of(path), today)
        for path, source in content.sources.items()
    ]
    found += [_page(article, "removed", (), today) for path, article in served.items() if path not in content.sources]
    return tuple(sorted(found, key=lambda page: (page.title.casefold(), page.path)))


def counts(found: Sequence[Page]) -> dict[str, int]:
    """How many pages are in each state."""
    return {state: sum(state in page.states for page in found) for state in STATES}


def _state(article: Article, live: Article | None) -> str:
    if live is None:
        return "new"
    return "live" if live.revision == article.revision else "edited"


def _page(article: Article, state: str, findings: Sequence[Finding], today: date) -> Page:
    errors = sum(finding.error for finding in findings)
    more = [name for name, holds in (("stale", _stale(article, today)), ("failing", errors > 0)) if holds and state != "removed"]
    return Page(
        path=article.path,
        slug=article.slug,
        title=article.title,
        kind=article.kind,
        area=article.area,
        updated=article.updated,
        owner=article.owner,
        states=(state, *more),
        errors=errors,
        warnings=len(findings) - errors,
    )


def _stale(article: Article, today: date) -> bool:
    try:
        reviewed = date.fromisoformat((article.updated or "")[:10])
    except ValueError:
        return False
    return (today - reviewed).days > REVIEW_DAYS


def _mark(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a file is added, removed or written."""
    marks = []
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.suffix.lower() in SUFFIXES:
            try:
                about = file.stat()
            except OSError:
                continue
            marks.append((str(file), about.st_mtime_ns, about.st_size))
    return tuple(marks)
