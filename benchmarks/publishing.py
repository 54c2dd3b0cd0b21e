"""What one edit costs: ``python -m benchmarks.publishing [--articles 10000] [--encoder NAME] [--rounds 3] [--json]``.

Generates articles, builds an index of them from scratch, edits one, builds again, and publishes. The edited article alone is
embedded (its chunks, and where the calibration asks about it, its questions); that is counted, not assumed. The default encoder
is the double that tests use and costs next to nothing, so that the ratio of times is the worst case: with a real model the build
from scratch takes as much longer as its embeddings do, and the one after an edit does not. Each round edits another article; the
middle of the rounds is told.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

import settings
from index.build import build
from index.chunker import chunk_article
from index.encoder import Encoder
from index.encoders import open_encoder
from index.knowledge_base import KnowledgeBase
from index.publishing import Publisher
from index.reader import read_folder

T = TypeVar("T")

_NOUNS = ("contact", "deal", "invoice", "report", "pipeline", "import", "webhook", "mailbox", "quote", "campaign", "role", "team")
_VERBS = ("create", "change", "remove", "share", "export", "connect", "find", "merge", "restore", "schedule")
_PLACES = ("Settings", "Billing", "Reports", "Contacts", "Deals", "Calendar", "Inbox", "Automations")


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds and counts of one run; ``ratio`` is the build after an edit against the one from scratch."""

    articles: int
    chunks: int
    encoder: str
    scratch_seconds: float
    scratch_embedded: int
    edit_seconds: float
    edit_embedded: int
    edited_article_chunks: int
    publish_seconds: float
    pickup_seconds: float

    @property
    def ratio(self) -> float:
        """Time of the build after an edit by that of the build from scratch."""
        return self.edit_seconds / self.scratch_seconds


def measure(articles: int, encoder: Encoder, rounds: int, folder: Path) -> Measured:
    """Build from scratch in ``folder``, then edit, build and publish ``rounds`` times; times are medians over the rounds."""
    chance = random.Random(20261123)
    content, index_dir = folder / "content", folder / "index"
    for number in range(articles):
        _write(content, number, _text(chance, number))
    scratch, first = _timed(lambda: build(content, index_dir, encoder, at=_now(), by="benchmark"))
    publisher, knowledge = Publisher(index_dir, lambda _: encoder), KnowledgeBase.open(index_dir, encoder)
    edits, published, picked, embedded, sizes = [], [], [], [], []
    for number in chance.sample(range(articles), rounds):
        file = _write(content, number, _text(chance, number))
        sizes.append(_chunks(content, file))
        seconds, done = _timed(lambda: build(content, index_dir, encoder, at=_now(), by="benchmark"))
        edits.append(seconds)
        embedded.append(done.encoded)
        published.append(_timed(lambda: publisher.publish(by="benchmark", at=_now()))[0])
        picked.append(_timed(knowledge.refresh)[0])
    return Measured(
        articles,
        first.chunks,
        encoder.name,
        scratch,
        first.encoded,
        statistics.median(edits),
        max(embedded),
        max(sizes),
        statistics.median(published),
        statistics.median(picked),
    )


def _text(chance: random.Random, number: int) -> str:
    """An article of two sections whose every sentence is its own."""
    lines = [f"# {chance.choice(_VERBS).title()} a {chance.choice(_NOUNS)}, number {number}"]
    for part in ("How to do it", "If it does not work"):
        sentences = [
            f"Open {chance.choice(_PLACES)} and {chance.choice(_VERBS)} the {chance.choice(_NOUNS)} {chance.randrange(10**6)}."
            for _ in range(6)
        ]
        lines += ["", f"## {part}", " ".join(sentences)]
    return "\n".join(lines)


def _write(content: Path, number: int, text: str) -> Path:
    file = content / f"{number % 100:02d}" / f"article-{number}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _chunks(content: Path, file: Path) -> int:
    """How many texts of the article are embedded, by the chunker itself."""
    article = next(each for each in read_folder(file.parent).articles if each.path == file.name)
    return len(list(chunk_article(article, 0)))


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def _now() -> datetime:
    return datetime.now(timezone.utc)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="what one edited article costs")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--encoder", default="hashing-256", help="a model under MODEL_DIR, or the double hashing-N")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    encoder = open_encoder(args.encoder, settings.load().model_dir)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(args.articles, encoder, args.rounds, Path(folder))
    if args.json:
        sys.stdout.write(json.dumps({**asdict(found), "ratio": found.ratio}) + "\n")
        return 0
    sys.stdout.write(
        f"{found.articles} articles, {found.chunks} chunks, {found.encoder}\n"
        f"from scratch   {found.scratch_seconds:7.1f} s, {found.scratch_embedded} texts embedded\n"
        f"one edited     {found.edit_seconds:7.1f} s, {found.edit_embedded} texts embedded of an article of "
        f"{found.edited_article_chunks} (ratio {found.ratio:.2f})\n"
        f"publish        {found.publish_seconds:7.1f} s\n"
        f"pick-up        {found.pickup_seconds:7.1f} s\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
