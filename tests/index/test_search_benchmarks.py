from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.search_ladder import climb, figures, own_cases, read_cases, table
from benchmarks.search_speed import measure, widened
from index.snapshot import Snapshot, read_snapshot
from index.versions import Versions

from .conftest import Workshop


@pytest.fixture
def snapshot(workshop: Workshop) -> Snapshot:
    """The two pages, built."""
    version = workshop.build().version
    return read_snapshot(Versions(workshop.index).path(version), version)


def test_the_ladder_asks_each_question_with_itself_left_out(workshop: Workshop, snapshot: Snapshot, tmp_path: Path) -> None:
    """Every written question is asked at every step, the served one last, and shown with what the step brought."""
    cases = own_cases(snapshot)
    assert len(cases) == 6 and all(len(case.without) == 1 for case in cases)
    rungs = climb(snapshot, cases, workshop.encoder, workshop.encoder, tmp_path / "cache")
    assert len(rungs) == 8 and all(len(rung.ranks) == 6 for rung in rungs)
    assert "served" in rungs[-1].name and (rungs[-1].ranks < 2).all()
    assert table(rungs).count("\n") == len(rungs) + 1
    assert [(each["step"], each["questions"]) for each in figures(rungs)] == [(rung.name, 6) for rung in rungs]
    assert all(0 <= each["hit@1"]["value"] <= each["hit@5"]["value"] <= 1 for each in figures(rungs))


def test_questions_of_a_file_without_an_answer_are_left_out(snapshot: Snapshot, tmp_path: Path) -> None:
    """The ladder counts the questions whose pages are there."""
    file = tmp_path / "queries.jsonl"
    path = snapshot.articles[1].path
    file.write_text(
        f'{{"query": "a", "relevant": ["{path}"]}}\n\n{{"query": "b", "relevant": []}}\n{{"query": "c", "relevant": ["x"]}}\n'
    )
    assert [(case.query, case.relevant) for case in read_cases(file, snapshot)] == [("a", frozenset({1}))]


def test_a_widened_index_is_as_large_as_asked_and_searches(workshop: Workshop, snapshot: Snapshot) -> None:
    """The speed benchmark searches at least as many chunks as asked for, and its ratio counts the encoding."""
    wide = widened(snapshot, 50)
    assert len(wide.places) >= 50 and len(wide.articles) == len(wide.passages) == len(wide.pages)
    assert measure(wide, workshop.encoder, ["undo import"], 3)["ratio"] > 0
