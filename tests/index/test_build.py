from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import index.build
from index.build import snippet
from index.embeddings import EmbeddingCache
from index.encoder import HashingEncoder
from index.errors import ContentError, VersionError
from index.knowledge_base import KnowledgeBase
from index.snapshot import read_snapshot
from index.versions import Versions
from tests.index.conftest import PAGES, Workshop

PATHS = ["a.md", "b/c.md", "d.md", *PAGES]
TEXTS = [
    "",
    "# Webhooks\n\nA webhook calls your address.",
    "# Teams\n\n## Add a team\n\n- one\n- two",
    "---\nslug: teams\ntitle: Teams\nquestions: [who is in my team]\n---\nA team has members.",
    "---\nslug: find-invoices\ntitle: Another page of that slug\n---\nIt must not take the other's place.",
    "text only",
    "\x00",
    b"Gr\xf6\xdfe".decode("latin-1"),
]
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.sampled_from(PATHS), st.sampled_from(TEXTS)),
        st.tuples(st.just("append"), st.sampled_from(PATHS), st.text(max_size=20)),
        st.tuples(st.just("remove"), st.sampled_from(PATHS), st.just("")),
        st.tuples(st.just("rename"), st.sampled_from(PATHS), st.sampled_from(PATHS)),
    ),
    min_size=1,
    max_size=5,
)


def contents(folder: Path) -> dict[str, object]:
    """All of a version that decides what a search finds: every file but the manifest, byte by byte, and the calibration."""
    files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    manifest = json.loads(files.pop("manifest.json"))
    return {**files, **{name: manifest[name] for name in ("calibration", "revisions", "chunks", "articles")}}


def edit(workshop: Workshop, kind: str, path: str, more: str) -> None:
    """Do one edit; what is not there is neither removed nor renamed."""
    file = workshop.content / path
    if kind == "write":
        workshop.write(path, more)
    elif kind == "append":
        workshop.write(path, (file.read_bytes() if file.exists() else b"") + more.encode("utf-8", "replace"))
    elif file.exists() and kind == "remove":
        file.unlink()
    elif file.exists() and kind == "rename":
        workshop.write(more, file.read_bytes())
        if more != path:
            file.unlink()


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_an_incremental_build_equals_one_from_scratch(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, str, str]]]
) -> None:
    """After any edits, renames, changes of slugs and deletions, building on the earlier index gives byte for byte what an empty
    one would have given: no ghost of a page that was, in vectors, words or articles.
    """
    workshop = Workshop(tmp_path_factory.mktemp("workshop"))
    workshop.write("always.md", "# Always\n\nThis page stays.")
    workshop.build()
    for edits in rounds:
        for kind, path, more in edits:
            edit(workshop, kind, path, more)
        step = workshop.build()
    scratch = workshop.index.with_name("scratch")
    folder = Versions(workshop.index).path(step.version)
    assert contents(folder) == contents(Versions(scratch).path(workshop.build(scratch).version))
    pages = {str(file.relative_to(workshop.content)) for file in workshop.content.rglob("*.md")}
    assert {article.path for article in read_snapshot(folder, folder.name).articles} <= pages


def test_one_edited_page_costs_its_own_embeddings_only(workshop: Workshop) -> None:
    """A changed sentence embeds the one chunk it stands in, not the whole knowledge base."""
    first = workshop.build()
    text = PAGES["articles/technical/undo-an-import.md"].replace("stay as they are", "are kept")
    workshop.write("articles/technical/undo-an-import.md", text)
    second = workshop.build()
    assert first.encoded > 100 and second.encoded == 1
    assert second.changes.changed == ("articles/technical/undo-an-import.md",) and not second.changes.added


def test_nothing_of_a_deleted_page_remains(workshop: Workshop) -> None:
    """A page that is gone from the folder is gone from the new version, in articles and vectors alike."""
    workshop.build()
    (workshop.content / "articles/billing/find-invoices.md").unlink()
    built = workshop.build()
    base = KnowledgeBase.open(workshop.index, workshop.encoder, candidate=True)
    assert built.changes.removed == ("articles/billing/find-invoices.md",)
    assert base.article("find-invoices") is None
    assert {hit.slug for hit in base.search("download an invoice as pdf").hits} == {"undo-an-import"}


def test_the_first_build_goes_live_and_later_ones_wait(workshop: Workshop) -> None:
    """Readers of a live index see an edit only when it is published."""
    first = workshop.build()
    workshop.write("new.md", "# New page\n\ntext")
    second = workshop.build()
    versions = Versions(workshop.index)
    assert first.live and not second.live
    assert (versions.live(), versions.candidate()) == (first.version, second.version)


def test_building_the_same_again_makes_nothing(workshop: Workshop) -> None:
    """An unchanged folder gives the version there is."""
    first = workshop.build()
    again = workshop.build()
    assert (again.version, again.fresh, again.encoded) == (first.version, False, 0)


def test_another_encoder_makes_another_version(workshop: Workshop) -> None:
    """Vectors of different models never mix, and opening with the wrong one says what to do."""
    first = workshop.build()
    workshop.encoder = HashingEncoder(48)
    second = workshop.build()
    assert second.fresh and second.version != first.version
    with pytest.raises(VersionError, match="built with the encoder hashing-32"):
        KnowledgeBase.open(workshop.index, HashingEncoder(48))


def test_a_question_leads_to_the_section_that_answers_it(workshop: Workshop) -> None:
    """An author's question points at the section most like it, not at the top of the page."""
    built = workshop.build()
    snapshot = read_snapshot(Versions(workshop.index).path(built.version), built.version)
    page = next(number for number, article in enumerate(snapshot.articles) if article.slug == "find-invoices")
    chunks = [snapshot.places[number] for number in snapshot.chunks_of(page)]
    questions = [place for place in chunks if place.kind == "question"]
    assert len(questions) == 3 and all(place.section >= 0 for place in chunks)
    assert snapshot.passages[page][questions[1].section].title == "Download one invoice"


def test_a_heading_says_what_its_section_answers(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question whose words stand in a heading leads there, though another section's text has more of the same words."""
    steps = "## Merge a pair\nOpen the list of doubles, click a line, choose the values that stay, confirm and wait for the end."
    kept = "## What is lost\nmerge two contacts merge two contacts"
    page = f"---\nslug: merging\ntitle: Doubles\nquestions: [merge a pair of contacts]\n---\n{steps}\n\n{kept}"
    found = []
    for weight in (0.0, index.build.HEADING_WEIGHT):
        monkeypatch.setattr(index.build, "HEADING_WEIGHT", weight)
        workshop.write("merging.md", page + "\n" * len(found))  # another edition, so that it is built again
        built = workshop.build()
        snapshot = read_snapshot(Versions(workshop.index).path(built.version), built.version)
        number = next(number for number, article in enumerate(snapshot.articles) if article.slug == "merging")
        asked = next(place for place in map(snapshot.places.__getitem__, snapshot.chunks_of(number)) if place.kind == "question")
        found.append(snapshot.passages[number][asked.section].title)
    assert found == ["What is lost", "Merge a pair"]


def test_a_folder_without_pages_is_refused_by_name(workshop: Workshop, tmp_path: Path) -> None:
    """An empty folder, or one where every file is broken, is no index; the message names the files."""
    workshop.content = tmp_path / "empty"
    workshop.write("broken.md", "\x00")
    with pytest.raises(ContentError, match=r"broken\.md"):
        workshop.build()
    assert not (workshop.index / "live").exists()


def test_one_page_of_one_word_can_be_built_and_searched(workshop: Workshop, tmp_path: Path) -> None:
    """The smallest knowledge base there is works."""
    workshop.content = tmp_path / "tiny"
    workshop.write("a.md", "Webhooks")
    workshop.build()
    result = KnowledgeBase.open(workshop.index, workshop.encoder).search("webhooks")
    assert result.hits[0].passage == "Webhooks"


def test_a_broken_cache_is_filled_again(workshop: Workshop) -> None:
    """A damaged cache file costs time, never a wrong vector or a crash."""
    workshop.build()
    cache = next((workshop.index / "cache").iterdir())
    cache.write_bytes(b"PK broken")
    workshop.write("new.md", "# New\n\ntext")
    assert workshop.build().encoded > 100
    assert np.isfinite(EmbeddingCache(workshop.index / "cache", workshop.encoder).vectors(["# New"])).all()


@pytest.mark.parametrize(
    "name", ["manifest.json", "articles.jsonl", "passages.jsonl", "chunks.json", "chunks.faiss", "pages.faiss"]
)
def test_a_damaged_version_is_named(workshop: Workshop, name: str) -> None:
    """Any missing or torn file is a typed error that says to build again."""
    folder = Versions(workshop.index).path(workshop.build().version)
    (folder / name).write_text("torn")
    with pytest.raises(VersionError, match="support kb build"):
        KnowledgeBase.open(workshop.index, workshop.encoder)


def test_the_manifest_tells_who_built_what(workshop: Workshop) -> None:
    """A version records its author, time, encoder, pages and problems."""
    workshop.write("empty.md", "")
    built = workshop.build()
    about = json.loads((Versions(workshop.index).path(built.version) / "manifest.json").read_text())
    assert about["built_by"] == "ann" and about["encoder"]["name"] == "hashing-32" and about["articles"] == 2
    assert about["problems"] == [{"path": "empty.md", "message": "skipped: the file is empty", "skipped": True}]


@given(st.text(max_size=600))
def test_a_snippet_is_short(text: str) -> None:
    """A snippet never exceeds 240 characters."""
    assert len(snippet(text)) <= 240
