"""Messages without words, or in another script: they ask for nothing that could be answered or declined."""

from __future__ import annotations

import re
import unicodedata

from actions.answer_language import in_english_please
from actions.clarify_request import vague
from actions.turn import Turn
from actions.turn_action import Outcome

_WORD = re.compile(r"[^\W\d_]{2}")


def unreadable(turn: Turn) -> Outcome | None:
    """The reply to a message that holds no words, or few in Latin letters; None for all others."""
    letters = [character for character in turn.text if character.isalpha()]
    latin = sum("LATIN" in unicodedata.name(character, "") for character in letters)
    if letters and latin < len(letters) / 2:
        return in_english_please(turn)
    return None if _WORD.search(turn.text) else vague(turn)
