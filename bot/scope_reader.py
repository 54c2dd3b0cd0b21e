"""Rasa component: reads a message against the policy's lists of integrations, other applications and versions."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import settings
from bot import units
from bot.spelling_reader import READING
from bot.units import Mark, clauses, find_marks, plain_unit, possible_marks, training_unit, unit
from policy import applications, versions
from policy.document import load_policy

UNITS = "units"  # message property: the whole text first, then its clauses
RECORD = "reader.json"
_READ_WITH = (Path(units.__file__), Path(applications.__file__), Path(versions.__file__))
SCOPE_PREFIX = "outside_"


# A featurizer as well: of an extractor alone Rasa reads no training data, and the classifier would learn from other texts than
# those it is asked about.
@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True
)
class ScopeReader(GraphComponent):
    """Sets the entities ``application`` and ``version`` and the units that the classifier reads.

    It is active only where the training data has intents of the refusal classes (``outside_...``): foreign NLU data
    passes through untouched.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No options: the policy decides."""
        return {}

    def __init__(self, storage: ModelStorage, resource: Resource, active: bool = False) -> None:
        self._storage, self._resource, self._active = storage, resource, active
        self._settings = settings.load()
        self._policy = load_policy(self._settings.policy_file)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The policy's lists decide how an utterance is read, beside the data (see :mod:`bot.article_questions`)."""
        current = settings.load()
        return hashlib.sha256(
            b"".join(
                [
                    *(file.read_bytes() for file in _READ_WITH),
                    current.policy_file.read_bytes(),
                ]
            )
        ).hexdigest()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> ScopeReader:
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
    ) -> ScopeReader:
        """For serving; whether it is active was decided in training."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, active=(folder / RECORD).read_text() == "active")

    def train(self, training_data: TrainingData) -> Resource:
        """Decide whether the data knows the policy's refusal classes."""
        self._active = any(name.startswith(SCOPE_PREFIX) for name in training_data.intents)
        with self._storage.write_to(self._resource) as folder:
            (folder / RECORD).write_text("active" if self._active else "passive")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Utterances are one unit each; clauses matter for live messages only."""
        for message in training_data.training_examples:
            text = message.get(TEXT)
            if text:
                read = training_unit(text, self._policy) if self._active else plain_unit(text)
                message.set(UNITS, [read])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set units and entities of live messages."""
        today = self._settings.now().date()
        for message in messages:
            text = message.get(READING) or message.get(TEXT) or ""
            if not self._active:
                message.set(UNITS, [plain_unit(text)])
                continue
            message.set(UNITS, [unit(part, self._policy, today) for part in (text, *clauses(text))])
            found = [_entity(mark) for mark in find_marks(text, self._policy, today)]
            perhaps = [_entity(mark, sure=False) for mark in possible_marks(text, self._policy, today)]
            message.set(ENTITIES, message.get(ENTITIES, []) + found + perhaps, add_to_output=True)
        return messages


def _entity(mark: Mark, *, sure: bool = True) -> dict[str, Any]:
    return {
        "entity": mark.kind,
        "value": mark.value,
        "start": mark.start,
        "end": mark.end,
        "role": "supported" if mark.supported else "unsupported",
        "upgrade": mark.upgrade,
        "sure": sure,
        "extractor": ScopeReader.__name__,
    }
