"""Tests of what Rasa makes of ``config.yml`` in training."""

from __future__ import annotations

from pathlib import Path

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.data import TrainingType

from bot.article_questions import ArticleQuestions
from bot.encoder_featurizer import EncoderFeaturizer
from bot.intent_classifier import OpenIntentClassifier
from bot.scope_reader import ScopeReader
from bot.spelling_reader import SpellingReader

ROOT = Path(__file__).parents[2]


def test_the_classifier_learns_from_what_it_is_asked_about() -> None:
    """Every reader of a message also reads the training data, in the order of the pipeline: what is read differently in training
    (applications and versions by their names, live by their stand-ins) is learned in vain.
    """
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    graph = DefaultV1Recipe().graph_config_for_recipe(config, {}, training_type=TrainingType.NLU).train_schema.nodes

    reads = {node.uses: name for name, node in graph.items() if node.fn == "process_training_data"}
    learns = next(node for node in graph.values() if node.uses is OpenIntentClassifier and node.fn == "train")
    assert set(reads) == {ArticleQuestions, SpellingReader, ScopeReader, EncoderFeaturizer}
    needed, order = learns.needs["training_data"], []
    while needed in graph and graph[needed].uses in reads:
        order.append(graph[needed].uses)
        needed = graph[needed].needs["training_data"]
    assert order[::-1] == [ArticleQuestions, SpellingReader, ScopeReader, EncoderFeaturizer]
