"""Only the policy's data and its clock may say when support answers or is open: no reply's own words do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.promises import promise_in

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted((ROOT / "actions").glob("*.py"))
# Wide on purpose: a reply of the assistant has no business with any of these, promise or not.
TIMES = (
    re.compile(r"\b(\d+|one|two|three|few|next)\s+(business\s+|working\s+)?(minutes?|hours?|days?|weeks?)\b", re.IGNORECASE),
    re.compile(r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.IGNORECASE),
    re.compile(r"\b\d{1,2}(:\d{2})?\s*([ap]\.?m\.?\b|o'clock)|\b\d{1,2}:\d{2}\b", re.IGNORECASE),
    re.compile(r"\b(business|working|opening|office)\s+(days?|hours)\b|\b24\s*/\s*7\b|\baround the clock\b", re.IGNORECASE),
    re.compile(r"\b(shortly|soon|immediately|right away|straight away|in no time|at once|as soon as)\b", re.IGNORECASE),
)


def states_a_time(text: str) -> str | None:
    """The words that state a time, if any do."""
    found = next((match.group() for pattern in TIMES if (match := pattern.search(text))), None)
    return found or promise_in(text)


def constants(file: Path) -> Iterator[str]:
    """The string constants of a module, f-strings among them, docstrings not."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    nodes = [node for node in ast.walk(tree) if isinstance(node, documented)]
    docstrings = {id(node.body[0].value) for node in nodes if node.body and isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def texts(value: Any) -> Iterator[str]:
    """All texts within nested YAML."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in texts(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in texts(item))


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.stem)
def test_no_words_of_an_action_state_a_time(file: Path) -> None:
    """No string of an action's code states a response time or opening hours."""
    found = {text: words for text in constants(file) if " " in text and (words := states_a_time(text))}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "We answer within 24 hours.",
        "The team is here Monday to Friday",
        "until 5 PM",
        "Somebody will be in touch shortly.",
        "during business days",
        "in two working days",
    ],
)
def test_the_search_finds_what_it_is_for(text: str) -> None:
    """The patterns find statements of time, so that their silence means something."""
    assert states_a_time(text)
