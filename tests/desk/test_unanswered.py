"""The editors' work list, on both engines."""

from __future__ import annotations

from datetime import datetime

import pytest

from desk.columns import iso
from desk.conversations import ConversationLog, ReplyDraft
from desk.database import Database
from desk.question_groups import by_wording
from desk.tickets import Tickets
from desk.unanswered import Group, NotOnTheList, Unanswered
from tests.desk.conftest import ADA, NOW, later, request_for, together


@pytest.fixture
def unanswered(database: Database) -> Unanswered:
    """The work list."""
    return Unanswered(database)


class Talk:
    """A conversation in which each turn takes a minute."""

    def __init__(self, log: ConversationLog, at: int = 0) -> None:
        self._log = log
        self.minute = at
        self.id = log.start(ADA, later(at)).id

    def ask(self, text: str, decision: str, *, helpful: bool | None = None) -> str:
        """One turn; the question's message id."""
        turn = self._log.begin_turn(self.id, text, f"{self.id} {self.minute}", later(self.minute))
        (reply,) = self._log.finish_turn(turn, [ReplyDraft("So.", decision=decision, area="feature")], later(self.minute))
        if helpful is not None:
            self._log.record_feedback(self.id, reply.id, helpful, later(self.minute))
        self.minute += 1
        return turn.message.id


def groups(unanswered: Unanswered, state: str = "open", since: datetime | None = None) -> list[Group]:
    """The groups in that state."""
    return [group for group in unanswered.groups(by_wording(), since=since) if group.state == state]


def test_what_puts_a_question_on_the_list(log: ConversationLog, tickets: Tickets, unanswered: Unanswered) -> None:
    """The first unknown of a conversation, answers that did not help, and the unknown one that led to a ticket; nothing else."""
    talk = Talk(log)
    talk.ask("hello", "smalltalk")
    first = talk.ask("export to xls", "unknown")
    talk.ask("export to ods", "unknown")
    bad = talk.ask("merge companies", "answer", helpful=False)
    talk.ask("merge contacts", "answer", helpful=True)
    last = talk.ask("export to odt", "unknown")
    tickets.open(request_for(talk.id, at=later(talk.minute)))
    talk.minute += 1
    talk.ask("and something else", "unknown")
    found = {each.message_id: each.reasons for each in unanswered.questions()}
    assert found == {first: ("unknown",), bad: ("not_helpful",), last: ("handed_over",)}
    assert {each.area for each in unanswered.questions()} == {"feature"}


def test_a_ticket_without_an_unknown_answer_adds_nothing(log: ConversationLog, tickets: Tickets, unanswered: Unanswered) -> None:
    """A hand-off counts only after the bot did not know."""
    talk = Talk(log)
    talk.ask("a person please", "collect")
    tickets.open(request_for(talk.id, at=later(1)))
    talk.minute = 2
    asked = talk.ask("export to xls", "unknown")
    assert [(each.message_id, each.reasons) for each in unanswered.questions()] == [(asked, ("unknown",))]


def test_feedback_taken_back_leaves_the_list(log: ConversationLog, unanswered: Unanswered) -> None:
    """The customer's last word on a reply counts."""
    talk = Talk(log)
    turn = log.begin_turn(talk.id, "merge companies", "k", NOW)
    (reply,) = log.finish_turn(turn, [ReplyDraft("So.", decision="answer")], NOW)
    log.record_feedback(talk.id, reply.id, False, NOW)
    assert len(unanswered.questions()) == 1
    log.record_feedback(talk.id, reply.id, True, NOW)
    assert unanswered.questions() == ()


def test_groups_by_frequency_then_by_newness(log: ConversationLog, unanswered: Unanswered) -> None:
    """Like questions of several conversations are one group; the most frequent comes first, then the newest."""
    for minute, text in enumerate(["export to xls", "rename a stage", "Export to XLS?", "delete my team"]):
        Talk(log, minute).ask(text, "unknown")
    found = groups(unanswered)
    assert [(group.title, len(group.conversations)) for group in found] == [
        ("export to xls", 2),
        ("delete my team", 1),
        ("rename a stage", 1),
    ]
    assert found[0].last_at == iso(later(2)) and found[0].count("unknown") == 2


def test_repeating_oneself_counts_once(log: ConversationLog, unanswered: Unanswered) -> None:
    """A question that one conversation brings up several times counts as asked once."""
    talk = Talk(log)
    for _ in range(3):
        talk.ask("merge companies", "answer", helpful=False)
    (group,) = groups(unanswered)
    assert len(group.counted) == 3 and len(group.conversations) == 1


def test_done_opens_again_when_it_is_asked_again(log: ConversationLog, unanswered: Unanswered) -> None:
    """A group that was written about leaves the list, and comes back with the new questions alone once it is asked again."""
    asked = Talk(log).ask("export to xls", "unknown")
    assert unanswered.mark([asked], "done", "eve", later(5)) == 1
    assert groups(unanswered) == []
    assert groups(unanswered, "done")[0].decided == unanswered.questions()[0]
    again = Talk(log, 10).ask("export to xls", "unknown")
    (group,) = groups(unanswered)
    assert [each.message_id for each in group.counted] == [again]
    assert group.decided is not None and (group.decided.by, group.decided.state) == ("eve", "done")


def test_no_article_needed_holds_for_later_ones(log: ConversationLog, unanswered: Unanswered) -> None:
    """What needs no article stays away when it is asked again, and still counts everything."""
    asked = Talk(log).ask("tell me a joke about crm", "unknown")
    unanswered.mark([asked], "no_article", "eve", later(5))
    Talk(log, 10).ask("tell me a joke about crm", "unknown")
    assert groups(unanswered) == []
    assert len(groups(unanswered, "no_article")[0].conversations) == 2


def test_a_mark_can_be_taken_back(log: ConversationLog, unanswered: Unanswered) -> None:
    """ "open" takes a decision back; a decision that is there already changes nothing."""
    asked = Talk(log).ask("export to xls", "unknown")
    assert unanswered.mark([asked, asked], "done", "eve", NOW) == 1
    assert unanswered.mark([asked], "done", "bob", NOW) == 0
    assert unanswered.questions()[0].by == "eve"
    assert unanswered.mark([asked], "open", "bob", NOW) == 1
    assert unanswered.mark([asked], "open", "bob", NOW) == 0
    assert len(groups(unanswered)) == 1


def test_marks_of_what_is_no_question_change_nothing(log: ConversationLog, unanswered: Unanswered) -> None:
    """An unknown id or state, or a reply's id, is refused, and the good ids beside it stay as they were."""
    talk = Talk(log)
    asked = talk.ask("export to xls", "unknown")
    reply = log.messages(talk.id)[1].id
    for wrong in ("nothing", reply):
        with pytest.raises(NotOnTheList):
            unanswered.mark([asked, wrong], "done", "eve", NOW)
    with pytest.raises(ValueError, match="write one of"):
        unanswered.mark([asked], "later", "eve", NOW)
    assert unanswered.questions()[0].state == "open"


def test_two_editors_may_mark_at_once(log: ConversationLog, unanswered: Unanswered) -> None:
    """Marks at the same moment neither fail nor part; one of them holds."""
    asked = [Talk(log, minute).ask("export to xls", "unknown") for minute in range(3)]
    together(lambda n: unanswered.mark(asked, "done", f"editor {n}", NOW), 4)
    assert {each.state for each in unanswered.questions()} == {"done"}


def test_since_leaves_out_what_is_older(log: ConversationLog, unanswered: Unanswered) -> None:
    """A period shows what was asked in it, and does not make a later unknown answer the first of its conversation."""
    old = Talk(log)
    old.ask("export to xls", "unknown")
    old.minute = 60
    old.ask("rename a stage", "unknown")
    new = Talk(log, 70).ask("delete my team", "unknown")
    assert [each.message_id for each in unanswered.questions(later(50))] == [new]
    assert len(unanswered.questions()) == 2


def test_only_listed_conversations_can_be_read(log: ConversationLog, unanswered: Unanswered) -> None:
    """A conversation is shown if it has an unknown or unhelpful answer, without what its customer could be reached by."""
    listed, private = Talk(log), Talk(log)
    listed.ask("mail ada@example.com the export", "unknown")
    private.ask("merge companies", "answer", helpful=True)
    texts = [message.text for message in unanswered.conversation(listed.id)]
    assert texts == ["mail [e-mail address] the export", "So."]
    for conversation in (private.id, "nothing"):
        with pytest.raises(NotOnTheList):
            unanswered.conversation(conversation)
    assert unanswered.questions()[0].text == "mail [e-mail address] the export"


def test_many_questions(log: ConversationLog, unanswered: Unanswered) -> None:
    """More questions than fit into one statement are all found and marked."""
    talk = Talk(log)
    asked = [talk.ask(f"merge company {number}", "answer", helpful=False) for number in range(520)]
    assert len(unanswered.questions()) == 520
    assert unanswered.mark(asked, "done", "eve", NOW) == 520
    assert {each.state for each in unanswered.questions()} == {"done"}
