"""From a turn to its replies: one question or several, asked in the open or in the middle of a hand-off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.answering import PERSON, answer, search
from actions.carrying_on import carried_on, leaning_on_an_answer, reaches_us
from actions.chat import chat, only_ends
from actions.clarifying import detail
from actions.composition import Services
from actions.deciding import SURE_REFUSAL, probability, share, weigh
from actions.following_up import FOLLOW_UP
from actions.form_answers import sends, thinks_better
from actions.handoff import FORM, TICKET, known_facts, noted, open_ticket_of, shown, ticket_state
from actions.integrations import integration
from actions.policy_answers import state_policies, state_policy, topic_named, topic_of
from actions.questions import (
    ABOUT_THE_BOT,
    accepts,
    asked,
    asks_anywhere,
    gives_up,
    is_request,
    tells_back,
    told_area,
    wish,
)
from actions.refusals import PREFIX as OUTSIDE
from actions.refusals import insists, refusal_of, refuse
from actions.reply import Reply, variant
from actions.second_look import WORTH_NAMING, second_look
from actions.ticket_details import mere_wish, offered_contact, still_wants_somebody, tells_the_matter
from actions.ticket_talk import asked_after, cancelled, on_the_ticket
from actions.turn import AREAS, ASKED_BACK, FALLBACK, Turn
from actions.turn_action import Outcome
from index.knowledge_base import SearchResult
from index.lexical import words
from index.query_text import leans, points_back

CHANNELS = "policy_channels"
INTEGRATION = "ask_integration"
HINT_OF_INTEGRATION = 0.15  # from which the policy's list is better than no answer, where an application is named
NO_CHORE = ("refuse", FALLBACK)
CLOSE = 0.6  # of the best policy topic's probability, from which another is stated as well
CLOSE_AND_NAMED = 0.25  # the same for a topic that is named by its words
SURE = 0.5  # of a clause, or of the message around it, from which it is what it sounds like
SURE_WHOLE = 0.9  # of the policy or a refusal, from which a message is that, whatever its clauses sound like
RATHER_OURS = 0.7  # of a support intent of the message, from which a clause of it that asks is not declined by itself
HINT_UNANSWERED = 0.2  # share of the policy intents from which it answers what no page of the knowledge base does
HINT_OF_THE_SAME = 0.05  # of a refusal class, from which a message that is declined anyway is declined as what was before it
LONGEST_ON_TOPIC = 12  # words up to which a question that nothing answers is still on the policy that was stated

ALREADY = (
    "Our team already has your request, and what you write here goes along with it.",
    "Your request is with our team already; anything you add here reaches them too.",
    "A person will take this up: our team already has your ticket.",
)


def outcome(turn: Turn, built: Services) -> Outcome:
    """Answer every question of the message; a wish for a person beside them begins the hand-off, or is offered.

    Who wishes for a ticket and only tells why gets the ticket, not an article in between.
    """
    leaning = on_the_ticket(turn, built)
    if leaning:
        return Outcome([leaning])
    if gives_up(turn) and (given_up := cancelled(turn, built)):
        return given_up
    if thinks_better(turn.text) and sends(turn.text):
        return begin_handoff(turn, built)  # "open that request after all please"
    if (wish(turn) == "now" or accepts(turn)) and not any(is_request(part.text) for part in asked(turn)):
        return begin_handoff(turn, built)
    replies = respond(turn, built)
    declined = all(item.decision == "refuse" for item in replies)
    if (declined or turned_away(replies)) and (mere_wish(turn.text) or offered_contact(turn.text)):
        # Whatever the classifier made of it: nobody who only asks for a person, or says where to reach them, is turned away.
        return begin_handoff(turn, built, [] if mere_wish(turn.text) else replies)
    if declined and turn.said and still_wants_somebody(turn.text):
        # What was declined may lie further back in the talk: the ticket is marked with the refusal, which is not said once more.
        return begin_handoff(replace(turn, memory={**turn.memory, **replies[-1].memory}), built)
    return _with_wish(turn, built, replies)


def turned_away(replies: Sequence[Reply]) -> bool:
    """Whether nothing was found to answer with."""
    return all(item.decision in ("unknown", "clarify") for item in replies)


def answers_beside(turn: Turn, built: Services) -> Outcome | None:
    """The answers to what a message asks beside a greeting, thanks or other small talk; None where it asks nothing."""
    parts = [] if only_ends(turn) else asked(turn)
    return _with_wish(turn, built, replies_to(parts, built)) if parts or wish(turn) else None


def respond(turn: Turn, built: Services) -> list[Reply]:
    """Answer every question of the message; a message with one question brings one reply.

    Where a message as a whole finds nothing, the one clause of it that asks is tried by itself: what stands around a question
    (a story, an order to the assistant) must not hide its answer.
    """
    parts = asked(turn)
    refused = turn.memory.get("last_refusal")
    if refused and insists(turn) and not any(_in_its_own_right(part) for part in parts):
        # "Upgrading is no option. Just tell me what the code stands for", "It's like 20 lines. Please? My boss needs it"
        return [refuse(str(refused), turn, built)]
    parts = _of_the_whole(parts, turn)
    replies = replies_to(parts if len(parts) > 1 else [_the_question(turn, parts)], built)
    if len(parts) == 1 and parts[0].text != turn.text and all(item.decision in ("unknown", "clarify") for item in replies):
        by_itself = reply_to(parts[0], built)
        return [by_itself] if by_itself.decision == "answer" else replies
    return replies


def _the_question(turn: Turn, parts: Sequence[Turn]) -> Turn:
    """The message, or the one clause of it that plainly asks or is surely declined, where the rest only leads up to it."""
    if len(parts) == 1 and _turns_to(parts[0], turn):
        return parts[0]
    if len(parts) != 1 or parts[0].intent.confidence <= turn.intent.confidence:
        return turn
    if parts[0].intent.name in ABOUT_THE_BOT:
        return parts[0]  # "ok ok. what do you do then"
    if parts[0].intent.name == INTEGRATION and parts[0].intent.confidence >= SURE_REFUSAL:
        return parts[0]  # "Is there a link to Xero? Our bookkeeper refuses to touch anything else"
    plain = turn.intent.confidence < SURE <= parts[0].intent.confidence and parts[0].intent.name in AREAS
    plain = plain and not points_back(parts[0].reading)  # "Half of them are in there twice. How can these be made into one?"
    plain = plain and (is_request(parts[0].text) or refusal_of(turn.intent.name) is None)  # "... build it. We have paid."
    ours = turn.area is not None and turn.intent.confidence >= RATHER_OURS
    declined = not ours and refusal_of(parts[0].intent.name) and parts[0].intent.confidence >= SURE_REFUSAL
    return parts[0] if plain or declined or topic_of(parts[0].intent.name) else turn


def _of_the_whole(parts: list[Turn], turn: Turn) -> list[Turn]:
    """The clauses to answer; none where the message as a whole surely asks for the policy, or surely is declined, and no clause
    does so by itself or surely asks for what is ours: then it is answered as what it is.
    """
    name = turn.intent.name
    plain = (topic_of(name) or refusal_of(name)) and turn.intent.confidence >= SURE_WHOLE
    limits = bool(refusal_of(name))  # "can your developers not do it?" behind what is declined asks for no list of limits
    least = SURE_REFUSAL if limits else 0.0  # "... a module for us. How soon could your developers deliver it?"
    by_itself = any(
        (topic_of(part.intent.name) not in (None, "limitations" if limits else None) and part.intent.confidence >= least)
        or refusal_of(part.intent.name)
        or (part.intent.name in AREAS and part.intent.confidence >= SURE_REFUSAL)
        for part in parts
    )
    return [] if plain and parts and not by_itself else _not_declined_again(parts, turn)


def _in_its_own_right(part: Turn) -> bool:
    """Whether a clause asks for the policy, or surely for what is ours, whatever stands around it."""
    surely = part.intent.name in AREAS and part.intent.confidence >= SURE_REFUSAL
    return surely or topic_of(part.intent.name) is not None


def _not_declined_again(parts: list[Turn], turn: Turn) -> list[Turn]:
    """The clauses to answer; none where the message surely is about what was declined just now, and none of them surely asks for
    what is ours ("We can't upgrade, the boss won't allow it. Just tell me how to fix it in 3.8").
    """
    again = bool(turn.memory.get("last_refusal")) and refusal_of(turn.intent.name) == turn.memory.get("last_refusal")
    ours = any(part.intent.name in AREAS and part.intent.confidence >= SURE_REFUSAL for part in parts)
    return [] if again and turn.intent.confidence >= SURE_REFUSAL and not ours else parts


def _turns_to(part: Turn, turn: Turn) -> bool:
    """Whether a clause surely asks for what is ours, in a message that only gives in to a refusal ("Fine, I'll write it myself.
    Where do I get a key?").
    """
    kind = refusal_of(turn.intent.name)
    gives_in = bool(kind) and kind == turn.memory.get("last_refusal") and len(turn.segments) > 1
    return gives_in and part.intent.name in AREAS and part.intent.confidence >= SURE_REFUSAL


def replies_to(parts: Sequence[Turn], built: Services) -> list[Reply]:
    """One reply to each clause; what two clauses have in common (a passage, a limit) is said once."""
    replies = [reply_to(part, built) for part in parts]
    if any(item.decision == "answer" for item in replies):
        # What was answered is what the talk is on; beside it a chore is nothing to lean on, and what no intent fits is no chore.
        kept = (item for part, item in zip(parts, replies, strict=True) if (item.decision, part.intent.name) != NO_CHORE)
        replies = [replace(item, memory={}) if item.decision == "refuse" else item for item in kept]
    return list({item.citations[0]["url"] if item.decision == "answer" else item.text: item for item in replies}.values())


def reply_to(turn: Turn, built: Services) -> Reply:
    """The one reply to a message of one question."""
    if turn.intent.name == "ticket_status":
        return asked_after(turn, built)
    if turn.intent.name in ABOUT_THE_BOT:
        return chat(turn.intent.name, turn)
    refused = turn.memory.get("last_refusal")
    if refused and insists(turn):
        return refuse(str(refused), turn, built)
    if turn.memory.get(ASKED_BACK) and turn.intent.name == CHANNELS and not is_request(turn.text):
        turn = turn.read_as(FOLLOW_UP)  # "it isn't working" - "email": that is what does not work
    if reaches_us(turn):
        return state_policy("channels", turn, built)
    leaning = leaning_on_an_answer(turn, built)
    if leaning:
        return leaning
    # "No VPN, no. Tried two browsers" tells back what was asked about the matter; it is no trouble of its own.
    # "... so it isn't our line" does as well.
    short = len(turn.text.split()) <= LONGEST_ON_TOPIC and refusal_of(turn.intent.name) == "network"
    told = tells_back(turn.text) or (short and points_back(turn.reading) and not asks_anywhere(turn.text))
    telling = refusal_of(turn.intent.name) and not refused and turn.memory.get("last_area") and told
    turn = turn.read_as(FOLLOW_UP) if telling else carried_on(turn, built)
    found = search(turn, built)
    if refused and turn.intent.name == FOLLOW_UP and not found.answerable:
        return refuse(str(refused), turn, built)
    weighed = weigh(turn, found)
    topic, kind = topic_of(weighed.turn.intent.name), refusal_of(weighed.turn.intent.name)
    if weighed.kind == "policy" and topic:
        return state_policies((topic, *_near_topics(weighed.turn, topic, built)), weighed.turn, built)
    if weighed.kind == "refuse" and kind:
        # "OK, Netflix drops as well": the talk is still on the network that was declined.
        unsure = weighed.turn.intent.confidence < SURE_REFUSAL
        same = bool(refused) and unsure and probability(turn, f"{OUTSIDE}{refused}") >= HINT_OF_THE_SAME
        return refuse(str(refused) if same else kind, weighed.turn, built)
    if weighed.turn.intent.name == INTEGRATION:
        return integration(weighed.turn, built, found)
    reply = answer(weighed.turn, built, found, weighed.area)
    if telling and reply.decision == "unknown":
        return detail(turn)
    if reply.decision == "unknown" and turn.applications and probability(turn, INTEGRATION) >= HINT_OF_INTEGRATION:
        return integration(weighed.turn, built, found)
    return reply if reply.decision != "unknown" else otherwise(weighed.turn, built, found, weighed.area) or reply


def otherwise(turn: Turn, built: Services, found: SearchResult, area: str | None, least: float = WORTH_NAMING) -> Reply | None:
    """What answers a question that no page does: the policy, the nearest pages, or once more what the talk was on just now."""
    topic = topic_of(str(turn.memory.get("last_topic") or ""))
    on_page = topic is None and turn.memory.get("shown")
    nearest = second_look(turn, built, found, area, least)
    ranked = (nearest, perhaps_policy(turn, built)) if on_page else (perhaps_policy(turn, built), nearest)
    ours = turn.area and turn.intent.confidence >= SURE_WHOLE  # "and how do i get to the newest"
    pressing = not ours and points_back(turn.reading) and leans(turn.reading, words(turn.reading)) and is_request(turn.text)
    known = state_policies((topic,), turn, built) if topic and pressing else next(filter(None, ranked), None)
    if known is None and topic and is_request(turn.text) and len(turn.text.split()) <= LONGEST_ON_TOPIC:
        return state_policies((topic,), turn, built)  # "give me a ballpark, I won't hold you to it"
    if known is None and turn.memory.get("last_topic") == TICKET and points_back(turn.reading) and open_ticket_of(turn, built):
        return ticket_state(turn, built)  # "is Ines in there?"
    return known


def perhaps_policy(turn: Turn, built: Services) -> Reply | None:
    """The policy on what no page answers and may well be about it ("you won't leave me hanging, will you"), else None."""
    ranked = [item for item in turn.ranking if topic_of(item.name)]
    topic = topic_of(ranked[0].name) if ranked else None
    # What answers a question back ("the email thing") tells of trouble sooner than it asks for the policy.
    likely = share(turn, "policy") >= (SURE if turn.memory.get(ASKED_BACK) else HINT_UNANSWERED)
    return state_policies((topic, *_near_topics(turn, topic, built)), turn, built) if topic and likely else None


def area_of_matter(turn: Turn, built: Services) -> str | None:
    """The support area of what is told for a ticket: by its intent where that is one of the four, else by all signals."""
    if turn.area:
        return turn.area
    weighed = weigh(turn, search(turn, built))
    return weighed.area if weighed.kind == "answer" else None


def _near_topics(turn: Turn, topic: str, built: Services) -> tuple[str, ...]:
    """The policy topic that is nearly as likely as ``topic``, or rather likely and named by its words: both are stated."""
    ranked = {name: item.confidence for item in turn.ranking if (name := topic_of(item.name))}
    best = ranked.get(topic, 1.0)
    near = (
        name
        for name, confidence in ranked.items()
        if confidence >= (CLOSE_AND_NAMED if topic_named(turn.reading, name, built.policy) else CLOSE) * best
    )
    return tuple(name for name in near if name != topic)[:1]


def _with_wish(turn: Turn, built: Services, replies: list[Reply]) -> Outcome:
    """The replies, and what becomes of a wish for a person that stands beside the questions."""
    wished = wish(turn)
    if wished is None:
        return Outcome(replies)
    if wished == "perhaps" and replies and open_ticket_of(turn, built) is None:
        last = replace(replies[-1], buttons=tuple(dict.fromkeys((*replies[-1].buttons, PERSON)))[:3])
        return Outcome([*replies[:-1], last], {"pending_offer": "person"})
    return begin_handoff(turn, built, replies)


def begin_handoff(turn: Turn, built: Services, replies: Sequence[Reply] = ()) -> Outcome:
    """Begin the hand-off after ``replies``, or show the open ticket: one a conversation, so that "human!" never loops."""
    ticket = open_ticket_of(turn, built)
    if ticket:
        status = shown(ticket, turn, built)
        # Another matter goes along with the ticket that is open: one a conversation.
        said = noted(ticket, turn, built).text if tells_the_matter(turn.text) else variant(turn, ALREADY)
        return Outcome([*replies, replace(status, text=f"{said} {status.text}")])
    remembered = {name: value for item in replies for name, value in item.memory.items()}
    area = told_area(turn)
    if area and not replies:
        # What was declined before is another matter; what was answered before may well be why a person is wanted now.
        declined = turn.memory.get("last_refusal") and not insists(turn)
        remembered = {"last_area": area, **({"last_question": None, "last_refusal": None} if declined else {})}
    return Outcome(replies, known_facts(replace(turn, memory={**turn.memory, **remembered})), FORM)
