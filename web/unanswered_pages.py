"""The editors' work list: what customers asked in vain, in groups, with the conversations."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from desk.unanswered import STATES, Group, NotOnTheList
from web.desk_frame import Frame, chosen, form_fields, typed
from web.desk_session import UNANSWERED_ROLES, check_form_token
from web.freshness import changed_citations
from web.parts import Parts
from web.problems import bad_request, not_found

_STATES = {"open": "Open", "done": "Done", "no_article": "No article needed"}
_ORDERS = {"frequent": "Most asked", "newest": "Newest"}
_WAYS = {"meaning": "Meaning", "wording": "Wording"}
_PERIODS = {"30": "30 days", "90": "90 days", "365": "A year", "all": "All"}
_USUAL = "90"
_SHOWN = 100  # groups on the page
_AT_ONCE = 5_000  # questions that one form may mark
_DONE = {"open": "Back on the list.", "done": "Marked as done.", "no_article": "Marked as needing no article."}


class UnansweredPages:
    """Handlers of /desk/unanswered."""

    def __init__(self, parts: Parts, frame: Frame) -> None:
        self._parts = parts
        self._frame = frame

    def blueprint(self) -> Blueprint:
        """All routes, ready to be registered."""
        routes = Blueprint("unanswered_pages", url_prefix="/desk/unanswered")
        routes.add_route(self.list, "/", methods=["GET"], strict_slashes=False)
        routes.add_route(self.mark, "/mark", methods=["POST"])
        routes.add_route(self.conversation, "/<conversation_id:str>", methods=["GET"])
        return routes

    async def list(self, request: Request) -> HTTPResponse:
        """GET /desk/unanswered?state=&order=&days=&by=: groups of questions."""
        session = await self._frame.enter(request, UNANSWERED_ROLES)
        state, order = chosen(request, "state", _STATES) or "open", chosen(request, "order", _ORDERS) or "frequent"
        days, way = chosen(request, "days", _PERIODS) or _USUAL, chosen(request, "by", _WAYS)
        groups, used = await asyncio.to_thread(self._groups, days, way)
        shown = [group for group in groups if group.state == state]
        if order == "newest":
            shown.sort(key=lambda group: group.last_at, reverse=True)
        choice = {"state": state, "order": order, "days": days, "by": way or ""}
        return self._frame.page(
            session,
            "unanswered.html",
            groups=shown[:_SHOWN],
            more=max(0, len(shown) - _SHOWN),
            numbers={name: sum(group.state == name for group in groups) for name in STATES},
            choice=choice,
            here=_address(choice),
            to=lambda **changes: _address({**choice, **changes}),
            states=_STATES,
            orders=_ORDERS,
            periods=_PERIODS,
            ways=_WAYS,
            used=used,
            done=_DONE.get(typed(request, "done")),
        )

    async def mark(self, request: Request) -> HTTPResponse:
        """POST /desk/unanswered/mark {message_id..., state}: decide about a group's questions."""
        session = await self._frame.enter(request, UNANSWERED_ROLES)
        fields = form_fields(request)
        check_form_token(fields.get("form_token"), session.form_token)
        message_ids, state = _all(request, "message_id"), str(fields.get("state"))
        if state not in STATES or not 0 < len(message_ids) <= _AT_ONCE:
            raise bad_request("invalid-form", "Send the form as the page makes it.")
        try:
            await asyncio.to_thread(self._mark, message_ids, state, session.staff.name)
        except NotOnTheList as error:
            raise not_found(f"{str(error).capitalize()}.") from None
        choice = {name: str(fields.get(name) or "") for name in ("order", "days", "by")}
        return redirect(_address({"state": str(fields.get("from") or ""), **choice, "done": state}), status=303)

    async def conversation(self, request: Request, conversation_id: str) -> HTTPResponse:
        """GET /desk/unanswered/<conversation>: what was said, without what the customer could be reached by."""
        session = await self._frame.enter(request, UNANSWERED_ROLES)
        try:
            context = await asyncio.to_thread(self._conversation, conversation_id)
        except NotOnTheList:
            raise not_found("There is no such conversation among the unanswered ones.") from None
        return self._frame.page(session, "unanswered_conversation.html", **context)

    def _groups(self, days: str, way: str | None) -> tuple[tuple[Group, ...], str]:
        since = None if days == "all" else self._parts.now() - timedelta(days=int(days))
        likeness = self._parts.workshop.likeness(way)
        return self._parts.unanswered.groups(likeness, since=since), likeness.name

    def _mark(self, message_ids: tuple[str, ...], state: str, by: str) -> None:
        changed = self._parts.unanswered.mark(message_ids, state, by, self._parts.now())
        detail = {"questions": changed}
        self._parts.audit.record(by, f"unanswered.{state}", message_ids[0], detail, self._parts.now())

    def _conversation(self, conversation_id: str) -> dict[str, Any]:
        messages = self._parts.unanswered.conversation(conversation_id)
        return {
            "messages": messages,
            "changed": changed_citations(messages, self._parts.library.current()),
            "ticket": self._parts.tickets.for_conversation(conversation_id),
        }


def _all(request: Request, name: str) -> tuple[str, ...]:
    """Every value of a form's field."""
    return tuple(request.form.getlist(name) or ()) if request.form else ()


def _address(choice: dict[str, str]) -> str:
    kept = {name: value for name, value in choice.items() if value}
    return f"/desk/unanswered?{urlencode(kept)}" if kept else "/desk/unanswered"
