"""Builds a version of the index from a folder of Markdown.

Incremental where it costs (embeddings are kept by the hash of their text) and fresh where it matters: FAISS, BM25 and calibration
are made anew each time, so an incremental build equals one from scratch and nothing of a deleted page remains.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from index.articles import Article
from index.calibration import calibrated, probes, texts_to_encode
from index.changes import Changes, changes, revisions
from index.checks import Allowed, check_reading
from index.chunker import Chunk, chunk_article, sections_of
from index.embeddings import EmbeddingCache
from index.encoder import Encoder, Vectors
from index.errors import ContentError, PublishConflict, VersionError
from index.golden import FILE as GOLDEN
from index.history import Event, Observer, stamp
from index.late_interaction import TokenIndex
from index.lexical import LexicalIndex, words
from index.markdown import plain
from index.reader import Problem, Reading, read_folder
from index.scoring import MEASURED, Calibration, late_weight
from index.snapshot import Passage, Place, Snapshot, centres, questioned, read_manifest, starts_of, write_snapshot
from index.spelling import Spelling, count_words
from index.vectors import VectorIndex
from index.versions import Versions

SNIPPET = 240
HEADING_WEIGHT = 0.2  # of words shared with a section's heading, beside the similarity, where a question's section is sought
RECIPE = "7"  # raise when chunks, vectors or files of a version are made in another way
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. ``fresh`` is False where the newest version already was of these very inputs.

    ``errors`` are mistakes in content with golden questions: they stop no build, but the gate refuses to publish it.
    """

    version: str
    fresh: bool
    live: bool
    articles: int
    chunks: int
    encoded: int
    changes: Changes
    problems: tuple[Problem, ...]
    errors: tuple[str, ...] = ()


def build(
    content: Path,
    index_dir: Path,
    encoder: Encoder,
    *,
    at: datetime,
    by: str | None = None,
    why: str = "",
    allowed: Allowed | None = None,
    observer: Observer | None = None,
    progress: Progress | None = None,
) -> Built:
    """Build a candidate of ``content``; the first one of an empty index goes live by itself.

    ``why`` goes into the history, of which ``observer`` is told. Content with golden questions is checked too, against the plans
    and versions that are ``allowed``; what is wrong is kept with the version for the gate and stops no build.
    :class:`index.errors.ContentError` where the folder is missing or holds no page.
    """
    say = progress or (lambda _: None)
    reading = read_folder(content)
    if not reading.articles:
        named = "; ".join(f"{each.path}: {each.message}" for each in reading.problems[:5])
        raise ContentError(f"{content} holds no Markdown page that can be indexed{f' ({named})' if named else ''}")
    versions, author = Versions(index_dir, observer), by or user()
    errors = _errors(content, reading, at, allowed)
    with versions.locked():
        digest, newest = _digest(reading, encoder, errors), versions.candidate()
        differing = changes(_now(reading), revisions(versions, versions.live()))
        if newest and _same(versions, newest, digest):
            say("nothing changed since the newest build")
            live, chunks = _first_goes_live(versions, newest, author, at), _count(versions, newest)
            return Built(newest, False, live, len(reading.articles), chunks, 0, differing, reading.problems, tuple(errors))
        cache = EmbeddingCache(index_dir / "cache", encoder)
        with versions.draft(digest) as (version, folder):
            snapshot = _snapshot(version, reading, encoder, cache, say)
            about = _about(version, digest, author, at, content, encoder, reading, differing, len(snapshot.places))
            about |= {"errors": errors, "golden": (content / GOLDEN).exists(), "why": why}
            write_snapshot(replace(snapshot, manifest=about), folder)
        cache.save()
        versions.record(Event(stamp(at), author, "build", version, versions.live(), differing.counts(), why))
        live = _first_goes_live(versions, version, author, at)
        versions.prune()
    articles, chunks = len(reading.articles), len(snapshot.places)
    return Built(version, True, live, articles, chunks, cache.encoded, differing, reading.problems, tuple(errors))


def _first_goes_live(versions: Versions, version: str, author: str, at: datetime) -> bool:
    """Publish the first build; also where the process that made it was killed before it could. Whether ``version`` is live."""
    if versions.live() is None:
        with contextlib.suppress(PublishConflict):  # somebody published another one just now
            versions.publish(version, author, at, expected=None, why="the first build")
    return versions.live() == version


def _errors(content: Path, reading: Reading, at: datetime, allowed: Allowed | None) -> list[str]:
    """What `support kb check` calls an error; only folders with golden questions are held to it."""
    if not (content / GOLDEN).exists():
        return []
    return [str(finding) for finding in check_reading(reading, today=at.date(), allowed=allowed) if finding.error]


def _now(reading: Reading) -> dict[str, str]:
    return {article.path: article.revision for article in reading.articles}


def _snapshot(version: str, reading: Reading, encoder: Encoder, cache: EmbeddingCache, say: Progress) -> Snapshot:
    chunks = [chunk for page, article in enumerate(reading.articles) for chunk in chunk_article(article, page)]
    say(f"{len(reading.articles)} pages, {len(chunks)} chunks")
    found = cache.embedded([chunk.text for chunk in chunks], lambda done, total: say(f"embedded {done} of {total} new chunks"))
    vectors = found.vectors
    places = _places(reading.articles, chunks, vectors)
    snapshot = Snapshot(
        version=version,
        manifest={},
        articles=reading.articles,
        passages=tuple(passages_of(article) for article in reading.articles),
        places=places,
        starts=starts_of([place.page for place in places]),
        chunks=VectorIndex.build(vectors),
        pages=VectorIndex.build(centres(vectors, places)),
        lexical=LexicalIndex.build(words(chunk.text) for chunk in chunks),
        calibration=Calibration((0.0,) * len(MEASURED), (1.0,) * len(MEASURED), (0.0,) * len(MEASURED), 0.0, 0.5),
        spelling=Spelling(count_words(chunk.text for chunk in chunks)),
        synonyms=reading.synonyms,
        strangers=np.zeros((0, encoder.dimension), dtype=np.float32),
        strangers_tokens=None,
        tokens=TokenIndex.build(found.tokens, encoder.dimension),
        late_weight=late_weight(questioned(places)),
    )
    asked = probes(chunks)
    say(f"calibrating on {len(asked)} questions")
    return calibrated(snapshot, asked, cache.embedded(texts_to_encode(asked)))


def passages_of(article: Article) -> tuple[Passage, ...]:
    """The sections of a page as answers quote them. The page's own title heading is its lead by another name."""
    passages = []
    for section in sections_of(article):
        lead = section.title in ("", article.title)
        markdown = section.markdown.strip("\n") or article.summary
        passages.append(Passage("" if lead else section.title, "" if lead else section.anchor, markdown, snippet(markdown)))
    return tuple(passages)


def snippet(markdown: str) -> str:
    """The beginning of a passage as plain text, at most :data:`SNIPPET` characters."""
    text = plain(markdown)
    return text if len(text) <= SNIPPET else text[: SNIPPET - 2].rsplit(" ", 1)[0] + " …"


def _places(articles: Sequence[Article], chunks: Sequence[Chunk], vectors: Vectors) -> tuple[Place, ...]:
    """Where each chunk leads: a summary to the first section with text, a question to the section most like it."""
    texts: dict[int, list[int]] = {}
    headings: dict[int, list[str]] = {}
    for number, chunk in enumerate(chunks):
        if chunk.kind == "text":
            texts.setdefault(chunk.page, []).append(number)
    places = []
    for number, chunk in enumerate(chunks):
        own, section = texts.get(chunk.page, []), chunk.section
        if chunk.kind == "question" and own:
            if chunk.page not in headings:
                headings[chunk.page] = [section.title for section in sections_of(articles[chunk.page])]
            shared = [_asked_in_heading(chunk.text, headings[chunk.page][chunks[each].section]) for each in own]
            section = chunks[own[int(np.argmax(vectors[own] @ vectors[number] + HEADING_WEIGHT * np.array(shared)))]].section
        elif section < 0:
            section = chunks[own[0]].section if own else _first_with_text(articles[chunk.page])
        places.append(Place(chunk.page, section, chunk.kind))
    return tuple(places)


def _asked_in_heading(question: str, heading: str) -> float:
    """Share of a question's content words that stand in a heading: a vector of the whole section hardly tells its subject."""
    asked, told = set(words(question)), set(words(heading))
    return len(asked & told) / len(asked) if asked else 0.0


def _first_with_text(article: Article) -> int:
    return next((number for number, section in enumerate(sections_of(article)) if section.markdown.strip()), 0)


def _digest(reading: Reading, encoder: Encoder, errors: Sequence[str]) -> str:
    """Hash of all that decides a version's content."""
    lines = [
        RECIPE,
        encoder.fingerprint,
        *(f"{article.path}\0{article.slug}\0{article.revision}" for article in reading.articles),
        *errors,
        *(f"{said}\0{term}" for said, term in sorted(reading.synonyms.terms.items())),
    ]
    for name in (
        "chunker.py",
        "markdown.py",
        "reader.py",
        "lexical.py",
        "late_interaction.py",
        "search.py",
        "scoring.py",
        "calibration.py",
        "foreign_questions.txt",
        "neighbouring_questions.txt",
    ):
        lines.append(hashlib.sha256(Path(__file__).with_name(name).read_bytes()).hexdigest())
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def _same(versions: Versions, version: str, digest: str) -> bool:
    try:
        return bool(read_manifest(versions.path(version)).get("digest") == digest)
    except VersionError:
        return False


def _count(versions: Versions, version: str) -> int:
    return int(read_manifest(versions.path(version))["chunks"])


def _about(
    version: str,
    digest: str,
    author: str,
    at: datetime,
    content: Path,
    encoder: Encoder,
    reading: Reading,
    differing: Changes,
    chunks: int,
) -> dict[str, Any]:
    """The manifest: who built what, when, of which pages, with which encoder."""
    return {
        "version": version,
        "digest": digest,
        "built_by": author,
        "built_at": stamp(at),
        "content": str(content),
        "encoder": {"name": encoder.name, "fingerprint": encoder.fingerprint, "dimension": encoder.dimension},
        "articles": len(reading.articles),
        "chunks": chunks,
        "changes": differing.as_dict(),
        "problems": [{"path": each.path, "message": each.message, "skipped": each.skipped} for each in reading.problems],
        "revisions": _now(reading),
    }


def user() -> str:
    """Name of the person who runs this process, for the history."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number without a name
        return f"uid {os.getuid()}"
