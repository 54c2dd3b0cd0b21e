from __future__ import annotations

import threading

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.errors import VersionError
from index.knowledge_base import KnowledgeBase
from index.late_interaction import TOKENS
from index.lexical import words
from index.query_text import leans, readable
from index.scoring import MEASURED
from index.search import Query, rank
from index.snapshot import read_snapshot
from index.versions import Versions
from tests.index.conftest import PAGES, Workshop


@pytest.fixture
def base(workshop: Workshop) -> KnowledgeBase:
    """The two pages, built and opened."""
    workshop.build()
    return KnowledgeBase.open(workshop.index, workshop.encoder)


def test_the_right_section_is_found_whole(base: KnowledgeBase) -> None:
    """A hit carries the whole section with its steps, the anchor that links to it, and what identifies the page."""
    hit = base.search("how can I undo the import I made?").hits[0]
    assert (hit.slug, hit.section, hit.anchor) == ("undo-an-import", "Undo the import", "undo-the-import")
    assert hit.passage == "1. Open **Settings > Data > Import**.\n2. Click **Undo** beside the import."
    assert hit.snippet == "Open Settings > Data > Import. Click Undo beside the import."
    assert (hit.path, hit.area, hit.kind, hit.updated) == (
        "articles/technical/undo-an-import.md",
        "technical",
        "article",
        "2026-10-12",
    )
    article = base.article("undo-an-import")
    assert article is not None and hit.revision == article.revision and 0 < hit.score <= 1


def test_a_page_found_by_its_summary_shows_the_section_most_like_the_question(workshop: Workshop, base: KnowledgeBase) -> None:
    """A summary does not tell where on its page the answer stands, so the best text of the page decides; not the first."""
    query = "find invoices billing as PDF: who receives invoices, change"
    snapshot = read_snapshot(Versions(workshop.index).path(base.version), base.version)
    ranking = rank(snapshot, Query.of(query, workshop.encoder), 1)
    page = int(ranking.order[0])
    assert snapshot.places[ranking.best_chunks[page]].kind == "summary"
    assert base.search(query).hits[0].section == "Change who receives invoices"


def test_a_version_of_an_older_release_is_ranked_without_late_interaction(workshop: Workshop, base: KnowledgeBase) -> None:
    """A version without tokens, as one rolls back to, finds the same pages; nothing is told of words that meet."""
    query = "how can I undo the import I made?"
    folder = Versions(workshop.index).path(base.version)
    here = read_snapshot(folder, base.version)
    assert rank(here, Query.of(query, workshop.encoder), 2).late
    assert rank(here, Query.of(query, workshop.encoder), 2).signals[MEASURED.index("strangely_met")] > 0
    for file in (TOKENS, f"strangers_{TOKENS}"):
        (folder / file).unlink()
    older = read_snapshot(folder, base.version)
    ranking = rank(older, Query.of(query, workshop.encoder), 2)
    assert older.tokens is None and ranking.late == {} and older.strangers_tokens is None
    assert not any(ranking.signals[MEASURED.index(name)] for name in ("words_met", "worst_met", "strangely_met"))
    found = KnowledgeBase.open(workshop.index, workshop.encoder).search(query)
    assert found.hits[0].slug == "undo-an-import" and 0 < found.hits[0].score <= 1


def test_a_page_is_listed_once(base: KnowledgeBase) -> None:
    """However many of its sections fit, a page takes one place."""
    hits = base.search("invoice download invoices receives", 10).hits
    assert sorted(hit.slug for hit in hits) == ["find-invoices", "undo-an-import"]
    assert len(base.search("invoice", 1).hits) == 1 and base.search("invoice", 0).hits == ()


def test_nonsense_is_not_answerable(base: KnowledgeBase) -> None:
    """A question about nothing in the index has less confidence than one about it, and does not pass."""
    known, foreign = base.search("undo an import of contacts"), base.search("Which hotel near the beach has a pool?")
    assert known.answerable and known.confidence > foreign.confidence
    assert not foreign.answerable


@pytest.mark.parametrize("query", ["", "   ", "?!", "…", "\n\t"])
def test_an_empty_query_finds_nothing(base: KnowledgeBase, query: str) -> None:
    """Without a letter or digit there is nothing to look for."""
    result = base.search(query)
    assert (result.hits, result.answerable, result.confidence) == ((), False, 0.0)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_no_query_makes_a_search_fail(base: KnowledgeBase, query: str) -> None:
    """Whatever is typed, the answer is a result with scores in order and a confidence from 0 to 1."""
    result = base.search(query, 5)
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True) and 0 <= result.confidence <= 1 and result.index_version == base.version


def test_lone_surrogates_are_no_trouble(base: KnowledgeBase) -> None:
    """A query with broken Unicode, as JSON allows it, is searched all the same."""
    assert base.search("undo \ud83d import").hits


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("and on Enterprise?", True),
        ("how do I undo it?", True),
        ("why?", True),
        ("what about deals", True),
        ("how do I import contacts from a CSV file", False),
        ("find my latest paid invoice", False),
        ("and how do I export deals to a spreadsheet file", False),
    ],
)
def test_only_a_question_that_leans_on_another_is_joined(query: str, expected: bool) -> None:
    """Few content words with a pointing word make a follow-up; a question that stands alone is left alone."""
    assert leans(query, words(query)) is expected


def test_a_follow_up_is_searched_with_the_question_before(base: KnowledgeBase) -> None:
    """The context decides where the words alone cannot, and is ignored where the question is whole."""
    assert base.search("and how do I undo it?", context="I imported the wrong csv file").hits[0].slug == "undo-an-import"
    assert base.search("where is it?", context="download an invoice as pdf").hits[0].slug == "find-invoices"
    alone = base.search("download an invoice as pdf")
    assert base.search("download an invoice as pdf", context="undo import").hits == alone.hits


def test_a_reader_follows_the_live_version(workshop: Workshop, base: KnowledgeBase) -> None:
    """After a publication a refresh opens the new version once, and before it nothing changes."""
    workshop.write("new.md", "# Webhooks\n\nA webhook calls your address.")
    built = workshop.build()
    assert not base.refresh() and base.article("new") is None
    Versions(workshop.index).publish(built.version, "ann", workshop.now())
    assert base.refresh() and not base.refresh()
    assert base.article("new") is not None and base.version == built.version


def test_a_broken_new_version_leaves_the_old_one_serving(workshop: Workshop, base: KnowledgeBase) -> None:
    """A version that cannot be opened is reported, and searches go on in the one that can."""
    before = base.version
    workshop.write("new.md", "# Webhooks\n\ntext")
    built = workshop.build()
    versions = Versions(workshop.index)
    (versions.path(built.version) / "chunks.json").write_text("{")
    versions.publish(built.version, "ann", workshop.now())
    with pytest.raises(VersionError):
        base.refresh()
    assert base.version == before and base.search("undo import").hits


def test_searches_during_swaps_are_whole(workshop: Workshop, base: KnowledgeBase) -> None:
    """While versions are swapped under them, searches in other threads answer from one version each."""
    versions, first = Versions(workshop.index), base.version
    workshop.write(
        "articles/technical/undo-an-import.md",
        PAGES["articles/technical/undo-an-import.md"].replace("Click **Undo**", "Press **Undo**"),
    )
    second = workshop.build().version
    said = {first: "Click", second: "Press"}
    wrong: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            result = base.search("undo the import", 1)
            if said[result.index_version] not in result.hits[0].passage:
                wrong.append(result.index_version)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(20):
        versions.publish((second, first)[number % 2], "ann", workshop.now())
        base.refresh()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_index_that_is_not_there_says_how_to_make_it(workshop: Workshop) -> None:
    """Opening an empty folder gives the command that helps."""
    with pytest.raises(VersionError, match="support kb build"):
        KnowledgeBase.open(workshop.index, workshop.encoder)


def test_markup_is_not_searched_for(base: KnowledgeBase) -> None:
    """Tags and scripts that were pasted along change nothing; a comparison sign is no tag; nothing but markup finds nothing."""
    plain = base.search("where do I find an invoice")
    pasted = base.search("<script>alert(document.cookie)</script> where do I <b>find</b> an invoice")
    assert [hit.slug for hit in pasted.hits] == [hit.slug for hit in plain.hits] and pasted.confidence == plain.confidence
    assert readable("is 3 < 4 and 5 > 4") == "is 3 < 4 and 5 > 4"
    assert base.search("<b></b>").hits == ()
