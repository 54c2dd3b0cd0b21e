"""Everything the web process is made of, built once by the composition root or a test and passed down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from desk.article_feedback import ArticleFeedback
from desk.audit import AuditLog
from desk.conversations import ConversationLog
from desk.staff import StaffAccounts
from desk.tickets import Tickets
from desk.unanswered import Unanswered
from policy.document import PolicyDocument
from web.health import HealthProbe
from web.identity import IdentityVerifier
from web.library import Library
from web.options import Options
from web.rasa_client import RasaClient
from web.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Parts:
    """What request handlers work with. ``now`` is the business clock; ``stopping`` is set when the process
    shuts down.
    """

    options: Options
    verifier: IdentityVerifier
    log: ConversationLog
    tickets: Tickets
    staff: StaffAccounts
    audit: AuditLog
    feedback: ArticleFeedback
    library: Library
    unanswered: Unanswered
    workshop: Workshop
    policy: PolicyDocument
    rasa: RasaClient
    health: HealthProbe
    now: Callable[[], datetime]
    close: Callable[[], None] = lambda: None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
