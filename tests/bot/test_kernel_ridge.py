"""Kernel ridge regression: against its own definition, and what its probabilities promise."""

from __future__ import annotations

import numpy as np
import pytest

import bot.kernel_ridge
from bot.kernel_ridge import SCALE, KernelRidge, fitted_scale, sample, softmax
from bot.open_intent import OpenIntentModel


def rows(count: int, seed: int) -> np.ndarray:
    """Random unit rows (count, 8) float32."""
    found = np.random.default_rng(seed).normal(size=(count, 8))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_the_solution_is_that_of_the_definition() -> None:
    """Scores equal those of the inverted kernel matrix, computed the long way in double precision."""
    features, asked = rows(40, 1), rows(7, 2)
    labels = np.array(["a", "b", "c", "d"])[np.random.default_rng(3).integers(0, 4, 40)]
    model = KernelRidge(0.1, 0.5).fit(features, labels)
    gauss = lambda left: np.exp(-0.5 * np.square(left[:, None].astype(float) - features[None]).sum(axis=2))  # noqa: E731
    targets = (labels[:, None] == np.unique(labels)[None]).astype(float)
    expected = gauss(asked) @ np.linalg.inv(gauss(features) + 0.1 * np.eye(40)) @ targets
    assert np.allclose(model.scores(asked), expected, atol=1e-4)


def test_far_from_everything_no_score_is_high() -> None:
    """What resembles nothing learned has scores near 0, whatever its direction."""
    model = KernelRidge(0.1, 20.0).fit(np.eye(8, dtype=np.float32)[:4], np.array(["a", "a", "b", "b"]))
    assert float(np.abs(model.scores(-np.eye(8, dtype=np.float32)[:1])).max()) < 0.01
    assert model.scores(np.eye(8, dtype=np.float32)[:1])[0].argmax() == 0


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("scale", [1.0, 12.0, 100.0])
def test_probabilities_sum_to_one(seed: int, scale: float) -> None:
    """Probabilities are finite, sum to 1, and rank as the scores do, whatever the scores."""
    scores = np.random.default_rng(seed).normal(scale=50, size=(5, 6)).astype(np.float32)
    found = softmax(scores, scale)
    assert np.allclose(found.sum(axis=1), 1) and np.isfinite(found).all()
    assert (found.argmax(axis=1) == scores.argmax(axis=1)).all()


def test_the_scale_says_how_often_it_is_right() -> None:
    """Scores that are right three times of four get probabilities near .75, not near 1."""
    scores = np.tile(np.array([[0.9, 0.1]], dtype=np.float32), (400, 1))
    right = np.array([0, 0, 0, 1] * 100)
    assert softmax(scores[:1], fitted_scale([scores], [right]))[0, 0] == pytest.approx(0.75, abs=0.05)
    assert fitted_scale([], []) == SCALE


def test_of_very_much_data_no_intent_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound a part is learned from, in which every intent still occurs."""
    monkeypatch.setattr(bot.kernel_ridge, "MOST", 30)
    labels = np.array(["many"] * 95 + [f"rare{number}" for number in range(5)])
    kept = sample(labels, 7)
    assert len(labels[kept]) < 100 and set(labels[kept]) == set(labels)
    assert sample(labels[:30], 7).tolist() == list(range(30))
    texts, marks = [f"text {row}" for row in range(100)], np.zeros((100, 5), np.float32)
    model = OpenIntentModel().fit(texts, rows(100, 4), marks, labels.tolist())
    assert model.predict("text 99", rows(100, 4)[99:], marks[:1]).ranking[0][0] == labels[99]
