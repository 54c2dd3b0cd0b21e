from __future__ import annotations

import pytest

from bot.choices import chosen

BUTTONS = [
    {"title": "Billing or my account", "payload": "I have a question about billing"},
    {"title": "Something doesn't work", "payload": "Something in PipeRocks doesn't work"},
    {"title": "How to use or set up", "payload": "I want to know how to set up a feature"},
]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("2.", 1),
        ("the second one", 1),
        ("ok, number 3 please", 2),
        ("the last one", 2),
        ("billing or my account", 0),
        ("SOMETHING DOESN'T WORK!", 1),
        ("I have a question about billing", 0),
    ],
)
def test_typed_equivalents_mean_the_button(text: str, place: int) -> None:
    """A number, an ordinal, the title or the payload, in any case of letters, mean what pressing the button means."""
    assert chosen(text, BUTTONS) == BUTTONS[place]["payload"]


@pytest.mark.parametrize("text", ["4", "two invoices are missing", "the second invoice", "yes", "", "?", "12"])
def test_other_words_choose_nothing(text: str) -> None:
    """What is no choice of a button stays what it is."""
    assert chosen(text, BUTTONS) is None


def test_a_number_may_be_an_answer_of_its_own() -> None:
    """Where numbers are answers they choose no button; titles still do."""
    assert chosen("2", BUTTONS, by_number=False) is None
    assert chosen("How to use or set up", BUTTONS, by_number=False) == BUTTONS[2]["payload"]


def test_one_button_is_not_chosen_by_number() -> None:
    """Where there is nothing to choose between, a number is no choice."""
    assert chosen("1", BUTTONS[:1]) is None
    assert chosen("1", []) is None
