"""Messages without words, of letters that make none, or in another script: they ask for nothing that could be answered."""

from __future__ import annotations

import re
import unicodedata

from actions.clarifying import in_english_please, not_understood
from actions.deciding import SURE_REFUSAL
from actions.languages import language_of
from actions.policy_answers import topic_of
from actions.refusals import refusal_of
from actions.turn import Turn
from actions.turn_action import Outcome

LANGUAGE = "other_language"
HINT_OF_LANGUAGE = 0.3
SURE = 0.5  # of a topic of the policy, from which even figures alone ask for it
MOSTLY_STRANGE = 0.7  # share of words that no lexicon knows
_WORD = re.compile(r"[^\W\d_]{2}")


def unreadable(turn: Turn) -> Outcome | None:
    """The reply to a message that holds no words, or few in Latin letters or in a lexicon; None for all others."""
    letters = [character for character in turn.text if character.isalpha()]
    latin = sum("LATIN" in unicodedata.name(character, "") for character in letters)
    if letters and latin < len(letters) / 2:
        return in_english_please(turn)
    if not _WORD.search(turn.text):
        topic, declined = topic_of(turn.intent.name), refusal_of(turn.intent.name)
        sure = turn.intent.confidence >= (SURE if topic else SURE_REFUSAL)  # "24/7?", "3x + 7 = 22, x?"
        return None if (topic or declined) and sure else not_understood(turn)
    named = turn.applications or turn.versions or any(character.isdigit() for character in turn.text)
    if named or turn.strangeness < MOSTLY_STRANGE:
        return None
    hint = sum(item.confidence for item in turn.ranking if item.name == LANGUAGE)
    return in_english_please(turn) if language_of(turn.text) or hint >= HINT_OF_LANGUAGE else not_understood(turn)
