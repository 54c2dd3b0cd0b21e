"""What Rasa learns from and what the action server offers fit together."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk.executor import ActionExecutor

from tests.architecture.source import ROOT

FALLBACK = "nlu_fallback"  # Rasa's own, never in training data
LEAST = 40
OWN_WORDS = 5  # what is shorter, such as "yes, send it", anybody says in these words


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def _domain() -> dict[str, Any]:
    loaded: dict[str, Any] = _yaml(ROOT / "domain.yml")
    return loaded


@cache
def _utterances() -> dict[str, list[str]]:
    """Utterances by intent, over all files."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for item in _yaml(file)["nlu"]:
            found[item["intent"]] += [line.strip().removeprefix("- ") for line in item["examples"].splitlines() if line.strip()]
    return found


def _steps(kind: str, key: str) -> Iterator[Any]:
    """The steps of all rules or stories."""
    for file in sorted((ROOT / "data" / kind).glob("*.yml")):
        for item in _yaml(file)[kind]:
            yield from (step[key] for step in item["steps"] if key in step)


def _plain(text: str) -> str:
    """Case and punctuation do not tell two utterances apart, unless there is nothing else in them."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split()) or text


def test_the_served_actions_are_the_domains() -> None:
    """The action server registers exactly the actions that domain.yml names."""
    executor = ActionExecutor()
    executor.register_package("actions")
    assert sorted(executor.actions) == sorted(_domain()["actions"])


def test_one_action_a_file_with_a_test_of_its_name() -> None:
    """Each action has a module and a test file that bear its name, and no package lies below ``actions``."""
    for name in _domain()["actions"]:
        stem = name.removeprefix("action_")
        assert (ROOT / "actions" / f"{stem}.py").is_file(), name
        assert (ROOT / "tests" / "actions" / f"test_{stem}.py").is_file(), name
    assert [path.name for path in (ROOT / "actions").iterdir() if path.is_dir() and path.name != "__pycache__"] == []


def test_intents_are_the_same_everywhere() -> None:
    """Domain, training data and rules know the same intents: none is never learnt, none leads nowhere."""
    domain = set(_domain()["intents"])
    assert set(_utterances()) == domain
    assert set(_steps("rules", "intent")) - {FALLBACK} == domain
    assert FALLBACK in set(_steps("rules", "intent"))


def test_stories_use_known_names() -> None:
    """Stories name intents and actions that exist."""
    assert set(_steps("stories", "intent")) <= set(_domain()["intents"])
    known = {*_domain()["actions"], *_domain()["responses"], *_domain()["forms"]}
    assert set(_steps("stories", "action")) <= known
    assert set(_steps("rules", "action")) <= known


def test_every_question_of_the_form_has_an_action() -> None:
    """The form's questions are asked by actions, which word them anew each time; no reply stands in domain.yml."""
    asked = {f"action_ask_{slot}" for form in _domain()["forms"].values() for slot in form["required_slots"]}
    assert asked <= set(_domain()["actions"])
    assert not _domain()["responses"]


def test_enough_utterances() -> None:
    """Each intent is taught by enough utterances to learn from."""
    assert {name: len(texts) for name, texts in _utterances().items() if len(texts) < LEAST} == {}


def test_no_utterance_teaches_two_intents() -> None:
    """No utterance stands under two intents, whatever its case and punctuation."""
    intents: dict[str, set[str]] = defaultdict(set)
    for name, texts in _utterances().items():
        for text in texts:
            intents[_plain(text)].add(name)
    assert {text: names for text, names in intents.items() if len(names) > 1} == {}


def _evaluation() -> list[dict[str, Any]]:
    """What the lines of all files of the evaluation hold."""
    files = sorted((ROOT / "tests" / "evaluation").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_evaluation_is_not_trained_on() -> None:
    """No message of the evaluation and no longer turn of its conversations stands in the training data, or its score would mean
    nothing.
    """
    items = _evaluation()
    messages = [(item["id"], item["text"]) for item in items if "text" in item]
    talks = [item for item in items if "turns" in item]
    turns = [(item["id"], turn["say"]) for item in talks for turn in item["turns"]]
    long = [(name, text) for name, text in turns if len(text.split()) >= OWN_WORDS]
    assert len(messages) > 1500
    assert len(long) > 200
    trained = {_plain(text) for texts in _utterances().values() for text in texts}
    assert [f"{name}: {text}" for name, text in (*messages, *long) if _plain(text) in trained] == []


def test_buttons_are_understood_word_for_word() -> None:
    """What a button of an action sends stands in the training data or is read by the hand-off."""
    from actions.answering import PERSON
    from actions.clarifying import CHOICES
    from actions.handoff import CONFIRM_BUTTONS

    payloads = {button.payload for button in (PERSON, *CHOICES, *CONFIRM_BUTTONS)}
    assert payloads <= {text for texts in _utterances().values() for text in texts}
