from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.encoder_featurizer import EncoderFeaturizer
from bot.intent_classifier import SEGMENTS, SIGNALS, OpenIntentClassifier
from bot.open_intent import ModelOptions
from bot.scope_reader import ScopeReader
from index.encoder import HashingEncoder
from tests.bot.utterances import WORDS, utterances

Data = Callable[[dict[str, list[str]]], Any]
Train = Callable[[dict[str, list[str]]], "Understanding"]


class Understanding:
    """The pipeline from scope reader to classifier, loaded from storage as for serving."""

    def __init__(self, storage: ModelStorage, context: ExecutionContext) -> None:
        self.reader = ScopeReader.load({}, storage, Resource("reader"), context)
        self.featurizer = EncoderFeaturizer.create(EncoderFeaturizer.get_default_config(), storage, Resource("f"), context)
        self.classifier = OpenIntentClassifier.load({}, storage, Resource("classifier"), context)

    def read(self, *texts: str) -> list[Message]:
        """Live messages through all three."""
        messages = [Message({TEXT: text}) for text in texts]
        return self.classifier.process(self.featurizer.process(self.reader.process(messages)))


@pytest.fixture
def train(encoder: HashingEncoder, storage: ModelStorage, context: ExecutionContext, data: Data) -> Train:
    """Trains the pipeline on utterances by intent, persists it, and loads it again."""

    def run(given: dict[str, list[str]]) -> Understanding:
        examples = data(given)
        reader = ScopeReader.create({}, storage, Resource("reader"), context)
        reader.train(examples)
        examples = reader.process_training_data(examples)
        config = EncoderFeaturizer.get_default_config()
        examples = EncoderFeaturizer.create(config, storage, Resource("f"), context).process_training_data(examples)
        config = OpenIntentClassifier.get_default_config()
        OpenIntentClassifier.create(config, storage, Resource("classifier"), context).train(examples)
        return Understanding(storage, context)

    return run


def test_a_known_message_gets_its_intent(train: Train) -> None:
    """A message like the data gets its intent, with a ranking that it heads, both as output of the parse."""
    (message,) = train(utterances()).read("where is my refund payment")
    assert message.get(INTENT)["name"] == "ask_billing"
    ranking = message.get(INTENT_RANKING_KEY)
    assert ranking[0] == message.get(INTENT) and len(ranking) == len(WORDS)
    output = message.as_dict(only_output_properties=True)
    assert {INTENT, INTENT_RANKING_KEY, SIGNALS, SEGMENTS} <= set(output)


def test_a_foreign_message_is_the_fallback(train: Train) -> None:
    """What resembles no intent is named the fallback, ahead of the ranking that was rejected."""
    understanding = train(utterances([intent for intent in WORDS if not intent.startswith("outside_")]))
    (message,) = understanding.read("xylophones orbit marmalade")
    assert message.get(INTENT)["name"] == "nlu_fallback"
    ranking = message.get(INTENT_RANKING_KEY)
    assert ranking[0]["name"] == "nlu_fallback" and ranking[1]["name"] in WORDS
    signals = message.get(SIGNALS)
    assert signals["confidence"] < signals["threshold"]
    assert ranking[0]["confidence"] == pytest.approx(1 - signals["confidence"], abs=1e-3)


def test_each_clause_is_judged_by_itself(train: Train) -> None:
    """A message that asks two things has the intent of each of its clauses beside that of the whole."""
    (message,) = train(utterances()).read("Where is my refund payment? Why does the import crash?")
    segments = message.get(SEGMENTS)
    assert [item["text"] for item in segments] == ["Where is my refund payment?", "Why does the import crash?"]
    assert [item["name"] for item in segments] == ["ask_billing", "ask_technical"]


def test_one_question_has_no_segments(train: Train) -> None:
    """A message of one question has no clauses."""
    (message,) = train(utterances()).read("where is my refund payment")
    assert message.get(SEGMENTS) == []


def test_applications_are_judged_by_their_class(train: Train) -> None:
    """Two applications of the same class are judged alike, as both are read as the same stand-in."""
    given = {**utterances(), "outside_third_party": ["my Salesforce is broken", "fix my Jira", "Asana does not load"]}
    first, second = train(given).read("my Trello board fails", "my Salesforce board fails")
    assert first.get(INTENT) == second.get(INTENT)


def test_data_of_one_intent_or_none_trains_nothing(train: Train) -> None:
    """With fewer than two intents there is nothing to tell apart: training succeeds and no intent is named."""
    (message,) = train({"only": ["hello there", "good morning"]}).read("hello there")
    assert message.get(INTENT) == {"name": None, "confidence": 0.0}


def test_foreign_data_trains(train: Train) -> None:
    """Data of another bot, with names of its own, trains and is told apart."""
    foreign = {
        "book_flight": ["fly to Paris", "a flight to Rome", "plane to Oslo"],
        "oos": ["tell a joke", "sing a song", "who are you"],
    }
    first, second = train(foreign).read("plane to Rome", "sing a joke")
    assert (first.get(INTENT)["name"], second.get(INTENT)["name"]) == ("book_flight", "oos")


def test_options_reach_the_model(storage: ModelStorage, context: ExecutionContext) -> None:
    """What config.yml sets is what the model works with; all options have defaults there."""
    config = {**OpenIntentClassifier.get_default_config(), "unknown_share": 0.9}
    made = OpenIntentClassifier.create(config, storage, Resource("c"), context)
    assert made._model.options == ModelOptions(unknown_share=0.9)


def test_it_needs_the_featurizer() -> None:
    """Rasa checks a pipeline by what a component requires: the embeddings come first."""
    assert OpenIntentClassifier.required_components() == [EncoderFeaturizer]
