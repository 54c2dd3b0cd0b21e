from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

import settings
from bot.scope_reader import UNITS, ScopeReader
from bot.spelling_reader import READING

RESOURCE = Resource("scope_reader")
OURS = {"outside_third_party": ["my Salesforce is broken"], "ask_feature": ["connect Mailchimp"]}
FOREIGN = {"book_flight": ["fly to Salesforce tower"], "oos": ["what is Slack"]}
Data = Callable[[dict[str, list[str]]], Any]


def _trained(data: Any, storage: ModelStorage, context: ExecutionContext) -> ScopeReader:
    """Train, persist and load as Rasa does."""
    ScopeReader.create(ScopeReader.get_default_config(), storage, RESOURCE, context).train(data)
    return ScopeReader.load(ScopeReader.get_default_config(), storage, RESOURCE, context)


def test_live_messages_get_units_and_entities(data: Data, storage: ModelStorage, context: ExecutionContext) -> None:
    """On our data a live message gets its whole text and its clauses as units, and its marks as entities with roles."""
    reader = _trained(data(OURS), storage, context)
    text = "Does Mailchimp sync? Why is my Salesforce report empty?"
    (message,) = reader.process([Message({TEXT: text})])
    units = message.get(UNITS)
    assert [part.text for part in units] == [text, "Does Mailchimp sync?", "Why is my Salesforce report empty?"]
    assert units[1].marked == "Does Slack sync?" and units[2].marked == "Why is my HubSpot report empty?"
    found = [(item["entity"], item["value"], item["role"]) for item in message.get(ENTITIES)]
    assert found == [("application", "Mailchimp", "supported"), ("application", "Salesforce", "unsupported")]
    assert all(text[item["start"] : item["end"]] == item["value"] for item in message.get(ENTITIES))
    assert ENTITIES in message.as_dict(only_output_properties=True)


def test_versions_are_entities_too(data: Data, storage: ModelStorage, context: ExecutionContext) -> None:
    """A version is an entity with its line, its role, and whether it is named for an upgrade."""
    reader = _trained(data(OURS), storage, context)
    (message,) = reader.process([Message({TEXT: "how do we upgrade from PipeRocks 5 to 7"})])
    found = [(item["entity"], item["value"], item["role"], item["upgrade"]) for item in message.get(ENTITIES)]
    assert found == [("version", "5", "unsupported", True), ("version", "7", "supported", True)]


def test_the_mended_reading_is_what_is_read(data: Data, storage: ModelStorage, context: ExecutionContext) -> None:
    """Where typos were mended, the mended text is read."""
    reader = _trained(data(OURS), storage, context)
    (message,) = reader.process([Message({TEXT: "conect Mailchip", READING: "connect Mailchimp"})])
    assert message.get(UNITS)[0].marked == "connect Slack"


def test_training_utterances_are_one_unit_each(data: Data, storage: ModelStorage, context: ExecutionContext) -> None:
    """In training an utterance is one unit, marked, however many sentences it has."""
    reader = ScopeReader.create({}, storage, RESOURCE, context)
    examples = data({**OURS, "ask_technical": ["Mailchimp fails. It worked before."]})
    reader.train(examples)
    processed = reader.process_training_data(examples)
    assert all(len(message.get(UNITS)) == 1 for message in processed.training_examples)
    marked = {message.get(TEXT): message.get(UNITS)[0].marked for message in processed.training_examples}
    assert marked["my Salesforce is broken"] == "my HubSpot is broken"


def test_foreign_data_stays_untouched(data: Data, storage: ModelStorage, context: ExecutionContext) -> None:
    """Data without refusal classes is passed through: no stand-ins, no marks, no entities, in training and live."""
    examples = data(FOREIGN)
    trainer = ScopeReader.create({}, storage, RESOURCE, context)
    trainer.train(examples)
    for message in trainer.process_training_data(examples).training_examples:
        assert message.get(UNITS)[0].marked == message.get(TEXT) and not message.get(UNITS)[0].marks.any()
    reader = ScopeReader.load({}, storage, RESOURCE, context)
    (message,) = reader.process([Message({TEXT: "Is Salesforce down? Is Slack down?"})])
    assert [part.marked for part in message.get(UNITS)] == ["Is Salesforce down? Is Slack down?"]
    assert not message.get(ENTITIES)


def test_entities_found_before_are_kept(data: Data, storage: ModelStorage, context: ExecutionContext) -> None:
    """Entities of an earlier component stay beside those found here."""
    reader = _trained(data(OURS), storage, context)
    earlier = {"entity": "city", "value": "Paris", "start": 0, "end": 5}
    (message,) = reader.process([Message({TEXT: "Paris uses Mailchimp", ENTITIES: [earlier]})])
    assert [item["entity"] for item in message.get(ENTITIES)] == ["city", "application"]


def test_an_integration_added_to_the_policy_needs_no_training(
    data: Data, storage: ModelStorage, context: ExecutionContext, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trained reader that is loaded with another policy file reads by that policy."""
    _trained(data(OURS), storage, context)
    content = yaml.safe_load(settings.load().policy_file.read_text(encoding="utf-8"))
    content["integrations"].append({"name": "Asana", "slug": "integration-asana"})
    others = content["other_applications"]
    content["other_applications"] = [item for item in others if item != "Asana"]
    assert len(content["other_applications"]) == len(others) - 1
    edited = tmp_path / "policy.yml"
    edited.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    text = "does it work with Asana"
    (before,) = ScopeReader.load({}, storage, RESOURCE, context).process([Message({TEXT: text})])
    monkeypatch.setenv("POLICY_FILE", str(edited))
    (after,) = ScopeReader.load({}, storage, RESOURCE, context).process([Message({TEXT: text})])
    assert [item["role"] for item in before.get(ENTITIES)] == ["unsupported"]
    assert [item["role"] for item in after.get(ENTITIES)] == ["supported"]
    assert after.get(UNITS)[0].marked == "does it work with Slack"


def test_training_data_is_read_as_of_the_day_of_its_labels(
    data: Data, storage: ModelStorage, context: ExecutionContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a line has ended, live messages name it as an unsupported one; utterances that were labelled before do not, or support
    would be learned for unsupported versions.
    """
    monkeypatch.setenv("SUPPORT_NOW", "2027-01-02T12:00+00:00")
    text = "PipeRocks 6.4: the deal list is empty"
    reader = _trained(data(OURS), storage, context)
    (learned,) = reader.process_training_data(data({"ask_technical": [text]})).training_examples
    (live,) = reader.process([Message({TEXT: text})])
    assert learned.get(UNITS)[0].marked == "PipeRocks 7.2: the deal list is empty"
    assert live.get(UNITS)[0].marked == "PipeRocks 4.2: the deal list is empty"
