"""Rasa component: sets the reading of a message, its text with typos mended, which all later components read."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import settings
from bot import spelling
from bot.spelling import Spelling, lexicon, without_markup, words_of
from index.encoder import EncoderRecord
from policy.document import load_policy

READING = "reading"  # output property: the text as it was understood
STRANGENESS = "strangeness"  # output property: share of the words that no lexicon knows
MODEL = "spelling.joblib"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class SpellingReader(GraphComponent):
    """Learns the words of the training data; the lexicon of all English words is that of the ``NLU_ENCODER``.

    Names on the policy's lists are no typos: "Pinterest" is not read as "interest", nor "Keap" as "keep".
    """

    def __init__(self, storage: ModelStorage, resource: Resource, spelling: Spelling | None = None) -> None:
        self._storage, self._resource, self._spelling = storage, resource, spelling
        # Read when Rasa starts, as the scope reader does: a name that is new on the policy's lists needs no training.
        self._names = words_of(load_policy(settings.load().policy_file).names)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The lexicon of English words is the encoder's."""
        current = settings.load()
        record = EncoderRecord.read(current.model_dir / current.nlu_encoder)
        return hashlib.sha256(record.fingerprint.encode() + Path(spelling.__file__).read_bytes()).hexdigest()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SpellingReader:
        """For training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpellingReader:
        """For serving."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, joblib.load(folder / MODEL))

    def train(self, training_data: TrainingData) -> Resource:
        """Count the words of the utterances."""
        current = settings.load()
        tokenizer: Path = current.model_dir / current.nlu_encoder / "tokenizer.json"
        texts = [str(message.get(TEXT)) for message in training_data.training_examples if message.get(TEXT)]
        self._spelling = Spelling(texts, lexicon(tokenizer))
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._spelling, folder / MODEL)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Utterances are read as they are: they are what typos are mended towards."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the reading of live messages."""
        for message in messages:
            text = message.get(TEXT) or ""
            plain = without_markup(text)
            reading = self._spelling.correct(plain, self._names) if self._spelling else plain
            message.set(READING, reading, add_to_output=True)
            message.set(STRANGENESS, self._spelling.strangeness(text, self._names) if self._spelling else 0.0, add_to_output=True)
        return messages
