"""The editors' pages that change what customers see: build, golden questions side by side, publish, roll back, history."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json, redirect

from index.errors import PublishConflict
from index.gate import Decision
from index.publishing import PublishRefused
from index.scorecard import Outcome
from web.builds import BuildRunning, BuildState
from web.content import counts
from web.desk_frame import Frame, typed
from web.desk_session import KNOWLEDGE_ROLES, Session
from web.parts import Parts
from web.problems import Problem, bad_request, unavailable
from web.requests import text_field

logger = logging.getLogger(__name__)

_LONGEST_REASON = 500
_DONE = {
    "publish": "Published. Customers and the assistant see it within seconds.",
    "same": "That version was live already; nothing was changed.",
    "rollback": "Rolled back. The earlier version is live again.",
}


class PublishingPages:
    """Handlers of /desk/kb for editors and administrators; every change is entered into the audit log."""

    def __init__(self, parts: Parts, frame: Frame) -> None:
        self._workshop = parts.workshop
        self._frame = frame

    def blueprint(self) -> Blueprint:
        """All routes, ready to be registered."""
        routes = Blueprint("publishing_pages", url_prefix="/desk/kb")
        routes.add_route(self.overview, "/", methods=["GET"], strict_slashes=False)
        routes.add_route(self.progress, "/build.json", methods=["GET"])
        routes.add_route(self.build, "/build", methods=["POST"])
        routes.add_route(self.golden, "/golden", methods=["GET"])
        routes.add_route(self.publish, "/publish", methods=["POST"])
        routes.add_route(self.rollback, "/rollback", methods=["POST"])
        return routes

    async def overview(self, request: Request) -> HTTPResponse:
        """GET /desk/kb: what was edited, the newest build, the live version, and the history."""
        session = await self._frame.enter(request, KNOWLEDGE_ROLES)
        return await self._overview(session, done=_DONE.get(typed(request, "done")))

    async def progress(self, request: Request) -> HTTPResponse:
        """GET /desk/kb/build.json: how the build stands, for the progress bar."""
        await self._frame.enter(request, KNOWLEDGE_ROLES)
        return json(_progress(self._workshop.build_state()))

    async def build(self, request: Request) -> HTTPResponse:
        """POST /desk/kb/build: begin a build; one at a time."""
        session, fields = await self._frame.form(request, KNOWLEDGE_ROLES)
        try:
            await asyncio.to_thread(self._workshop.build, session.staff.name, _reason(fields))
        except BuildRunning as error:
            return await self._overview(session, problem=Problem(409, "build-running", str(error)))
        except OSError:
            logger.exception("a build could not be started")
            return await self._overview(session, problem=unavailable("The build could not be started. Try again in a moment."))
        return redirect("/desk/kb", status=303)

    async def golden(self, request: Request) -> HTTPResponse:
        """GET /desk/kb/golden: what the live version and the newest build make of the golden questions, side by side."""
        session = await self._frame.enter(request, KNOWLEDGE_ROLES)
        state = await asyncio.to_thread(self._workshop.status)
        decision, problem = None, "" if state.candidate else "There is no version yet: build first."
        if state.candidate:
            try:
                decision = await asyncio.to_thread(self._workshop.examine, state.candidate)
            except (ValueError, OSError) as error:
                problem = str(error)
        everything = typed(request, "show") == "all"
        rows = _side_by_side(decision) if decision else []
        return self._frame.page(
            session,
            "kb_golden.html",
            page_status=409 if problem else 200,
            decision=decision,
            rows=[row for row in rows if everything or row["effect"]],
            everything=everything,
            problem=problem,
        )

    async def publish(self, request: Request) -> HTTPResponse:
        """POST /desk/kb/publish {version, expected, why, force}: past the gate only by an administrator who says why."""
        session, fields = await self._frame.form(request, KNOWLEDGE_ROLES)
        force = str(fields.get("force") or "").strip()[:_LONGEST_REASON]
        if force and not session.may_force:
            raise Problem(403, "forbidden", "Only an administrator may publish past the golden questions.")
        try:
            version, why = text_field(fields, "version", longest=100), _reason(fields)
            done = await asyncio.to_thread(
                self._workshop.publish, version, session.staff.name, why, force=force, expected=_expected(fields)
            )
        except PublishRefused as refusal:
            draft = {"why": str(fields.get("why") or "")}
            problem = Problem(409, "refused", f"{refusal.decision.version} was not published. Nothing was changed.")
            return await self._overview(session, problem=problem, refusal=refusal.decision, draft=draft)
        except (Problem, ValueError, OSError) as error:
            return await self._overview(session, problem=_told(error), draft={"why": str(fields.get("why") or "")})
        return redirect(f"/desk/kb?done={'publish' if done.previous != done.version else 'same'}", status=303)

    async def rollback(self, request: Request) -> HTTPResponse:
        """POST /desk/kb/rollback {expected, why}: the version before the live one is live again."""
        session, fields = await self._frame.form(request, KNOWLEDGE_ROLES)
        try:
            expected = _expected(fields)
            await asyncio.to_thread(self._workshop.rollback, session.staff.name, _reason(fields), expected=expected)
        except (Problem, ValueError, OSError) as error:
            return await self._overview(session, problem=_told(error), draft={"back": str(fields.get("why") or "")})
        return redirect("/desk/kb?done=rollback", status=303)

    async def _overview(
        self,
        session: Session,
        *,
        done: str | None = None,
        problem: Problem | None = None,
        refusal: Decision | None = None,
        draft: dict[str, str] | None = None,
    ) -> HTTPResponse:
        context = await asyncio.to_thread(self._context)
        status = problem.status if problem else 200
        return self._frame.page(
            session,
            "kb_overview.html",
            page_status=status,
            done=done,
            problem=problem,
            refusal=refusal,
            draft=draft or {},
            **context,
        )

    def _context(self) -> dict[str, Any]:
        state, content = self._workshop.status(), self._workshop.content()
        by_version = {each.version: each for each in state.versions}
        candidate = by_version.get(state.candidate or "")
        waiting = candidate if state.candidate != state.live else None
        return {
            "state": state,
            "live": by_version.get(state.live or ""),
            "candidate": waiting,
            "candidate_changes": self._workshop.changes(waiting.version, state.live) if waiting else None,
            "earlier": self._workshop.earlier(),
            "numbers": counts(self._workshop.pages()),
            "content": content,
            "folder": self._workshop.folder,
            "build": self._workshop.build_state(),
            "events": tuple(reversed(state.events)),
        }


def _reason(fields: dict[str, Any]) -> str:
    """What for, as the history will say it; may be empty. Raises a 400 problem for a longer one than a history can show."""
    return text_field({"why": fields.get("why") or ""}, "why", longest=_LONGEST_REASON, shortest=0)


def _expected(fields: dict[str, Any]) -> str | None:
    """The version that was live when the page was made; None for "none". Raises a 400 problem where the form does not say."""
    if "expected" not in fields:
        raise bad_request("invalid-form", "Send the form as the page makes it.")
    return str(fields["expected"]) or None


def _told(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    return Problem(409, "conflict" if isinstance(error, PublishConflict) else "not-possible", str(error))


def _progress(state: BuildState | None) -> dict[str, Any]:
    if state is None:
        return {"number": 0, "running": False}
    names = ("number", "running", "line", "done", "total", "error")
    return {**{name: getattr(state, name) for name in names}, "version": state.built.version if state.built else None}


def _side_by_side(decision: Decision) -> list[dict[str, Any]]:
    """A row a question, the changed ones first: expected pages, both outcomes, and the effect (empty where nothing changed)."""
    if decision.candidate is None:
        return []
    before = {each.question: each for each in decision.baseline.outcomes} if decision.baseline else {}
    effects = {change.question: change.effect for change in decision.changes}
    order = {question: place for place, question in enumerate(effects)}
    rows = [_row(each, before.get(each.question), effects.get(each.question, "")) for each in decision.candidate.outcomes]
    return sorted(rows, key=lambda row: order.get(row["question"], len(order)))


def _row(after: Outcome, before: Outcome | None, effect: str) -> dict[str, Any]:
    return {
        "question": after.question,
        "pages": after.pages,
        "line": after.line,
        "before": before,
        "after": after,
        "effect": effect,
    }
