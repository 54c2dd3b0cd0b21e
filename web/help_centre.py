"""The help centre: plain pages that need no JavaScript, made from the live knowledge base."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup
from sanic import Blueprint, HTTPResponse, Request

from index.articles import Article
from index.knowledge_base import Hit, KnowledgeBase
from web.pages import Pages
from web.parts import Parts
from web.rendering import allowed_link, article_html

AREAS = {
    "billing": "Account and billing",
    "technical": "Technical help",
    "feature": "Features",
    "customization": "Customization",
}
KINDS = {"article": "Articles", "tutorial": "Tutorials", "video": "Videos"}
_MAX_QUERY = 300
_RESULTS = 10


class HelpCentre:
    """Handlers of /help."""

    def __init__(self, parts: Parts, pages: Pages) -> None:
        self._parts = parts
        self._pages = pages

    def blueprint(self) -> Blueprint:
        """All routes, ready to be registered."""
        routes = Blueprint("help", url_prefix="/help")
        routes.add_route(self.browse, "/", methods=["GET"], strict_slashes=False)
        routes.add_route(self.search, "/search", methods=["GET"])
        routes.add_route(self.article, "/<slug:path>", methods=["GET"])
        return routes

    async def browse(self, request: Request) -> HTTPResponse:
        """GET /help?area=&kind=: all pages, by area."""
        knowledge = await asyncio.to_thread(self._parts.library.current)
        if knowledge is None:
            return self._not_ready()
        area, kind = _chosen(request, "area", AREAS), _chosen(request, "kind", KINDS)
        articles = [a for a in knowledge.articles() if area in (None, a.area) and kind in (None, a.kind)]
        groups = _groups(articles)
        return self._page("help_browse.html", groups=groups, area=area, kind=kind, total=len(articles))

    async def search(self, request: Request) -> HTTPResponse:
        """GET /help/search?q=: the best pages for a question, one entry a page."""
        query = str(request.args.get("q", "")).strip()[:_MAX_QUERY]
        hits: list[Hit] = []
        if query:
            found = await asyncio.to_thread(self._search, query)
            if found is None:
                return self._not_ready()
            hits = found
        return self._page("help_search.html", query=query, hits=hits)

    async def article(self, request: Request, slug: str) -> HTTPResponse:
        """GET /help/<slug>: one page with its contents, date, related pages and video."""
        if not slug.strip("/"):
            return await self.browse(request)
        knowledge = await asyncio.to_thread(self._parts.library.current)
        if knowledge is None:
            return self._not_ready()
        article = knowledge.article(slug)
        if article is None:
            return self._page("help_missing.html", status=404, slug=slug)
        video = article.video or {}
        return self._page(
            "help_article.html",
            article=article,
            body=Markup(article_html(article.markdown)),
            video=video if allowed_link(str(video.get("url", ""))) else None,
            related=_related(knowledge, article.related),
        )

    def _search(self, query: str) -> list[Hit] | None:
        knowledge = self._parts.library.current()
        if knowledge is None:
            return None
        best: dict[str, Hit] = {}
        for hit in knowledge.search(query, _RESULTS * 2).hits:
            best.setdefault(hit.slug, hit)
        return list(best.values())[:_RESULTS]

    def _not_ready(self) -> HTTPResponse:
        response = self._page("help_not_ready.html", status=503)
        response.headers["Retry-After"] = "30"
        return response

    def _page(self, template: str, *, status: int = 200, **context: Any) -> HTTPResponse:
        community = self._parts.options.community_url
        return self._pages.page(template, status=status, areas=AREAS, kinds=KINDS, community_url=community, **context)


def _chosen(request: Request, name: str, known: dict[str, str]) -> str | None:
    value = str(request.args.get(name, ""))
    return value if value in known else None


def _groups(articles: Iterable[Article]) -> list[tuple[str, list[Article]]]:
    """Pages under the names of their areas, in the order of AREAS; what has no known area comes last."""
    groups: dict[str, list[Article]] = {name: [] for name in (*AREAS.values(), "More")}
    for article in sorted(articles, key=lambda each: each.title.casefold()):
        groups[AREAS.get(article.area or "", "More")].append(article)
    return [(name, members) for name, members in groups.items() if members]


def _related(knowledge: KnowledgeBase, slugs: Iterable[str]) -> list[Article]:
    return [article for article in map(knowledge.article, slugs) if article is not None]
