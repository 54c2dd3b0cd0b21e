"""The conversation log."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from desk.conversations import ConversationLog, ConversationNotFound, MessageNotFound, ReplyDraft
from desk.database import Database
from desk.identity import Identity
from tests.desk.conftest import ADA, NOW, later, together

ANSWER = ReplyDraft(
    text="Open **Settings**.",
    decision="answer",
    area="technical",
    intent={"name": "import", "confidence": 0.9},
    citations=({"slug": "undo-import", "title": "Undo", "url": "/help/undo-import", "section": "", "score": 0.8},),
    buttons=({"title": "More", "payload": "more"},),
    evidence={
        "index_version": "v1",
        "policy_version": "1.0",
        "ranking": [{"name": "import", "confidence": 0.9}],
    },
)


def test_a_conversation_belongs_to_its_customer(log: ConversationLog) -> None:
    """It is found by its id, and with a sub only by its own."""
    made = log.start(ADA, NOW)
    assert uuid.UUID(made.id).version == 4
    assert (made.sub, made.identity, made.handler) == ("u1", ADA, "bot")
    assert log.get(made.id) == log.get(made.id, "u1") == made
    for conversation_id, sub in (
        (made.id, "u2"),
        (made.id, ""),
        (str(uuid.uuid4()), None),
        ("nonsense", None),
    ):
        with pytest.raises(ConversationNotFound):
            log.get(conversation_id, sub)


def test_the_newest_verified_identity_counts(log: ConversationLog) -> None:
    """A change of plan or region is kept; another customer's identity is not."""
    made = log.start(Identity("u1"), NOW)
    assert log.touch_identity(made.id, ADA).identity == ADA
    assert log.get(made.id).identity == ADA
    with pytest.raises(ConversationNotFound):
        log.touch_identity(made.id, replace(ADA, sub="u2"))


def test_a_turn_keeps_the_message_and_the_replies_with_their_evidence(log: ConversationLog) -> None:
    """Messages are numbered 1, 2, 3 and carry all that the contract and the staff need."""
    made = log.start(ADA, NOW)
    turn = log.begin_turn(made.id, "import stops", "c1", NOW)
    assert (turn.fresh, turn.replies) == (True, None)
    replies = log.finish_turn(turn, [ANSWER, ReplyDraft("Anything else?")], later(1))
    assert [message.seq for message in (turn.message, *replies)] == [1, 2, 3]
    first = replies[0]
    assert (first.role, first.text, first.decision, first.area) == ("bot", ANSWER.text, "answer", "technical")
    assert first.intent == ANSWER.intent and first.evidence == ANSWER.evidence
    assert first.citations == list(ANSWER.citations) and first.buttons == list(ANSWER.buttons)
    assert first.created_at == "2026-11-24T14:01:00.000+00:00"
    assert (turn.message.role, turn.message.client_message_id) == ("user", "c1")
    assert log.messages(made.id) == (turn.message, *replies)
    assert log.messages(made.id, after=1) == replies
    assert log.messages(made.id, after=3) == ()


def test_the_same_client_message_id_is_one_turn(log: ConversationLog) -> None:
    """A repeat after the turn was finished gives the same message and the same replies."""
    made = log.start(ADA, NOW)
    turn = log.begin_turn(made.id, "hello", "c1", NOW)
    replies = log.finish_turn(turn, [ANSWER], NOW)
    again = log.begin_turn(made.id, "something else", "c1", later(5))
    assert (again.fresh, again.message, again.replies) == (False, turn.message, replies)
    assert log.begin_turn(log.start(ADA, NOW).id, "hello", "c1", NOW).fresh


def test_a_turn_that_broke_off_can_be_run_again(log: ConversationLog) -> None:
    """The repeat of an unfinished turn has its message and no replies; a second finish gives the first's."""
    made = log.start(ADA, NOW)
    turn = log.begin_turn(made.id, "hello", "c1", NOW)
    again = log.begin_turn(made.id, "hello", "c1", later(1))
    assert (again.fresh, again.message, again.replies) == (False, turn.message, None)
    replies = log.finish_turn(again, [ANSWER], later(1))
    assert log.finish_turn(turn, [ReplyDraft("late")], later(2)) == replies
    assert len(log.messages(made.id)) == 2


def test_a_turn_may_have_no_reply(log: ConversationLog) -> None:
    """While a person has the conversation, a turn is finished with nothing, and stays so."""
    made = log.start(ADA, NOW)
    turn = log.begin_turn(made.id, "hello", "c1", NOW)
    assert log.finish_turn(turn, [], NOW) == ()
    assert log.begin_turn(made.id, "hello", "c1", NOW).replies == ()
    assert log.finish_turn(turn, [ANSWER], NOW) == ()


def test_a_turn_needs_its_conversation(log: ConversationLog) -> None:
    """A conversation that is not there has no turns, messages or feedback."""
    nowhere = str(uuid.uuid4())
    for call in (
        lambda: log.begin_turn(nowhere, "hello", "c1", NOW),
        lambda: log.append(nowhere, "bot", "hello", NOW),
        lambda: log.set_handler(nowhere, "human"),
        lambda: log.record_feedback(nowhere, nowhere, True, NOW),
    ):
        with pytest.raises(ConversationNotFound):
            call()
    assert log.messages(nowhere) == ()


def test_messages_outside_turns(log: ConversationLog) -> None:
    """Staff and system messages have their author and fields; unknown roles and handlers are refused."""
    made = log.start(ADA, NOW)
    staff = log.append(made.id, "staff", "Hello", NOW, author="ana")
    system = log.append(made.id, "system", "Resolved", NOW, ticket={"number": "PR-10001"})
    assert [(m.seq, m.role, m.author) for m in (staff, system)] == [(1, "staff", "ana"), (2, "system", None)]
    assert system.ticket == {"number": "PR-10001"}
    log.set_handler(made.id, "human")
    assert log.get(made.id).handler == "human"
    with pytest.raises(ValueError, match="user, bot, staff, system"):
        log.append(made.id, "robot", "Hello", NOW)
    with pytest.raises(ValueError, match="bot, human"):
        log.set_handler(made.id, "nobody")


def test_feedback_is_for_replies_and_the_last_word_counts(log: ConversationLog) -> None:
    """A reply can be rated; a customer's message, or one of another conversation, cannot."""
    made, other = log.start(ADA, NOW), log.start(ADA, NOW)
    turn = log.begin_turn(made.id, "hello", "c1", NOW)
    [reply] = log.finish_turn(turn, [ANSWER], NOW)
    log.record_feedback(made.id, reply.id, True, NOW)
    log.record_feedback(made.id, reply.id, False, later(1))
    assert log.feedback(made.id) == {reply.id: False}
    for conversation_id, message_id in ((made.id, turn.message.id), (other.id, reply.id), (made.id, "none")):
        with pytest.raises(MessageNotFound):
            log.record_feedback(conversation_id, message_id, True, NOW)


def test_many_threads_leave_no_gap_and_no_double(log: ConversationLog) -> None:
    """Messages added at the same moment are numbered 1 to n."""
    made = log.start(ADA, NOW)

    def work(n: int) -> list[int]:
        return [log.append(made.id, "bot", f"{n}.{k}", NOW).seq for k in range(5)]

    given = [seq for seqs in together(work, 8) for seq in seqs]
    assert sorted(given) == list(range(1, 41))
    assert [message.seq for message in log.messages(made.id)] == list(range(1, 41))


def test_a_message_sent_twice_at_the_same_moment_is_one_turn(log: ConversationLog, database: Database) -> None:
    """One call is fresh, all have the same message, and all finish with the same replies."""
    made = log.start(ADA, NOW)

    def work(n: int) -> tuple[bool, str, tuple[str, ...]]:
        mine = ConversationLog(database)
        turn = mine.begin_turn(made.id, "hello", "c1", NOW)
        replies = turn.replies or mine.finish_turn(turn, [ReplyDraft(f"reply of {n}")], NOW)
        return turn.fresh, turn.message.id, tuple(reply.id for reply in replies)

    results = together(work, 6)
    assert sorted(fresh for fresh, _, _ in results) == [False] * 5 + [True]
    assert len({(message, replies) for _, message, replies in results}) == 1
    assert [message.seq for message in log.messages(made.id)] == [1, 2]


def test_a_reader_never_sees_a_number_before_the_ones_below_it(log: ConversationLog) -> None:
    """Whoever follows a conversation by ``after`` misses nothing that is written at the same time."""
    made = log.start(ADA, NOW)

    def work(n: int) -> list[int]:
        if n:
            return [log.append(made.id, "bot", "x", NOW).seq for _ in range(10)]
        seen: list[int] = []
        while len(seen) < 40:
            seen += [message.seq for message in log.messages(made.id, seen[-1] if seen else 0)]
        return seen

    assert list(range(1, 41)) in together(work, 5)
