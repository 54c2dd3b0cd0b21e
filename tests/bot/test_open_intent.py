from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bot import open_intent
from bot.open_intent import REPEATED, ModelOptions, OpenIntentModel, best_threshold, negligible
from tests.bot.utterances import WORDS, Trained, utterances

FAR = ("quantum zebra violin", "xylophones orbit marmalade", "lorem ipsum dolor")


@pytest.fixture(scope="module")
def trained() -> Trained:
    """A model of four intents without one for what is out of scope."""
    return Trained(utterances([intent for intent in WORDS if not intent.startswith("outside_")]))


def test_new_words_of_an_intent_are_recognised(trained: Trained) -> None:
    """An utterance that is not in the data but made of an intent's words gets that intent."""
    verdict = trained.ask("please find the refund of my invoice payment")
    assert verdict.ranking[0][0] == "ask_billing" and verdict.accepted


@pytest.mark.parametrize("text", FAR)
def test_what_is_far_from_all_data_is_rejected(text: str, trained: Trained) -> None:
    """Text that resembles nothing in the data is rejected, however the regression divides its probability."""
    verdict = trained.ask(text)
    assert not verdict.accepted
    assert verdict.confidence < trained.model.threshold


def test_an_exact_utterance_is_certain(trained: Trained) -> None:
    """A text of the training data, in any case and with any spaces and end marks, is certainly of its intent."""
    for text in ("where is my invoice", "  Where is MY  invoice?!", "where is my invoice."):
        verdict = trained.ask(text)
        assert verdict.ranking[0] == ("ask_billing", 1.0)
        assert verdict.confidence == 1.0 and verdict.accepted


def test_the_ranking_is_a_distribution(trained: Trained) -> None:
    """Intents come best first with probabilities that sum to one; the confidence is no higher than the best one."""
    verdict = trained.ask("report of the crash with a refund")
    values = [value for _, value in verdict.ranking]
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(1.0)
    assert 0.0 <= verdict.confidence <= values[0] and 0.0 <= verdict.similarity <= 1.0
    assert verdict.nearest in trained.texts


def test_training_is_deterministic(trained: Trained) -> None:
    """The same data gives the same threshold and the same verdicts."""
    again = Trained(utterances([intent for intent in WORDS if not intent.startswith("outside_")]))
    assert again.model.threshold == trained.model.threshold
    assert again.ask("refund of the card").confidence == trained.ask("refund of the card").confidence


def test_the_threshold_is_found_on_the_training_data_alone(trained: Trained) -> None:
    """Every fold tests on rows it did not train on, and each intent is held out of training in exactly one fold."""
    labels = np.asarray(trained.labels)
    folds = trained.model._folds(labels, 7, hold_out=True)
    held = [name for _, _, held_out in folds for name in held_out]
    assert sorted(held) == sorted(set(labels))
    assert sorted(row for _, test, _ in folds for row in test) == list(range(len(labels)))
    for train, test, held_out in folds:
        assert not set(train) & set(test)
        assert not set(labels[train]) & set(held_out)
        assert len(set(labels[train])) > 1


def test_the_share_of_unknown_traffic_moves_the_threshold() -> None:
    """Where more of the traffic is unknown, no less is rejected."""
    thresholds = [
        Trained(utterances(each=9), ModelOptions(unknown_share_with_outside=share)).model.threshold for share in (0.05, 0.6)
    ]
    assert thresholds[0] <= thresholds[1]


def test_data_with_out_of_scope_intents_rejects_less(trained: Trained) -> None:
    """Data that names what is out of scope as intents of its own leaves less to reject."""
    with_outside = Trained(utterances()).model.threshold
    assert with_outside <= trained.model.threshold


@pytest.mark.parametrize("each", [1, 2, 3])
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_small_data_trains(count: int, each: int) -> None:
    """Two to five intents with one to three utterances each train and predict without an error."""
    small = Trained(utterances(tuple(WORDS)[:count], each))
    verdict = small.ask("where is my invoice")
    assert verdict.ranking[0] == ("ask_billing", 1.0) and verdict.accepted
    assert len(small.ask("something else").ranking) == count
    assert 0.0 <= small.model.threshold <= 1.0


def test_one_rare_intent_does_not_switch_rejection_off() -> None:
    """An intent with a single utterance among well taught ones leaves the others' threshold in place."""
    data = {**utterances([intent for intent in WORDS if not intent.startswith("outside_")]), "rare": ["zanzibar cloves"]}
    rare = Trained(data)
    assert rare.model.threshold > 0.0
    assert rare.ask("zanzibar cloves").ranking[0][0] == "rare"
    assert not rare.ask(FAR[0]).accepted


@pytest.mark.parametrize("text", ["", "?", "!!!", "日本語", "🙂", "a", "x" * 5000, "\n"])
def test_any_text_gets_a_verdict(text: str, trained: Trained) -> None:
    """Empty, foreign, tiny and huge texts are judged without an error."""
    verdict = trained.ask(text)
    assert np.isfinite(verdict.confidence) and verdict.ranking


def test_unfitted_says_so(trained: Trained) -> None:
    """A model knows whether it was fitted."""
    assert not OpenIntentModel().fitted and trained.model.fitted


class Evidence:
    """Random confidences of known and unknown messages, and the accuracy that a bound reaches on them."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.known, self.unknown = random.beta(5, 2, random.integers(1, 60)), random.beta(2, 5, random.integers(1, 60))
        self.right, self.share = random.random(len(self.known)) < 0.8, float(random.random())
        self.count = len(self.known) + len(self.unknown)

    def accuracy(self, bound: float) -> float:
        """Weighted accuracy of accepting from ``bound`` on."""
        accepted = float((self.right & (self.known >= bound)).mean())
        return (1 - self.share) * accepted + self.share * float((self.unknown < bound).mean())

    def threshold(self, share: float | None = None) -> float:
        """The bound that is chosen."""
        return best_threshold(self.known, self.right, self.unknown, self.share if share is None else share)


@pytest.mark.parametrize("seed", range(40))
def test_no_bound_decides_better_than_the_best_threshold(seed: int) -> None:
    """Over random confidences, no bound on a fine grid reaches a weighted accuracy that is higher by more than chance."""
    evidence = Evidence(seed)
    best = max(evidence.accuracy(float(bound)) for bound in np.linspace(0, 1, 301))
    assert evidence.accuracy(evidence.threshold()) >= best - negligible(evidence.count) - 1e-12


@pytest.mark.parametrize("seed", range(20))
def test_more_unknown_traffic_never_lowers_the_threshold(seed: int) -> None:
    """The threshold rises, or stays, with the share of unknown traffic."""
    thresholds = [Evidence(seed).threshold(share) for share in (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)]
    assert thresholds == sorted(thresholds)


def test_separable_confidences_are_separated() -> None:
    """Where all known confidences lie above all unknown ones, the threshold lies between."""
    threshold = best_threshold(np.array([0.7, 0.9]), np.array([True, True]), np.array([0.1, 0.3]), 0.3)
    assert 0.3 < threshold <= 0.7


@pytest.mark.parametrize(("known", "unknown"), [([], [0.5]), ([0.5], []), ([], [])])
def test_without_evidence_nothing_is_rejected(known: list[float], unknown: list[float]) -> None:
    """Where one of the two groups is missing, the threshold is zero."""
    assert best_threshold(np.array(known), np.array([True] * len(known)), np.array(unknown), 0.3) == 0.0


def test_a_few_utterances_are_divided_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threshold of small data rests on several divisions, and changes with their number."""
    data = utterances([intent for intent in WORDS if not intent.startswith("outside_")], each=9)
    seeds: list[int] = []
    divide = OpenIntentModel._folds

    def watched(model: OpenIntentModel, labels: Any, seed: int, *, hold_out: bool) -> Any:
        seeds.append(seed)
        return divide(model, labels, seed, hold_out=hold_out)

    monkeypatch.setattr(OpenIntentModel, "_folds", watched)
    Trained(data)
    assert len(set(seeds)) == REPEATED


def test_much_data_is_tested_on_one_fold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the model itself, one regression is fitted where there is much data, and one a fold where there is little."""
    data = utterances([intent for intent in WORDS if not intent.startswith("outside_")], each=9)
    fits: list[int] = []
    regress = OpenIntentModel._regress

    def counted(model: OpenIntentModel, features: Any, labels: Any) -> Any:
        fits.append(len(labels))
        return regress(model, features, labels)

    monkeypatch.setattr(OpenIntentModel, "_regress", counted)
    monkeypatch.setattr(open_intent, "FEW", 0)
    Trained(data)
    several = len(fits)
    fits.clear()
    monkeypatch.setattr(open_intent, "ONE_FOLD", 1)
    Trained(data)
    assert (several, len(fits)) == (1 + ModelOptions().folds, 2)
