"""What a message tells of a ticket: where to answer, who is affected, and whether it says what the matter is.

An *answer* to a question of the hand-off may be as short as "us" or "12"; in a message that nobody asked for, only a plain
statement counts ("it blocks our whole team"): "how do I write to everyone?" says nothing of who is affected.
"""

from __future__ import annotations

import re

ENOUGH_WORDS = 2  # beside the wish for a person, from which a message tells what it is about

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Digits in groups, but no date ("2026-05-01", "01/05/2026") and no span of years.
_DATE = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)|\d{1,2}[-/]\d{1,2}[-/](?:19|20)\d\d(?!\d)|(?:19|20)\d\d\s*-\s*(?:19|20)\d\d(?!\d)"
_PHONE = re.compile(rf"(?<![\w./-])(?!{_DATE})\+?\(?\d[\d\s()/-]{{6,18}}\d(?!\w)")
_INTRODUCED = re.compile(
    r"\b(?:(?:reach|contact|call|ring|phone|text|(?:e-?)?mail|write|answer|reply|respond|use|"
    r"send (?:it|the answer|that|this))\b[^@\d?!]{0,30}"
    r"|(?:my|our|the (?:best|right|new|correct)) (?:\w+ )?"
    r"(?:(?:e-?)?mail|address|adress|number|phone|mobile|cell)\b[^@\d?!]{0,20})$",
    re.IGNORECASE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _any(*choices: str) -> str:
    return "(?:" + "|".join(choices) + ")"


_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen|[2-9]|[1-9]\d+)"
_UNIT = r"(?:company|team|office|organi[sz]ation|department|business|staff|firm|floor|branch|workforce|crew)"
_ALL = _any(
    r"every\s?(?:one|body)",
    r"every (?:single )?(?:one of us|user|colleague|employee)",
    r"all of (?:us|them|our \w+)",
    r"(?:us|we|we are|we're) all",
    r"all \d+",
    r"all (?:the |our |my )?(?:\w+ )?(?:users|staff|people|employees|accounts|colleagues|reps)",
    rf"(?:our |the |my )?(?:whole|entire|complete|full) (?:\w+ ){{0,2}}{_UNIT}",
    rf"{_UNIT}[- ]wide",
)
_NONE = r"(?:nobody|no one|none of (?:us|my \w+|our \w+|the \w+)|not one of us)"
_SOME = _any(
    rf"(?:the )?(?:several|some|many|most|half|a few|few|a couple|a handful|part|{_NUMBER}) (?:other |more )?"
    rf"(?:of us|(?:of (?:our |my |the )?)?(?:\w+ )?(?:people|users|colleagues|reps|employees|departments|teams|staff|{_UNIT}))",
    r"both of us",
    r"(?:several|some|many|other|my|our) (?:\w+ )?(?:colleagues|users|people|others)",
    r"half (?:the|our|my) \w+",
    rf"(?:my|our) (?:\w+ )?{_UNIT}",
    r"(?:my|our) \w+ and (?:me|i|myself)",
    rf"(?:me|i) and (?:my|our|some|several|a few|many|{_NUMBER}) \w+",
    rf"all (?:the |of (?:the |our |my ))?{_NUMBER} (?:\w+ )?(?:users|people|colleagues|reps|managers|agents|employees|of us)",
)
_AFFECTS = r"(?:for|affect\w*|hit\w*|block\w*|concern\w*|impact\w*|happens? to|stops?|stopp\w+)"
_SUFFERS = (
    r"(?:can\b|can'?t|cannot|could\w*|is\b|isn'?t|are\b|aren'?t|has\b|have\b|haven'?t|gets?\b|got\b|sees?\b|lost|loses?|"
    r"fails?|was\b|were\b|suffers?|manages?|keeps?|receives?)"
)
_OTHERS_ARE_FINE = re.compile(
    rf"\b{_any(_ALL, _NONE, 'all the others', 'the others?')} "
    r"(?:else|but me|except (?:for )?me|apart from me|other than me|have (?:it|the problem|this)|(?:is|are) (?:fine|ok|okay))\b",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(r"\bnot (?:just|only) (?:for )?me\b", re.IGNORECASE)
_ONLY_ME = re.compile(
    r"\b(?:(?:just|only) (?:(?:for|on|with|at) )?(?:me|myself|i\b|"
    r"(?:my|our) (?:own )?(?:account|login|user|laptop|machine|computer|screen|phone|side|end))|"
    r"(?:just|only) (?:affects|concerns|hits|happens to) me(?! (?:and|or)\b| [+&])|"
    r"me (?:alone|only)|i alone|i(?:['’]?m| am) the only (?:one|person|user))\b",
    re.IGNORECASE,
)
# "Nobody has answered me yet" speaks of support, and not of who is affected; "nobody can call from the CRM" does.
_OF_SUPPORT = (
    r"(?:(?<=nobody)|(?<=no one))(?!\s+(?:else\s+)?(?:can|could|is able|may)\b)(?:\s+\w+){0,6}?\s+(?:answer(?:ed|s|ing)?"
    r"|repl(?:y|ies|ied)|respond(?:ed|s|ing)?|reacted|called|contacted|(?:got|gets?|getting|comes?|came) back|written|wrote"
    r"|help(?:ed|s|ing)?|fix(?:ed|es)?|manages to fix|solved?|look(?:ed|s|ing)? (?:at|into)|picked|cares?|touched|told)\b"
)
_LETS_IN = r"(?:lets?|allows?|admits?|works? for|loads? for|opens? for|reaches)"
_STATED_ALL = re.compile(
    rf"\b(?:{_LETS_IN} {_NONE}|{_AFFECTS} {_ALL}|{_any(_ALL, _NONE)}(?!{_OF_SUPPORT})(?: \w+){{0,5}} {_SUFFERS})", re.IGNORECASE
)
_STATED_SOME = re.compile(rf"\b(?:{_AFFECTS} {_SOME}|{_SOME}(?: \w+){{0,4}} {_SUFFERS})", re.IGNORECASE)
_ANSWER_ALL = re.compile(rf"\b{_any(_ALL, _NONE)}\b|^\W*all\W*$", re.IGNORECASE)
_ANSWER_SOME = re.compile(
    rf"\b(?:{_SOME}|several|some of|a few|a couple|a handful|few of|many|most|half|colleagues|department|branch|team|us|others|"
    rf"{_NUMBER} (?:out )?of|both|\w+ and (?:i|me)|me and (?!that|nobody|no one|only|it\b)\w+|my \w+ (?:too|as well))\b"
    rf"|^\W*(?:(?:dunno|not sure|i think|i guess|maybe|perhaps|probably|hm+|like|well)\W+)*"
    rf"(?:we|(?:about |around |roughly |some )?{_NUMBER}(?: \w+)?)\W*$",
    re.IGNORECASE,
)
# "..., about 10 people, ..." between commas says who is affected as plainly as a sentence would.
_STATED_ALONE = re.compile(
    rf"\W*(?:it'?s |for |and )?(?:about |around |roughly |some |nearly |almost |at least |over )?"
    rf"(?:(?P<all>{_ALL}|{_NONE})|(?P<some>{_SOME}))(?: (?:is|are))?(?: affected| concerned| hit)?(?: now| here| so far)?\W*",
    re.IGNORECASE,
)
_HOW_TO = re.compile(
    r"\W*(?:(?:and|so|ok|hi|hello)\W+)*(?:how (?:do|can|could|would|to)|(?:can|could|may) (?:i|we))\b", re.IGNORECASE
)
_FOR = re.compile(r"\bfor (?=every|all|our|the|my)", re.IGNORECASE)
_ME_AT_THE_END = re.compile(r"[,;.!\n]\s*(?:so )?me\W*$", re.IGNORECASE)  # "Tell Anna, me, and the boss" names people
_PART = re.compile(r"[,;.!\n]+")
_ANSWER_ME = re.compile(
    r"\b(?:me|myself|mine|only i|(?:one|single) (?:person|user|workstation|machine|computer))\b|^\W*(?:i|1|one|my account)\W*$",
    re.IGNORECASE,
)

# Words of which a mere wish for a person is made, or a yes to one who is offered.
_WISH = _words(
    "human person people agent agents operator representative someone somebody colleague colleagues technician "
    "specialist advisor staff employee member support team teams ticket tickets case request complaint talk speak "
    "chat call callback ring phone mail email e-mail contact connect transfer reach open raise create file log make "
    "get give put let hand pass forward bring need want wanted like please pls now could would can will may must "
    "shall hello hi hey there thanks thank bot robot machine real live actual urgent urgently asap quickly fast "
    "rather instead you your yours me my mine i i'd i'll i'm im a an the to for with on at of from by through over "
    "and or in it its it's this that these is are be am up back about one so just have has do does don't not no yes "
    "ok okay well then us we our new some any away right today tomorrow hour question matter issue "
    "problem help look take should who which nice prefer anyone anybody more same thing another "
    "tell story explain discuss describe talking speaking computer computers work "
    "leaving enough concerning regarding go ahead sounds good great perfect fine sure course absolutely definitely certainly "
    "yeah yep yup alright let's"
)
_PERSON = _words("human humans person somebody someone agent operator representative technician ticket tickets case colleague")
_SUPPORT = re.compile(  # "my last CRM's support did this" names somebody else's
    r"\b(?:tickets?|humans?|agents?|person|people|(?<!['’]s )support|helpdesk|operator"
    r"|(?:talk|speak)(?:ing)? (?:to|with) (?!any|no)\w+"
    r"|(?:a|your|the|some) senior(?: (?!what|who|how)\w+)?(?= (?:on|for|to|look\w*|with|please)\b|\W*$)"
    r"|report(?:ing)?(?=\s*:)|report(?:ing)? (?:a|an|the|this|that) (?:\w+ )?(?:fault|bug|problem|issue|error|it|this)"
    r"|your (?:\w+ )?(?:team|staff|engineers?|developers?|colleagues?|technicians?|boss|manager))\b",
    re.IGNORECASE,
)
_OWN_PEOPLE = re.compile(r"\b(?:our|my|his|her|their) (?:\w+ )?(?:people|person|agents?)\b", re.IGNORECASE)
_DEMANDS = re.compile(
    r"\b(?:insist(?:ing)? on|demand(?:ing)?|want|need|wish|would like|['’]d like)\s+(?:to\s+)?(?:talk|speak)(?:ing)?\s+"
    r"(?:to|with)\s+(?!any|no\b)\w+",
    re.IGNORECASE,
)
_TICKET = re.compile(
    r"\b(?:tickets?|cases?|(?:my|the|our) requests?|reference|answer\w*|repl(?:y|ies|ied)|respon\w+|back to (?:me|us)"
    r"|somebody|someone|anybody|anyone|nobody|no one|you(?:r|rs)?)\b",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\bstill\b[^.!?]{0,20}\b(?:want|wants|need|needs|like)\s+(?:me\s+|us\s+)?(?:a|an|some)\s+(?:\w+\s+)?"
    r"(?:human|person|agent|technician|colleague|representative|employee)\b",
    re.IGNORECASE,
)
_ONE_OTHER = re.compile(r"\W*(?:just|only|nobody|no one|not|my|our)\b", re.IGNORECASE)
_WIDE = re.compile(r"\b(?:entire|whole|every|all|complete|each)\b|\beverything\b", re.IGNORECASE)
_ASKS = re.compile(r"\W*(?:who|what|when|where|why|how|which|is|are|do|does)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w'-]*")


def read_contact(text: str) -> str | None:
    """An e-mail address or phone number in an answer."""
    found = _EMAIL.search(text) or _PHONE.search(text)
    return found.group(0).strip().rstrip(".") if found else None


def offered_contact(text: str) -> str | None:
    """An address that is given as the customer's own ("mail me at ..."); "mails to x@y.z bounce" gives none."""
    found = (match for pattern in (_EMAIL, _PHONE) for match in pattern.finditer(text))
    own = next((match for match in found if _INTRODUCED.search(text[: match.start()])), None)
    return own.group(0).strip().rstrip(".") if own else None


def read_impact(text: str) -> str | None:
    """``me``, ``several`` or ``everyone`` in an answer to "who is affected?", the widest that is said; None for no answer."""
    rest, alone = _affected(text)
    if _ANSWER_ALL.search(rest):
        return "everyone"
    if alone:
        return "me"
    if _NOT_ONLY.search(text) or _ANSWER_SOME.search(rest):
        return "several"
    return "me" if _ANSWER_ME.search(rest) else None


def surely_impact(text: str) -> str | None:
    """Who is affected by an answer that surely says so, in words that no list holds ("the entire building"); None where it may be
    one other person ("only the receptionist").
    """
    if _ONE_OTHER.match(text):
        return None
    return "everyone" if _WIDE.search(text) else "several"


def stated_impact(text: str) -> str | None:
    """Who is affected by the words of a message that was not asked for it; None where it does not say so plainly."""
    rest, alone = _affected(text)
    rest = _FOR.sub(" ", rest) if _HOW_TO.match(text) else rest  # "How do I set a signature for every user?"
    parts = [found for part in _PART.split(rest) if (found := _STATED_ALONE.fullmatch(part))]
    if _STATED_ALL.search(rest) or any(part["all"] for part in parts):
        return "everyone"
    if alone:
        return "me"
    if _NOT_ONLY.search(text) or _STATED_SOME.search(rest) or parts:
        return "several"
    return "me" if _ME_AT_THE_END.search(rest) else None


def tells_the_matter(text: str) -> bool:
    """Whether a wish for a person says what it is about, beside the wish, the address and who is affected."""
    return len(_content(text)) >= ENOUGH_WORDS


def mere_wish(text: str) -> bool:
    """Whether a message asks for a person or a ticket and says nothing else ("a living person, please")."""
    wished = any(word in _PERSON for word in _WORD.findall(text.lower()))
    return wished and not _ASKS.match(text) and not tells_the_matter(text)


def still_wants_somebody(text: str) -> bool:
    """Whether a text says that a human being is wanted all the same ("still want a human to look at the HubSpot errors"); who
    needs a technician for their office network for the first time is told first that this is declined.
    """
    return bool(_STILL.search(text))


def demands_a_talk(text: str) -> bool:
    """Whether a text says that its writer wants to talk to somebody ("I insist on speaking with an employee")."""
    return bool(_DEMANDS.search(text))


def names_support(text: str) -> bool:
    """Whether a message names a ticket, a human being, or the people of support."""
    return bool(_SUPPORT.search(_OWN_PEOPLE.sub(" ", text)))


def names_somebody(text: str) -> bool:
    """Whether a message names the people of support, or anybody by no name ("can somebody check that")."""
    return names_support(text) or any(word in _PERSON for word in _WORD.findall(text.lower()))


def names_ticket(text: str) -> bool:
    """Whether a message names a ticket, or an answer or a person that it waits for."""
    return bool(_TICKET.search(text))


def _content(text: str) -> list[str]:
    """The words beside the wish, the address and who is affected."""
    rest = _EMAIL.sub(" ", _PHONE.sub(" ", text.lower()))
    rest = re.sub(rf"\b(?:{_AFFECTS} )?{_any(_ALL, _SOME)}\b", " ", rest)
    return [word for word in _WORD.findall(rest) if word not in _WISH]


def _affected(text: str) -> tuple[str, bool]:
    """The text without what it says of those who are not affected, and whether it says that one person alone is."""
    if _NOT_ONLY.search(text):
        return _NOT_ONLY.sub(" ", text), False
    if _ONLY_ME.search(text):
        # "Just me, my team is fine": whoever else is named beside it is not affected.
        return "", True
    rest = _OTHERS_ARE_FINE.sub(" ", text)
    return rest, rest != text
