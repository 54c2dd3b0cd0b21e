"""How the help centre orders its pages: by area and kind, most referred to first, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from index.articles import Article
from web.series import Place

AREAS = {
    "billing": "Account and billing",
    "technical": "Technical help",
    "feature": "Features",
    "customization": "Customization",
}
ABOUT = {
    "billing": "Plans, users and seats, invoices, payments, the trial, and leaving.",
    "technical": "Error messages, sign-in, sync, imports, the API, speed, and upgrades.",
    "feature": "What each part of PipeRocks does and how to work with it.",
    "customization": "Fields, pipelines, roles, templates, automations, and your branding.",
    "other": "Pages that belong to no topic.",
}
OTHER = "other"
KINDS = {"article": "Articles", "tutorial": "Tutorials", "video": "Videos"}


@dataclass(frozen=True, slots=True)
class Topic:
    """An area on the front page: how many pages it has and those that others refer to most."""

    code: str
    title: str
    about: str
    total: int
    best: tuple[Article, ...]


def area_of(article: Article) -> str:
    """The area of a page; ``other`` where it has none that is known."""
    return article.area if article.area in AREAS else OTHER


def topics(articles: Sequence[Article], most: int) -> list[Topic]:
    """The areas that have pages, in the order of AREAS, each with its ``most`` best articles."""
    referred = Counter(slug for article in articles for slug in article.related)
    found = []
    for code, title in {**AREAS, OTHER: "More"}.items():
        members = [article for article in articles if area_of(article) == code]
        # Articles answer questions; tutorials and videos have places of their own on the front page.
        best = sorted(members, key=lambda each: (each.kind != "article", -referred[each.slug], each.title.casefold()))
        if members:
            found.append(Topic(code, title, ABOUT[code], len(members), tuple(best[:most])))
    return found


def chosen(articles: Iterable[Article], area: str | None, kind: str | None) -> list[Article]:
    """The pages of an area and a kind; None stands for all."""
    return [each for each in articles if area in (None, area_of(each)) and kind in (None, each.kind)]


def groups(articles: Iterable[Article], area: str | None, places: Mapping[str, Place]) -> list[tuple[str, list[Article]]]:
    """Pages under headings: by area, or by kind within one area. Series in their order, all others by title."""
    named = {**AREAS, OTHER: "More"} if area is None else {**KINDS, OTHER: "More"}
    found: dict[str, list[Article]] = {title: [] for title in named.values()}
    for article in sorted(articles, key=lambda each: each.title.casefold()):
        code = area_of(article) if area is None else article.kind
        found[named.get(code, "More")].append(article)
    for members in found.values():
        members.sort(key=lambda each: places[each.slug].number if each.slug in places else 0)
    return [(title, members) for title, members in found.items() if members]


def newest(articles: Iterable[Article], most: int) -> list[Article]:
    """The pages reviewed last."""
    dated = [article for article in articles if article.updated]
    return sorted(dated, key=lambda each: (each.updated or "", each.title), reverse=True)[:most]
