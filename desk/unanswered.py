"""The editors' work list: questions that the knowledge base did not answer well, grouped and counted.

Three things put a customer's question on the list: it was the first of its conversation that the bot did not know, its answer was
marked as not helpful, or a ticket was opened after the bot did not know. Editors work on wordings, not on people: nothing here
tells who asked, and addresses and telephone numbers are taken out of the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from desk.columns import iso
from desk.database import Database
from desk.masking import masked
from desk.messages import Message, message_of
from desk.question_groups import Likeness, groups_of
from desk.tables import FeedbackRow, MessageRow, TicketRow, UnansweredMarkRow

REASONS = ("unknown", "not_helpful", "handed_over")
STATES = ("open", "done", "no_article")
_PART = 500  # ids asked for in one statement; SQLite takes no endless lists


class NotOnTheList(LookupError):
    """The conversation or question is none of those that the work list shows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One customer's question. ``reasons`` are some of :data:`REASONS`; ``state`` is one of :data:`STATES`, ``by`` and
    ``marked_at`` say who decided and when (or are None). Instants in ISO 8601, UTC.
    """

    message_id: str
    conversation_id: str
    seq: int
    text: str
    area: str | None
    at: str
    reasons: tuple[str, ...]
    state: str = "open"
    by: str | None = None
    marked_at: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same, oldest first; its state is open while one of them is."""

    questions: tuple[Asked, ...]
    state: str

    @property
    def title(self) -> str:
        """The wording of the first question."""
        return self.questions[0].text

    @property
    def counted(self) -> tuple[Asked, ...]:
        """What an open group counts is what nobody has decided about; any other group counts all."""
        return tuple(each for each in self.questions if each.state == "open") if self.state == "open" else self.questions

    @property
    def conversations(self) -> tuple[Asked, ...]:
        """The last counted question of each conversation, the newest first: how often it was asked, whoever repeats himself."""
        last = {each.conversation_id: each for each in self.counted}
        return tuple(sorted(last.values(), key=lambda each: each.at, reverse=True))

    @property
    def last_at(self) -> str:
        """When it was asked last."""
        return max(each.at for each in self.counted)

    @property
    def decided(self) -> Asked | None:
        """The question that was decided about last: the group was asked about again where others are open."""
        return max((each for each in self.questions if each.marked_at), key=lambda each: each.marked_at or "", default=None)

    def count(self, reason: str) -> int:
        """How many of the counted questions are there for that reason."""
        return sum(reason in each.reasons for each in self.counted)


class Unanswered:
    """Reads the work list and keeps what was decided. Blocking; threads and processes may share a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def questions(self, since: datetime | None = None) -> tuple[Asked, ...]:
        """All questions of the list asked at or after ``since``, oldest first."""
        with self._database.read() as session:
            reasons: dict[str, set[str]] = {}
            for message_id, reason in (*_unknown(session, since), *_not_helpful(session, since)):
                reasons.setdefault(message_id, set()).add(reason)
            rows = _by_id(session, reasons)
            marks = _marks(session, reasons)
        found = [_asked(rows[message_id], reasons[message_id], marks.get(message_id)) for message_id in rows]
        kept = (each for each in found if since is None or datetime.fromisoformat(each.at) >= since)
        return tuple(sorted(kept, key=lambda each: (each.at, each.conversation_id, each.seq)))

    def groups(self, likeness: Likeness, *, since: datetime | None = None) -> tuple[Group, ...]:
        """The questions in groups: the most frequent first, and of equally frequent ones the newest."""
        questions = self.questions(since)
        found = groups_of([each.text for each in questions], likeness)
        groups = (_group(tuple(questions[number] for number in members)) for members in found)
        newest = sorted(groups, key=lambda group: group.last_at, reverse=True)
        return tuple(sorted(newest, key=lambda group: -len(group.conversations)))

    def mark(self, message_ids: Sequence[str], state: str, by: str, at: datetime) -> int:
        """Decide about questions: "done", "no_article", or "open" to take it back. How many were changed.

        All or nothing; raises :class:`NotOnTheList` for an id that is no customer's message.
        """
        if state not in STATES:
            raise ValueError(f"state is {state!r}; write one of {', '.join(STATES)}")
        wanted = sorted(set(message_ids))
        changed = 0
        with self._database.write() as session:
            # Locked in one order, so that two editors who mark the same questions queue instead of colliding.
            locked = {
                message_id
                for part in _parts(wanted)
                for message_id in session.scalars(
                    select(MessageRow.id)
                    .where(MessageRow.id.in_(part), MessageRow.role == "user")
                    .order_by(MessageRow.id)
                    .with_for_update()
                )
            }
            strange = next((message_id for message_id in wanted if message_id not in locked), None)
            if strange is not None:
                raise NotOnTheList(f"there is no question {strange}")
            marks = _marks(session, wanted)
            for message_id in wanted:
                changed += _set_mark(session, message_id, marks.get(message_id), state, by, at)
        return changed

    def conversation(self, conversation_id: str) -> tuple[Message, ...]:
        """The messages of a conversation that is on the list; of others editors have no business to read.

        Raises :class:`NotOnTheList`.
        """
        with self._database.read() as session:
            listed = session.scalar(
                select(MessageRow.id)
                .outerjoin(FeedbackRow, FeedbackRow.message_id == MessageRow.id)
                .where(
                    MessageRow.conversation_id == conversation_id,
                    MessageRow.role == "bot",
                    (MessageRow.decision == "unknown") | FeedbackRow.helpful.is_(False),
                )
                .limit(1)
            )
            if listed is None:
                raise NotOnTheList("this conversation has no unanswered question")
            rows = session.scalars(
                select(MessageRow).where(MessageRow.conversation_id == conversation_id).order_by(MessageRow.seq)
            )
            messages = (message_of(row) for row in rows)
            return tuple(replace(message, text=masked(message.text)) for message in messages)


def _unknown(session: Session, since: datetime | None) -> list[tuple[str, str]]:
    """Id and reason of questions that the bot did not know: the first of each conversation, and the last before each ticket."""
    later = aliased(MessageRow)
    query = (
        select(MessageRow.reply_to, MessageRow.conversation_id, MessageRow.created_at)
        .where(MessageRow.decision == "unknown", MessageRow.role == "bot", MessageRow.reply_to.is_not(None))
        .order_by(MessageRow.conversation_id, MessageRow.seq)
    )
    if since is not None:  # whole conversations, or the first unknown one of those would be another
        recent = select(later.conversation_id).where(later.decision == "unknown", later.created_at >= since)
        query = query.where(MessageRow.conversation_id.in_(recent))
    unknown: dict[str, list[tuple[str, datetime]]] = {}
    for message_id, conversation_id, at in session.execute(query):
        unknown.setdefault(conversation_id, []).append((str(message_id), at))
    found = [(answers[0][0], "unknown") for answers in unknown.values()]
    for conversation_id, opened_at in _tickets_of(session, list(unknown)):
        before = [message_id for message_id, at in unknown[conversation_id] if at <= opened_at]
        found += [(before[-1], "handed_over")] if before else []
    return found


def _tickets_of(session: Session, conversations: Sequence[str]) -> list[tuple[str, datetime]]:
    return [
        (conversation_id, at)
        for part in _parts(conversations)
        for conversation_id, at in session.execute(
            select(TicketRow.conversation_id, TicketRow.created_at).where(TicketRow.conversation_id.in_(part))
        )
    ]


def _not_helpful(session: Session, since: datetime | None) -> list[tuple[str, str]]:
    query = (
        select(MessageRow.reply_to)
        .join(FeedbackRow, FeedbackRow.message_id == MessageRow.id)
        .where(FeedbackRow.helpful.is_(False), MessageRow.role == "bot", MessageRow.reply_to.is_not(None))
    )
    if since is not None:
        query = query.where(MessageRow.created_at >= since)
    return [(str(message_id), "not_helpful") for message_id in session.scalars(query)]


def _by_id(session: Session, ids: Iterable[str]) -> dict[str, tuple[MessageRow, str | None]]:
    """The questions' rows with the area that the bot's first reply named."""
    found: dict[str, tuple[MessageRow, str | None]] = {}
    for part in _parts(list(ids)):
        areas: dict[str, str | None] = {}
        replies = select(MessageRow.reply_to, MessageRow.area).where(MessageRow.reply_to.in_(part)).order_by(MessageRow.seq)
        for message_id, area in session.execute(replies):
            areas.setdefault(str(message_id), area)
        for row in session.scalars(select(MessageRow).where(MessageRow.id.in_(part), MessageRow.role == "user")):
            found[row.id] = (row, areas.get(row.id))
    return found


def _marks(session: Session, ids: Iterable[str]) -> dict[str, UnansweredMarkRow]:
    return {
        row.message_id: row
        for part in _parts(list(ids))
        for row in session.scalars(select(UnansweredMarkRow).where(UnansweredMarkRow.message_id.in_(part)))
    }


def _set_mark(session: Session, message_id: str, row: UnansweredMarkRow | None, state: str, by: str, at: datetime) -> bool:
    """Whether the question was in another state before."""
    if (row.state if row else "open") == state:
        return False
    if row is None:
        session.add(UnansweredMarkRow(message_id=message_id, state=state, by=by, at=at))
    elif state == "open":
        session.delete(row)
    else:
        row.state, row.by, row.at = state, by, at
    return True


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _PART] for start in range(0, len(ids), _PART)]


def _asked(found: tuple[MessageRow, str | None], reasons: set[str], mark: UnansweredMarkRow | None) -> Asked:
    row, area = found
    return Asked(
        message_id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        text=masked(row.text),
        area=area,
        at=iso(row.created_at),
        reasons=tuple(reason for reason in REASONS if reason in reasons),
        state=mark.state if mark else "open",
        by=mark.by if mark else None,
        marked_at=iso(mark.at) if mark else None,
    )


def _group(questions: tuple[Asked, ...]) -> Group:
    """A group is open while a question is: one that was decided to need no article stays so when it is asked again, one that was
    written about does not, for then the article did not help.
    """
    group = Group(questions, "open")
    if group.decided is None:
        return group
    waiting = any(each.state == "open" for each in questions)
    return Group(questions, "open" if waiting and group.decided.state == "done" else group.decided.state)
