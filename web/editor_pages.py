"""The editors' pages about content: all pages with their state, one page as customers will see it, search with reasons, check."""

from __future__ import annotations

import asyncio
import difflib
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup
from sanic import Blueprint, HTTPResponse, Request

from index.articles import Article
from index.reader import Source
from web.content import STATES, counts
from web.desk_frame import Frame, chosen, typed
from web.desk_session import KNOWLEDGE_ROLES
from web.help_centre import long_date
from web.help_lists import AREAS, KINDS, area_of
from web.parts import Parts
from web.problems import not_found
from web.rendering import allowed_link, article_html
from web.series import places

_CHOICES = {**STATES, "changed": "To be published"}
_SEARCHED = {"live": "Live version", "candidate": "Newest build"}
_CHANGED = ("edited", "new", "removed")


class EditorPages:
    """Handlers of /desk/kb that look at content; nothing here changes anything."""

    def __init__(self, parts: Parts, frame: Frame) -> None:
        self._parts = parts
        self._workshop = parts.workshop
        self._frame = frame

    def blueprint(self) -> Blueprint:
        """All routes, ready to be registered."""
        routes = Blueprint("editor_pages", url_prefix="/desk/kb")
        routes.add_route(self.articles, "/articles", methods=["GET"])
        routes.add_route(self.article, "/articles/<path:path>", methods=["GET"])
        routes.add_route(self.search, "/search", methods=["GET"])
        routes.add_route(self.check, "/check", methods=["GET"])
        return routes

    async def articles(self, request: Request) -> HTTPResponse:
        """GET /desk/kb/articles?state=&q=: all pages, or those in a state, or those whose title or path has the words."""
        session = await self._frame.enter(request, KNOWLEDGE_ROLES)
        state, query = chosen(request, "state", _CHOICES), typed(request, "q")
        found = await asyncio.to_thread(self._workshop.pages)
        content = await asyncio.to_thread(self._workshop.content)
        wanted = query.casefold().split()
        shown = [
            page
            for page in found
            if (state is None or state in page.states or (state == "changed" and page.states[0] in _CHANGED))
            and all(word in f"{page.title} {page.path}".casefold() for word in wanted)
        ]
        numbers = {**counts(found), "changed": sum(page.states[0] in _CHANGED for page in found)}
        return self._frame.page(
            session,
            "kb_articles.html",
            pages=shown,
            total=len(found),
            numbers=numbers,
            choices=_CHOICES,
            states=STATES,
            state=state,
            query=query,
            problem=content.problem,
            folder=self._workshop.folder,
        )

    async def article(self, request: Request, path: str) -> HTTPResponse:
        """GET /desk/kb/articles/<path>: the file as the help centre will show it, its findings, and what differs from live."""
        session = await self._frame.enter(request, KNOWLEDGE_ROLES)
        context = await asyncio.to_thread(self._article, unquote(path))
        return self._frame.page(session, "kb_article.html", areas=AREAS, kinds=KINDS, states=STATES, **context)

    def _article(self, path: str) -> dict[str, Any]:
        content, live = self._workshop.content(), {each.path: each for each in self._workshop.live_articles()}
        source, served = content.sources.get(path), live.get(path)
        article = source.article if source else served
        if article is None:
            raise not_found(f"There is no page {path} in the content folder or the live version.")
        by_slug = {each.slug: each for each in live.values()}
        by_slug |= {each.article.slug: each.article for each in content.sources.values()}
        video = article.video or {}
        return {
            "page": next(page for page in self._workshop.pages() if page.path == path),
            "article": article,
            "served": served,
            "findings": content.findings_of(path),
            "lines": source.text.split("\n") if source else [],
            "difference": _difference(served, source),
            "body": Markup(article_html(article.markdown)),
            "video": video if allowed_link(str(video.get("url", ""))) else None,
            "related": [by_slug[slug] for slug in article.related if slug in by_slug],
            "community_url": self._parts.options.community_url,
            "area": area_of(article),
            "contents": [],  # the preview is of the text; the list beside it belongs to the help centre's own layout
            "place": places(by_slug.values()).get(article.slug),
            "updated": long_date(article.updated),
            "vote_token": "",  # a preview is not voted on
            "voted": None,
        }

    async def search(self, request: Request) -> HTTPResponse:
        """GET /desk/kb/search?q=&in=live|candidate: the ranks with the reason for each."""
        session = await self._frame.enter(request, KNOWLEDGE_ROLES)
        query, where = typed(request, "q"), chosen(request, "in", _SEARCHED) or "live"
        state = await asyncio.to_thread(self._workshop.status)
        version = state.live if where == "live" else state.candidate
        explanation, problem = None, "" if version else "There is nothing to search yet: build first."
        if query and version:
            try:
                explanation = await asyncio.to_thread(self._workshop.explain, query, version)
            except (ValueError, OSError) as error:
                problem = str(error)
        return self._frame.page(
            session,
            "kb_search.html",
            page_status=409 if problem else 200,
            query=query,
            where=where,
            searched=_SEARCHED,
            version=version,
            same=state.live == state.candidate,
            explanation=explanation,
            problem=problem,
        )

    async def check(self, request: Request) -> HTTPResponse:
        """GET /desk/kb/check: all findings by file and line, mistakes first."""
        session = await self._frame.enter(request, KNOWLEDGE_ROLES)
        content = await asyncio.to_thread(self._workshop.content)
        files: dict[str, list[Any]] = {}
        for finding in content.findings:
            files.setdefault(finding.path, []).append(finding)
        ordered = sorted(files.items(), key=lambda each: (not any(finding.error for finding in each[1]), each[0]))
        return self._frame.page(session, "kb_check.html", content=content, files=ordered, folder=self._workshop.folder)


def _difference(served: Article | None, source: Source | None) -> list[tuple[str, str]]:
    """Kind (``added``, ``gone``, ``same``, ``skip``) and text of each line in which the file's body differs from the live one."""
    if served is None or source is None or served.revision == source.article.revision:
        return []
    kinds = {"+": "added", "-": "gone", " ": "same", "@": "skip"}
    lines = difflib.unified_diff(served.markdown.split("\n"), source.article.markdown.split("\n"), lineterm="", n=2)
    return [(kinds.get(line[:1], "same"), line[1:] if line[:1] != "@" else "…") for line in list(lines)[2:]]
