from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

import bot.encoder_featurizer
from bot.encoder_featurizer import VECTORS, EncoderFeaturizer
from bot.scope_reader import UNITS
from bot.units import unit
from index.encoder import HashingEncoder
from policy.document import PolicyDocument

Data = Callable[[dict[str, list[str]]], Any]


@pytest.fixture
def featurizer(encoder: HashingEncoder, storage: ModelStorage, context: ExecutionContext) -> EncoderFeaturizer:
    """The component as Rasa builds it, on the double of the encoder."""
    return EncoderFeaturizer.create(EncoderFeaturizer.get_default_config(), storage, Resource("featurizer"), context)


def test_each_unit_has_its_vector(featurizer: EncoderFeaturizer, encoder: HashingEncoder, policy: PolicyDocument) -> None:
    """A message gets a vector for each unit in their order, of the text as it was marked."""
    units = [unit(text, policy, date(2026, 5, 1)) for text in ("does Mailchimp sync", "hello there")]
    plain = Message({TEXT: "another one"})
    featurizer.process([Message({TEXT: "x", UNITS: units}), plain])
    message = Message({TEXT: "does Mailchimp sync", UNITS: units})
    featurizer.process([message])
    assert np.allclose(message.get(VECTORS), encoder.encode(["does Slack sync", "hello there"]))
    assert np.allclose(plain.get(VECTORS), encoder.encode(["another one"]))


def test_rasa_gets_sentence_features(featurizer: EncoderFeaturizer, encoder: HashingEncoder) -> None:
    """The whole message's vector is a dense sentence feature that other Rasa components can use."""
    message = Message({TEXT: "hello there"})
    featurizer.process([message])
    _, sentence = message.get_dense_features(TEXT)
    assert sentence is not None and sentence.features.shape == (1, encoder.dimension)
    assert [feature.origin for feature in message.features] == ["sentence_encoder"]


def test_training_data_is_encoded_in_any_number(featurizer: EncoderFeaturizer, encoder: HashingEncoder, data: Data) -> None:
    """All utterances get their own vector, the one that a message of the same text gets."""
    texts = [f"utterance number {number}" for number in range(11)]
    processed = featurizer.process_training_data(data({"a": texts}))
    for message in processed.training_examples:
        assert np.allclose(message.get(VECTORS), encoder.encode([message.get(TEXT)]))


def test_a_message_without_text_has_a_vector(featurizer: EncoderFeaturizer) -> None:
    """An empty message is encoded without an error."""
    message = Message({})
    featurizer.process([message])
    assert message.get(VECTORS).shape[0] == 1


@pytest.mark.parametrize(("option", "folder"), [(None, "all-MiniLM-L6-v2"), ("mine", "mine")])
def test_the_model_is_the_settings_or_the_option(
    option: str | None,
    folder: str,
    storage: ModelStorage,
    context: ExecutionContext,
    environment: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The encoder is the one that config.yml names, or else that of the settings, from the folder of exported models."""
    opened: list[Path] = []

    class Loads:
        @staticmethod
        def load(path: Path, **_: Any) -> HashingEncoder:
            opened.append(path)
            return HashingEncoder(8)

    monkeypatch.setattr(bot.encoder_featurizer, "OnnxEncoder", Loads)
    monkeypatch.setenv("NLU_ENCODER", "all-MiniLM-L6-v2")
    EncoderFeaturizer.create({**EncoderFeaturizer.get_default_config(), "model": option}, storage, Resource("f"), context)
    assert opened == [environment / "models" / folder]
