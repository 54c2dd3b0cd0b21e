from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.scoring import (
    MEASURED,
    OLDER_SIGNALS,
    SIGNALS,
    Calibration,
    fit,
    fused,
    in_order,
    late_weight,
    lead,
    nearest,
    page_scores,
    section_scores,
    strangeness,
    with_late,
    worst,
)

STARTS = np.array([0, 2, 3])


def test_a_page_is_as_good_as_its_best_chunk() -> None:
    """The page whose one chunk fits best comes first, whatever its other chunks are like."""
    chunks = np.array([0.1, 0.9, 0.5, 0.6, 0.6], dtype=np.float32)
    scores = page_scores(chunks, STARTS, np.zeros(3, dtype=np.float32))
    assert scores.argmax() == 0 and scores.shape == (3,)


def test_words_break_a_tie_of_vectors() -> None:
    """Between equally similar chunks the one with the query's words wins; without any words nothing changes."""
    similarity = np.array([0.5, 0.5], dtype=np.float32)
    assert fused(similarity, np.array([0.0, 3.0], dtype=np.float32)).argmax() == 1
    assert np.array_equal(fused(similarity, np.zeros(2, dtype=np.float32)), similarity)


@given(st.lists(st.floats(-1, 1, width=32), min_size=5, max_size=5), st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3))
def test_scores_stay_below_one(chunks: list[float], pages: list[float]) -> None:
    """A hit's score can be shown as a share, whatever the vectors are and however well words are met."""
    scores = page_scores(
        fused(np.array(chunks, dtype=np.float32), np.ones(5, dtype=np.float32)), STARTS, np.array(pages, dtype=np.float32)
    )
    joined = with_late(scores, np.array([2, 0]), np.array([1.0, -1.0], dtype=np.float32), 1.2)
    for each in (scores, joined):
        assert ((each >= -1) & (each <= 1.0001)).all()


def test_of_two_like_pages_the_one_that_meets_the_words_wins() -> None:
    """Late interaction decides among the first pages, and brings no other page before one of them."""
    scores = np.array([0.5, 0.5, 0.49], dtype=np.float32)
    for late, expected in (([0.2, 0.4], [1, 0, 2]), ([-0.5, 0.0], [0, 1, 2])):
        joined = with_late(scores, np.array([0, 1]), np.array(late, dtype=np.float32), 0.8)
        assert list(np.argsort(-joined, kind="stable")) == expected


def test_typical_questions_take_weight_from_late_interaction() -> None:
    """Content without questions trusts the words that meet most, content full of them least, and nothing lies outside."""
    weights = [late_weight(share) for share in (0.0, 0.5, 1.0)]
    assert weights == sorted(weights, reverse=True) and weights[-1] > 0


def test_the_lead_of_a_page_is_over_those_behind_it() -> None:
    """With no other page to compare with, the lead is nothing."""
    similarity = np.array([0.2, 0.6, 0.4], dtype=np.float32)
    assert np.isclose(lead(similarity, np.array([1, 2, 0])), 0.3)
    assert lead(similarity[:1], np.array([0])) == 0.0


def test_the_worst_words_are_the_three_least() -> None:
    """A question of fewer words counts by those it has, one of none by nothing."""
    assert np.isclose(worst(np.array([0.9, 0.1, 0.8, 0.3, 0.2], dtype=np.float32)), 0.2)
    assert np.isclose(worst(np.array([0.4, 0.6], dtype=np.float32)), 0.5)
    assert worst(np.zeros(0, dtype=np.float32)) == 0.0


def test_signals_come_in_one_order() -> None:
    """However they are handed over, each signal stands in its place; one that is missing is a mistake of the program."""
    values = {name: float(number) for number, name in enumerate(MEASURED)}
    assert list(in_order(dict(reversed(values.items())))) == list(range(len(MEASURED)))
    with pytest.raises(KeyError):
        in_order({"similarity": 1.0})


def rows(low: float, count: int, seed: int) -> list[np.ndarray]:
    """Signals around a level."""
    random = np.random.default_rng(seed)
    return list((low + 0.1 * random.standard_normal((count, len(MEASURED)))).astype(np.float32))


@hypothesis_settings(max_examples=20, deadline=None)
@given(st.integers(0, 50), st.integers(5, 80), st.integers(5, 80))
def test_a_fit_tells_the_two_kinds_apart(seed: int, answered: int, unanswered: int) -> None:
    """Questions with an answer get more confidence than those without, and most of them pass the threshold."""
    positives, negatives = rows(0.7, answered, seed), rows(0.3, unanswered, seed + 100)
    model = fit(positives, negatives, refused=0.05, cost=4)
    high, low = [model.confidence(row) for row in positives], [model.confidence(row) for row in negatives]
    assert min(high) > max(low) - 0.2 and np.mean(high) > 0.8 > 0.2 > np.mean(low)
    assert np.mean([each >= model.threshold for each in high]) >= 0.94
    assert 0 < model.threshold < 1


def test_a_fit_of_few_or_equal_rows_is_still_a_number() -> None:
    """A content folder of one page gives no questions or equal ones, and must not break a build."""
    negatives = rows(0.2, 10, 1)
    for positives in ([], [negatives[0]], [negatives[0]] * 3):
        assert 0 <= fit(positives, negatives, refused=0.05, cost=4).confidence(negatives[1]) <= 1


def test_a_calibration_survives_json() -> None:
    """What is stored in a version gives the same confidence when it is read."""
    model = fit(rows(0.7, 9, 1), rows(0.3, 9, 2), refused=0.05, cost=4)
    again = Calibration.from_dict(json.loads(json.dumps(model.as_dict())))
    assert again == model


def test_strangeness_is_nearness_to_shipped_questions() -> None:
    """The mean of the nearest ones counts, a query that is one of them does not count itself, and without any it is 0."""
    strangers = np.eye(5, dtype=np.float32)
    query = np.array([0.9, 0.3, 0.3, 0.0, 0.0], dtype=np.float32)
    assert strangeness(query, strangers) == pytest.approx(0.5)
    assert strangeness(query, strangers, itself=0) == pytest.approx(0.2)
    assert strangeness(query, strangers[:0]) == 0.0


def test_the_body_of_a_page_is_its_nearest_chunks() -> None:
    """A long page counts by its three best chunks, a short one by those it has."""
    assert np.isclose(nearest(np.array([0.1, 0.9, 0.2, 0.7, 0.8], dtype=np.float32)), 0.8)
    assert np.isclose(nearest(np.array([0.5], dtype=np.float32)), 0.5)


def test_no_signal_decides_alone_because_the_builds_own_questions_are_easy() -> None:
    """Where one signal separates the build's questions perfectly, the others keep a say all the same."""
    random = np.random.default_rng(5)
    positives, negatives = random.normal(0.6, 0.1, (200, len(MEASURED))), random.normal(0.4, 0.1, (200, len(MEASURED)))
    positives[:, 0], negatives[:, 0] = random.normal(0.9, 0.02, 200), random.normal(0.1, 0.02, 200)
    model = fit(list(positives), list(negatives), refused=0.05, cost=4)
    weights = dict(zip(MEASURED, model.weights, strict=True))
    assert max(weights[name] for name in SIGNALS) < 3 * min(weights[name] for name in SIGNALS)
    assert not any(weights[name] for name in OLDER_SIGNALS), "a new calibration looks at signals of older releases"


def test_a_calibration_of_an_older_release_serves_on() -> None:
    """A version whose manifest names no signals, or fewer, gives a confidence; what it does not know counts for nothing."""
    old = {"mean": [0.5] * 6, "scale": [0.1] * 6, "weights": [1.0] * 6, "bias": 0.0, "threshold": 0.2}
    values = {**dict.fromkeys(MEASURED, 0.5), "similarity": 0.6, "body": 0.9, "words_met": 0.9}
    found, without = in_order(values), in_order({**values, "body": 0.1, "words_met": 0.1})
    assert Calibration.from_dict(old).confidence(found) == Calibration.from_dict(old).confidence(without)
    last = {**old, "signals": ["similarity", "body"], "mean": [0.5] * 2, "scale": [0.1] * 2, "weights": [1.0] * 2}
    assert Calibration.from_dict(last).confidence(found) > 0.9 > Calibration.from_dict(last).confidence(without)
    fewer = {**old, "signals": ["similarity", "gap"], "mean": [0.5, 0.5], "scale": [0.1, 0.1], "weights": [1.0, 0.0]}
    assert np.isclose(Calibration.from_dict(fewer).confidence(found), 1 / (1 + np.exp(-1)))


def test_a_section_counts_by_the_question_at_hand() -> None:
    """The section that a typical question leads to is shown where sections are equal, and not where another answers better."""
    nothing, led = np.zeros(2, dtype=np.float32), np.array([1, 0], dtype=np.float32)
    for likeness, expected in (([0.5, 0.5], 0), ([0.5, 0.55], 0), ([0.4, 0.6], 1)):
        found = section_scores(np.array(likeness, dtype=np.float32), nothing, nothing, led, 0.8)
        assert int(found.argmax()) == expected
    headed = np.array([0.0, 1.0], dtype=np.float32)
    assert int(section_scores(np.array([0.5, 0.5], dtype=np.float32), nothing, headed, led, 0.8).argmax()) == 1
