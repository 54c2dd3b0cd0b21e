"""The help centre: plain pages that need no JavaScript, made from the live knowledge base."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from typing import Any

from markupsafe import Markup
from sanic import Blueprint, HTTPResponse, Request

from index.articles import Article, SectionRef
from index.knowledge_base import Hit, KnowledgeBase, SearchResult
from web.help_lists import ABOUT, AREAS, KINDS, OTHER, area_of, chosen, groups, newest, topics
from web.help_votes import HelpVotes
from web.pages import Pages
from web.parts import Parts
from web.rendering import allowed_link, article_html
from web.series import lines, places

_MAX_QUERY = 300
_RESULTS = 10
_FRONT = {"best": 5, "videos": 6, "newest": 6, "steps": 8}


class HelpCentre:
    """Handlers of /help."""

    def __init__(self, parts: Parts, pages: Pages) -> None:
        self._parts = parts
        self._pages = pages
        self._votes = HelpVotes(parts)

    def blueprint(self) -> Blueprint:
        """All routes, ready to be registered."""
        routes = Blueprint("help", url_prefix="/help")
        routes.add_route(self.browse, "/", methods=["GET"], strict_slashes=False)
        routes.add_route(self.search, "/search", methods=["GET"])
        routes.add_route(self._votes.vote, "/votes", methods=["POST"])
        routes.add_route(self.article, "/<slug:path>", methods=["GET"])
        return routes

    async def browse(self, request: Request) -> HTTPResponse:
        """GET /help: the front page; with ?area= (``all`` for every page) or ?kind=, a list of pages."""
        knowledge = await self._knowledge()
        if knowledge is None:
            return self._not_ready()
        area, kind = _given(request, "area", {**AREAS, OTHER: ""}), _given(request, "kind", KINDS)
        if area is None and kind is None and request.args.get("area") != "all":
            return self._front(knowledge.articles())
        articles, series = chosen(knowledge.articles(), area, kind), places(knowledge.articles())
        return self._page(
            "help_list.html",
            groups=groups(articles, area, series),
            series=series,
            area=area,
            kind=kind,
            about=ABOUT.get(area or ""),
            total=len(articles),
        )

    async def search(self, request: Request) -> HTTPResponse:
        """GET /help/search?q=: the best pages for a question, one entry a page; ?area= and ?kind= narrow it."""
        query = str(request.args.get("q", "")).strip()[:_MAX_QUERY]
        area, kind = _given(request, "area", AREAS), _given(request, "kind", KINDS)
        hits: list[Hit] = []
        sure = True
        if query:
            found = await asyncio.to_thread(self._search, query, _RESULTS if area is kind is None else _RESULTS * 5)
            if found is None:
                return self._not_ready()
            hits = _one_a_page(hit for hit in found.hits if area in (None, hit.area) and kind in (None, hit.kind))
            sure = found.answerable
        return self._page("help_search.html", query=query, hits=hits[:_RESULTS], sure=sure, area=area, kind=kind)

    async def article(self, request: Request, slug: str) -> HTTPResponse:
        """GET /help/<slug>: one page with its contents, dates, neighbours in a series, related pages and video."""
        if not slug.strip("/"):
            return await self.browse(request)
        knowledge = await self._knowledge()
        if knowledge is None:
            return self._not_ready()
        article = knowledge.article(slug)
        if article is None:
            return self._page("help_missing.html", status=404, slug=slug)
        video = article.video or {}
        return self._page(
            "help_article.html",
            article=article,
            area=area_of(article),
            body=Markup(article_html(article.markdown)),
            contents=contents_of(article),
            video=video if allowed_link(str(video.get("url", ""))) else None,
            place=places(knowledge.articles()).get(article.slug),
            related=_related(knowledge, article.related),
            updated=long_date(article.updated),
            vote_token=self._votes.token(article),
            voted=_given(request, "voted", {"yes": "", "no": ""}),
        )

    def _front(self, articles: tuple[Article, ...]) -> HTTPResponse:
        course = next(iter(lines(articles)), [])  # the longest series is what the front page invites to
        videos = [each for each in articles if each.kind == "video"]
        return self._page(
            "help_home.html",
            topics=topics(articles, _FRONT["best"]),
            course=course[: _FRONT["steps"]],
            course_total=len(course),
            videos=newest(videos, _FRONT["videos"]),
            videos_total=len(videos),
            newest=newest((each for each in articles if each.kind != "video"), _FRONT["newest"]),
            total=len(articles),
        )

    async def _knowledge(self) -> KnowledgeBase | None:
        return await asyncio.to_thread(self._parts.library.current)

    def _search(self, query: str, most: int) -> SearchResult | None:
        knowledge = self._parts.library.current()
        return None if knowledge is None else knowledge.search(query, most)

    def _not_ready(self) -> HTTPResponse:
        response = self._page("help_not_ready.html", status=503)
        response.headers["Retry-After"] = "30"
        return response

    def _page(self, template: str, *, status: int = 200, **context: Any) -> HTTPResponse:
        options = self._parts.options
        links = {"community_url": options.community_url, "videos_url": options.videos_url}
        return self._pages.page(template, status=status, areas=AREAS, kinds=KINDS, long_date=long_date, **links, **context)


def _given(request: Request, name: str, known: dict[str, str]) -> str | None:
    value = str(request.args.get(name, ""))
    return value if value in known else None


def _one_a_page(hits: Iterable[Hit]) -> list[Hit]:
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.slug, hit)
    return list(best.values())


def _related(knowledge: KnowledgeBase, slugs: Iterable[str]) -> list[Article]:
    return [article for article in map(knowledge.article, slugs) if article is not None]


def contents_of(article: Article) -> list[SectionRef]:
    """The sections that the list of contents names."""
    return [each for each in article.sections if each.title and each.level <= 3]


def long_date(day: str | None) -> str:
    """``12 October 2026`` of an ISO date; whatever else a page gives stays as it is."""
    try:
        parsed = date.fromisoformat((day or "")[:10])
    except ValueError:
        return day or ""
    return f"{parsed.day} {parsed:%B %Y}"
