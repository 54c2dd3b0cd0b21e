""" "Was this helpful?" below a help page: a plain form that works without JavaScript.

A vote counts for the revision that the reader saw, which the form carries signed. A form of another site is refused by what
the browser says of its origin, so that no cookie is needed for reading; only a vote sets one, which holds a random number and
makes a second vote of the same reader replace the first.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
from urllib.parse import quote, urlsplit

from sanic import HTTPResponse, Request
from sanic.response import redirect

from index.articles import Article
from web.parts import Parts
from web.problems import Problem, bad_request, too_many
from web.rate_limit import RateLimiter

COOKIE = "help_reader"
_READER = re.compile(r"[0-9a-f]{32}")
_YEAR = 365 * 24 * 60 * 60


class HelpVotes:
    """Takes the votes and makes what the form needs."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._limiter = RateLimiter(parts.options.votes)

    def token(self, article: Article) -> str:
        """The signature that the form of this revision of the page carries."""
        return self._sign(article.slug, article.revision)

    async def vote(self, request: Request) -> HTTPResponse:
        """POST /help/votes: keep the vote and lead back to the page. Raises 400, 403 and 429 problems."""
        if not _from_this_site(request):
            raise Problem(403, "foreign-form", "This form was sent from another site. Open the page and send it from there.")
        slug, revision = _field(request, "slug"), _field(request, "revision")
        token, answer = _field(request, "token"), _field(request, "helpful")
        if not hmac.compare_digest(token.encode(), self._sign(slug, revision).encode()):
            raise Problem(403, "form-expired", "This form has expired. Load the page again and send it once more.")
        if answer not in ("yes", "no"):
            raise bad_request("invalid-helpful", "The field helpful must be yes or no.")
        wait = self._limiter.wait(request.ip)
        if wait:
            raise too_many(wait, "That were many votes in a row. Wait a little and try again.")
        known = request.cookies.get(COOKIE) or ""
        reader = known if _READER.fullmatch(known) else secrets.token_hex(16)
        record = self._parts.feedback.record
        await asyncio.to_thread(record, slug, revision, reader, answer == "yes", self._parts.now())
        response = redirect(f"/help/{quote(slug)}?voted={answer}#helpful", status=303)
        secure = self._parts.options.production
        response.add_cookie(COOKIE, reader, path="/help", httponly=True, samesite="Lax", secure=secure, max_age=_YEAR)
        return response

    def _sign(self, slug: str, revision: str) -> str:
        text = f"help vote {revision} {slug}"
        return hmac.new(self._parts.options.session_secret.encode(), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _field(request: Request, name: str) -> str:
    return str(request.form.get(name, "")) if request.form else ""


def _from_this_site(request: Request) -> bool:
    """What the browser says of the form's origin. A program that says nothing has no reader's cookies that it could misuse."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return str(site) == "same-origin"
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(str(origin)).netloc == str(request.host)
    except ValueError:  # no address at all
        return False
