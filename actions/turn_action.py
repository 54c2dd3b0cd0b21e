"""The base of all actions: reads the turn, does its work off the event loop, says the replies, sets the slots."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.composition import Services, services
from actions.reply import Reply, utter
from actions.turn import ASKED_BACK, Turn, read_turn


@dataclass(frozen=True)
class Outcome:
    """What an action brings about: replies (each with what to remember of it), slots, and an action to follow."""

    replies: Sequence[Reply] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    followup: str | None = None

    def events(self, said: str = "") -> list[EventType]:
        """Rasa's events for it; ``slots`` win over what the replies remember.

        Where a clause of what the customer ``said`` was the question, the whole of it is kept for who reads a ticket on it.
        """
        merged: dict[str, Any] = {}
        for item in self.replies:
            merged.update(item.memory)
        merged.update(self.slots)
        asked = str(merged.get("last_question") or "")
        if asked and asked != said and asked in said:
            merged["last_told"] = said
        events = [SlotSet(name, value) for name, value in merged.items()]
        return [*events, FollowupAction(self.followup)] if self.followup else events


class TurnAction(Action, ABC):
    """An action of the dialogue; ``ActionOpenTicket`` is ``action_open_ticket`` in ``domain.yml``."""

    def name(self) -> str:
        """The name, from the class's own."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @abstractmethod
    def take(self, turn: Turn, built: Services) -> Outcome:
        """Do the work of one turn; may block (search, database), as it runs in a thread."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: object) -> list[EventType]:
        """Called by rasa_sdk."""
        turn = read_turn(tracker)
        outcome = await asyncio.to_thread(self.take, turn, services())
        utter(dispatcher, turn, outcome.replies)
        answered = [SlotSet(ASKED_BACK, None)] if turn.memory.get(ASKED_BACK) else []
        return [*answered, *outcome.events(turn.text)]
