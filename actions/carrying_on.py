"""What a message goes on with: the policy that was stated, a refusal, or the answer before it."""

from __future__ import annotations

import re

from actions.answering import answer, search
from actions.composition import Services
from actions.deciding import share
from actions.following_up import FOLLOW_UP, question_before
from actions.form_answers import asks_who
from actions.integrations import asks_for_the_list, names_another
from actions.policy_answers import PREFIX, asks_how_fast, beside_the_policy, gives_address, topic_followed, topic_of
from actions.questions import is_request, opening
from actions.refusals import refusal_of
from actions.reply import Reply
from actions.turn import FALLBACK, Turn
from index.lexical import words
from index.query_text import leans, points_back

SURE = 0.5  # of an intent, or a search, from which even a message that leans on what was said before is read by itself
VERY_SURE = 0.8  # the same where it sounds like the policy or like nothing of ours
SURE_APART = 0.95  # the same where every word of its own is one of the policy ("and if Monday was a holiday")
SURE_BRIEF = 0.8  # of what it sounds like, from which it is that
FEW_MORE = 3  # content words of who tells where they are, beside a question on the hours
MORE = 5  # content words of a question on how one learns of what changes
BRIEF = 2  # content words up to which what sounds like nothing of ours may go on with the question before
HINT_OF_POLICY = 0.1  # share of the policy intents from which a follow-up on the policy stays with the policy
_TIL_WHEN = re.compile(r"^\W*(?:(?:and|so|but|ok)\s+)*(?:by|until|till|since|from)\s+when(?: exactly)?\W*$", re.IGNORECASE)
_AND = re.compile(r"^\W*(?:and|what about|how about)\b", re.IGNORECASE)
_POINTS_AT_PEOPLE = re.compile(r"\b(?:them|they|him|her|he|she)\b", re.IGNORECASE)
_FIGURE = re.compile(
    r"\W*(?:(?:and|what|how|about|then|is|line|version|release|piperocks|we|i|i['’]?m|we['’]?re|are|am|on|have|use|got|still)\s+)*"
    r"\d(?:\.\d+)*\W*",
    re.IGNORECASE,
)
_REACHES = (
    r"(?:reach|contact|message|text|write(?: to)?|chat (?:to|with)|talk to|speak (?:to|with)|call|ping|dm|get hold of)"
    r"\s+(?:you|u|support|your (?:team|support|staff|people|colleagues))"
)
_FOR_SUPPORT = re.compile(r"\b(?:you|u)\b.{0,25}\bfor (?:your |the )?support(?: too| as well| also)?\W*$")
_PLACE = re.compile(
    r"\b(?i:we|i)(?:['’](?:re|m)| are| am)? (?:all |both )?(?:based |located |sitting |living |live |sit )?(?:in|from) "
    r"(?:the )?[A-Z]\w+"
    r"|\b(?i:our|my) (?:office|team|company) is in (?:the )?[A-Z]\w+",
)
_ANNOUNCED = re.compile(  # behind what the policy says of its changes
    r"\b(?:notice|in advance|beforehand|announce\w*|informed|told|notif\w+)\b", re.IGNORECASE
)
_LEARNS = re.compile(r"\b(?:find|found) out|\b(?:hear|learn|know|see)\b", re.IGNORECASE)  # "how do I see my invoices" as well
_ALSO = re.compile(r"\b(?:also|too|as well|either|there|that|it|this)\b", re.IGNORECASE)
_WHICH = re.compile(r"^\W*(?:and |so |but |ok )*which\b", re.IGNORECASE)  # of our versions, where one was just declined


def reaches_us(turn: Turn) -> bool:
    """Whether a message asks to write to us through an application it names ("can I whatsapp you"): that is no integration."""
    text = turn.reading.lower()
    if turn.applications and not any(application.supported for application in turn.applications) and _FOR_SUPPORT.search(text):
        return True  # "we do all by WhatsApp. You have this for support too?"
    return any(
        re.search(rf"\b{name}\s+(?:you|u)(?:\s+(?:guys|people|folks|too|instead|directly|please|pls))*\W*$", text)
        or re.search(rf"\b{_REACHES}\b(?:\s+\w+){{0,3}}?\s+(?:on|via|over|through|by|with|in|using)\s+{name}\b", text)
        for name in (re.escape(application.name.lower()) for application in turn.applications)
    )


def til_when(text: str) -> bool:
    """Whether a message asks for nothing but the time until which, or from which, what was said holds."""
    return bool(_TIL_WHEN.match(text))


def carried_on(turn: Turn, built: Services) -> Turn:
    """A follow-up read as another question on the matter that the talk was on: "and HubSpot?", "and on Sundays?"."""
    before = str(turn.memory.get("last_topic") or "")
    if followed := _in_the_light_of(turn, before, built):
        return turn.read_as(f"{PREFIX}{followed}")
    unsure = turn.intent.name in (FOLLOW_UP, FALLBACK) or (
        leans(turn.reading, words(turn.reading)) and turn.intent.confidence < SURE
    )
    another = asks_for_the_list(turn.text) or (unsure and (turn.applications or names_another(turn.text)))
    if before == "ask_integration" and another:
        return turn.read_as(before)
    topic, old = topic_of(before), turn.memory.get("last_refusal") == "unsupported_version"
    named = topic_followed(turn.reading, "versions", built.policy) == "versions"
    which = _WHICH.match(turn.reading) or (named and not _known_better(turn, built))
    if unsure and old and which:
        return turn.read_as(f"{PREFIX}versions")  # "which one do you support then?"
    first = opening(turn)
    unclear = turn.intent.name == FALLBACK or turn.intent.confidence < SURE
    told_why = first is not turn and unclear and points_back(first.reading)
    if topic and told_why and (followed := topic_followed(first.reading, topic, built.policy)):
        return turn.read_as(f"{PREFIX}{followed}")  # "Has this changed, a colleague told me otherwise"
    if topic and _only_names_policy(turn, built):
        unsure = unsure or turn.intent.confidence < SURE_APART
    if unsure and topic:
        return _on_with_the_policy(turn, topic, built)
    return turn


def _in_the_light_of(turn: Turn, before: str, built: Services) -> str | None:
    """The topic of the policy that a few words mean right after another one, whatever they sound like by themselves."""
    topic, text = topic_of(before), turn.reading
    if topic is None:
        return None
    if turn.intent.name == f"{PREFIX}channels" and _POINTS_AT_PEOPLE.search(text) and gives_address(topic, built.policy):
        return topic  # priority support: "how would I get in touch with them?"
    rest = words(text)
    if topic == "channels" and turn.applications and len(rest) <= 1 and not any(a.supported for a in turn.applications):
        return topic  # "WhatsApp?"
    if topic in ("hours", "response_time") and _PLACE.search(turn.text) and len(rest) <= FEW_MORE:
        return topic  # "we're in Ireland if that matters"
    learns = _ANNOUNCED.search(text) or (turn.intent.name in (FOLLOW_UP, FALLBACK) and _LEARNS.search(text))
    if topic == "changes" and is_request(turn.text) and len(rest) <= MORE and learns:
        return topic  # "how much notice do we get, 30 days?", "how would I find out"
    if topic and turn.intent.confidence < SURE and is_request(turn.text) and topic_followed(text, "", built.policy) == topic:
        return topic  # "where would we see such an update?"
    if topic == "priority" and _ALSO.search(text) and is_request(turn.text) and _names_plan(text, built):
        return topic  # "People on Starter can write there also?"
    if topic == "versions" and _FIGURE.fullmatch(text):
        return topic  # "and 5?"
    return None


def _names_plan(text: str, built: Services) -> bool:
    return any(re.search(rf"\b{re.escape(plan.name)}\b", text, re.IGNORECASE) for plan in built.policy.plans)


def _only_names_policy(turn: Turn, built: Services) -> bool:
    """Whether a message that points back has no word but those of a topic of the policy ("and by email?")."""
    text = turn.reading
    points = leans(text, words(text)) and points_back(text)
    return points and bool(topic_followed(text, "", built.policy)) and not words(beside_the_policy(text, built.policy))


def leaning_on_an_answer(turn: Turn, built: Services) -> Reply | None:
    """The answer to what sounds like the policy or like nothing of ours by itself, yet leans on the question before it ("what if
    my server is down when it fires?"); None where nothing is found.
    """
    ours = bool(turn.applications) and all(application.supported for application in turn.applications)
    likewise = ours and refusal_of(turn.intent.name) == "third_party"  # "same story for Outlook?"
    sounds = likewise or topic_of(turn.intent.name) or refusal_of(turn.intent.name) == "off_topic"
    if any(item.name == turn.intent.name and item.confidence >= VERY_SURE for item in turn.around):
        # "We pay for Professional. Does that buy us faster answers?": the message around it surely asks for just that
        return None
    if turn.intent.name == f"{PREFIX}response_time" and _POINTS_AT_PEOPLE.search(turn.reading) and asks_how_fast(turn, built):
        return None  # "when would they get back to me?"
    about_policy = topic_of(str(turn.memory.get("last_topic") or "")) or turn.memory.get("last_refusal")
    following = turn.read_as(FOLLOW_UP)
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
    goes_on = brief and refusal_of(turn.intent.name) and _AND.match(turn.reading)  # "and her birthday?" is not declined
    return reply if reply.decision == "answer" or goes_on else None


def _known_better(turn: Turn, built: Services) -> bool:
    """Whether a follow-up on the policy has words of its own and the knowledge base knows an answer ("are there release notes?").

    One word beside one that points back ("how would I hear of it") is about what was stated, unless the answer is rather sure.
    """
    own = words(beside_the_policy(turn.reading, built.policy))
    least = VERY_SURE if len(own) <= 1 and points_back(turn.reading) else SURE
    return bool(own) and built.knowledge.search(turn.reading).confidence >= least


def _on_with_the_policy(turn: Turn, topic: str, built: Services) -> Turn:
    """A follow-up on the policy's ``topic``: the topic that its words name, else the likeliest, else the same once more where it
    asks nothing of its own ("who looks at it then?"). What the knowledge base knows better ("and open deals?") is left to it.
    """
    if asks_who(turn.reading) or til_when(turn.reading) or turn.intent.name == f"{PREFIX}{topic}":
        return turn.read_as(f"{PREFIX}{topic}")
    if _known_better(turn, built):
        return turn
    followed = topic_followed(turn.reading, topic, built.policy)
    about_policy = [item for item in turn.ranking if topic_of(item.name)]
    likeliest = followed or (topic_of(about_policy[0].name) if about_policy else None)
    if likeliest == "channels" and points_back(turn.reading) and gives_address(topic, built.policy):
        return turn.read_as(f"{PREFIX}{topic}")  # "where do I ask about it?": its own statement says to whom
    if followed:
        return turn.read_as(f"{PREFIX}{followed}")
    if share(turn, "policy") >= HINT_OF_POLICY:
        return turn.read_as(about_policy[0].name)
    if len(words(turn.reading)) <= 1 and is_request(turn.text):
        return turn.read_as(f"{PREFIX}{topic}")
    return turn
