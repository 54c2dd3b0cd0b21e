from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index.build import build
from index.checks import Allowed
from index.encoder import Encoder, HashingEncoder
from index.errors import EncoderError, PublishConflict, VersionError
from index.history import Event, History
from index.publishing import Published, Publisher, PublishRefused
from index.status import status
from index.versions import Versions
from tests.index.conftest import Workshop

GOLDEN = """
tolerance: {first: 0, verdict: 5}
questions:
  - {ask: download one invoice, page: find-invoices}
  - {ask: take back the import, page: undo-an-import}
  - {ask: click undo beside the import, page: undo-an-import}
"""
INVOICES = "articles/billing/find-invoices.md"
RIVAL = """---
title: Download one invoice
slug: rival
kind: article
area: billing
summary: Download one invoice.
questions: [download one invoice, download one single invoice, download one invoice here]
updated: 2026-10-12
owner: content-team
tags: [invoices]
applies_to: {versions: ["7"], plans: [starter]}
related: [find-invoices]
---

## Download one invoice
Download one invoice.
"""


class Office:
    """An editor's place: a workshop with golden questions, a publisher, and the observer's notes."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.told: list[Event] = []
        self.versions = Versions(workshop.index)
        self.publisher = Publisher(workshop.index, self.encoder, served="hashing-32", observer=self.told.append)
        workshop.write("golden.yml", GOLDEN)

    def encoder(self, name: str) -> Encoder:
        """The encoder of that name; only hashing ones are there."""
        if not name.startswith("hashing-"):
            raise EncoderError(f"no encoder {name}")
        return HashingEncoder(int(name.removeprefix("hashing-")))

    def build(self, why: str = "") -> str:
        """Build a candidate, held to the plans that there are."""
        shop = self.workshop
        allowed = Allowed(frozenset({"starter", "professional", "enterprise"}), frozenset({"7"}))
        return build(
            shop.content, shop.index, shop.encoder, at=shop.now(), by="ann", why=why, allowed=allowed, observer=self.told.append
        ).version

    def edit(self, old: str, new: str, path: str = INVOICES) -> None:
        """Edit a page."""
        text = (self.workshop.content / path).read_text()
        assert old in text
        self.workshop.write(path, text.replace(old, new))

    def publish(self, version: str | None = None, **options: str | None) -> Published:
        """Publish as ben."""
        return self.publisher.publish(version, by="ben", at=self.workshop.now(), **options)  # type: ignore[arg-type]


@pytest.fixture
def office(workshop: Workshop) -> Office:
    """Two pages and three golden questions, nothing built."""
    return Office(workshop)


def test_a_harmless_edit_passes(office: Office) -> None:
    """A version that answers as well goes live, and the history keeps its scores and what changed."""
    first = office.build()
    office.edit("Every paid invoice is kept", "Every settled invoice is kept")
    second = office.build("wording")
    done = office.publish(why="clearer words")
    assert (done.version, done.previous, office.versions.live()) == (second, first, second)
    assert done.decision and done.decision.passed
    last = office.versions.history()[-1]
    assert (last.action, last.by, last.why, last.previous) == ("publish", "ben", "clearer words", first)
    assert last.detail["changes"] == {"added": 0, "changed": 1, "removed": 0} and last.detail["golden"]["first"] == 3


def test_a_version_that_answers_worse_is_refused_with_the_questions_that_changed(office: Office) -> None:
    """The live version stays, and the refusal tells each question's place and page before and after."""
    first = office.build()
    office.workshop.write("articles/billing/rival.md", RIVAL)
    second = office.build()
    with pytest.raises(PublishRefused, match="3 before, 2 now; at most 0 may be lost") as refused:
        office.publish()
    assert office.versions.live() == first and first in str(refused.value)
    decision = refused.value.decision
    (change,) = [each for each in decision.changes if each.effect == "worse"]
    assert str(change).startswith("worse: 'download one invoice': place 1 -> place 2, first is rival")
    assert decision.as_dict()["golden_live"]["first"] == 3 and decision.as_dict()["golden"]["first"] == 2
    last = office.versions.history()[-1]
    assert (last.action, last.version, last.by) == ("refused", second, "ben") and "at most 0" in last.detail["reasons"][0]


def test_what_editors_tolerate_passes(office: Office) -> None:
    """The bounds stand in golden.yml and are read when somebody publishes."""
    office.build()
    office.workshop.write("articles/billing/rival.md", RIVAL)
    second = office.build()
    office.workshop.write("golden.yml", GOLDEN.replace("first: 0", "first: 1"))
    assert office.publish().version == second


def test_a_promised_place_must_be_kept_whatever_is_tolerated(office: Office) -> None:
    """`within` refuses a version that loses it, and not one that never had it."""
    office.build()
    office.workshop.write("articles/billing/rival.md", RIVAL)
    second = office.build()
    promised = GOLDEN.replace("first: 0", "first: 1").replace("find-invoices}", "find-invoices, within: 1}")
    office.workshop.write("golden.yml", promised)
    with pytest.raises(PublishRefused, match=r"golden\.yml:4: 'download one invoice' must stand within 1: place 2"):
        office.publish()
    assert office.publish(force="agreed with Mia").version == second
    office.edit("Every paid", "Each paid")
    third = office.build()
    assert office.publish().version == third


def test_a_reason_publishes_all_the_same_and_is_kept(office: Office) -> None:
    """Force needs a reason, and the history tells it with what the gate had said."""
    office.build()
    office.workshop.write("articles/billing/rival.md", RIVAL)
    second = office.build()
    with pytest.raises(PublishRefused):
        office.publish(force="   ")
    done = office.publish(force="the new page is better")
    assert done.version == office.versions.live() == second and done.decision and not done.decision.passed
    last = office.versions.history()[-1]
    assert last.detail["forced"] == "the new page is better" and "at most 0" in last.detail["reasons"][0]


def test_a_golden_page_that_is_gone_is_refused(office: Office) -> None:
    """Removing a page that golden questions name needs an edit of golden.yml too."""
    office.build()
    office.edit("related: [undo-an-import]", "related: [rival]")
    office.edit("See [Undo an import](/help/undo-an-import#undo-the-import).", "")
    office.workshop.write("articles/billing/rival.md", RIVAL)
    (office.workshop.content / "articles/technical/undo-an-import.md").unlink()
    office.build()
    with pytest.raises(PublishRefused, match=r"golden\.yml:5: there is no page 'undo-an-import'"):
        office.publish()


def test_content_with_errors_is_refused_until_they_are_mended(office: Office) -> None:
    """What `kb check` calls an error when the version is built stands against it; a later edit does not whitewash it."""
    first = office.build()
    office.edit("plans: [starter, professional, enterprise]", "plans: [gold]")
    office.build()
    office.edit("plans: [gold]", "plans: [starter]")
    with pytest.raises(PublishRefused, match=r"find-invoices\.md:16: error: unknown plan 'gold'"):
        office.publish()
    assert office.versions.live() == first
    third = office.build()
    assert office.publish().version == third


def test_errors_that_go_away_without_an_edit_of_pages_make_a_new_version(office: Office, workshop: Workshop) -> None:
    """When the policy learns the plan's name, building again is all that is needed."""
    office.build()
    office.edit("plans: [starter, professional, enterprise]", "plans: [gold]")
    second = office.build()
    third = build(workshop.content, workshop.index, workshop.encoder, at=workshop.now(), by="ann", allowed=Allowed())
    assert third.fresh and third.version != second and third.encoded == 0
    assert office.publish().version == third.version


def test_an_encoder_that_nobody_serves_is_refused(office: Office) -> None:
    """Running processes could not open such a version; with the setting changed they can, and it passes."""
    office.build()
    office.workshop.encoder = HashingEncoder(48)
    second = office.build()
    with pytest.raises(PublishRefused, match=r"encoder hashing-48 .* no process serves"):
        office.publish()
    moved = Publisher(office.workshop.index, office.encoder, served="hashing-48")
    assert moved.publish(by="ben", at=office.workshop.now()).version == second


@pytest.mark.parametrize(
    "name", ["manifest.json", "articles.jsonl", "chunks.faiss", "pages.faiss", "chunks.json", "passages.jsonl"]
)
def test_no_reason_publishes_a_version_that_does_not_open(office: Office, name: str) -> None:
    """A torn file stops even force: processes that start later would have nothing to serve."""
    first = office.build()
    office.edit("Every paid", "Each paid")
    second = office.build()
    (office.versions.path(second) / name).write_text("torn")
    with pytest.raises(PublishRefused, match="kb build") as refused:
        office.publish(force="I want it")
    assert refused.value.decision.unusable and office.versions.live() == first


def test_counts_that_disagree_are_a_broken_version(office: Office) -> None:
    """Files that open but do not belong together never go live."""
    office.build()
    office.edit("Every paid invoice is kept for ten years.", "Every paid invoice is kept.\n\n## More\nA section more.")
    second = office.build()
    folder = office.versions.path(second)
    about = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**about, "chunks": about["chunks"] + 1}))
    with pytest.raises(PublishRefused, match="is not whole: its files disagree"):
        office.publish()
    (folder / "manifest.json").write_text(json.dumps(about))
    shutil.rmtree(folder / "lexical")
    shutil.copytree(office.versions.path(office.versions.require()) / "lexical", folder / "lexical")
    with pytest.raises(PublishRefused, match="texts with words"):
        office.publish()


def test_golden_questions_do_not_just_vanish(office: Office) -> None:
    """A file that was there at the build and is gone is an accident; a build without it is a decision."""
    office.build()
    office.edit("Every paid", "Each paid")
    office.build()
    (office.workshop.content / "golden.yml").unlink()
    with pytest.raises(VersionError, match="had golden questions and now has none"):
        office.publish()
    office.edit("Each paid", "All paid")
    third = office.build()
    assert office.publish().version == third


def test_a_folder_without_golden_questions_publishes_as_it_is(workshop: Workshop) -> None:
    """Somebody else's help centre is not held to our editors' rules, only to whole files."""
    office = Office(workshop)
    (workshop.content / "golden.yml").unlink()
    office.build()
    office.edit("plans: [starter, professional, enterprise]", "plans: [gold]")
    second = office.build()
    done = office.publish()
    assert done.version == second and done.decision and done.decision.candidate is None


def test_the_first_build_goes_live_whatever_its_scores(office: Office) -> None:
    """There is nothing to compare with and nothing to protect yet."""
    office.workshop.write("golden.yml", GOLDEN.replace("find-invoices", "undo-an-import"))
    assert office.build() == office.versions.live()


def test_a_live_version_that_cannot_be_asked_any_more_is_compared_by_its_kept_card(office: Office) -> None:
    """A damaged live version does not open the gate: what it answered when it was published still counts."""
    office.build()
    office.edit("Every paid", "Each paid")
    second = office.build()
    office.publish()
    (office.versions.path(second) / "chunks.faiss").write_text("torn")
    office.workshop.write("articles/billing/rival.md", RIVAL)
    office.build()
    with pytest.raises(PublishRefused, match="at most 0 may be lost") as refused:
        office.publish()
    assert "compared with what it answered earlier" in refused.value.decision.notes[0]


def test_somebody_elses_publication_in_between_is_told(office: Office) -> None:
    """The decision was made against a version that is live no more: nothing is overwritten, and the winner is named."""
    first = office.build()
    office.edit("Every paid", "Each paid")
    second = office.build()
    office.edit("Each paid", "All paid")
    third = office.build()
    office.publish(second)
    with pytest.raises(PublishConflict, match=f"{second} went live in the meantime .publish by ben"):
        office.publish(third, expected=first)
    with pytest.raises(PublishConflict):
        office.publisher.rollback(by="ben", at=office.workshop.now(), expected=first)
    assert office.versions.live() == second
    assert office.publish(third, expected=second).previous == second


def test_a_publication_that_overtakes_the_gate_wins(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who publishes while the golden questions are being asked is not overwritten."""
    office.build()
    office.edit("Every paid", "Each paid")
    second = office.build()
    office.edit("Each paid", "All paid")
    third = office.build()
    examine = office.publisher.examine

    def slow(version: str | None = None, content: Path | None = None) -> object:
        decision = examine(version, content)
        office.versions.publish(second, "mia", office.workshop.now())
        return decision

    monkeypatch.setattr(office.publisher, "examine", slow)
    with pytest.raises(PublishConflict, match="publish by mia"):
        office.publish(third)
    assert office.versions.live() == second


def test_rolling_back_asks_no_questions_but_needs_a_version_that_opens(office: Office) -> None:
    """The way back is quick and tells its reason; a damaged version is no way back."""
    first = office.build()
    office.edit("Every paid", "Each paid")
    second = office.build()
    office.publish()
    done = office.publisher.rollback(by="mia", at=office.workshop.now(), why="typo on the page")
    assert (done.version, done.previous, office.versions.live()) == (first, second, first)
    last = office.versions.history()[-1]
    assert (last.action, last.by, last.why) == ("rollback", "mia", "typo on the page")
    office.publish(second)
    (office.versions.path(first) / "chunks.json").write_text("torn")
    with pytest.raises(VersionError, match="not whole"):
        office.publisher.rollback(by="mia", at=office.workshop.now())
    assert office.versions.live() == second


def test_the_observer_is_told_of_everything(office: Office) -> None:
    """Builds, publications, refusals and rollbacks reach the observer in order, as an audit log takes them."""
    first = office.build("start")
    office.workshop.write("articles/billing/rival.md", RIVAL)
    second = office.build("a rival")
    with pytest.raises(PublishRefused):
        office.publish()
    office.publish(force="better")
    office.publisher.rollback(by="mia", at=office.workshop.now(), why="no")
    assert [(event.action, event.version) for event in office.told] == [
        ("build", first),
        ("publish", first),
        ("build", second),
        ("refused", second),
        ("publish", second),
        ("rollback", first),
    ]
    actor, action, subject, detail, at = office.told[4].audit_entry()
    assert (actor, action, subject, detail["forced"], detail["previous"]) == ("ben", "kb.publish", second, "better", first)
    assert at.tzinfo is not None and office.told == office.versions.history()


def test_the_status_tells_who_when_why_what_and_how_good(office: Office) -> None:
    """Each version shows its author, reason, changed pages, golden counts and how it went live."""
    office.build("start")
    office.edit("Every paid", "Each paid")
    second = office.build("wording")
    office.publish(why="clearer")
    state = status(office.workshop.index)
    newest = state.versions[0]
    assert (newest.version, newest.built_by, newest.why, newest.changes["changed"]) == (second, "ann", "wording", [INVOICES])
    assert newest.golden and newest.golden["first"] == 3
    assert [(move.by, move.why) for move in newest.moves] == [("ben", "clearer")]
    text = "\n".join(state.lines())
    assert f"{second} (live)" in text and "golden: 3 of 3 in first place" in text and f"changed: {INVOICES}" in text
    assert "publish" in text and "by ben (clearer)" in text
    assert json.loads(json.dumps(state.as_dict()))["versions"][0]["moves"][0]["action"] == "publish"


def test_other_questions_than_the_versions_own_are_not_kept(office: Office, tmp_path: Path) -> None:
    """Trying out somebody's questions changes nothing that the status shows."""
    version = office.build()
    (tmp_path / "golden.yml").write_text("not_answerable: [how do I roast a chicken]")
    card = office.publisher.golden(version, tmp_path)
    assert card and len(card.outcomes) == 1 and status(office.workshop.index).versions[0].golden is None
    office.publisher.golden(version)
    kept = status(office.workshop.index).versions[0].golden
    assert kept and kept["questions"] == 3


def test_scorecards_of_versions_that_are_gone_go_too(office: Office) -> None:
    """The folder of scores does not grow for ever."""
    for _ in range(9):
        office.edit("title: Find", "title: Find Find")
        office.build()
        office.publish()
    kept = {file.stem for file in (office.workshop.index / "golden").glob("*.json")}
    assert kept <= {*office.versions.ids(), office.versions.live()} and len(kept) < 9


def test_nothing_to_publish_is_no_event(office: Office) -> None:
    """Publishing what is live already changes nothing and says so."""
    only = office.build()
    done = office.publish()
    assert (done.version, done.previous, done.decision) == (only, only, None) and len(office.versions.history()) == 2


def test_a_killed_builder_of_the_first_version_leaves_it_to_the_next(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first version was made but not published, building again brings it live."""

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Versions, "publish", killed)
        with pytest.raises(KeyboardInterrupt):
            workshop.build()
    built = workshop.build()
    assert built.live and not built.fresh and Versions(workshop.index).live() == built.version


def test_a_publication_killed_before_its_entry_is_entered_by_the_next(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who published and why is never lost, though the process ends between moving the pointer and writing the history."""
    office.build()
    office.edit("Every paid", "Each paid")
    second = office.build()
    office.edit("Each paid", "All paid")
    office.build()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(History, "_append", killed)
        with pytest.raises(KeyboardInterrupt):
            office.publish(second, why="important")
    last = office.versions.history()[-1]
    assert office.versions.live() == second and (last.action, last.version, last.why) == ("publish", second, "important")
    assert not any(event.why == "important" for event in office.told), "told before it was entered"
    office.publish()
    entered = [event for event in office.versions.history() if event.action == "publish"]
    assert [(event.version, event.why) for event in entered][1] == (second, "important") and len(entered) == 3
    assert [event.version for event in office.told if event.action == "publish"] == [event.version for event in entered]
