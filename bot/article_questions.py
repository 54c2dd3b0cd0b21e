"""Rasa component: the knowledge base's own questions teach the classifier the four support areas.

Editors give every article the questions that it answers (``questions`` in the front matter). Each is a training utterance
for ``ask_<area>``, so what the help centre covers is understood as in scope, and a new article widens the understanding
at the next training. Data without these intents (foreign NLU data) is left alone.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

import settings

AREAS = ("billing", "technical", "feature", "customization")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ArticleQuestions(GraphComponent):
    """Adds utterances in training; does nothing to live messages."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> ArticleQuestions:
        """The folder comes from ``CONTENT_DIR``."""
        return cls(settings.load().content_dir)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa keeps what a component made of the same data; without this an edited article would never reach the classifier."""
        return hashlib.sha256(repr(article_questions(settings.load().content_dir)).encode()).hexdigest()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training data with the articles' questions, less those whose words some intent has already."""
        if not {f"ask_{area}" for area in AREAS} <= training_data.intents:
            return training_data
        taken = {str(message.get(TEXT)).lower() for message in training_data.training_examples}
        new = {
            question.lower(): Message.build(text=question, intent=f"ask_{area}")
            for question, area in article_questions(self._folder)
            if question.lower() not in taken
        }
        return training_data.merge(TrainingData(list(new.values())))

    def process(self, messages: list[Message]) -> list[Message]:
        """Live messages pass through."""
        return messages


def article_questions(folder: Path) -> list[tuple[str, str]]:
    """(question, area) of every article below ``folder``, its title among them; an unreadable page is passed over.

    Whether a page is sound is the business of ``support kb check``, which names file and line.
    """
    found = []
    for file in sorted(folder.rglob("*.md")):
        parts = file.read_text(encoding="utf-8", errors="replace").split("---", 2)
        try:
            front = yaml.safe_load(parts[1]) if len(parts) == 3 and not parts[0].strip() else None
        except yaml.YAMLError:
            front = None
        if isinstance(front, dict) and front.get("area") in AREAS:
            questions = front.get("questions") or []
            texts = [front.get("title"), *(questions if isinstance(questions, list) else [])]
            found += [(str(text).strip(), str(front["area"])) for text in texts if text]
    return found
