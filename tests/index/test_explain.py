from __future__ import annotations

import pytest

from index.explain import explain
from index.search import search
from index.snapshot import Snapshot, read_snapshot
from tests.index.conftest import Workshop


@pytest.fixture
def snapshot(workshop: Workshop) -> Snapshot:
    """Two pages and one without questions, built."""
    workshop.write("plain.md", "# Webhooks\n\nA webhook calls your address.\n\n## Signature\n\nCheck the signature of each call.")
    version = workshop.build().version
    return read_snapshot(workshop.index / "versions" / version, version)


QUERIES = ["where is my bill", "undo an import of contacts", "check the webhook signature", "zebra crossing", "SYNC-204?"]


@pytest.mark.parametrize("query", QUERIES)
def test_it_tells_of_the_ranks_that_customers_get(workshop: Workshop, snapshot: Snapshot, query: str) -> None:
    """Pages, sections, scores, verdict and confidence are those of the search; the parts, cut to 0 to 1, add up to the score."""
    found, told = search(snapshot, workshop.encoder, query, 10), explain(snapshot, workshop.encoder, query)
    assert [(each.slug, each.section, each.score) for each in told.reasons] == [
        (hit.slug, hit.section, hit.score) for hit in found.hits
    ]
    assert (told.answerable, told.confidence, told.version) == (found.answerable, found.confidence, found.index_version)
    for each in told.reasons:
        assert min(max(sum(part.points for part in each.parts), 0), 1) == pytest.approx(each.score, abs=1e-5)


def test_the_pulls_add_up_to_the_confidence(workshop: Workshop, snapshot: Snapshot) -> None:
    """The signals' pulls and the model's bias are the log-odds of the confidence."""
    import math

    told = explain(snapshot, workshop.encoder, "undo import")
    odds = sum(signal.pull for signal in told.signals) + snapshot.calibration.bias
    assert 1 / (1 + math.exp(-odds)) == pytest.approx(told.confidence, abs=1e-5)


def test_words_that_count_and_words_that_no_page_has(workshop: Workshop, snapshot: Snapshot) -> None:
    """The query's words of the best passage are named as they were typed, and so are those that stand nowhere."""
    told = explain(snapshot, workshop.encoder, "Undo the Imports of contacts, with a zebra?")
    assert told.reasons[0].slug == "undo-an-import"
    assert {"undo", "imports"} <= set(told.reasons[0].matched) <= {"undo", "imports", "contacts"}
    assert told.unknown == ("zebra",)


def test_the_best_passage_is_shown_as_it_is_searched(workshop: Workshop, snapshot: Snapshot) -> None:
    """A page found by a typical question shows that question; one found by its text shows the text with the way to it."""
    by_question = explain(snapshot, workshop.encoder, "I imported the wrong csv file").reasons[0]
    assert (by_question.kind, by_question.text) == ("question", "I imported the wrong csv file")
    by_text = explain(snapshot, workshop.encoder, "check the signature of each call").reasons[0]
    assert by_text.kind == "text" and by_text.text.endswith("Check the signature of each call.")


@pytest.mark.parametrize("query", ["", " ?! ", "\ud800"])
def test_nothing_asked_finds_nothing(workshop: Workshop, snapshot: Snapshot, query: str) -> None:
    """A query without a word has no ranks and is not answerable."""
    told = explain(snapshot, workshop.encoder, query)
    assert told.reasons == () and not told.answerable


def test_it_tells_of_what_is_looked_for(workshop: Workshop) -> None:
    """Reasons are those of the text that is searched, with the product's terms for the customers' words, and it is shown."""
    workshop.write("synonyms.yml", "contacts: [punters]\n")
    version = workshop.build().version
    snapshot = read_snapshot(workshop.index / "versions" / version, version)
    query = "undo the import of punters"
    told, found = explain(snapshot, workshop.encoder, query), search(snapshot, workshop.encoder, query, 10)
    assert told.query == query and told.searched == "undo the import of punters (contacts)"
    assert [each.score for each in told.reasons] == [hit.score for hit in found.hits] and told.confidence == found.confidence
    assert "  searched as: undo the import of punters (contacts)" in told.lines()
