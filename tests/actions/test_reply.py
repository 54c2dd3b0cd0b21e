from __future__ import annotations

from dataclasses import replace

from actions.reply import variant
from actions.turn import Intent, Turn
from desk.identity import Identity

CHOICES = ("one", "two", "three")
READ = Intent("thank", 1.0)
TURN = Turn("c", "m", "x", "x", READ, (READ,), {}, 0.0, (), (), (), Identity("u"), {}, False)


def test_no_wording_comes_twice_before_all_came_once() -> None:
    """A conversation hears every wording before it hears one again, and then the one heard longest ago."""
    said: list[str] = []
    for number in range(6):
        said.append(variant(replace(TURN, message_id=f"m{number}", said=tuple(said)), CHOICES))
    assert set(said[:3]) == set(CHOICES) and said[3:] == said[:3]


def test_a_repeated_turn_reads_the_same() -> None:
    """The same message at the same point of a talk gets the same wording."""
    assert len({variant(replace(TURN, said=("two",)), CHOICES) for _ in range(5)}) == 1
