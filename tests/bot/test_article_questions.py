from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.article_questions import AREAS, ArticleQuestions, article_questions

Data = Callable[[dict[str, list[str]]], Any]
OURS = {f"ask_{area}": [f"one of {area}", f"two of {area}"] for area in AREAS}
PAGE = """---
title: Find your invoices
area: billing
questions:
  - where do I find invoices
  - One of Billing
---
## Text
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder with one sound page below a folder."""
    folder = tmp_path / "content" / "articles" / "billing"
    folder.mkdir(parents=True)
    (folder / "find-invoices.md").write_text(PAGE, encoding="utf-8")
    return tmp_path / "content"


def _component(content: Path, monkeypatch: pytest.MonkeyPatch) -> ArticleQuestions:
    monkeypatch.setenv("CONTENT_DIR", str(content))
    return ArticleQuestions.create({}, None, None, None)  # type: ignore[arg-type]


def _texts(training_data: Any, intent: str) -> list[str]:
    return [message.get(TEXT) for message in training_data.intent_examples if message.get(INTENT) == intent]


def test_title_and_questions_teach_the_area(content: Path, data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each article's title and questions become utterances of its area, beside those that were there."""
    taught = _component(content, monkeypatch).process_training_data(data(OURS))
    billing = _texts(taught, "ask_billing")
    assert {"one of billing", "two of billing", "Find your invoices", "where do I find invoices"} <= set(billing)
    assert len(_texts(taught, "ask_technical")) == 2


def test_words_that_an_intent_has_are_not_doubled(content: Path, data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that stands in the data already, under whatever intent, is not added."""
    given = {**OURS, "follow_up": ["where do I FIND invoices"]}
    taught = _component(content, monkeypatch).process_training_data(data(given))
    assert _texts(taught, "ask_billing") == ["one of billing", "two of billing", "Find your invoices"]


def test_foreign_data_stays_untouched(content: Path, data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    """Data without the four support areas comes back as it is."""
    foreign = data({"book_flight": ["fly to Paris"], "ask_billing": ["my bill"]})
    assert _component(content, monkeypatch).process_training_data(foreign) is foreign


def test_live_messages_pass_through(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live message is not changed."""
    message = Message({TEXT: "where do I find invoices"})
    assert _component(content, monkeypatch).process([message]) == [message]
    assert message.data == {TEXT: "where do I find invoices"}


UNSOUND = (
    "no front matter",
    "",
    "---\ntitle: [\n---\n",
    "---\narea: billing\n",
    "---\n- a list\n---\n",
    "---\ntitle: x\narea: cooking\n---\n",
)


@pytest.mark.parametrize("text", UNSOUND)
def test_an_unsound_page_is_passed_over(text: str, content: Path) -> None:
    """A page that cannot be read, or belongs to no area, teaches nothing and stops nothing."""
    before = article_questions(content)
    (content / "broken.md").write_text(text, encoding="utf-8")
    assert article_questions(content) == before


def test_odd_questions_are_harmless(content: Path) -> None:
    """Questions that are no list are left out; the title still counts."""
    (content / "odd.md").write_text("---\ntitle: Odd\narea: feature\nquestions: none\n---\n", encoding="utf-8")
    assert ("Odd", "feature") in article_questions(content)
