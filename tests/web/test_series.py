"""Pages that build on each other."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.reader import read_folder
from tests.web.knowledge import article
from web.series import lines, places

CONTENT = Path(__file__).resolve().parents[2] / "kb_content"


def page(slug: str, follows: str | None = None) -> Article:
    """A tutorial that follows another."""
    return article(slug, slug.title(), "feature", kind="tutorial", follows=follows)


def test_a_series_has_numbers_and_neighbours() -> None:
    """Whatever the order of the pages, each knows its number, the total, and what stands beside it."""
    one, two, three = page("c-one"), page("a-two", "c-one"), page("b-three", "a-two")
    found = places([two, three, one, page("alone")])
    assert set(found) == {"c-one", "a-two", "b-three"}
    assert [(found[each.slug].number, found[each.slug].total) for each in (one, two, three)] == [(1, 3), (2, 3), (3, 3)]
    assert (found["c-one"].previous, found["c-one"].following) == (None, two)
    assert (found["a-two"].previous, found["a-two"].following) == (one, three)
    assert found["b-three"].following is None


def test_a_page_that_follows_nothing_known_begins_a_series() -> None:
    """A page that names a missing one is a first page if others follow it, else it stands alone."""
    found = places([page("one", "gone"), page("two", "one"), page("lost", "gone")])
    assert [found[slug].number for slug in ("one", "two")] == [1, 2] and "lost" not in found


def test_forks_and_circles_end() -> None:
    """Of two that follow the same page the first by slug goes on; a circle is no series, and nothing hangs."""
    found = places([page("one"), page("z", "one"), page("b", "one"), page("x", "y"), page("y", "x"), page("self", "self")])
    assert set(found) == {"one", "b"}


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.one_of(st.none(), st.sampled_from("abcdefghi"))))
def test_no_page_is_in_two_series(follows: dict[str, str | None]) -> None:
    """For any pages: each is in one series at most, and each but the first follows the one before it."""
    found = lines([page(slug, before) for slug, before in follows.items()])
    slugs = [each.slug for line in found for each in line]
    assert len(slugs) == len(set(slugs))
    for line in found:
        assert len(line) > 1
        assert all(later.follows == earlier.slug for earlier, later in pairwise(line))


def test_the_products_tutorials_are_one_course() -> None:
    """All tutorials that ship build on each other in one line."""
    articles = read_folder(CONTENT).articles
    tutorials = {each.slug for each in articles if each.kind == "tutorial"}
    (line,) = lines(articles)
    assert {each.slug for each in line} == tutorials and len(line) >= 20
