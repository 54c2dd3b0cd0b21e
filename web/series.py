"""Pages that build on each other: where a page stands in its series, and what comes before and after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from index.articles import Article


@dataclass(frozen=True, slots=True)
class Place:
    """A page's place: ``number`` of ``total``, from 1, and its neighbours."""

    number: int
    total: int
    previous: Article | None
    following: Article | None


def lines(articles: Iterable[Article]) -> list[list[Article]]:
    """All series, each in its order, the longest first.

    A page names the one before it. Where two name the same, the first by slug goes on and the other stands in no series; so
    does a page whose chain never begins, because it runs in a circle.
    """
    by_slug = {article.slug: article for article in sorted(articles, key=lambda each: each.slug)}
    followers: dict[str, Article] = {}
    for article in by_slug.values():
        if article.follows in by_slug:
            followers.setdefault(article.follows, article)
    firsts = [each for each in by_slug.values() if each.slug in followers and each.follows not in by_slug]
    return sorted((_line(first, followers) for first in firsts), key=len, reverse=True)


def places(articles: Iterable[Article]) -> dict[str, Place]:
    """The place of each page that belongs to a series, by slug."""
    found = {}
    for line in lines(articles):
        neighbours = [None, *line, None]
        for number, article in enumerate(line, 1):
            found[article.slug] = Place(number, len(line), neighbours[number - 1], neighbours[number + 1])
    return found


def _line(first: Article, followers: dict[str, Article]) -> list[Article]:
    line = [first]
    while (following := followers.get(line[-1].slug)) is not None:
        line.append(following)
    return line
