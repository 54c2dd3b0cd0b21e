"""The web application put together from its parts."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from types import SimpleNamespace

from sanic import HTTPResponse, Request
from sanic import Sanic as SanicApp
from sanic.config import Config
from sanic.exceptions import SanicException
from sanic.response import BaseHTTPResponse, redirect

from web import demo, headers, health, problems
from web.audit_pages import AuditPages
from web.conversations_api import ConversationsApi
from web.desk_actions import DeskActions
from web.desk_api import DeskApi
from web.desk_frame import Frame, NotSignedIn
from web.desk_pages import DeskPages
from web.desk_session import Sessions
from web.desk_sign_in import SignIn
from web.editor_pages import EditorPages
from web.help_centre import HelpCentre
from web.pages import Pages
from web.parts import Parts
from web.publishing_pages import PublishingPages
from web.turns import Turns
from web.unanswered_pages import UnansweredPages

Sanic = SanicApp[Config, SimpleNamespace]

logger = logging.getLogger(__name__)
access = logging.getLogger("web.access")

HERE = Path(__file__).resolve().parent
WIDGET = HERE / "widget" / "piperocks-support.js"
_PAGE_PREFIXES = ("/help", "/desk")


def create_app(parts: Parts, *, name: str = "piperocks_support") -> Sanic:
    """The application; ``name`` must differ where one process makes several (tests do)."""
    app = Sanic(name, configure_logging=False)
    app.config.update(
        ACCESS_LOG=False,
        FALLBACK_ERROR_FORMAT="json",
        GRACEFUL_SHUTDOWN_TIMEOUT=parts.options.stop_within,
        KEEP_ALIVE_TIMEOUT=30,
        MOTD=False,
        REQUEST_MAX_SIZE=parts.options.request_limit,
        RESPONSE_TIMEOUT=90,
    )
    pages, turns = Pages(), Turns(parts.log, parts.rasa, parts.now)
    _routes(app, parts, pages, turns)
    _errors(app, pages)
    _around_requests(app, parts)
    _shut_down(app, parts, turns)
    return app


def _routes(app: Sanic, parts: Parts, pages: Pages, turns: Turns) -> None:
    sessions = Sessions(parts.options.session_secret, parts.staff, secure=parts.options.production)
    sign_in, actions = SignIn(parts), DeskActions(parts)
    app.blueprint(health.blueprint(parts.health))
    app.blueprint(ConversationsApi(parts, turns).blueprint())
    app.blueprint(DeskApi(sessions, sign_in, actions).blueprint())
    frame = Frame(parts, pages, sessions)
    app.blueprint(DeskPages(parts, pages, sessions, sign_in, actions, frame).blueprint())
    for each in (EditorPages, PublishingPages, UnansweredPages, AuditPages):
        app.blueprint(each(parts, frame).blueprint())
    app.blueprint(HelpCentre(parts, pages).blueprint())
    if parts.options.demo:
        app.blueprint(demo.blueprint(parts, pages))
    else:
        app.add_route(_to_help, "/", methods=["GET"])
    app.static("/static", HERE / "static", name="static")
    app.static("/widget/piperocks-support.js", WIDGET, name="widget", content_type="text/javascript; charset=utf-8")


async def _to_help(request: Request) -> HTTPResponse:
    return redirect("/help")


def _errors(app: Sanic, pages: Pages) -> None:
    async def told(request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, NotSignedIn):
            return redirect("/desk/sign-in", status=303)
        problem = problems.of_exception(error)
        if problem.status >= 500 and not isinstance(error, problems.Problem | SanicException):
            # The traceback stays in the log; request bodies and headers are not in it.
            logger.error("unexpected failure of %s %s", request.method, request.path, exc_info=error)
        if request.path.startswith(_PAGE_PREFIXES):
            page = pages.page("error.html", status=problem.status, problem=problem)
            page.headers.update(problem.headers)
            return page
        return problem.response()

    app.error_handler.add(Exception, told)


def _around_requests(app: Sanic, parts: Parts) -> None:
    async def begin(request: Request) -> HTTPResponse | None:
        request.ctx.started = time.perf_counter()
        return headers.preflight(request)

    async def end(request: Request, response: BaseHTTPResponse) -> None:
        headers.secure(request, response, production=parts.options.production)
        started = getattr(request.ctx, "started", None)
        took = (time.perf_counter() - started) * 1000 if started else 0.0
        # The path alone: queries hold what people search for, headers hold tokens.
        access.info("%s %s %s %.1f ms", request.method, request.path, response.status, took)

    app.register_middleware(begin, "request")
    app.register_middleware(end, "response")


def _shut_down(app: Sanic, parts: Parts, turns: Turns) -> None:
    async def stop(app: Sanic) -> None:
        """Event streams end at once; turns under way are finished and logged."""
        parts.stopping.set()
        await turns.drain(parts.options.stop_within / 2)

    async def close(app: Sanic) -> None:
        await parts.rasa.close()
        parts.workshop.close()
        parts.close()

    app.register_listener(stop, "before_server_stop")
    app.register_listener(close, "after_server_stop")
