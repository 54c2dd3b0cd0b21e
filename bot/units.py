"""What of a message is understood by itself: the whole of it, and its clauses where it asks more than one thing."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from policy.applications import find_applications
from policy.document import PolicyDocument
from policy.versions import VersionMention, find_versions, possible_versions

MARKS = ("supported_application", "other_application", "supported_version", "unsupported_version", "product")
# Stand-ins with which every application and version of its class is read, so that the policy's lists decide and not the
# names that happen to stand in the training data: adding an integration changes decisions with no retraining.
SUPPORTED_APPLICATION, OTHER_APPLICATION = "Slack", "HubSpot"
SUPPORTED_VERSION, UNSUPPORTED_VERSION = "7.2", "4.2"
# The day as of which the training data is labelled: "6.4 is slow" is a matter of support there for good, and must not be learned
# as one of an unsupported version in a training after that line has ended.
LABELLED_ON = date(2026, 11, 28)
LONGEST_SPLIT_WORDS = 60
MOST_CLAUSES = 4

_VERSION_LIKE = re.compile(r"(?:\d(?:\.\w+){1,3}|\bline\s\d)$", re.IGNORECASE)  # of what may be a version
# The same where its point got lost: "broken in our 59", "we're on 42"; "charged on 15" and "stops on 404" are no versions.
_POINT_LOST = re.compile(
    r"\b(?:in our|(?:our|the) old|crm|(?:we|i)(?:['’]?re| are|['’]?m| am)?(?: still)? on)\s[1-7]\d$", re.IGNORECASE
)
_NOTHING_COUNTED = re.compile(
    r"\s*(?:$|[.,;:!?)]|(?:but|because|since|as|by)\b|(?-i:(?:An?|The|We|I|It|So|Just)\b))", re.IGNORECASE
)
_PRODUCT = re.compile(r"\b(pipe\s?rocks?|the crm|your (?:app|crm|platform|software|product))\b", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?<=[?!…])\s+|(?<=\.\.)\s+(?=[A-Za-z])|(?<=[a-z\d)]\.)(?<!\b(?i:incl)\.)\s+(?=[A-Za-z])|(?<=[A-Z]{2}\.)\s+(?=[A-Z])|\n+"
)
# Where a message has no marks at all, a function word with a capital begins a sentence ("... the right place How do I"), unless
# capitals stand everywhere ("How Do I Export My Deals").
_PUNCTUATED = re.compile(r"[.,;:!?…]\s|\n")
_LOST_END = re.compile(
    r"(?<=[a-z\d)])\s+(?=(?:What|Whats|How|When|Where|Why|Who|Which|Is|Are|Can|Could|Do|Does|Did|Will|Would|Should|Has|Have|The|We|Our|"
    r"You|They|It|Its|There|This|That|Please|But|And|So|Now|Then|Any|If|Just|Since)\b)"
)
MOST_CAPITALS = 0.4  # share of words that begin with one
# What begins a question or a request of its own behind "and".
_BEGINNING = (
    r"(?:(?:at|by|for|from|in|on|to|under)\s+)?"
    r"(?:how|what|what['’]?s|when|where|where['’]?s|why|who|who['’]?s|which|can|could|does|did|is|are|will|would|should|may)\b"
    r"|do\s+(?!(?:not|it|so|that|this|the\s+same)\b)\w+\s+\w+"  # a subject and a verb: "and also do repairs" asks nothing
    r"|(?:please\s+)?(?:tell|write|build|code|explain|translate|recommend|connect|transfer|get|put|give|call|let)\s+(?:me|us)\b"
    r"|(?:please\s+)?(?:write|build|code|translate|open|create|raise)\s+(?:a|an|the|my)\b"
    r"|(?:please\s+)?(?:fix|repair|debug|install|configure|set\s+up|check|help\s+with)\s+(?:a|an|the|my|our|us|me)\b"
    r"|i\s+(?:want|need|would like)\b|i'd like\b"
)
_SECOND_QUESTION = re.compile(
    rf"(?:,|;)?\s+(?:and after (?:that|this)|after that|and afterwards|and then"
    rf"|and by the way|by the way|btw|and also|oh and|and|&|also|plus),?\s+(?={_BEGINNING})",
    re.IGNORECASE,
)
# The wish stands before the matter: "Please open a ticket, none of us can ...", "Can I talk to someone about the import".
_SOMEBODY = (
    r"(?:(?:someone|somebody)(?:\s+(?:real|human|else|there))?"
    r"|(?:a|the|some|your|an actual|a real|a live)\s+(?:human\s+|support\s+|service\s+)?"
    r"(?:person|human|human being|agent|colleague|rep|representative|operator|technician|support|team|staff|employee)"
    r"|an agent|an employee|support)"
)
_LOOKS = (
    r"(?:check|look\s+(?:at|into)|see\s+to|take\s+care\s+of|deal\s+with|handle|ring|call|help|fix|repair|solve|sort)"
    r"(?:\s+(?:this|that|it|me|us|with this|out))*"
)
_TEAM = (
    r"(?:(?:the|your|a)\s+)?(?:(?:support|service|technical|dev|development|product)\s+)?"
    r"(?:team|support|developers?|devs|people|colleagues?|engineers?|staff|experts?|specialists?|person|human|helpdesk)"
)
_WISH = (
    r"(?:open|create|raise|file|log|make|submit|register)\s+(?:me\s+|us\s+)?"
    r"(?:(?:a|an|another)\s+(?:new\s+)?(?:support\s+)?(?:ticket|case|request)|support\s+(?:ticket|case|request)|ticket(?=\s*[,:.]))"
    r"|(?:need|want|like)\s+(?:a|an|another)\s+(?:support\s+)?ticket"
    r"|(?:pass|send|forward|hand|report|give|put)\s+(?:this|it|that|my\s+(?:question|message|request|problem))\s+"
    rf"(?:on\s+|along\s+|over\s+|through\s+)?to\s+{_TEAM}(?:\s+as\s+(?:a|an)\s+\w+)?"
    rf"|(?:talk|speak|chat)\s+(?:to|with)\s+(?:{_SOMEBODY}|(?:one\s+of\s+)?them)"
    rf"|(?:have|let|get)\s+{_SOMEBODY}\s+(?:to\s+)?{_LOOKS}|{_SOMEBODY}\s+(?:please\s+|pls\s+|to\s+)?{_LOOKS}"
    rf"|{_SOMEBODY}\s+(?:really\s+)?(?:needs?\s+to|must|has\s+to|should|ought\s+to)\s+{_LOOKS}"
    r"|(?:raise|take|bring)\s+(?:this|it|that)\s+(?:up\s+)?(?:with|to)\s+"
    rf"{_TEAM}|get\s+(?:someone|somebody)"
    rf"|(?:get|give|find|put|connect|transfer|hand|pass|refer)\s+(?:me|us)\s+(?:on\s+|over\s+|through\s+|thru\s+)?(?:to\s+|with\s+)?{_SOMEBODY}"
    rf"|(?:need|want|like|require)\s+(?:(?:some\s+)?help\s+(?:from|of)\s+)?{_SOMEBODY}|(?:human|person|agent|someone)(?=(?:\s+(?:please|pls|plz))?\s*[,:])"
)
_WISH_FIRST = re.compile(
    r"^\W*((?:(?:hi|hello|hey|please|pls|plz|just|then|so|and|now|can|could|may|let|i|we|you|me|us|i'd|we'd|want|need|would|like|have|to|must)\s+)*"
    rf"(?:{_WISH})(?:\s+(?:please|pls|plz|for\s+me|for\s+us|(?:with|to|from)\s+your\s+(?:support\s+)?team|on\s+(?:my|our)\s+behalf|"
    r"quickly|now|asap))*"
    r"|(?:a\s+|new\s+)?(?:ticket|case)(?:\s+(?:please|pls|plz))?(?=\s*:))"
    r"(?:\s*[,:;-]+\s+(?!(?:how|what|when|where|who|which|is|can|could|do|does|please|now|asap)\b)(?=\w+\s+\w)"
    r"|[?!.]\s+(?=\w+\s+\w)|\s+(?=why\s+\w)"
    r"|\s+(?=(?:none of|nobody|everyone|we|our|my|because)\s+\w)"
    r"|(?<!case)(?<!request)\s+(?=(?:about|regarding)\s+\w)|(?<=team)\s+(?=(?:about|regarding)\s+\w)"
    r"|(?:(?<=ticket)|(?<=human)|(?<=person)|(?<=agent))\s+(?=for\s+(?:the|my|our|this|that)\s+\w))",
    re.IGNORECASE,
)
# The wish stands behind the matter: "The board is empty, get me support". Behind a condition it stays where it is.
_WISH_LAST = re.compile(
    r"(?:[,;]\s+|(?<!\bi)(?<!\bwe)(?<!\bto)(?<!\bplease)(?<!\bpls)(?<!\band)(?<!\bjust)(?<!\bcan)\s+(?=get\s+some(?:one|body)\b))"
    r"(?=(?:(?:please|pls|plz|so|just|then|and|can|could|would|may|let|i|we|you|me|us|i'd|we'd|want|need|like|have|to|must)\s+)*"
    rf"(?:{_WISH})(?:\s+[\w']+){{0,3}}\W*$)",
    re.IGNORECASE,
)
# A sentence of a long story that does nothing but wish for somebody; and the same in one word: "Human. Billing. ...".
_WISH_ALONE = re.compile(rf"\W*(?:[\w']+\s+){{0,4}}?(?:{_WISH})(?:\s+(?:please|pls|plz|now|here|asap))*\W*", re.IGNORECASE)
_SOMEBODY_ALONE = re.compile(r"\W*(?:human|agent|person|operator|representative|technician)\W*", re.IGNORECASE)
_CONDITION = re.compile(
    r"\W*(?:(?:and|or|but|so)\s+)*(?:if|in case|unless|when|once|should|otherwise|until|before|after)\b", re.IGNORECASE
)
_GREETING = re.compile(r"^\W*(?:hi|hello|hey)\s+(?=\w)", re.IGNORECASE)
# What joins a clause to the one before it says nothing of its own, and the classifier reads each clause alone.
_JOINING = re.compile(r"^(?:(?:and|also|plus|oh|so|then|by the way|btw)\b[\s,:-]+)+(?=\w+\s+\w)", re.IGNORECASE)
_ABOUT = re.compile(r"(?:about|regarding)\b", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]{2,}")
# A courtesy before the matter: "Hi there, ...", "Thanks a lot! ...", "Great, ...". It is no clause of its own.
_COURTESY = re.compile(
    r"^\W*(?:(?:(?:ha){2,}h?|lol|hm+)\b[\s,.!:-]+(?=\w)"
    r"|(?:alright|all right|fine|got it|i see|understood|no worries|fair enough|wow)\s*[,.!:-]+\s+(?=\w)"
    r"|(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|thanks|thank you|thx|cheers|ok|okay|great|perfect|super|"
    r"lovely|brilliant|excellent|wonderful|cool|nice|sorry|excuse me)\b"
    r"(?:\s+(?!how|what|when|where|why|who|can|could|do|is|are)[\w']+){0,5}\s*[,.!:-]+\s+(?=\w)"
    # "Ok forget the printer. ..."
    r"|(?:(?:ok|okay|no|alright|fine)\b[\s,.]+)?(?:forget|ignore|skip|never\s?mind)\s+(?:about\s+)?(?:the|that|my|our)"
    r"(?!\s+(?:\w+\s+)?(?:tickets?|cases?|requests?|agent|person|human)\b)"
    r"(?:\s+(?!but|and|how|what)[\w']+){0,4}\s*[.!;,]+\s+(?=\w+\W+\w))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Unit:
    """A text as the customer wrote it, as the classifier reads it, and the marks found in it (see :data:`MARKS`)."""

    text: str
    marked: str
    marks: NDArray[np.float32]

    def fingerprint(self) -> str:
        """Rasa fingerprints all training data after each component; without this it would print every array."""
        return hashlib.sha256(f"{self.text}\0{self.marked}\0".encode() + self.marks.tobytes()).hexdigest()


@dataclass(frozen=True)
class Mark:
    """An application or version named in the text, with its place in it."""

    kind: str
    start: int
    end: int
    text: str
    value: str
    supported: bool
    upgrade: bool = False  # a version that is named in order to leave it or to reach it
    files: bool = False  # an application whose files customers exchange with us


def find_marks(text: str, policy: PolicyDocument, today: date) -> tuple[Mark, ...]:
    """Applications and versions in ``text``, first to last, none overlapping."""
    found = [
        Mark("application", m.start, m.end, m.text, m.name, m.supported, files=m.files) for m in find_applications(text, policy)
    ] + [_mark(mention) for mention in find_versions(text, policy, today)]
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda m: (m.start, -m.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return tuple(kept)


def possible_marks(text: str, policy: PolicyDocument, today: date) -> tuple[Mark, ...]:
    """Figures in ``text`` that may be versions."""
    return tuple(_mark(mention) for mention in possible_versions(text, policy, today))


def unit(text: str, policy: PolicyDocument, today: date) -> Unit:
    """Read one text: replace each mark by the stand-in of its class and note which classes occur.

    A figure with a point, or of a line, that may be a version ("stuck in 4.7", "on line 3") is read with the stand-in as well, or
    each figure would have to be learned by itself; as it may be something else, it is not noted.
    """
    pieces, position, flags = [], 0, dict.fromkeys(MARKS, 0.0)
    sure = find_marks(text, policy, today)
    perhaps = [mark for mark in possible_marks(text, policy, today) if _like_a_version(text, mark)]
    for mark in sorted((*sure, *perhaps), key=lambda mark: mark.start):
        if mark.start < position:
            continue
        pieces += [text[position : mark.start], _stand_in(mark)]
        position = mark.end
        if mark in sure:
            flags[_flag(mark)] = 1.0
    flags["product"] = float(bool(_PRODUCT.search(text)))
    marked = "".join([*pieces, text[position:]])
    return Unit(text, marked, np.array([list(flags.values())], dtype=np.float32))


def _like_a_version(text: str, mark: Mark) -> bool:
    before, behind = text[: mark.end], text[mark.end :]
    lost = _POINT_LOST.search(before) and _NOTHING_COUNTED.match(behind)
    return bool(lost or _VERSION_LIKE.search(before))


def training_unit(text: str, policy: PolicyDocument) -> Unit:
    """An utterance of the training data, read as of the day on which it was labelled."""
    return unit(text, policy, LABELLED_ON)


def plain_unit(text: str) -> Unit:
    """A text of data that knows nothing of the policy: no stand-ins, no marks."""
    return Unit(text, text, np.zeros((1, len(MARKS)), dtype=np.float32))


def clauses(text: str) -> list[str]:
    """The separate questions of a message, or nothing where it is one, or too long a story to cut up safely.

    A courtesy before them is left out; a message that is one question behind a courtesy is that question. Of more clauses
    than can be read, those with a question mark count, and those that do nothing but wish for a person.
    """
    text = _BLANKS.sub(" ", text)
    whole = rest = _with_ends(text.strip())
    # "Hi please open a ticket: ..." is more than a greeting; "Great, thank you. ..." are two courtesies.
    rest = _GREETING.sub("", rest) if _WISH_FIRST.match(rest) else _COURTESY.sub("", _COURTESY.sub("", rest))
    found = [
        part.strip(" ,;")
        for sentence in _SENTENCE_END.split(_WISH_FIRST.sub(r"\1\n", rest))
        for matter in ([sentence] if _CONDITION.match(sentence) else _WISH_LAST.split(sentence))
        for part in _SECOND_QUESTION.split(matter)
    ]
    found = [*found[:1], *(_JOINING.sub("", part) for part in found[1:])]
    # "Can I talk to someone about my invoice?" asks for somebody; what it is about asks nothing.
    found = [part.rstrip("?") if _ABOUT.match(part) else part for part in found]
    parts = [part for part in found if len(part.split()) >= 2 or _SOMEBODY_ALONE.fullmatch(part)]
    least = 2 if rest == whole else 1
    if len(parts) > MOST_CLAUSES or len(rest.split()) > LONGEST_SPLIT_WORDS:
        wished = [part for part in parts if _WISH_ALONE.fullmatch(part)]
        parts = [part for part in parts if part in wished or (part.endswith("?") and len(part.split()) <= LONGEST_SPLIT_WORDS)]
        least = 1 if wished else least
    return parts if least <= len(parts) <= MOST_CLAUSES else []


def _with_ends(text: str) -> str:
    """The text with a line break where a sentence ends by the next one's capital alone; as it is where it has other marks."""
    written = text.split()
    capitals = sum(word[0].isupper() for word in written)
    if _PUNCTUATED.search(text) or capitals > MOST_CAPITALS * len(written):
        return text
    return _LOST_END.sub("\n", text)


def _mark(mention: VersionMention) -> Mark:
    return Mark("version", mention.start, mention.end, mention.text, str(mention.line), mention.supported, mention.upgrade)


def _flag(mark: Mark) -> str:
    if mark.kind == "application":
        return "supported_application" if mark.supported else "other_application"
    return "supported_version" if mark.supported else "unsupported_version"


def _stand_in(mark: Mark) -> str:
    if mark.files:
        return mark.value  # "the export to Excel is empty" is ours, "the export to HubSpot is empty" hardly
    if mark.kind == "application":
        return SUPPORTED_APPLICATION if mark.supported else OTHER_APPLICATION
    return SUPPORTED_VERSION if mark.supported else UNSUPPORTED_VERSION
