"""What the actions work with, built once a process.

rasa_sdk builds every action with no arguments, so an action asks :func:`services` for its tools; ``__main__`` installs the
real ones and tests install doubles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desk.conversations import ConversationLog
from desk.tickets import Tickets
from index.knowledge_base import KnowledgeBase
from policy.document import PolicyDocument


@dataclass(frozen=True)
class Links:
    """Addresses of the self-help places, from the settings."""

    help: str
    videos: str
    community: str

    def article(self, slug: str, anchor: str = "") -> str:
        """Address of an article's section in the help centre."""
        base = self.help.split("?")[0].rstrip("/")
        return f"{base}/{slug}" + (f"#{anchor}" if anchor else "")


@dataclass(frozen=True)
class Services:
    """The rooms that a turn may use, and the clock."""

    policy: PolicyDocument
    knowledge: KnowledgeBase
    conversations: ConversationLog
    tickets: Tickets
    links: Links
    now: Callable[[], datetime]


_installed: list[Services] = []


def install(built: Services) -> None:
    """Make ``built`` what all actions use from now on."""
    _installed[:] = [built]


def services() -> Services:
    """The installed services; :class:`RuntimeError` where the process forgot to install them."""
    if not _installed:
        raise RuntimeError("no services are installed; start the action server with `python -m actions`")
    return _installed[0]
