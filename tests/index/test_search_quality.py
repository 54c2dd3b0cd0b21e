from __future__ import annotations

import numpy as np
import pytest

from benchmarks.search_quality import Outcome, ask, auc, interval, report
from index.knowledge_base import KnowledgeBase
from tests.index.conftest import Workshop


def test_figures_are_counted_over_the_right_questions() -> None:
    """Ranks count over questions with an answer, false answers over those without, and an interval encloses its figure."""
    outcomes = [Outcome(True, 0, True, 0.9, 1.0), Outcome(True, 3, False, 0.4, 2.0), Outcome(False, 10, True, 0.5, 3.0)]
    figures = report(outcomes)
    values = {name: figures[name]["value"] for name in ("hit@1", "hit@5", "mrr", "falsely_refused", "falsely_answered", "auc")}
    assert values == {"hit@1": 0.5, "hit@5": 1.0, "mrr": 0.625, "falsely_refused": 0.5, "falsely_answered": 1.0, "auc": 0.5}
    assert figures["hit@1"]["low"] <= 0.5 <= figures["hit@1"]["high"] and figures["ms"]["median"] == 2.0


def test_ties_count_half_in_the_area_under_the_curve() -> None:
    """Equal confidence tells nothing."""
    assert auc(np.array([1.0, 0.5]), np.array([0.5, 0.0])) == pytest.approx(0.875)


def test_an_interval_is_reproducible() -> None:
    """The same outcomes give the same interval."""
    values = np.arange(20) % 3
    assert interval(values, lambda sample: float(sample.mean())) == interval(values, lambda sample: float(sample.mean()))


def test_questions_are_asked_of_the_index(workshop: Workshop) -> None:
    """The rank of the right page is what the report counts."""
    workshop.build()
    knowledge = KnowledgeBase.open(workshop.index, workshop.encoder)
    found = ask(
        knowledge,
        [{"query": "undo an import", "relevant": ["articles/technical/undo-an-import.md"]}, {"query": "zebra", "relevant": []}],
    )
    assert [(outcome.has_answer, outcome.rank) for outcome in found] == [(True, 0), (False, 10)]
