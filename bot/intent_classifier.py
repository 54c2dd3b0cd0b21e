"""Rasa component: intents with an honest "none of these", for the message and for each of its clauses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import kernel_ridge, open_intent
from bot.encoder_featurizer import VECTORS, EncoderFeaturizer
from bot.open_intent import ModelOptions, OpenIntentModel, Verdict
from bot.scope_reader import UNITS
from bot.units import plain_unit

SEGMENTS = "segments"  # output property: intent of each clause of a message that asks several things
SIGNALS = "signals"  # output property: what the decision stands on, for transcripts
MODEL = "open_intent.joblib"


@dataclass(frozen=True)
class Examples:
    """Utterances as :meth:`bot.open_intent.OpenIntentModel.fit` takes them, one a row."""

    texts: list[str]
    dense: NDArray[np.float32]
    marks: NDArray[np.float32]
    labels: list[str]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class OpenIntentClassifier(IntentClassifier, GraphComponent):
    """Names ``nlu_fallback`` where :class:`bot.open_intent.OpenIntentModel` rejects all intents."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The embeddings come from the featurizer before it."""
        return [EncoderFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The fields of :class:`bot.open_intent.ModelOptions`; ``unknown_share`` is the share of unknown traffic."""
        return {name: getattr(ModelOptions(), name) for name in ModelOptions.__dataclass_fields__}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa looks at this class's own lines alone; what it learns with stands in other modules."""
        return hashlib.sha256(
            b"".join(Path(str(module.__file__)).read_bytes() for module in (open_intent, kernel_ridge))
        ).hexdigest()

    def __init__(self, storage: ModelStorage, resource: Resource, model: OpenIntentModel) -> None:
        self._storage, self._resource, self._model = storage, resource, model

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> OpenIntentClassifier:
        """For training, with the options of ``config.yml``."""
        options = {name: config[name] for name in ModelOptions.__dataclass_fields__ if name in config}
        return cls(model_storage, resource, OpenIntentModel(ModelOptions(**options)))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OpenIntentClassifier:
        """For serving."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, joblib.load(folder / MODEL))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the intent examples; data without at least two intents leaves an untrained model."""
        examples = examples_of(training_data)
        if examples is not None:
            self._model.fit(examples.texts, examples.dense, examples.marks, examples.labels)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._model, folder / MODEL)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, signals, and the clauses' intents."""
        for message in messages:
            units = message.get(UNITS) or [plain_unit(message.get(TEXT) or "")]
            vectors = message.get(VECTORS)
            if vectors is None or not self._model.fitted:
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
                continue
            verdicts = [self._model.predict(part.marked, vectors[i : i + 1], part.marks) for i, part in enumerate(units)]
            ranking = _ranking(verdicts[0])
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(SIGNALS, _signals(verdicts[0], self._model.threshold), add_to_output=True)
            clauses = zip(units[1:], verdicts[1:], strict=True)
            message.set(SEGMENTS, [_segment(part.text, verdict) for part, verdict in clauses], add_to_output=True)
        return messages


def examples_of(training_data: TrainingData) -> Examples | None:
    """What the components before this one made of the intent examples; None of data with fewer than two intents."""
    messages = [message for message in training_data.intent_examples if message.get(TEXT)]
    units = [(message.get(UNITS) or [plain_unit(message.get(TEXT))])[0] for message in messages]
    labels = [message.get(INTENT) for message in messages]
    if len(set(labels)) < 2:
        return None
    dense = np.concatenate([message.get(VECTORS)[:1] for message in messages])
    return Examples([part.marked for part in units], dense, np.concatenate([part.marks for part in units]), labels)


def _ranking(verdict: Verdict) -> list[dict[str, Any]]:
    """Rasa's ranking; a rejected message is headed by the fallback, whose confidence says how far it was from a match."""
    ranking = [{"name": name, "confidence": probability} for name, probability in verdict.ranking]
    if verdict.accepted:
        return ranking
    return [{"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0 - verdict.confidence}, *ranking]


def _segment(text: str, verdict: Verdict) -> dict[str, Any]:
    """A clause with its intent and the ranking behind it."""
    ranking = _ranking(verdict)
    return {"text": text, **ranking[0], "ranking": ranking}


def _signals(verdict: Verdict, threshold: float) -> dict[str, Any]:
    return {
        "confidence": round(verdict.confidence, 4),
        "similarity": round(verdict.similarity, 4),
        "threshold": round(threshold, 4),
        "nearest": verdict.nearest,
    }
