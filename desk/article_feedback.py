"""Whether pages of the help centre helped: one vote a reader and revision, without a word about who the reader is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from desk.database import Database
from desk.tables import ArticleFeedbackRow


@dataclass(frozen=True, slots=True)
class ArticleVotes:
    """The votes on one revision of a page: how many found it helpful and how many did not."""

    slug: str
    revision: str
    helpful: int
    unhelpful: int


class ArticleFeedback:
    """Keeps the votes and counts them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, slug: str, revision: str, reader: str, helpful: bool, at: datetime) -> None:
        """Keep a reader's vote on a revision of a page; the reader's last word counts.

        ``reader`` is any name that is the same for the same browser, such as a random number in a cookie.
        """
        vote = {"slug": slug, "revision": revision, "reader": reader, "helpful": helpful, "at": at}
        with self._database.write() as session:
            # One statement, since the same form may be sent twice at once; both engines speak it, in a dialect of their own.
            insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
            session.execute(
                insert(ArticleFeedbackRow)
                .values(vote)
                .on_conflict_do_update(index_elements=["slug", "revision", "reader"], set_={"helpful": helpful, "at": at})
            )

    def votes(self, slug: str | None = None) -> tuple[ArticleVotes, ...]:
        """The votes by page and revision, those with most unhelpful ones first; with ``slug``, of that page alone."""
        yes = func.sum(case((ArticleFeedbackRow.helpful, 1), else_=0))
        no = func.sum(case((ArticleFeedbackRow.helpful, 0), else_=1))
        query = (
            select(ArticleFeedbackRow.slug, ArticleFeedbackRow.revision, yes, no)
            .group_by(ArticleFeedbackRow.slug, ArticleFeedbackRow.revision)
            .order_by(no.desc(), ArticleFeedbackRow.slug, ArticleFeedbackRow.revision)
        )
        if slug is not None:
            query = query.where(ArticleFeedbackRow.slug == slug)
        with self._database.read() as session:
            return tuple(ArticleVotes(name, revision, int(up), int(down)) for name, revision, up, down in session.execute(query))
