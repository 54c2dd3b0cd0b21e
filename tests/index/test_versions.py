from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.errors import VersionError
from index.versions import KEPT, Versions

AT = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)


def made(versions: Versions, number: int) -> str:
    """A version with one file."""
    with versions.locked(), versions.draft(f"{number:08x}") as (version, folder):
        (folder / "content").write_text(version)
    return version


def test_a_version_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """A build that fails halfway leaves no version and no litter."""
    versions = Versions(tmp_path)
    with pytest.raises(RuntimeError), versions.locked(), versions.draft("0" * 8) as (_, folder):
        (folder / "half").write_text("x")
        raise RuntimeError
    assert versions.ids() == [] and not list((tmp_path / "versions").iterdir())


def test_ids_count_up_and_never_come_again(tmp_path: Path) -> None:
    """The newest build is the last one made, whatever the clock or the content's hash, and no id is used twice."""
    versions = Versions(tmp_path)
    made_ids = [made(versions, number) for number in (9, 1, 5)]
    assert versions.ids() == made_ids and versions.candidate() == made_ids[-1]
    versions.publish(made_ids[-1], "ann", AT)
    shutil.rmtree(tmp_path / "versions" / made_ids[-1])
    assert made(versions, 5) > made_ids[-1]


def test_publish_and_rollback_move_the_pointer(tmp_path: Path) -> None:
    """Rolling back goes to what was live before, and once more goes further back."""
    versions = Versions(tmp_path)
    first, second, third = (made(versions, number) for number in (1, 2, 3))
    for version in (first, second, third):
        versions.publish(version, "ann", AT)
    assert versions.rollback("ben", AT) == second == versions.live()
    assert versions.rollback("ben", AT) == first == versions.live()
    with pytest.raises(VersionError, match="no earlier"):
        versions.rollback("ben", AT)
    versions.publish(third, "ann", AT)
    assert versions.rollback("ben", AT) == first
    assert [event.action for event in versions.history()][-2:] == ["publish", "rollback"]


@pytest.mark.parametrize("action", ["publish", "rollback"])
def test_a_move_whose_author_was_killed_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str) -> None:
    """Killed after the pointer moved and before that was entered: the history and the next rollback know of the move."""
    versions = Versions(tmp_path)
    first, second = (made(versions, number) for number in (1, 2))
    versions.publish(first, "ann", AT)
    if action == "rollback":
        versions.publish(second, "ann", AT)
    with monkeypatch.context() as patch:
        patch.setattr("index.history.History.settle", lambda history, live: None)
        if action == "rollback":
            versions.rollback("ben", AT)
        else:
            versions.publish(second, "ben", AT)
    killed = versions.history()[-1]
    assert (killed.action, killed.by, killed.version) == (action, "ben", versions.live())
    assert versions.earlier() == (None if action == "rollback" else first)
    versions.prune()  # settles it
    assert versions.history()[-1] == killed and versions.history().count(killed) == 1


def test_a_gate_may_refuse(tmp_path: Path) -> None:
    """A candidate that the gate refuses does not go live, and the history does not say it did."""
    versions = Versions(tmp_path)
    first, second = made(versions, 1), made(versions, 2)
    versions.publish(first, "ann", AT)

    def gate(folder: Path) -> None:
        raise VersionError(f"{folder.name} fails 3 golden questions")

    with pytest.raises(VersionError, match="golden"):
        versions.publish(second, "ann", AT, gate=gate)
    assert versions.live() == first and len(versions.history()) == 1


@pytest.mark.parametrize("name", ["nope", "../../etc", "", "000009-00000000"])
def test_an_unknown_version_is_refused_with_the_known_ones(tmp_path: Path, name: str) -> None:
    """No path outside the folder can be named, and the message lists what there is."""
    versions = Versions(tmp_path)
    only = made(versions, 1)
    with pytest.raises(VersionError, match=only):
        versions.publish(name, "ann", AT)


def test_old_versions_go_but_never_the_live_one(tmp_path: Path) -> None:
    """Pruning spares the live version, the one to roll back to and the newest few."""
    versions = Versions(tmp_path)
    made_ids = [made(versions, number) for number in range(KEPT + 5)]
    for version in made_ids[:2]:
        versions.publish(version, "ann", AT)
    gone = versions.prune()
    assert gone == made_ids[2:5]
    assert versions.rollback("ann", AT) == made_ids[0]


def test_a_torn_history_line_is_passed_over(tmp_path: Path) -> None:
    """A crash while writing the history loses that line and nothing else."""
    versions = Versions(tmp_path)
    versions.publish(made(versions, 1), "ann", AT)
    with (tmp_path / "history.jsonl").open("a") as file:
        file.write('{"at": "2026-')
    assert [event.action for event in versions.history()] == ["publish"]
    versions.publish(made(versions, 2), "ann", AT)
    assert [event.version for event in versions.history()] == versions.ids()


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["publish", "rollback", "build", "prune"]), max_size=12))
def test_whatever_is_done_the_live_version_exists(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    """After any order of builds, publications, rollbacks and prunings, the pointer leads to a whole version."""
    versions = Versions(tmp_path_factory.mktemp("index"))
    versions.publish(made(versions, 0), "ann", AT)
    for number, step in enumerate(steps, 1):
        if step == "build":
            made(versions, number)
        elif step == "publish":
            versions.publish(versions.require(candidate=True), "ann", AT)
        elif step == "prune":
            versions.prune()
        elif len(versions.history()) > 1:
            try:
                versions.rollback("ann", AT)
            except VersionError as error:
                assert "no earlier" in str(error)
        live = versions.require()
        assert (versions.path(live) / "content").read_text() == live


def test_killing_a_publisher_never_leaves_readers_without_a_version(tmp_path: Path) -> None:
    """While processes that swap the pointer are killed at random, every look finds a whole version."""
    versions = Versions(tmp_path)
    known = {made(versions, 1), made(versions, 2)}
    versions.publish(min(known), "ann", AT)
    script = (
        "import sys, itertools; from pathlib import Path; from datetime import datetime, timezone\n"
        "from index.versions import Versions\n"
        "versions = Versions(Path(sys.argv[1])); at = datetime.now(timezone.utc)\n"
        "for version in itertools.cycle(versions.ids()): versions.publish(version, 'x', at)\n"
    )
    for pause in (0.15, 0.2, 0.25):
        worker = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], env={**os.environ, "PYTHONPATH": str(Path.cwd())}
        )
        end = time.monotonic() + pause
        while time.monotonic() < end:
            assert versions.live() in known
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert versions.live() in known
    versions.publish(max(known), "ann", AT)
    assert versions.live() == max(known)
