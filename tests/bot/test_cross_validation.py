from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from bot.cross_validation import cross_validate, parts, read_examples
from bot.intent_classifier import Examples
from bot.open_intent import ModelOptions
from index.encoder import HashingEncoder
from tests.bot.utterances import no_marks, utterances

PIPELINE = [
    {"name": "bot.spelling_reader.SpellingReader"},
    {"name": "bot.scope_reader.ScopeReader"},
    {"name": "bot.encoder_featurizer.EncoderFeaturizer"},
    {"name": "bot.intent_classifier.OpenIntentClassifier", "ridge": 0.2},
]


@pytest.fixture
def examples() -> Examples:
    """Five intents of twelve utterances each, one of them read like another."""
    data = utterances()
    texts = [text for each in data.values() for text in each]
    texts[1] = f"{texts[0].upper()}!"
    labels = [intent for intent, each in data.items() for _ in each]
    return Examples(texts, HashingEncoder(48).encode(texts), no_marks(len(texts)), labels)


def test_each_utterance_is_named_once(examples: Examples) -> None:
    """The folds cover all utterances, none twice, each with every intent in it."""
    folds = parts(examples.texts, examples.labels, 4)
    assert sorted(np.concatenate(folds).tolist()) == list(range(len(examples.texts)))
    assert all({examples.labels[row] for row in fold} == set(examples.labels) for fold in folds)


def test_texts_that_are_read_alike_lie_in_one_fold(examples: Examples) -> None:
    """The model knows its utterances by heart: one that it learned word for word would be no test."""
    together = [fold for fold in parts(examples.texts, examples.labels, 4) if 0 in fold]
    assert len(together) == 1 and 1 in together[0]


def test_rows_tell_what_a_model_says_that_did_not_learn_them(examples: Examples) -> None:
    """A row for every utterance with likeliest intent, probability, confidence and verdict; most are named rightly."""
    rows = list(cross_validate(examples, ModelOptions(), 3))
    assert sorted(each["text"] for each in rows) == sorted(examples.texts)
    assert {each["fold"] for each in rows} == {1, 2, 3}
    assert all(0 <= each["confidence"] <= 1 and 0 < each["probability"] <= 1 for each in rows)
    assert {each["accepted"] for each in rows} <= {True, False}
    assert np.mean([each["named"] == each["intent"] for each in rows]) > 0.8


def project(folder: Path, pipeline: list[dict[str, object]]) -> tuple[Path, Path]:
    """A configuration and training data of its own."""
    (folder / "config.yml").write_text(yaml.safe_dump({"recipe": "default.v1", "pipeline": pipeline}))
    blocks = [
        {"intent": "ask_billing", "examples": "- where is my invoice\n- refund my card\n"},
        {"intent": "outside_third_party", "examples": "- fix my Gmail account\n- Pipedrive is down\n"},
    ]
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}))
    return folder / "config.yml", folder / "nlu.yml"


def test_utterances_come_through_the_pipeline(tmp_path: Path, encoder: HashingEncoder) -> None:
    """The classifier's options are those of the configuration; names are read by their stand-ins, as in training."""
    found, options = read_examples(*project(tmp_path, PIPELINE))
    assert options == ModelOptions(ridge=0.2)
    assert found.labels == ["ask_billing"] * 2 + ["outside_third_party"] * 2
    assert found.texts[3] == "HubSpot is down"
    assert found.dense == pytest.approx(encoder.encode(found.texts))
    assert found.marks[3].sum() == 1


def test_another_classifier_is_refused(tmp_path: Path, encoder: HashingEncoder) -> None:
    """Figures of a model that is not served would mislead."""
    with pytest.raises(ValueError, match="EncoderFeaturizer, not OpenIntentClassifier"):
        read_examples(*project(tmp_path, PIPELINE[:-1]))
