"""Votes on pages of the help centre, on both engines."""

from __future__ import annotations

from datetime import timedelta

from desk.article_feedback import ArticleFeedback, ArticleVotes
from desk.database import Database
from tests.desk.conftest import NOW, together


def test_votes_are_counted_by_page_and_revision(database: Database) -> None:
    """Each revision has its own count; the page that helped least comes first."""
    feedback = ArticleFeedback(database)
    for reader, slug, revision, helpful in (
        ("r1", "a", "1" * 12, True),
        ("r2", "a", "1" * 12, True),
        ("r1", "a", "2" * 12, False),
        ("r1", "b", "3" * 12, False),
        ("r2", "b", "3" * 12, False),
    ):
        feedback.record(slug, revision, reader, helpful, NOW)
    assert feedback.votes() == (
        ArticleVotes("b", "3" * 12, 0, 2),
        ArticleVotes("a", "2" * 12, 0, 1),
        ArticleVotes("a", "1" * 12, 2, 0),
    )
    assert feedback.votes("b") == (ArticleVotes("b", "3" * 12, 0, 2),)
    assert feedback.votes("none") == ()


def test_a_readers_last_word_counts_once(database: Database) -> None:
    """Voting again changes the vote and adds none."""
    feedback = ArticleFeedback(database)
    for turn, helpful in enumerate((True, True, False)):
        feedback.record("a", "1" * 12, "r1", helpful, NOW + timedelta(minutes=turn))
    assert feedback.votes() == (ArticleVotes("a", "1" * 12, 0, 1),)


def test_votes_at_once_are_all_kept(database: Database) -> None:
    """Readers who vote at the same moment do not get in each other's way."""
    feedback = ArticleFeedback(database)
    together(lambda number: feedback.record("a", "1" * 12, f"r{number}", number % 2 == 0, NOW), 6)
    assert feedback.votes() == (ArticleVotes("a", "1" * 12, 3, 3),)


def test_one_reader_twice_at_once_is_one_vote(database: Database) -> None:
    """A form that is sent twice at the same moment counts once and fails for nobody."""
    feedback = ArticleFeedback(database)
    together(lambda number: feedback.record("a", "1" * 12, "r1", True, NOW), 6)
    assert feedback.votes() == (ArticleVotes("a", "1" * 12, 1, 0),)
