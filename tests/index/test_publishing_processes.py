"""Publishing by real processes: killed at any point, at once, and under the eyes of readers."""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from index.build import build
from index.encoder import HashingEncoder
from index.errors import VersionError
from index.knowledge_base import KnowledgeBase
from index.status import status
from index.versions import Versions
from tests.index.conftest import NOW, Workshop
from tests.index.processes import Office
from tests.index.test_build import contents

PAGES = 12
TOUCHES = {"build": 55, "publish": 62, "rollback": 36}  # of files of the index, by a command that is left alone


@pytest.fixture
def shop(workshop: Workshop) -> Workshop:
    """A live index of some pages of somebody's (no front matter, so that no rule of ours speaks) with golden questions."""
    shutil.rmtree(workshop.content)
    for number in range(PAGES):
        workshop.write(f"pages/page-{number}.md", page(number, 0))
    words = ("here", "there", "about", "now")
    asked = [f"  - {{ask: what is topic{number} {word}, page: pages-page-{number}}}" for number in range(PAGES) for word in words]
    tolerance = "tolerance: {first: 50, first_three: 50, verdict: 50}"
    workshop.write("golden.yml", "\n".join([tolerance, "questions:", *asked]))
    workshop.build()
    return workshop


@pytest.fixture
def office(shop: Workshop, tmp_path: Path) -> Iterator[Office]:
    """Starts commands that work on the shop's index and content."""
    settings = {"INDEX_DIR": str(shop.index), "CONTENT_DIR": str(shop.content), "KB_ENCODER": "hashing-32"}
    office = Office({"DATA_DIR": str(tmp_path / "var"), **settings}, tmp_path)
    yield office
    office.close()


def page(number: int, edition: int) -> str:
    """A page about a word of its own that names its edition."""
    return f"# About topic{number}\n\nThis is edition{edition} of topic{number}.\n\n## More\n\nMore on topic{number}."


def left_over(index: Path) -> list[str]:
    """Files of unfinished work."""
    places = ((index, ".*-*"), (index, "intended.json"), (index / "versions", ".*"), (index / "golden", ".draft-*"))
    hidden = [file for folder, pattern in (*places, (index / "cache", ".*")) for file in folder.glob(pattern)]
    return sorted(str(each.relative_to(index)) for each in hidden)


def provide(shop: Workshop, versions: Versions, action: str) -> None:
    """Something to publish or to roll back from, where killed commands left nothing."""
    if action == "publish" and versions.candidate() == versions.live():
        shop.build()
    if action == "rollback" and versions.earlier() is None:
        versions.publish(shop.build().version, "ann", NOW)


def assert_servable(workshop: Workshop) -> str:
    """The live version opens whole, finds every page, and belongs to one edition of the content; returns it."""
    knowledge = KnowledgeBase.open(workshop.index, workshop.encoder)
    for number in range(PAGES):
        assert knowledge.search(f"topic{number}").hits[0].slug == f"pages-page-{number}"
    state = status(workshop.index)
    assert state.live == knowledge.version and not any(each.problem for each in state.versions)
    return knowledge.version


def test_a_kill_at_any_point_leaves_a_servable_index(shop: Workshop, office: Office) -> None:
    """Commands that build, publish and roll back are killed at random, by time and by file operation: the index stays whole and
    its author known, and the next commands do their work and clear up.
    """
    versions = Versions(shop.index)
    chance, killed = random.Random(20261123), dict.fromkeys(("build", "publish", "rollback"), 0)
    for number, words in enumerate(8 * [["build"], ["publish", "--force", "a test"], ["build"], ["rollback"]]):
        shop.write(f"pages/page-{number % PAGES}.md", page(number % PAGES, number + 1))
        provide(shop, versions, words[0])
        if number % 3:
            command = office.run("kb", *words, step=chance.randint(1, TOUCHES[words[0]]))
        else:
            command = office.run("kb", *words)
            time.sleep(chance.uniform(0.0, 0.3))
            command.kill()
        code, said = command.end()
        assert code in (-9, 0), said
        killed[words[0]] += code == -9
        assert_servable(shop)
    assert min(killed.values()) >= 3, killed
    shop.write("pages/page-0.md", page(0, 99))
    for words in (["build"], ["publish", "--why", "after all"]):
        code, said = office.run("kb", *words).end()
        assert code == 0, said
    live = assert_servable(shop)
    moves = [event for event in versions.history() if event.action in ("publish", "rollback")]
    assert live == versions.candidate() == moves[-1].version and moves[-1].why == "after all"
    for before, event in pairwise(moves):
        assert event.previous == before.version, "a change of the live version is missing in the history"
    assert left_over(shop.index) == []
    scratch = shop.index.with_name("scratch")
    assert office.run("kb", "build", "--index", str(scratch)).end()[0] == 0
    assert contents(versions.path(live)) == contents(Versions(scratch).path(Versions(scratch).require()))


def test_of_two_publications_at_once_one_wins(shop: Workshop, office: Office) -> None:
    """Nobody overwrites unseen: each publication replaced the very version that it was compared with, and who came too late is
    told by whom.
    """
    versions, conflicts = Versions(shop.index), 0
    for number in range(1, 7):
        pair = []
        for half in (1, 2):
            shop.write("pages/page-0.md", page(0, 10 * number + half))
            pair.append(shop.build().version)
        commands = [office.run("kb", "publish", version, "--by", f"by-{version}") for version in pair]
        ends = dict(zip(pair, [command.end() for command in commands], strict=True))
        live = versions.require()
        assert ends[live][0] == 0, ends
        for version, (code, said) in ends.items():
            if code:
                conflicts += 1
                assert code == 2 and f"{version} was not published: {live} went live in the meantime" in said, said
                assert f"publish by by-{live}" in said and "Traceback" not in said
    moves = [event for event in versions.history() if event.action == "publish"]
    assert all(event.previous == before.version for before, event in pairwise(moves))
    assert conflicts > 0, "the commands never met"


def test_readers_never_fail_while_versions_come_and_go(shop: Workshop) -> None:
    """Threads search without a pause while versions are built, published, rolled back and pruned: every result is whole, belongs
    to the version that it names, and a new version is shown within two seconds.
    """
    versions, editions = Versions(shop.index), {Versions(shop.index).require(): "edition0"}
    knowledge = KnowledgeBase.open(shop.index, HashingEncoder(32))
    failures: list[str] = []
    searches = 0
    stop = threading.Event()

    def read() -> None:
        nonlocal searches
        while not stop.is_set():
            try:
                result = knowledge.search("topic3 edition")
                best = result.hits[0]
                if best.slug != "pages-page-3" or editions[result.index_version] not in best.passage:
                    failures.append(f"{result.index_version}: {best.passage}")
            except Exception as error:
                failures.append(repr(error))
            searches += 1

    def follow() -> None:
        while not stop.is_set():
            time.sleep(0.1)
            try:
                knowledge.refresh()
            except Exception as error:
                failures.append(f"refresh: {error!r}")

    threads = [threading.Thread(target=work) for work in (read, read, follow)]
    for thread in threads:
        thread.start()
    slowest = 0.0
    try:
        for number in range(1, 17):
            shop.write("pages/page-3.md", page(3, number))
            built = build(shop.content, shop.index, shop.encoder, at=NOW, by="ann")
            editions[built.version] = f"edition{number}"
            versions.publish(built.version, "ann", NOW)
            if number % 5 == 0:
                versions.rollback("ann", NOW)
            wanted, since = versions.require(), time.monotonic()
            while knowledge.version != wanted and time.monotonic() - since < 5:
                time.sleep(0.01)
            slowest = max(slowest, time.monotonic() - since)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == [] and searches > 50
    assert slowest < 2.0 and len(versions.ids()) < 16, "nothing was pruned"


def test_a_version_that_is_being_opened_is_not_pruned(workshop: Workshop) -> None:
    """While a reader opens a version its files stay; afterwards they go, and what was opened still serves."""
    first = workshop.build().version
    versions = Versions(workshop.index)
    with versions.reading(first):
        opened = KnowledgeBase.open(workshop.index, workshop.encoder, version=first)
        for number in range(9):
            workshop.write("new.md", page(0, number))
            versions.publish(workshop.build().version, "ann", workshop.now())
        assert first in versions.ids() and first not in versions.prune()
    assert versions.prune() == [first]
    assert opened.search("undo an import").hits[0].slug == "undo-an-import" and not opened.refresh()
    with pytest.raises(VersionError, match="has no version"), versions.reading(first):
        pass


def test_a_reader_that_comes_too_late_takes_the_version_that_is_live_by_then(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version that was live when a process looked is pruned before it could open it: no error, it opens the next."""
    first = workshop.build().version
    versions = Versions(workshop.index)
    reading = Versions.reading
    late = {"open": True}

    def overtaken(self: Versions, version: str) -> object:
        if late.pop("open", None):
            for number in range(9):
                workshop.write("new.md", page(0, number))
                versions.publish(workshop.build().version, "ann", workshop.now())
        return reading(self, version)

    monkeypatch.setattr(Versions, "reading", overtaken)
    knowledge = KnowledgeBase.open(workshop.index, workshop.encoder)
    assert first not in versions.ids() and knowledge.version == versions.live()
    late["open"] = True
    assert knowledge.refresh() is False
    workshop.write("new.md", page(0, 99))
    versions.publish(workshop.build().version, "ann", workshop.now())
    assert knowledge.refresh() and knowledge.version == versions.live()
