from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import intents
from benchmarks.intents import ELSE, NONE, TALK, Bin, Row


def row(intent: str, named: str, probability: float = 0.9, *, accepted: bool = True, fold: int = 1) -> Row:
    """An utterance whose text tells what it was taken for."""
    return Row(f"{intent} as {named}", intent, fold, named, probability, probability, accepted)


ROWS = [
    row("ask_billing", "ask_billing", 0.9),
    row("ask_billing", "ask_billing", 0.8),
    row("ask_billing", "ask_feature", 0.6, fold=2),
    row("ask_feature", "ask_feature", 0.7),
    row("ask_feature", "outside_off_topic", 0.5, fold=2),
    row("outside_off_topic", "outside_off_topic", 0.9),
    row("outside_third_party", "ask_billing", 0.2, accepted=False, fold=2),
    row("policy_hours", "policy_hours", 1.0),
    row("greet", "greet", 0.95),
    row("greet", "policy_hours", 0.4),
]


def test_the_calibration_error_is_the_one_computed_by_hand() -> None:
    """Of 0.95, 0.95 (one right) and 0.2, 0.25 (none right), 0.5 (right): (2 * .45 + 2 * .225 + 1 * .5) / 5 = .37."""
    bins = intents.reliability([(0.95, True), (0.95, False), (0.2, False), (0.25, False), (0.5, True)])
    assert [(each.low, each.high, each.count, each.right) for each in bins] == [
        (0.2, 0.3, 2, 0.0),
        (0.5, 0.6, 1, 1.0),
        (0.9, 1.0, 2, 0.5),
    ]
    assert [each.probability for each in bins] == pytest.approx([0.225, 0.5, 0.95])
    assert intents.calibration_error(bins) == pytest.approx(0.37)


def test_the_edges_of_bins_are_part_of_one_bin_each() -> None:
    """0 lies in the first bin, 1 in the last, the edge between two in the upper one; nothing is counted twice or lost."""
    bins = intents.reliability([(0.0, True), (0.5, True), (1.0, True)], bins=2)
    assert [(each.low, each.count) for each in bins] == [(0.0, 1), (0.5, 2)]


def test_probabilities_that_hold_have_no_error() -> None:
    """Three of four right at 0.75 is what such a probability promises."""
    assert intents.calibration_error([Bin(0.7, 0.8, 4, 0.75, 0.75)]) == 0


def test_scores_are_those_computed_by_hand() -> None:
    """Precision counts what was named so, recall what is so; an intent that is never named has 0 in all; worst F1 first."""
    found = intents.scores([("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("c", "a")])
    assert list(found) == ["c", "a", "b"]
    assert found["a"] == {"utterances": 3, "precision": 0.6667, "recall": 0.6667, "f1": 0.6667}
    assert found["b"] == {"utterances": 1, "precision": 0.5, "recall": 1.0, "f1": 0.6667}
    assert found["c"] == {"utterances": 1, "precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_a_matrix_counts_each_pair_once() -> None:
    """Classes stand in the same order down and across; what is only ever named comes behind them, "none of these" last."""
    found = intents.confusion([("b", "b"), ("b", "a"), ("a", "a"), ("a", NONE), ("a", NONE), ("b", "z")])
    assert found.labels == ["a", "b"]
    assert found.columns == ["a", "b", "z", NONE]
    assert found.counts == [[1, 0, 0, 2], [1, 1, 1, 0]]


def test_matrices_are_of_classes_that_readers_know() -> None:
    """Kinds, areas, refusal classes and policy topics by their plain names; a rejection is "none of these" in each."""
    found = intents.confusions(ROWS)
    assert found["kinds"].labels == ["policy", "refusal", "support", TALK]
    assert found["kinds"].counts[1] == [0, 1, 0, 0, 1]  # of two refusals one was rejected
    assert found["kinds"].counts[3] == [1, 0, 0, 1, 0]
    assert found["areas"].columns == ["billing", "feature", ELSE]
    assert found["areas"].counts == [[2, 1, 0], [0, 1, 1]]
    assert found["refusal_classes"].columns == ["off topic", "third party", NONE]
    assert found["refusal_classes"].counts == [[1, 0, 0], [0, 0, 1]]
    assert found["policy_topics"].labels == ["hours"]
    for matrix in found.values():
        assert all(len(line) == len(matrix.columns) for line in matrix.counts)
    assert sum(map(sum, found["intents"].counts)) == len(ROWS)


def test_the_report_agrees_with_the_rows() -> None:
    """Accuracy is of the likeliest intent, once with rejections counted as wrong; kinds are right more often than intents."""
    found = intents.report([*ROWS, row("greet", "greet", 0.1, accepted=False, fold=2)])
    assert (found["utterances"], found["intents"], found["folds"]) == (11, 6, 2)
    assert found["accuracy"] == round(7 / 11, 4)
    assert found["accuracy_by_fold"] == [round(6 / 7, 4), 0.25]
    assert found["accuracy_with_rejection"] == round(6 / 11, 4)
    assert found["rejected"] == round(2 / 11, 4)
    assert found["accuracy_of_kinds"] == round(8 / 11, 4)
    assert found["macro_f1"] == pytest.approx(sum(each["f1"] for each in found["by_intent"].values()) / 6, abs=1e-4)


def test_the_surest_mistakes_stand_for_a_confusion() -> None:
    """Confusions are counted, the commonest first, and shown by the utterances in which the model was surest."""
    rows = [row("a", "b", 0.3), row("a", "b", 0.9), row("a", "b", 0.6), row("b", "a", 0.99)]
    rows = [Row(f"text {each.probability}", *(getattr(each, name) for name in Row.__slots__[1:])) for each in rows]
    first, second = intents.report(rows)["confused"]
    assert first == {"intent": "a", "named": "b", "count": 3, "examples": ["text 0.9", "text 0.6"]}
    assert second["count"] == 1


def test_rows_survive_being_written(tmp_path: Path) -> None:
    """The rows that the figures were made of lie beside them, and make the same figures again."""
    intents.write(ROWS, tmp_path)
    again = intents.read_rows((tmp_path / "cross_validated.jsonl").read_text(encoding="utf-8").splitlines())
    assert again == ROWS
    assert json.loads((tmp_path / "intents.json").read_text()) == intents.report(again)
    assert json.loads((tmp_path / "reliability.json").read_text()) == intents.calibration(again)
    assert set(json.loads((tmp_path / "confusion.json").read_text())) == set(intents.confusions(again))
