"""Rasa component: sentence embeddings of a message's units from the exported ONNX encoder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import settings
from bot.scope_reader import UNITS
from bot.units import Unit, plain_unit
from bot.vector_cache import VectorCache
from index.encoder import Encoder, EncoderRecord, OnnxEncoder

VECTORS = "unit_vectors"  # message property: (units, dimension) float32, in the order of the units


class UnitVectors(np.ndarray[Any, np.dtype[np.float32]]):
    """Vectors of a message's units, (units, dimension), with a quick fingerprint (see :meth:`bot.units.Unit.fingerprint`)."""

    def fingerprint(self) -> str:
        """Hash of the numbers."""
        return hashlib.sha256(self.tobytes()).hexdigest()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Dense sentence features from the model of the ``model`` option or, where that is empty, of ``NLU_ENCODER``."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``model``: folder name under ``MODEL_DIR``; ``alias``: name of the features."""
        return {"model": None, "alias": "sentence_encoder"}

    def __init__(self, config: dict[str, Any], encoder: Encoder, cache: VectorCache | None = None) -> None:
        self._alias = str(config["alias"])
        self._encoder = encoder
        self._cache = cache

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another encoder makes other vectors of the same data."""
        current = settings.load()
        return EncoderRecord.read(current.model_dir / (config.get("model") or current.nlu_encoder)).fingerprint

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> EncoderFeaturizer:
        """The weights are no part of the trained model: they are loaded from ``MODEL_DIR`` each time."""
        current = settings.load()
        folder: Path = current.model_dir / (config["model"] or current.nlu_encoder)
        encoder = OnnxEncoder.load(folder, threads=os.cpu_count() or 1)
        return cls({**cls.get_default_config(), **config}, encoder, VectorCache(folder, encoder))

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check before the model folder is opened."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode all training utterances in one go; known ones are cached.

        Each alone where the encoder's record says so: what an utterance's vector is must not depend on those beside it, or a
        training from the cache would differ from one from nothing.
        """
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        self._featurize(messages, self._cache or self._encoder)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode every unit of every message in one pass."""
        return self._featurize(messages, self._encoder)

    def _featurize(self, messages: list[Message], encoder: VectorCache | Encoder) -> list[Message]:
        units: list[list[Unit]] = [message.get(UNITS) or [plain_unit(message.get(TEXT) or "")] for message in messages]
        vectors = encoder.encode([part.marked for parts in units for part in parts])
        position = 0
        for message, parts in zip(messages, units, strict=True):
            own = vectors[position : position + len(parts)].view(UnitVectors)
            position += len(parts)
            message.set(VECTORS, own)
            message.add_features(Features(np.ascontiguousarray(own[:1]), FEATURE_TYPE_SENTENCE, TEXT, self._alias))
        return messages
