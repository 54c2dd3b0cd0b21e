"""The simulated small chatbots."""

from __future__ import annotations

import pytest

from benchmarks.open_intents import Labelled, Parsed
from benchmarks.small_chatbots import UNKNOWN, Pool, draw, figures, read_pool
from index.encoder import HashingEncoder


def _values() -> dict[str, list[list[str]]]:
    """CLINC150's form: 90 intents whose utterances share a word of their own."""
    rows = [[f"topic{n} {verb} {thing}", f"intent_{n}"] for n in range(90) for verb in VERBS for thing in THINGS]
    strange = [[f"stranger{n} {verb}", "oos"] for n in range(40) for verb in VERBS]
    return {"train": rows, "val": [], "oos_train": strange, "oos_val": [], "test": [["never read", "intent_0"]]}


VERBS = ("show", "move", "hide", "paint", "count")
THINGS = ("boxes", "lines", "pages", "rooms", "trees")


@pytest.fixture(scope="module")
def pool() -> Pool:
    """What is drawn from, with vectors that know words alone."""
    return read_pool(_values(), HashingEncoder())


def test_the_test_split_is_left_alone(pool: Pool) -> None:
    """Nothing of CLINC150's test split is drawn from."""
    assert "never read" not in pool.vectors


@pytest.mark.parametrize("number", range(3))
def test_a_chatbot_is_judged_on_what_it_was_not_taught(number: int, pool: Pool) -> None:
    """No message stands in the training data, unknown ones are of no taught intent, and about the share that was set."""
    chatbot = draw(number, pool)
    intents = {str(item.intent) for item in chatbot.taught}
    assert not {item.text for item in chatbot.taught} & {item.text for item in chatbot.asked}
    unknown = [item.text for item in chatbot.asked if item.intent is None]
    taught_words = {f"topic{name.split('_')[1]}" for name in intents}
    assert number % 2 or not {text.split()[0] for text in unknown} & taught_words
    assert abs(len(unknown) / len(chatbot.asked) - UNKNOWN[(number // 3 + number) % len(UNKNOWN)]) < 0.05


def test_the_same_number_gives_the_same_chatbot(pool: Pool) -> None:
    """Two runs judge the same messages."""
    assert draw(1, pool) == draw(1, pool)


def test_figures_of_what_was_said() -> None:
    """A right name that is kept and a rejection of what is unknown are right; the best bound is the best in hindsight."""
    asked = [Labelled("a", "one"), Labelled("b", "two"), Labelled("c", None), Labelled("d", None)]
    parsed = [
        Parsed("one", 0.9, "one", 1.0),
        Parsed(None, 0.5, "two", 1.0),
        Parsed("one", 0.6, "one", 1.0),
        Parsed(None, 0.1, "two", 1.0),
    ]
    found = figures(asked, parsed)
    assert found["right"] == 0.5 and found["right_at_best_bound"] == 0.75
    assert found["in_scope_without_rejection"] == 1.0
    assert found["in_scope_kept"] == 0.5 and found["unknown_caught"] == 0.5 and found["unknown_share"] == 0.5
