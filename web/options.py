"""The plain values of the web process, passed in by the composition root."""

from __future__ import annotations

from dataclasses import dataclass

from web.rate_limit import Allowance

DEVELOPMENT_MESSAGES = Allowance(burst=300, per_second=50)
"""Evaluations send as fast as the system answers, all as one customer."""

PRODUCTION_MESSAGES = Allowance(burst=30, per_second=2)
"""A person types slower than this; a script that floods is told to wait."""

SIGN_INS = Allowance(burst=10, per_second=0.2)
"""Tries to sign in, for each address and name."""

VOTES = Allowance(burst=30, per_second=0.2)
"""Votes on help pages, for each address: a company's readers may share one."""


@dataclass(frozen=True, slots=True)
class Options:
    """Switches and limits; the defaults suit a development run.

    ``session_secret`` signs staff sessions. ``identity_secret`` mints the demo page's tokens and is empty
    in production. Times are seconds, sizes bytes.
    """

    session_secret: str
    identity_secret: str = ""
    production: bool = False
    videos_url: str = "/help?kind=video"
    community_url: str = "https://community.piperocks.com"
    messages: Allowance = DEVELOPMENT_MESSAGES
    sign_ins: Allowance = SIGN_INS
    votes: Allowance = VOTES
    poll_interval: float = 1.0
    heartbeat: float = 15.0
    streams_per_customer: int = 8
    request_limit: int = 512 * 1024
    stop_within: float = 4.0

    @property
    def demo(self) -> bool:
        """Whether the demo page and its token mint exist."""
        return not self.production and bool(self.identity_secret)
