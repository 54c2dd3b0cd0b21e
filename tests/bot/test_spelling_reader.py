from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

import settings
from bot.spelling import Spelling, with_apostrophes
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


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Ive got it and it dont work, whats up", "I've got it and it don't work, what's up"),
        ("we cant and wont, im off, nobodys here", "we can't and won't, i'm off, nobody's here"),
        ("its 9pm and its still slow", "it's 9pm and it's still slow"),
        ("its own page, were we ill, the ants, an id", "its own page, were we ill, the ants, an id"),
        ("that's what's on, don't", "that's what's on, don't"),
        ("Whats App, im@example.com, /whats-new, IM notes", "Whats App, im@example.com, /whats-new, IM notes"),
    ],
)
def test_lost_apostrophes_come_back(text: str, reading: str) -> None:
    """Words that only lack their apostrophe get it back; what is a word of its own without it stays."""
    assert with_apostrophes(text) == reading


@pytest.mark.parametrize("text", ["dove posso trovare le fatture", "qwrtz plmkn bvcxy sdfgh"])
def test_another_language_is_left_alone(text: str, spelling: Spelling) -> None:
    """Text of which much is unknown is another language or none, and stays as it is."""
    assert spelling.correct(text) == text


def test_short_words_and_names_with_capitals_stay(spelling: Spelling) -> None:
    """Short words, words with an apostrophe and names with capitals inside are no typos."""
    assert spelling.correct("the fnd isn't in invOices") == "the fnd isn't in invOices"


def test_a_slip_in_a_name_that_everybody_writes() -> None:
    """A long name with capitals inside is mended into a common word alone: "DealMasters" is nobody's slip."""
    often = Spelling([*["PipeRocks loads slowly"] * 20, "dealmaster"], frozenset(LEXICON))
    assert often.correct("PipeRcoks loads slowly") == "piperocks loads slowly"
    assert often.correct("DealMastre loads slowly") == "DealMastre loads slowly"


def test_two_swapped_letters_of_a_short_word(spelling: Spelling) -> None:
    """ "yse" and "Hwo" are a common word with two letters swapped; a rare word is not guessed at, and a known one stays."""
    often = Spelling(["yes do it, how can I", *["how can I", "yes please"] * 20], frozenset(["act"]))
    assert often.correct("yse, hwo cna i") == "yes, how can i"
    assert often.correct("Hwo, act and KPI") == "how, act and KPI"
    assert spelling.correct("od ti, fnid cna") == "od ti, find cna"


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


def test_names_on_the_policys_lists_are_no_typos(
    data: Data, storage: ModelStorage, context: ExecutionContext, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name near a word of the data is left alone, in any case; one that is new in the policy file, with no training."""
    resource = Resource("spelling")
    texts = ["keep an interest", "keep the interest", "undo the import", "undo an import", "can I write to it", "write it"]
    SpellingReader.create({}, storage, resource, context).train(data({"ask_feature": texts}))

    def reading(text: str) -> Any:
        return SpellingReader.load({}, storage, resource, context).process([Message({TEXT: text})])[0].get(READING)

    assert reading("undo the imporrt to Keap and pinterest") == "undo the import to Keap and pinterest"
    assert reading("can I write to imporrt") == "can I write to import"
    assert reading("can I undo the wrate to it") == "can I undo the write to it"
    content = yaml.safe_load(settings.load().policy_file.read_text(encoding="utf-8"))
    content["integrations"].append({"name": "Wrate", "slug": "integration-wrate"})
    edited = tmp_path / "policy.yml"
    edited.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    monkeypatch.setenv("POLICY_FILE", str(edited))
    assert reading("can I undo the wrate to it") == "can I undo the wrate to it"


def test_a_name_is_not_strange(spelling: Spelling) -> None:
    """A known name counts among the words that are understood."""
    assert spelling.strangeness("find my gcal", {"gcal"}) < spelling.strangeness("find my gcal")


def test_training_data_is_not_mended(data: Data, storage: ModelStorage, context: ExecutionContext) -> None:
    """Training utterances are what typos are mended towards and stay as they are."""
    examples = data({"ask_billing": [*TEXTS, "find my invioces"]})
    reader = SpellingReader.create({}, storage, Resource("spelling"), context)
    reader.train(examples)
    processed = reader.process_training_data(examples)
    assert "find my invioces" in [message.get(TEXT) for message in processed.training_examples]
