from __future__ import annotations

from datetime import datetime, timezone

import pytest

from benchmarks.search_help import Help, compared, helps, swapped
from benchmarks.search_ladder import Case
from index.build import build
from index.encoder import HashingEncoder
from index.snapshot import Snapshot, read_snapshot
from index.versions import Versions

ENCODER = HashingEncoder(64)
PAGE = """---
title: {title}
questions:
  - {question}
---

## Steps

{text}
"""
PAGES = {
    "deals": ("Add a deal", "how do I add a deal", "Click **Deals**, then **New deal**."),
    "tags": ("Tag contacts", "how do I tag a contact", "Click **Tags** beside the contact."),
    "exports": ("Export a list", "how do I export a list", "Click **Export** above the list."),
}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Three pages and a file of synonyms, indexed with the offline double of the encoder."""
    folder = tmp_path_factory.mktemp("help")
    content = folder / "content"
    content.mkdir()
    for name, (title, question, text) in PAGES.items():
        (content / f"{name}.md").write_text(PAGE.format(title=title, question=question, text=text), encoding="utf-8")
    (content / "synonyms.yml").write_text("deal: [opportunity]\n", encoding="utf-8")
    built = build(content, folder / "index", ENCODER, at=datetime(2026, 5, 1, tzinfo=timezone.utc), by="ann")
    return read_snapshot(Versions(folder / "index").path(built.version), built.version)


def test_the_editors_questions_in_the_customers_words(snapshot: Snapshot) -> None:
    """Each question with the product's term is asked in each of the customers' words, of the same page, without itself."""
    (case,) = swapped(snapshot)
    assert case.query == "how do I add a opportunity" and len(case.without) == 1


def test_a_help_is_measured_against_its_absence(snapshot: Snapshot) -> None:
    """Where nothing but the synonym leads to the page, the gain is the whole; without questions there is none to tell."""
    opportunity = Case("opportunity", frozenset({number_of(snapshot, "deals.md")}))
    each = helps(snapshot, [opportunity])
    assert len(each["synonyms"].cases) == 1
    found = compared(snapshot, each["synonyms"], ENCODER)["hit@1"]
    assert (found["with"], found["without"], found["gain"]["value"]) == (1.0, 0.0, 1.0)
    assert compared(snapshot, Help([], lambda whole: whole), ENCODER) == {"questions": 0}


def number_of(snapshot: Snapshot, path: str) -> int:
    """A page's number by its path."""
    return next(number for number, article in enumerate(snapshot.articles) if article.path == path)
