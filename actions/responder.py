"""From a turn to its replies: one question or several, asked in the open or in the middle of a hand-off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from actions.answering import PERSON, answer, search
from actions.chat import chat
from actions.composition import Services
from actions.deciding import SURE_REFUSAL, share, weigh
from actions.following_up import FOLLOW_UP, question_before
from actions.form_answers import asks_who
from actions.handoff import FORM, known_facts, open_ticket_of, shown, ticket_state
from actions.integrations import integration
from actions.policy_answers import PREFIX, beside_the_policy, gives_address, state_policies, topic_followed, topic_of
from actions.questions import ABOUT_THE_BOT, accepts, asked, gives_up, is_request, opening, tells_back, told_area, wish
from actions.refusals import insists, refusal_of, refuse
from actions.reply import Reply, variant
from actions.ticket_details import mere_wish, offered_contact
from actions.ticket_talk import cancelled, on_the_ticket
from actions.turn import AREAS, FALLBACK, Intent, Turn
from actions.turn_action import Outcome
from index.lexical import words
from index.search import leans, points_back

HINT_OF_INTEGRATION = 0.15  # from which the policy's list is better than no answer, where an application is named
CLOSE = 0.6  # of the best policy topic's probability, from which another is stated as well
SURE = 0.5  # of an intent, or a search, from which even a message that leans on what was said before is read by itself
VERY_SURE = 0.8  # the same where it sounds like the policy or like nothing of ours
RATHER_OURS = 0.7  # of a support intent of the message, from which a clause of it that asks is not declined by itself
SURE_BRIEF = 0.8  # of what it sounds like, from which it is that
BRIEF = 2  # content words up to which what sounds like nothing of ours may go on with the question before
HINT_UNANSWERED = 0.2  # share of the policy intents from which it answers what no page of the knowledge base does
HINT_OF_POLICY = 0.1  # share of the policy intents from which a follow-up on the policy stays with the policy

_TIL_WHEN = re.compile(r"^\W*(?:(?:and|so|but|ok)\s+)*(?:by|until|till|since|from)\s+when(?: exactly)?\W*$", re.IGNORECASE)
_WHICH = re.compile(r"^\W*(?:and |so |but |ok )*which\b", re.IGNORECASE)  # of our versions, where one was just declined
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
    if (wish(turn) == "now" or accepts(turn)) and not any(is_request(part.text) for part in asked(turn)):
        return begin_handoff(turn, built)
    replies = respond(turn, built)
    turned_away = all(item.decision in ("refuse", "unknown", "clarify") for item in replies)
    if turned_away and (mere_wish(turn.text) or offered_contact(turn.text)):
        # Whatever the classifier made of it: nobody who only asks for a person, or says where to reach them, is turned away.
        return begin_handoff(turn, built, [] if mere_wish(turn.text) else replies)
    return _with_wish(turn, built, replies)


def answers_beside(turn: Turn, built: Services) -> Outcome | None:
    """The answers to what a message asks beside a greeting, thanks or other small talk; None where it asks nothing."""
    parts = asked(turn)
    return _with_wish(turn, built, replies_to(parts, built)) if parts or wish(turn) else None


def respond(turn: Turn, built: Services) -> list[Reply]:
    """Answer every question of the message; a message with one question brings one reply.

    Where a message as a whole finds nothing, the one clause of it that asks is tried by itself: what stands around a question
    (a story, an order to the assistant) must not hide its answer.
    """
    parts = asked(turn)
    replies = replies_to(parts if len(parts) > 1 else [_the_question(turn, parts)], built)
    if len(parts) == 1 and parts[0].text != turn.text and [item.decision for item in replies] == ["unknown"]:
        by_itself = reply_to(parts[0], built)
        return [by_itself] if by_itself.decision == "answer" else replies
    return replies


def _the_question(turn: Turn, parts: Sequence[Turn]) -> Turn:
    """The message, or the one clause of it that plainly asks or is surely declined, where the rest only leads up to it."""
    if len(parts) == 1 and _turns_to(parts[0], turn):
        return parts[0]
    if len(parts) != 1 or parts[0].intent.confidence <= turn.intent.confidence:
        return turn
    plain = turn.intent.confidence < SURE <= parts[0].intent.confidence and parts[0].intent.name in AREAS
    ours = turn.area is not None and turn.intent.confidence >= RATHER_OURS
    declined = not ours and refusal_of(parts[0].intent.name) and parts[0].intent.confidence >= SURE_REFUSAL
    return parts[0] if plain or declined or topic_of(parts[0].intent.name) else turn


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
        # What was answered is what the talk is on; a chore that was declined beside it is no question to lean on.
        replies = [replace(item, memory={}) if item.decision == "refuse" else item for item in replies]
    return list({item.citations[0]["url"] if item.decision == "answer" else item.text: item for item in replies}.values())


def reply_to(turn: Turn, built: Services) -> Reply:
    """The one reply to a message of one question."""
    if turn.intent.name == "ticket_status":
        return ticket_state(turn, built)
    if turn.intent.name in ABOUT_THE_BOT:
        return chat(turn.intent.name, turn)
    refused = turn.memory.get("last_refusal")
    if refused and insists(turn):
        return refuse(str(refused), turn, built)
    leaning = _leaning_on_an_answer(turn, built)
    if leaning:
        return leaning
    # "No VPN, no. Tried two browsers" tells back what was asked about the matter; it is no trouble of its own.
    telling = refusal_of(turn.intent.name) and not refused and turn.memory.get("last_area") and tells_back(turn.text)
    turn = _as(turn, FOLLOW_UP) if telling else _carried_on(turn, built)
    found = search(turn, built)
    if refused and turn.intent.name == FOLLOW_UP and not found.answerable:
        return refuse(str(refused), turn, built)
    weighed = weigh(turn, found)
    topic, kind = topic_of(weighed.turn.intent.name), refusal_of(weighed.turn.intent.name)
    if weighed.kind == "policy" and topic:
        return state_policies((topic, *_near_topics(weighed.turn, topic)), weighed.turn, built)
    if weighed.kind == "refuse" and kind:
        return refuse(kind, weighed.turn, built)
    if weighed.turn.intent.name == "ask_integration":
        return integration(weighed.turn, built, found)
    reply = answer(weighed.turn, built, found, weighed.area)
    if reply.decision == "unknown" and turn.applications and _hint(turn, "ask_integration") >= HINT_OF_INTEGRATION:
        return integration(weighed.turn, built, found)
    return (perhaps_policy(turn, built) or _further_down(turn, built) or reply) if reply.decision == "unknown" else reply


def _further_down(turn: Turn, built: Services) -> Reply | None:
    """Another section of the page that is talked about, for a question that finds nothing by itself ("what if half of them are
    already in there"); None where the page has none that answers both.
    """
    if question_before(turn) or not is_request(turn.text) or turn.memory.get("last_refusal"):
        return None
    following = _as(turn, FOLLOW_UP)
    reply = answer(following, built, search(following, built), None)
    pages = {str(name).split("#")[0] for name in turn.memory.get("shown") or ()}
    return reply if reply.decision == "answer" and reply.citations[0]["slug"] in pages else None


def perhaps_policy(turn: Turn, built: Services) -> Reply | None:
    """The policy on what no page answers and may well be about it ("you won't leave me hanging, will you"), else None."""
    ranked = [item for item in turn.ranking if topic_of(item.name)]
    topic = topic_of(ranked[0].name) if ranked else None
    likely = share(turn, "policy") >= HINT_UNANSWERED
    return state_policies((topic, *_near_topics(turn, topic)), turn, built) if topic and likely else None


def area_of_matter(turn: Turn, built: Services) -> str | None:
    """The support area of what is told for a ticket: by its intent where that is one of the four, else by all signals."""
    if turn.area:
        return turn.area
    weighed = weigh(turn, search(turn, built))
    return weighed.area if weighed.kind == "answer" else None


def _carried_on(turn: Turn, built: Services) -> Turn:
    """A follow-up read as another question on the matter that the talk was on: "and HubSpot?", "and on Sundays?"."""
    before = str(turn.memory.get("last_topic") or "")
    unsure = turn.intent.name in (FOLLOW_UP, FALLBACK) or (
        leans(turn.reading, words(turn.reading)) and turn.intent.confidence < SURE
    )
    if unsure and before == "ask_integration" and turn.applications:
        return _as(turn, before)
    topic, old = topic_of(before), turn.memory.get("last_refusal") == "unsupported_version"
    which = _WHICH.match(turn.reading) or topic_followed(turn.reading, "versions", built.policy) == "versions"
    if unsure and old and which:
        return _as(turn, f"{PREFIX}versions")  # "which one do you support then?"
    first = opening(turn)
    told_why = first is not turn and turn.intent.confidence < SURE and points_back(first.reading)
    if topic and told_why and (followed := topic_followed(first.reading, topic, built.policy)):
        return _as(turn, f"{PREFIX}{followed}")  # "Has this changed, a colleague told me otherwise"
    if topic and _only_names_policy(turn, built):
        unsure = unsure or turn.intent.confidence < VERY_SURE
    if unsure and topic:
        return _on_with_the_policy(turn, topic, built)
    return turn


def _only_names_policy(turn: Turn, built: Services) -> bool:
    """Whether a message that points back has no word but those of a topic of the policy ("and by email?")."""
    text = turn.reading
    points = leans(text, words(text)) and points_back(text)
    return points and bool(topic_followed(text, "", built.policy)) and not words(beside_the_policy(text, built.policy))


def _leaning_on_an_answer(turn: Turn, built: Services) -> Reply | None:
    """The answer to what sounds like the policy or like nothing of ours by itself, yet leans on the question before it ("what if
    my server is down when it fires?"); None where nothing is found.
    """
    ours = bool(turn.applications) and all(application.supported for application in turn.applications)
    likewise = ours and refusal_of(turn.intent.name) == "third_party"  # "same story for Outlook?"
    sounds = likewise or topic_of(turn.intent.name) or refusal_of(turn.intent.name) == "off_topic"
    about_policy = topic_of(str(turn.memory.get("last_topic") or "")) or turn.memory.get("last_refusal")
    following = _as(turn, FOLLOW_UP)
    # "What's the biggest size", "from when": by themselves they may be about anything.
    brief = len(words(turn.reading)) <= (BRIEF if refusal_of(turn.intent.name) else 0) and turn.intent.confidence < SURE_BRIEF
    leaning = leans(turn.reading, words(turn.reading)) and question_before(turn)
    if (
        not sounds
        or about_policy
        or turn.intent.confidence >= VERY_SURE
        or not (leaning or (brief and question_before(following)))
    ):
        return None
    reply = answer(following, built, search(following, built), None)
    return reply if reply.decision == "answer" else None


def _on_with_the_policy(turn: Turn, topic: str, built: Services) -> Turn:
    """A follow-up on the policy's ``topic``: the topic that its words name, else the likeliest, else the same once more where it
    asks nothing of its own ("who looks at it then?"). What the knowledge base knows better ("and open deals?") is left to it.
    """
    if asks_who(turn.reading) or _TIL_WHEN.match(turn.reading) or turn.intent.name == f"{PREFIX}{topic}":
        return _as(turn, f"{PREFIX}{topic}")
    if words(beside_the_policy(turn.reading, built.policy)) and built.knowledge.search(turn.reading).confidence >= SURE:
        return turn
    followed = topic_followed(turn.reading, topic, built.policy)
    about_policy = [item for item in turn.ranking if topic_of(item.name)]
    likeliest = followed or (topic_of(about_policy[0].name) if about_policy else None)
    if likeliest == "channels" and points_back(turn.reading) and gives_address(topic, built.policy):
        return _as(turn, f"{PREFIX}{topic}")  # "where do I ask about it?": its own statement says to whom
    if followed:
        return _as(turn, f"{PREFIX}{followed}")
    if share(turn, "policy") >= HINT_OF_POLICY:
        return _as(turn, about_policy[0].name)
    if len(words(turn.reading)) <= 1 and is_request(turn.text):
        return _as(turn, f"{PREFIX}{topic}")
    return turn


def _near_topics(turn: Turn, topic: str) -> tuple[str, ...]:
    """The policy topic that is nearly as likely as ``topic``: where two are close, both are stated."""
    ranked = [item for item in turn.ranking if topic_of(item.name)]
    best = next((item.confidence for item in ranked if topic_of(item.name) == topic), 1.0)
    near = (topic_of(item.name) for item in ranked if CLOSE * best <= item.confidence)
    return tuple(name for name in near if name and name != topic)[:1]


def _hint(turn: Turn, name: str) -> float:
    return sum(item.confidence for item in turn.ranking if item.name == name)


def _as(turn: Turn, name: str) -> Turn:
    read = Intent(name, 1.0)
    return replace(turn, intent=read, ranking=(read,))


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
        return Outcome([*replies, replace(status, text=f"{variant(turn, ALREADY)} {status.text}")])
    remembered = {name: value for item in replies for name, value in item.memory.items()}
    area = told_area(turn)
    if area and not replies:
        # What was declined before is another matter; what was answered before may well be why a person is wanted now.
        declined = turn.memory.get("last_refusal") and not insists(turn)
        remembered = {"last_area": area, **({"last_question": None, "last_refusal": None} if declined else {})}
    return Outcome(replies, known_facts(replace(turn, memory={**turn.memory, **remembered})), FORM)
