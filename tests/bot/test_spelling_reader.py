from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.spelling import Spelling
from bot.spelling_reader import READING, SpellingReader
from tests.bot.conftest import LEXICON

TEXTS = ["where do I find my invoices", "find the invoice", "undo an import", "undo the import of contacts", "paste the invoices"]
Data = Callable[[dict[str, list[str]]], Any]


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    """Spelling towards a few utterances."""
    return Spelling(TEXTS, frozenset(LEXICON))


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("where do I find my invioces", "where do I find my invoices"),
        ("undo the imporrt", "undo the import"),
        ("where do I find my invoices", "where do I find my invoices"),
        ("I like pasta", "I like pasta"),
        ("", ""),
        ("42 %", "42 %"),
    ],
)
def test_typos_become_words_of_the_data(text: str, reading: str, spelling: Spelling) -> None:
    """A word nobody knows becomes the near word of the training data; known words stay, even near ones."""
    assert spelling.correct(text) == reading


@pytest.mark.parametrize("text", ["dove posso trovare le fatture", "qwrtz plmkn bvcxy sdfgh"])
def test_another_language_is_left_alone(text: str, spelling: Spelling) -> None:
    """Text of which much is unknown is another language or none, and stays as it is."""
    assert spelling.correct(text) == text


def test_short_words_and_names_with_capitals_stay(spelling: Spelling) -> None:
    """Short words, words with an apostrophe and names with capitals inside are no typos."""
    assert spelling.correct("the fnd isn't in invOices") == "the fnd isn't in invOices"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("qwrtz plmkn bvc", 1.0, 1.0),
        ("find my invioces", 0.2, 0.6),
        ("where do I find my invoices", 0.0, 0.0),
        ("42 %", 0.0, 0.0),
    ],
)
def test_strangeness_is_the_share_of_unknown_words(text: str, least: float, most: float, spelling: Spelling) -> None:
    """Mashed keys are all strange, a typo is a part, and a text that every word is known of is not strange."""
    assert least <= spelling.strangeness(text) <= most


def test_persisted_and_loaded(data: Data, storage: ModelStorage, context: ExecutionContext) -> None:
    """What was learnt in training mends live messages after loading; the original text stays beside the reading."""
    examples = data({"ask_billing": TEXTS})
    resource = Resource("spelling")
    SpellingReader.create({}, storage, resource, context).train(examples)
    reader = SpellingReader.load({}, storage, resource, context)
    (message,) = reader.process([Message({TEXT: "find my invioces"})])
    assert (message.get(TEXT), message.get(READING)) == ("find my invioces", "find my invoices")
    assert message.as_dict(only_output_properties=True)[READING] == "find my invoices"


def test_training_data_is_not_mended(data: Data, storage: ModelStorage, context: ExecutionContext) -> None:
    """Training utterances are what typos are mended towards and stay as they are."""
    examples = data({"ask_billing": [*TEXTS, "find my invioces"]})
    reader = SpellingReader.create({}, storage, Resource("spelling"), context)
    reader.train(examples)
    processed = reader.process_training_data(examples)
    assert "find my invioces" in [message.get(TEXT) for message in processed.training_examples]
