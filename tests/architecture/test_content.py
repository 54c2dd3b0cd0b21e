"""The knowledge base that ships: it keeps to the policy, which alone says when support answers."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
import yaml

from actions.integrations import OVERVIEW
from actions.refusals import NEAREST
from index.promises import promise_in
from policy.document import PolicyDocument, load_policy
from tests.architecture.source import ROOT

CONTENT = ROOT / "kb_content"
# Beside the index's own patterns: any span, weekday range or clock time in a sentence that names those who answer.
_US = re.compile(
    r"\b(our (support )?team|support team|support staff|PipeRocks Support|help@piperocks|enterprise@piperocks)\b", re.IGNORECASE
)
_TIME = re.compile(
    r"\b(\d+|one|two|three|a few|several)\s+(business\s+|working\s+)?(minutes?|hours?|days?)\b"
    r"|\b(monday|mon)\b.{1,12}\b(friday|fri)\b|\b\d{1,2}\s*[ap]m\b|\b24\s*/\s*7\b|\b(business|working) days?\b"
    r"|\b(same|next) (business |working )?day\b|\bopening hours\b|\bresponse times?\b",
    re.IGNORECASE,
)


@cache
def _policy() -> PolicyDocument:
    return load_policy()


@cache
def _pages() -> dict[str, tuple[dict[str, Any], str]]:
    """Front matter and body by path."""
    pages = {}
    for file in sorted(CONTENT.rglob("*.md")):
        _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
        pages[file.relative_to(CONTENT).as_posix()] = (yaml.safe_load(front), body)
    return pages


def _slugs() -> set[str]:
    return {str(front["slug"]) for front, _ in _pages().values()}


def _sentences(text: str) -> list[str]:
    flat = re.sub(r"[*_`]", "", text)
    return [" ".join(part.split()) for part in re.split(r"(?<=[.!?])\s+|\n\s*\n|\n(?=[-|\d#])", flat) if part.strip()]


def test_there_is_content() -> None:
    """The folder holds a help centre; a moved folder must not make this file pass by being empty."""
    assert len(_pages()) > 100


def test_no_page_states_when_support_answers() -> None:
    """No page states a response time or opening hours of support, in its text, title, summary or questions."""
    found = {}
    for path, (front, body) in _pages().items():
        texts = [str(front["title"]), str(front["summary"]), *_sentences(body)]
        for text in texts:
            words = promise_in(text) or (_US.search(text) and (match := _TIME.search(text)) and match.group())
            if words:
                found[f"{path}: {text}"] = words
    assert found == {}


@pytest.mark.parametrize(
    "text", ["Our team answers within 24 hours.", "Our support team is here Monday to Friday, 9 AM to 5 PM."]
)
def test_the_search_finds_what_it_is_for(text: str) -> None:
    """The patterns find statements of time, so that their silence means something."""
    assert promise_in(text) or (_US.search(text) and _TIME.search(text))


def test_every_integration_has_its_page() -> None:
    """Each supported integration, and each of its products, has the page that the policy names."""
    wanted = {item.slug for item in _policy().integrations}
    wanted |= {product.slug for item in _policy().integrations for product in item.products}
    assert wanted - _slugs() == set()


def test_pages_that_replies_point_to_exist() -> None:
    """Each page that a refusal or an integration's answer points to exists."""
    assert {OVERVIEW, *(slug for slugs in NEAREST.values() for slug in slugs)} - _slugs() == set()


def test_plans_and_versions_are_the_policys() -> None:
    """Pages apply to plans and release lines that the policy knows."""
    plans, lines = {plan.code for plan in _policy().plans}, {str(line.line) for line in _policy().versions}
    for path, (front, _) in _pages().items():
        assert set(front["applies_to"]["plans"]) <= plans, path
        assert {str(version) for version in front["applies_to"]["versions"]} <= lines, path


def test_areas_are_the_contracts() -> None:
    """Each page belongs to one of the four support areas, and each area has pages."""
    areas = {str(front["area"]) for front, _ in _pages().values()}
    assert areas == {"billing", "technical", "feature", "customization"}


def test_slugs_are_unique() -> None:
    """A slug names one page."""
    assert len(_slugs()) == len(_pages())
