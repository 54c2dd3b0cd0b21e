"""Reads a folder of Markdown into articles; what cannot be read is named and left out, never a crash."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from index.articles import Article, SectionRef
from index.errors import ContentError
from index.markdown import FrontMatter, plain, split_front_matter, split_sections
from index.synonyms import FILE as SYNONYMS
from index.synonyms import Synonyms, read_synonyms

SUFFIXES = (".md", ".markdown")
LARGEST = 5_000_000  # bytes; larger is no page written by people
_SUMMARY = 240  # characters taken from the text where no summary is given
_UNSAFE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a file that its author should know; ``skipped`` where the file is not in the index at all."""

    path: str
    message: str
    skipped: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its text and front matter as they stand, for checks, and the article made of it."""

    article: Article
    front: FrontMatter
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All of a folder, by path."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    synonyms: Synonyms = field(default_factory=lambda: Synonyms({}))

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles alone."""
        return tuple(source.article for source in self.sources)


def read_folder(folder: Path) -> Reading:
    """Read every Markdown file under ``folder``; hidden folders are left out. :class:`ContentError` where there is no folder."""
    if not folder.is_dir():
        raise ContentError(f"{folder} is no folder; give the folder of Markdown with --content")
    sources: list[Source] = []
    problems: list[Problem] = []
    slugs: set[str] = set()
    for file in _files(folder):
        path = file.relative_to(folder).as_posix()
        try:
            data = _bytes(file)
            text, mended = decode(data)
        except (OSError, ContentError) as error:
            problems.append(Problem(_printable(path), f"skipped: {error}", True))
            continue
        if mended:
            problems.append(Problem(path, mended, False))
        source = _source(path, data, text, slugs, problems)
        if source is not None:
            slugs.add(source.article.slug)
            sources.append(source)
    synonyms, wrong = read_synonyms(folder)
    if wrong:
        problems.append(Problem(SYNONYMS, wrong, False))
    return Reading(tuple(sources), tuple(problems), synonyms)


def decode(data: bytes) -> tuple[str, str]:
    """Text of a file and, where it was not UTF-8, how it was mended. :class:`ContentError` for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").replace("\x00", ""), "read as UTF-16; save it as UTF-8"
    if b"\x00" in data:
        raise ContentError("it holds NUL bytes and is no text")
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not UTF-8; read as Windows-1252. Save the file as UTF-8"
        return data.decode("cp1252", "replace"), message


def _files(folder: Path) -> Iterator[Path]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place) / name for name in names if name.lower().endswith(SUFFIXES) and not name.startswith(".")]
    yield from sorted(found, key=lambda file: file.relative_to(folder).as_posix())


def _bytes(file: Path) -> bytes:
    if not file.is_file():
        raise ContentError("it is no regular file")
    if file.stat().st_size > LARGEST:
        raise ContentError(f"it is larger than {LARGEST // 1_000_000} MB")
    return file.read_bytes()


def _source(path: str, data: bytes, text: str, slugs: set[str], problems: list[Problem]) -> Source | None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = split_front_matter(text)
    if front.problem:
        problems.append(Problem(path, f"{front.problem}; read without it", False))
    if not front.body.strip() and not front.values:
        problems.append(Problem(path, "skipped: the file is empty", True))
        return None
    article = _article(path, data, front)
    if article.slug in slugs:
        fresh = _free_slug(slug_of(path), slugs)
        problems.append(Problem(path, f"the slug {article.slug!r} is taken by another page; known as {fresh!r}", False))
        article = Article.from_dict({**article.as_dict(), "slug": fresh})
    return Source(article, front, text)


def _article(path: str, data: bytes, front: FrontMatter) -> Article:
    values = front.values
    sections = split_sections(front.body)
    first = next((section for section in sections if section.title), None)
    title = _text(values.get("title")) or (first.title if first else "") or _name_as_title(path)
    applies = values.get("applies_to") if isinstance(values.get("applies_to"), dict) else {}
    slug = _UNSAFE.sub("-", _text(values.get("slug")).lower()).strip("-")
    video = values.get("video")
    return Article(
        path=path,
        slug=slug or slug_of(path),
        title=title,
        kind=_text(values.get("kind")) or "article",
        area=_text(values.get("area")) or None,
        summary=_text(values.get("summary")) or _lead(front.body),
        updated=_text(values.get("updated")) or None,
        owner=_text(values.get("owner")) or None,
        tags=_texts(values.get("tags")),
        questions=_texts(values.get("questions")),
        plans=_texts(applies.get("plans") if isinstance(applies, dict) else None),
        versions=_texts(applies.get("versions") if isinstance(applies, dict) else None),
        related=_texts(values.get("related")),
        video={str(key): _text(value) for key, value in video.items()} if isinstance(video, dict) else None,
        revision=hashlib.sha256(data).hexdigest()[:12],
        markdown=front.body.strip("\n"),
        sections=tuple(
            SectionRef(each.title, each.anchor, each.level)
            for each in sections
            if each.title and not (each is first and each.title == title)
        ),
        follows=_text(values.get("follows")) or None,
    )


def slug_of(path: str) -> str:
    """A slug from a relative path: ``user/Core Modules/accounts.md`` gives ``user-core-modules-accounts``."""
    return (
        _UNSAFE.sub("-", path.rsplit(".", 1)[0].lower()).strip("-")
        or f"page-{hashlib.sha256(path.encode('utf-8', 'replace')).hexdigest()[:8]}"
    )


def _free_slug(slug: str, taken: set[str]) -> str:
    if slug not in taken:
        return slug
    number = 2
    while f"{slug}-{number}" in taken:
        number += 1
    return f"{slug}-{number}"


def _name_as_title(path: str) -> str:
    name = path.rpartition("/")[2].rsplit(".", 1)[0]
    return _UNSAFE.sub(" ", name.lower()).strip().capitalize() or _printable(name)


def _lead(body: str) -> str:
    for section in split_sections(body):
        text = plain(section.markdown)
        if text:
            return text if len(text) <= _SUMMARY else text[:_SUMMARY].rsplit(" ", 1)[0] + " …"
    return ""


def _text(value: Any) -> str:
    """A YAML value as one line of text; what is no single value counts as absent."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return " ".join(str(value).split())
    return ""


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    items = value if isinstance(value, (list, tuple)) else []
    return tuple(text for text in map(_text, items) if text)


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
