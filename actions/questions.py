"""Which clauses of a message ask for something of their own, and whether one of them wishes for a person."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.deciding import SURE_REFUSAL, probability, share
from actions.following_up import FOLLOW_UP
from actions.form_answers import sends
from actions.policy_answers import topic_of
from actions.refusals import only_names_version, refusal_of
from actions.ticket_details import names_somebody, names_support
from actions.turn import AREAS, FALLBACK, Turn
from index.lexical import words

ABOUT_THE_BOT = ("bot_challenge", "capabilities")
CHATTY = ("greet", "thank", "how_are_you", "chitchat", "bot_challenge", "capabilities", FALLBACK)
SURE_SUPPORT = 0.85  # of the whole message, from which what one clause sounds like by itself counts less
TRACE = 0.02  # of the refusal of a clause, in the message as a whole
SURE_CLAUSE = 0.5  # of an intent, from which a clause counts as a refusal, small talk or a wish
SURE_ALONE = 0.95  # of a wish for a person, where the message around it shows no trace of one
SHORTEST_QUESTION, SHORTEST_REFUSED, LONGEST_POINTING = 3, 4, 7  # words
_POINTING = re.compile(r"\b(?:it|its|that|this|these|those|they|them|there)\b", re.IGNORECASE)

_OPENING = (
    r"^(?:(?:and|also|so|but|or|then|ok|okay|well|btw|by the way|oh|hi|hello|hey|thanks|sorry|secondly|finally|actually|right|"
    r"while (?:we|you)['’]?re at it|meanwhile|hmm+|wait|just|first|"
    r"(?:a |one |another )?(?:quick |small )?(?:more |other |different |separate |last )?(?:thing|question|point))[\s,.:;!-]+)*"
)
_REQUEST = re.compile(
    _OPENING + r"(?:please\s+)?(?:how|(?:by|until|till|since|from|at|in|on|for|to|with|under)\s+(?:when|what|which|whom)|"
    r"what|what['’]?s|when|where|where['’]?s|why|who|who['’]?s|whom|which|whose|can|could|do|does|did|is|"
    r"are|am|will|would|should|may|might|has|have|isn't|aren't|don't|doesn't|can't|"
    r"write|build|create|make|tell|give|code|program|develop|fix|help|show|explain|translate|recommend|list|draft|calculate|"
    r"configure|debug|send|set up|let me know|i need|i want|i'd like|we need|we want|i'm looking for)\b"
    r"|\?\W*$|\bplease\W*$|\bany (?:tip|idea|advice|hint|suggestion|news|update|chance|workaround|way)s?\b"
    r"|" + _OPENING + r"(?:confirm|state|promise)\s+(?:that|it|to|me|in writing|how|when|whether|your|a|the)\b"
    r"|" + _OPENING + r"(?:if|when|once|in case)\b.{0,60}?"
    r"(?:\b(?:can|do|should|may) (?:i|we)|,\s*(?:then )?(?:how|what|which|where|who) (?:do|does|can|could|should|will|to))\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(r"\W*(?:and |or )?(?:what|how) about\b", re.IGNORECASE)
_VERB = r"(?:do|does|did|is|are|can|could|will|would|should|may|must)"
# "When I save, it hangs" and "can't save either" tell; "when will it ...", "can I ..." ask.
_INTERROGATIVE = re.compile(
    _OPENING + rf"(?:(?:how|why|who|what|which)\b|(?:when|where)(?:['’]?s\b|\s+{_VERB}\b)"
    rf"|{_VERB}\s+(?:i|we|you|they|it|he|she|there|this|that|the|my|our|an?|any(?:one|body)?|some(?:one|body)?)\b)",
    re.IGNORECASE,
)
_PART = re.compile(r"[,.;!\n]+")
_CLOSES = re.compile(
    r"(?:^|[,.;!\n]|\b(?:so|and|please|you (?:can|may)|just))\s*(?:then |now )?"
    r"(?:(?:close|drop|withdraw|cancel) (?:the|my|this|that|our) (?:ticket|case|request)\b"
    r"|(?:forget|(?:(?:i|we) )?(?:don['’]?t|no longer) need|no need for) (?:about )?(?:the|an?|any) "
    r"(?:agent|person|human|ticket)\b)"
    r"(?=\s*(?:$|[,.;:!)]|please|pls|thanks|thank you|any ?more|now|then|again|after all|as\b|because\b|since\b"
    r"|(?:that |which )?(?:i|we)(?:['’]ve| have| had)? (?:just )?(?:opened|raised|sent|filed|made|created|submitted|logged)\b))"
    r"|\byou (?:can|may) (?:now )?(?:close|drop|withdraw) (?:it|this|that)\b"
    r"(?=\s*(?:$|[,.;:!)]|please|pls|thanks|thank you|any ?more|now|then|again|after all|as\b|because\b|since\b))",
    re.IGNORECASE,
)
_DROPS = re.compile(
    r"^\W*(?:(?:ah|oh|ok|okay|well|no|nah|wait|hm+|actually|then|just|please)[\s,.!]+)*"
    r"(?:forget (?:it|that|about it)|never ?mind|nvm|don['’]?t bother|(?:drop|leave|scrap) (?:it|that|the whole thing))"
    r"(?=\W*$|\s*[,.;:!])",
    re.IGNORECASE,
)
_DROPS_LAST = re.compile(r"[,.;!\n]\s*(?:so |then )?(?:nvm|never ?mind|forget (?:it|about it))\W*$", re.IGNORECASE)
_NONE_WANTED = re.compile(
    r"\b(?:don['’]?t|do not|not) (?:want|need) (?:to (?:open|have|write|file) )?(?:a|an|any|another|your|some) "
    r"(?:\w+ )?(?:ticket|case|person|human|agent)\b"
    r"|\b(?:rather not|don['’]?t (?:want|need|like) to|no need to) (?:talk|speak|chat)\b",
    re.IGNORECASE,
)
_DOUBTING = re.compile(
    r"^\W*(?:(?:but|come on|surely|oh|no|really|well|hm+)[\s,]+)*(?:there|you|they|somebody|someone)\s+(?:surely\s+|really\s+)?"
    r"(?:must|has to|have to|have got to|should|ought to)\b",
    re.IGNORECASE,
)
_TELLING_BACK = re.compile(
    r"^\W*(?:(?:ok|well|hm+|but|and|so)[\s,]+)*(?:no|nope|nah|not|none|yes|yeah|yep|already|tried|checked|did|done|have|"
    r"(?:we|i)(?: have|['’]ve)? (?:don['’]?t|do not|tried|checked|did|already|have))\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"^(?:and |or |but )*(?:if|in case|unless|otherwise|or else|or|should)\b", re.IGNORECASE)


def asked(turn: Turn) -> list[Turn]:
    """The clauses of the message that ask for something, in their order.

    Support matters that are told and not asked ("It worked yesterday. Today it fails.") are one story: it is one matter
    where nothing else of support is asked, and else the background of the question.
    """
    parts: dict[str, Turn] = {}
    before = turn.memory.get("last_question")
    for number, segment in enumerate(turn.segments):
        part = turn.part(segment, last_question=before)
        matter = _matter(part, first=number == 0)
        if matter == "support" and parts and refusal_of(next(reversed(parts))) and _adds_nothing(part):
            continue  # "... code a module for us. When can you start?" asks for the module
        if matter is None or ((refusal_of(matter) or topic_of(matter)) and _torn_out(part, turn)):
            continue
        if matter in ABOUT_THE_BOT and len(turn.segments) > 1 and turn.intent.name not in (*CHATTY, matter):
            continue  # "My ticket has been sitting around since last week. What can I do?"
        unsure = part.intent.name in (FOLLOW_UP, FALLBACK) or (topic_of(matter) and part.intent.confidence < SURE_CLAUSE)
        short = unsure and len(words(part.text)) <= 1
        if short and not _POINTING.search(part.text) and not _ANOTHER.match(part.text):
            # "We are on 5 and would like to get to 7. What's the path?" asks one thing.
            about = next((key for key in reversed(parts) if key == "story" or key.startswith("support")), None)
            if about:
                parts[f"support{number}"] = _joined(parts.pop(about), part)
                continue
        told = matter == "support" and not is_request(part.text)
        if told and len(turn.segments) > 1 and only_names_version(part.text):
            continue  # "We are on PipeRocks 6. Until when will you help us with it?"
        least = SURE_REFUSAL if _support(turn) < TRACE else SURE_CLAUSE
        if told and _about_policy(turn) and part.intent.confidence < least:
            continue  # "We've been with you for years. When are you open?": background, and hardly of support by itself
        key = "story" if told else f"{matter}{number}" if matter == "support" else matter
        parts[key] = _joined(parts[key], part) if key in parts else part
        before = part.text
    chore = any(refusal_of(key) for key in parts) and parts.get("story", turn).intent.confidence < SURE_REFUSAL
    if chore or any(key.startswith("support") for key in parts):
        parts.pop("story", None)  # "what's the weather in Lisbon? got a customer visit" tells why
    declined = _told_outside(turn) if not set(parts) - {"story"} else None
    return [declined] if declined else list(parts.values())


def _told_outside(turn: Turn) -> Turn | None:
    """The clause of a message that asks nothing which tells of trouble that surely is out of scope ("... Zendesk macros have been
    broken since Monday."), unless the message as a whole surely is a matter of support.
    """
    if _support(turn) >= SURE_SUPPORT or turn.intent.name in CHATTY[:-1]:
        return None  # "... cheers from a happy florist!"
    told = None
    for part in turn.segments:
        if refusal_of(part.intent.name) and part.intent.confidence >= SURE_REFUSAL:
            # "He asked me to ask you." sounds like anything by itself: the message as a whole must show a trace of it.
            told = told or (part if probability(turn, part.intent.name) >= TRACE else None)
        elif part.intent.name in AREAS and part.intent.confidence >= SURE_CLAUSE:
            told = None  # the matter comes last: what is ours behind it is what the message is about
    return turn.part(told) if told else None


def asks_openly(text: str) -> bool:
    """Whether a clause is put as a question, by its mark or its first word."""
    return text.rstrip().endswith("?") or bool(_INTERROGATIVE.match(text))


def wants_none(text: str) -> bool:
    """Whether a message says that no person and no ticket is wanted ("I don't want a ticket, I want it to work")."""
    return bool(_NONE_WANTED.search(text))


def tells_back(text: str) -> bool:
    """Whether a message only says how it is with what was suggested ("no VPN, no. Tried two browsers")."""
    return bool(_TELLING_BACK.match(text)) and not asks_anywhere(text) and "?" not in text


def doubts(text: str) -> bool:
    """Whether a message does not believe what it was told ("there must be a number")."""
    return bool(_DOUBTING.match(text))


def asks_anywhere(text: str) -> bool:
    """Whether any part of a text asks or tells to do something ("boring. what's the weather in Porto")."""
    return any(is_request(part) for part in _PART.split(text))


def closes_ticket(text: str) -> bool:
    """Whether a message sends a ticket away by its words ("you can close the ticket")."""
    return bool(_CLOSES.search(text))


def is_request(text: str) -> bool:
    """Whether a clause asks or tells to do something, rather than telling how things are."""
    return bool(_REQUEST.search(text.strip()))


def opening(turn: Turn) -> Turn:
    """The message without what is only told behind its question ("can't it go any quicker, our card expires on Friday"); the
    message itself where it does not open with a question of a few words.
    """
    first, _, rest = turn.reading.partition(",")
    short = 2 <= len(first.split()) <= LONGEST_POINTING
    if not short or not rest.strip() or not is_request(first) or is_request(rest):
        return turn
    return replace(turn, text=first.strip(), reading=first.strip())


def wish(turn: Turn) -> str | None:
    """``now`` where a clause of the message wishes for a person, ``perhaps`` where it does so on a condition.

    "Please sort that out" behind what most likely is declined asks for just that; a person or a ticket must be named there.
    """
    found, declined = None, bool(refusal_of(turn.intent.name))
    no_trace = max(_support(turn), share(turn, "policy")) >= SURE_CLAUSE and probability(turn, "request_human") < TRACE
    for segment in turn.segments:
        # "All the invoices go to his email. I need them to come to me instead." sounds so in its second clause alone.
        least = SURE_ALONE if no_trace and not names_somebody(segment.text) else SURE_CLAUSE
        wishes = segment.intent.name == "request_human" and segment.intent.confidence >= least
        if wishes and (not declined or names_support(segment.text)):
            found = "perhaps" if _CONDITION.match(segment.text.strip()) else "now"
    return found


def accepts(turn: Turn) -> bool:
    """Whether a message takes up the way to a person with a sure yes and tells the matter behind it ("Do that please. It's every
    payment since the 3rd"): one was offered, or how a case moves up was told.
    """
    if len(turn.segments) < 2:
        return False
    offered = turn.memory.get("pending_offer") == "person" or turn.memory.get("last_topic") == "policy_escalation"
    first = turn.segments[0].intent
    return offered and first.name == "affirm" and first.confidence >= SURE_REFUSAL


def gives_up(turn: Turn) -> bool:
    """Whether a clause surely takes back what was asked for, or sends the ticket away, and none asks for anything ("stop. it was
    my browser", "it works now, you can close the ticket").
    """
    tells = turn.area is not None and turn.intent.confidence >= SURE_CLAUSE  # "nvm, now the export is stuck as well"
    drops = _DROPS.match(turn.text) or _DROPS_LAST.search(turn.text)
    wished = wish(turn) is not None and not wants_none(turn.text)  # "no, forget that, I'd rather have a person after all"
    if drops and not asks_anywhere(turn.text) and not tells and not wished:
        return True
    stops = any(segment.intent.name == "cancel" and segment.intent.confidence >= SURE_REFUSAL for segment in turn.segments)
    opens = wish(turn) is not None or any(sends(segment.text) for segment in turn.segments)
    if stops and not opens and not any(is_request(segment.text) for segment in turn.segments):
        return True  # "Skip the questions and open a ticket" stops nothing
    return bool(_CLOSES.search(turn.text)) and not any(asks_openly(part) for part in _PART.split(turn.text))


def drops_for(turn: Turn) -> bool:
    """Whether a message surely drops what is under way and asks for something else ("forget it. how do I mute the emails")."""
    first = turn.segments[0] if len(turn.segments) > 1 else None
    drops = first is not None and first.intent.name == "cancel" and first.intent.confidence >= SURE_REFUSAL
    return drops and any(is_request(segment.text) for segment in turn.segments[1:])


def told_area(turn: Turn) -> str | None:
    """The support area of what the message surely tells by itself, beside a wish for a person; else None."""
    told = (turn, *(turn.part(segment) for segment in turn.segments))
    return next((part.area for part in told if part.area and part.intent.confidence >= SURE_CLAUSE), None)


def _matter(part: Turn, *, first: bool) -> str | None:
    """What a clause is about, as far as it must be answered by itself; support is one matter, each policy topic another."""
    name, sure = part.intent.name, part.intent.confidence >= SURE_CLAUSE
    if name in AREAS:
        return "support"
    if name in (FOLLOW_UP, FALLBACK):
        long_enough = len(part.text.split()) >= SHORTEST_QUESTION
        return "support" if asks_openly(part.text) and long_enough else None
    if topic_of(name):
        return name if is_request(part.text) else None
    if refusal_of(name):
        return name if sure and is_request(part.text) and not _says_little(part.text, first=first) else None
    other = name == "ticket_status" or name in ABOUT_THE_BOT
    return name if other and sure and is_request(part.text) else None


def _support(turn: Turn) -> float:
    return sum(item.confidence for item in turn.ranking if item.name in AREAS)


def _about_policy(turn: Turn) -> bool:
    return topic_of(turn.intent.name) is not None and turn.intent.confidence >= SURE_SUPPORT


def _adds_nothing(part: Turn) -> bool:
    """Whether a clause has hardly a word of its own and is no sure question of support."""
    return len(words(part.text)) <= 1 and (part.intent.name not in AREAS or part.intent.confidence < SURE_SUPPORT)


def _torn_out(part: Turn, turn: Turn) -> bool:
    """Whether a clause only sounds out of scope by itself: the message as a whole surely is a matter of support, of the policy,
    or declined as something else, and shows no trace of the refusal ("Who won the most? I need a ranking of my reps"), or the
    clause is not that sure. What only sounds of the policy must be both.
    """
    others = (item for item in turn.ranking if item.name != part.intent.name)
    whole = sum(item.confidence for item in others if item.name in AREAS or topic_of(item.name) or refusal_of(item.name))
    trace = probability(turn, part.intent.name) >= TRACE
    if topic_of(part.intent.name):
        return _support(turn) >= SURE_SUPPORT and not trace and part.intent.confidence < SURE_CLAUSE
    return whole >= SURE_SUPPORT and (not trace or part.intent.confidence < SURE_REFUSAL)


def _says_little(text: str, *, first: bool) -> bool:
    """Whether a clause says too little by itself to be declined: few words, or not many that point at the clause before."""
    length = len(text.split())
    return length < SHORTEST_REFUSED or (not first and length <= LONGEST_POINTING and bool(_POINTING.search(text)))


def _joined(first: Turn, second: Turn) -> Turn:
    """Two clauses of one matter as one; the surer of the two says what it is."""
    surer = max(first, second, key=lambda part: 0.0 if part.intent.name == FALLBACK else part.intent.confidence)
    text = f"{first.text} {second.text}"
    return replace(surer, text=text, reading=text) if first.text != second.text else first
