"""Where no intent was recognised: the knowledge base may still know; else an honest question back."""

from __future__ import annotations

from dataclasses import replace

from actions.answering import passage, search, unknown
from actions.clarifying import after_detail, vague
from actions.composition import Services
from actions.deciding import HINT_OF_WISH, outweighed, weigh
from actions.following_up import FOLLOW_UP, fitting, question_before
from actions.form_answers import sends, thinks_better
from actions.handoff import noted, open_ticket_of
from actions.integrations import asks_for_the_list
from actions.policy_answers import topic_followed, topic_of
from actions.questions import doubts, gives_up, is_request, opening
from actions.refusals import insists
from actions.responder import answers_beside, begin_handoff, otherwise, outcome
from actions.ticket_details import mere_wish, names_support, read_contact
from actions.ticket_talk import cancelled, on_the_ticket
from actions.turn import FALLBACK, Intent, Turn
from actions.turn_action import Outcome, TurnAction
from actions.unreadable import unreadable
from index.lexical import words
from index.query_text import leans

WORTH_ASKING = 0.2  # search confidence from which the nearest pages are named for a message that no intent fits
WORTH_ANSWERING = 0.55  # from which a passage answers a message that no intent fits; below it a question back is honest
PRESSING_WORDS = 3  # up to which an unclear message after a refusal presses on with it
DETAILS = ("inform_contact", "inform_impact")


class ActionHandleUnclear(TurnAction):
    """Where no intent was recognised: the knowledge base may still know; else an honest question back."""

    def take(self, turn: Turn, built: Services) -> Outcome:
        """Weigh all signals; where they find nothing to answer, offer up to three titles or say "I don't know"."""
        leaning = on_the_ticket(turn, built)
        if leaning:
            return Outcome([leaning])
        closed = cancelled(turn, built) if gives_up(turn) else None  # "my bookkeeper found the answer. you may close it"
        settled = closed or unreadable(turn) or answers_beside(turn, built) or _details(turn, built)
        if settled:
            return settled
        best = next((item.name for item in turn.ranking if item.name != FALLBACK), FALLBACK)
        likely = next((item.confidence for item in turn.ranking if item.name == best), 0.0)
        # "Quick one" opens a talk, sounds a little like a wish and wishes for nobody.
        meant = bool(turn.memory.get("last_question")) or mere_wish(turn.text) or likely >= HINT_OF_WISH
        wished = best == "request_human" and (names_support(turn.text) or (meant and not outweighed(turn, best)))
        if wished or ((turn.memory.get("last_question") or thinks_better(turn.text)) and sends(turn.text)):
            return begin_handoff(turn, built)
        topic, first = topic_of(str(turn.memory.get("last_topic") or "")), opening(turn).reading
        # "Until when for the older of the two?" leans by what it names, however many words it has.
        leaning_on = topic and (leans(first, words(first)) or topic_followed(first, topic, built.policy) == topic)
        on_the_policy = leaning_on and (is_request(turn.text) or doubts(turn.text) or "?" in turn.text)
        listed = turn.memory.get("last_topic") == "ask_integration" and asks_for_the_list(turn.text)
        if on_the_policy or listed or (turn.memory.get("last_refusal") and insists(turn)):
            return outcome(turn, built)
        result = search(turn, built)
        weighed = weigh(turn, result)
        pressing_on = bool(turn.memory.get("last_refusal")) and len(turn.text.split()) <= PRESSING_WORDS
        # Nothing of the product leads from a poem to "two lines 🙏", whatever page has these words.
        unrelated = turn.memory.get("last_refusal") == "off_topic" and not is_request(turn.text)
        if weighed.kind != "answer" or (pressing_on and (unrelated or not result.answerable)):
            return outcome(replace(turn, intent=Intent(FOLLOW_UP, 1.0)) if pressing_on else turn, built)
        hits = fitting(turn, result.hits, built.knowledge) if question_before(turn) else result.hits
        if result.answerable and result.confidence >= WORTH_ANSWERING and hits:
            return Outcome([passage(turn, built, hits, result, weighed.area)])
        wants_nobody = turn.memory.get("last_refusal") or turn.memory.get("declined_offer") == "person"
        known = otherwise(turn, built, result, weighed.area, least=WORTH_ASKING)
        if known is None and (mere_wish(turn.text) or (best == "request_human" and not wants_nobody)):
            return begin_handoff(turn, built) if meant else vague(turn)
        return Outcome([known or unknown(turn, built, result, weighed.area)])


def _details(turn: Turn, built: Services) -> Outcome | None:
    """An address, or who is affected, told outside the hand-off: it goes to the open ticket, or begins one."""
    if turn.intent.name not in DETAILS or is_request(turn.text):
        return None
    ticket = open_ticket_of(turn, built)
    if ticket:
        return Outcome([noted(ticket, turn, built)])
    if turn.memory.get("pending_offer") == "person" or read_contact(turn.text):
        return begin_handoff(turn, built)
    if not turn.memory.get("last_question"):
        return vague(turn)
    return after_detail(turn)
