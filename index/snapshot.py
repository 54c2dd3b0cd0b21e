"""One version of the index in memory: articles, chunks, vectors, words, calibration. Never changed once it is made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.articles import Article
from index.encoder import Vectors
from index.errors import VersionError
from index.late_interaction import TokenIndex
from index.lexical import LexicalIndex
from index.scoring import Calibration, late_weight
from index.spelling import Spelling
from index.synonyms import Synonyms
from index.vectors import VectorIndex

MANIFEST = "manifest.json"
STRANGERS = "strangers"  # file of their vectors, and the first word of those of their tokens
FORMAT = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chunk belongs: page and section by number, and the chunk's kind."""

    page: int
    section: int
    kind: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A whole section as an answer quotes it; the lead has no title and anchor. ``snippet`` is its beginning as plain text."""

    title: str
    anchor: str
    markdown: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a search looks through. ``starts`` is the number of each page's first chunk; chunks lie in the order of pages.

    ``strangers`` are the vectors of the shipped questions, float32 (questions, dimension), that content is told apart from.
    """

    version: str
    manifest: dict[str, Any]
    articles: tuple[Article, ...]
    passages: tuple[tuple[Passage, ...], ...]
    places: tuple[Place, ...]
    starts: npt.NDArray[np.int64]
    chunks: VectorIndex
    pages: VectorIndex
    lexical: LexicalIndex
    calibration: Calibration
    spelling: Spelling
    synonyms: Synonyms
    strangers: Vectors
    strangers_tokens: TokenIndex | None  # of each of them; None in versions of older releases
    tokens: TokenIndex | None  # of every chunk; None in versions of older releases, which are ranked without
    late_weight: float  # see :func:`index.scoring.late_weight`

    def chunks_of(self, page: int) -> range:
        """Numbers of a page's chunks."""
        last = int(self.starts[page + 1]) if page + 1 < len(self.starts) else len(self.places)
        return range(int(self.starts[page]), last)


def starts_of(pages: Sequence[int]) -> npt.NDArray[np.int64]:
    """Number of the first chunk of each page, from the page of every chunk."""
    return np.flatnonzero(np.diff(np.array(pages, dtype=np.int64), prepend=-1)).astype(np.int64)


def questioned(places: Sequence[Place]) -> float:
    """Share of the pages that have typical questions, 0 to 1."""
    pages = {place.page for place in places}
    return len({place.page for place in places if place.kind == "question"}) / len(pages) if pages else 0.0


def centres(vectors: Vectors, places: Sequence[Place]) -> Vectors:
    """Each page as a whole: the direction of the sum of its chunks, float32 (pages, dimension).

    Its questions do not count: the page is what it says. (And a calibration that leaves a question out has left it out here.)
    """
    counted = vectors * np.array([place.kind != "question" for place in places], dtype=np.float32)[:, None]
    sums = np.add.reduceat(counted, starts_of([place.page for place in places]), axis=0)
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def write_snapshot(snapshot: Snapshot, folder: Path) -> None:
    """Write all files of a version into ``folder``; the manifest comes last."""
    _write_lines(folder / "articles.jsonl", (article.as_dict() for article in snapshot.articles))
    _write_lines(folder / "passages.jsonl", ([asdict(each) for each in page] for page in snapshot.passages))
    places = {name: [getattr(place, name) for place in snapshot.places] for name in Place.__dataclass_fields__}
    (folder / "chunks.json").write_text(json.dumps(places), encoding="utf-8")
    snapshot.chunks.write(folder / "chunks.faiss")
    snapshot.pages.write(folder / "pages.faiss")
    snapshot.lexical.write(folder / "lexical")
    wording = {"words": snapshot.spelling.counts, "synonyms": dict(snapshot.synonyms.terms)}
    (folder / "wording.json").write_text(json.dumps(wording), encoding="utf-8")
    np.save(folder / f"{STRANGERS}.npy", snapshot.strangers)
    if snapshot.tokens is not None:
        snapshot.tokens.write(folder)
    if snapshot.strangers_tokens is not None:
        snapshot.strangers_tokens.write(folder, STRANGERS)
    manifest = {**snapshot.manifest, "format": FORMAT, "calibration": snapshot.calibration.as_dict()}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """A version's manifest; :class:`VersionError` where it cannot be used."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise VersionError(f"{folder} has no readable manifest ({error}); run `support kb build`") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise VersionError(f"{folder} was written by another release of this program; run `support kb build`")
    return manifest


def read_snapshot(folder: Path, version: str) -> Snapshot:
    """Open a version. :class:`VersionError` names what is wrong with it."""
    manifest = read_manifest(folder)
    try:
        articles = tuple(Article.from_dict(values) for values in _read_lines(folder / "articles.jsonl"))
        passages = tuple(tuple(Passage(**each) for each in page) for page in _read_lines(folder / "passages.jsonl"))
        raw = json.loads((folder / "chunks.json").read_text(encoding="utf-8"))
        places = tuple(Place(*values) for values in zip(raw["page"], raw["section"], raw["kind"], strict=True))
        calibration = Calibration.from_dict(manifest["calibration"])
        wording = json.loads((folder / "wording.json").read_text(encoding="utf-8"))
        spelling, synonyms = Spelling(wording["words"]), Synonyms(wording["synonyms"])
        strangers = np.load(folder / f"{STRANGERS}.npy")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VersionError(f"{folder} is not whole ({error}); run `support kb build`") from error
    chunks, pages = VectorIndex.read(folder / "chunks.faiss"), VectorIndex.read(folder / "pages.faiss")
    if len(chunks) != len(places) or not len(pages) == len(articles) == len(passages):
        raise VersionError(f"{folder} is not whole (its files disagree); run `support kb build`")
    dimension = int(manifest["encoder"]["dimension"])
    tokens, strangers_tokens = TokenIndex.read(folder, dimension), TokenIndex.read(folder, dimension, STRANGERS)
    for found, count in ((tokens, len(places)), (strangers_tokens, len(strangers))):
        if found is not None and len(found) != count:
            raise VersionError(f"{folder} is not whole (its tokens disagree); run `support kb build`")
    lexical = LexicalIndex.read(folder / "lexical")
    starts = starts_of([place.page for place in places])
    return Snapshot(
        version,
        manifest,
        articles,
        passages,
        places,
        starts,
        chunks,
        pages,
        lexical,
        calibration,
        spelling,
        synonyms,
        strangers,
        strangers_tokens,
        tokens,
        late_weight(questioned(places)),
    )


def _write_lines(file: Path, values: Iterable[Any]) -> None:
    with file.open("w", encoding="utf-8") as stream:
        # ASCII only: a lone surrogate in somebody's file must not break the version.
        stream.writelines(json.dumps(value) + "\n" for value in values)


def _read_lines(file: Path) -> Iterator[Any]:
    with file.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)
