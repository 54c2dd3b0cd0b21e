"""Short answers to the hand-off that no intent tells apart: hesitating, pausing, finding fault, where to answer, sending."""

from __future__ import annotations

import re

from index.lexical import words
from index.query_text import leans, points_back

FEW_WORDS = 8  # of who speaks of a number and of nothing else

_WRONG = re.compile(
    r"\b(?:wrong|incorrect|mistake|typo|false|not (?:right|correct|true)|isn'?t (?:right|correct)|change)\b", re.IGNORECASE
)
_HESITATES = re.compile(
    r"\W*(?:(?:ok|well|no|nope|nah|but)\W+)*(?:h+m+|uh+|er+m*|not (?:yet|quite|really|exactly|like (?:this|that)))\b"
    r"(?:\W+(?:no|nope|nah))*\W*",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"^\W*(?:no\W+)?not yet\b|\b(?:not|don['’]?t)(?: (?:now|just|send|submit|open|file|do|it|that|the|ticket))+ yet\b",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"^\W*(?:no|nope|nah|stop)\W+(?:please\W+)?"
    r"(?:(?:don['’]?t|do not)(?:\W+(?:send|open|do)(?: (?:it|that))?)?\W*(?:$|[.,;!\n])"
    r"|no need\b|not needed\b)",
    re.IGNORECASE,
)
_APPROVES = re.compile(
    r"\W*(?:(?:yes|yep|ok|okay|now|so|it['’]?s|that['’]?s|this is|is|all|everything|looks?|sounds?)\W+)*"
    r"(?:correct|right|fine|good|perfect)(?:\W+(?:now|then|send|go|yes|thanks|like this|like that|for me))*\W*",
    re.IGNORECASE,
)
_CONFIRMS = re.compile(
    r"^\W*(?:(?:yes|yep|yeah|yup|please)\b"
    r"|(?:ok\W+)?(?:go ahead|go on|do (?:it|that|so)|send|submit|correct|that['’]?s right)\b)",
    re.IGNORECASE,
)
_WAITS = re.compile(
    r"\W*(?:(?:please|ok|oh|and)\W+)*(?:(?:hold on|hang on|wait|brb|bear with me)"
    r"(?: (?:for )?(?:a|one) (?:\w+ )?(?:min\w*|sec\w*|moment))?"
    r"|(?:just )?(?:a|one) (?:min\w*|sec\w*|moment))(?:\W+please)?\W*",
    re.IGNORECASE,
)
_ME_FIRST = re.compile(r"^\W*(?:only |just )?me\W*[,.;(-]", re.IGNORECASE)
_JUST_HERE = re.compile(
    r"^\W*(?:(?:just|right|please|you can|answer|reply|write|back|me|to me)\s+){0,4}(?:here|in (?:this|the) chat)\b",
    re.IGNORECASE,
)
_CHAT = re.compile(r"\b(?:here|this chat|the chat|in chat|the widget)\b", re.IGNORECASE)
_KNOWN = re.compile(r"\b(?:same|usual|account|on file|signed? in|already have|you have|registered)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\b(?:e-?)?mails?\b|\baddress\b|\bcontact\b", re.IGNORECASE)
_SENDS = re.compile(
    r"^\W*(?:(?:please|ok|okay|yes|yeah|no|nah|hmm+|just|so|then|now|and|right|go ahead and|you (?:can|may)|do"
    r"|(?:that|this|it|all|everything)(?:['’]?s| is) (?:all )?(?:right|correct|fine|good|ok))[\s,]+)*"
    r"(?:(?:send|submit|open|file|raise|create|log|report|forward) (?:it|this|that|(?:the|a) (?:ticket|request|case)|my ticket)\b"
    r"|(?:send|submit)(?: (?:now|please|pls))*\W*$)",
    re.IGNORECASE,
)
_NOTHING_MORE = re.compile(
    r"(?:\W+(?:please|pls|then|now|right|away|immediately|asap|already|at|once|for|me|us|thanks|thank|you|cheers))*\W*",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:don['’]?t|not|never|nope?|without|cancel|but|first|only|once|after(?! all)|until|later|tomorrow|instead|wait)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?;\n]+[.!?;\n]*")
_ADDS = re.compile(
    r"^\W*(?:(?:and|also|oh|ok|please|pls|can|could|would|will|you)\W+)*"
    r"(?:(?:add|note|mention|put (?:it )?down|include)(?: too| also)? that\b(?!\s+\w+(?:\s+(?:to|for|on|in|into|as)\b|\W*$))"
    r"|one (?:more|other|last|further) thing\W+(?:is|it['’]?s|it is|that|it|since)\b"
    r"|add(?:ition)? to (?:that|it|this|(?:the|my) (?:ticket|request|case))\W*[:,-]"
    r"|(?:put|add|write|note|mention) (?:down )?(?:on|to|in|into|onto) (?:it|there|(?:the|my|that) (?:ticket|request|case)) "
    r"(?:too |also )?that\b"
    r"|(?:put|add|write|note|append) (?:this|that|it|the following|one (?:more )?thing)? ?"
    r"(?:on|to|in|into|onto|under) (?:it|there|(?:the|my|that) (?:ticket|request|case))"
    r"(?: too| also| as well| please| pls)*\s*[:,-])",
    re.IGNORECASE,
)


_NUMBER = re.compile(r"\b(?:(?:what|which|it['’]?s|the|my)\s+(?:reference\s+)?number|reference|ticket id)\b", re.IGNORECASE)
_NUMBER_ALONE = re.compile(
    r"\W*(?:(?:and|so|ok|what|what['’]?s|is|the|it['’]?s|my|ticket|case|request|reference)\s+)*(?:number|reference|id)(?:\s+(?:please|pls|again))?\W*",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"\b(?:what|which) (?:(?:number|reference)\b.{0,20}\b(?:i|we)\b.{0,10}\b(?:quote|give|mention|refer|use|say|name)"
    r"|(?:ticket|case|one)\b.{0,20}\b(?:i|we)\b.{0,10}\b(?:quote|mention|refer))\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"^\W*(?:(?:and|so|ok|but)\W+)*(?:what|which|how)\b.{0,20}\b(?:state|status|progress)\b|\bhow far (?:is|are|along)\b",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"\b(?:see|show|read|check|view|look at)\b.{0,20}\bwhat\b.{0,30}\b(?:wrote|written|put|sent|noted|have|has|said|stands|is)\b"
    r".{0,12}\b(?:in|on|into|down|to) (?:there|it|(?:the|my|that) (?:ticket|request|case))\b"
    r"|\bwhat (?:does|did) (?:it|the ticket|my ticket) say\b"
    r"|\bread (?:it|that|the ticket|my ticket) (?:back|out)\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"^\W*(?:and |so |but )*(?:will|would|can|could) (?:they|the team|somebody|someone|you) (?:really |surely |actually )?"
    r"(?:help|do|fix|solve|take|accept|decline|refuse|look)\b",
    re.IGNORECASE,
)
_AFTER_ALL = re.compile(
    r"\b(?:on second thoughts?|after all|changed my mind|do (?:need|want) (?:one|it|that|him|her|them|some(?:one|body)|help))\b",
    re.IGNORECASE,
)
_RESUMES = re.compile(
    r"\b(?:continue|go on|carry on|proceed|resume|go ahead|(?:go |come |get )?back (?:to|with))\b(?: (?:with|to|on))?"
    r" (?:it|that|this|(?:the|my|our) (?:\w+ )?(?:request|ticket|case|form|hand-?over))\b",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\bwhat(?:['’]s| is| will| would)?(?: going to)? happens? (?:next\b|then\b|now\b|(?:once|when|after|if) "
    r"(?:i|we|you|it|that|the (?:ticket|request))\b)|\bwhat(?:['’]s| comes| is) next\b",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"^\W*(?:(?:and|but|ok|okay|so|sorry|hm+|wait)\W+)*(?:"
    r"(?:why|how come|for what reason)(?: (?:do|does|would|are|must|should))? (?:you|u|they|your team)"
    r"(?: (?:guys|people|even|all|really))* (?:need|have|want|ask\w*|must)(?: to)?(?: know| ask)?(?: me)?(?: about)?"
    r"(?: (?:that|this|it|all (?:of )?(?:that|this)))?"
    r"|why|how come|what for|what (?:do|would) (?:you|they) (?:need|want) (?:that|this|it) for"
    r"|why (?:does|would|should) (?:that|this|it) matter|why (?:is|are) (?:that|this|it|these) (?:important|relevant|necessary)"
    r")(?: (?:to you|now|please|then|first))*\W*$",
    re.IGNORECASE,
)
_WHO = re.compile(r"^\W*(?:and |so |ok |but )*(?:who|whom|whose)\b", re.IGNORECASE)


def finds_fault(text: str) -> bool:
    """Whether a text says that something is wrong or is to be changed."""
    return bool(_WRONG.search(text))


def hesitates(text: str) -> bool:
    """Whether a text is nothing but a hesitating no ("hmm no", "not yet")."""
    return bool(_HESITATES.fullmatch(text))


def not_yet(text: str) -> bool:
    """Whether a text asks to wait with sending ("no, don't send it yet")."""
    return bool(_NOT_YET.search(text))


def forbids(text: str) -> bool:
    """Whether a text begins by forbidding to send ("No, don't. I'll try the update first")."""
    return bool(_FORBIDS.match(text))


def approves(text: str) -> bool:
    """Whether a text finds right what is to be sent, and says nothing else ("all correct now")."""
    return bool(_APPROVES.fullmatch(text))


def confirms(text: str) -> bool:
    """Whether a text plainly says yes to sending, where "ok" and "great" may only take note."""
    return sends(text) or bool(_CONFIRMS.match(text))


def waits(text: str) -> bool:
    """Whether a text only asks for a moment ("hold on a minute")."""
    return bool(_WAITS.fullmatch(text))


def thinks_better(text: str) -> bool:
    """Whether a yes takes back a no ("on second thought yes, I do need one")."""
    return bool(_AFTER_ALL.search(text))


def resumes(text: str) -> bool:
    """Whether a sentence asks to go on with the ticket ("It's not the filter. Please continue with the request")."""
    return any(_RESUMES.search(part) and not _AGAINST.search(part) for part in _SENTENCE.findall(text))


def adds_that(text: str) -> bool:
    """Whether a text tells to add a detail ("can you add that it began on Monday"), which is no question on the product."""
    return bool(_ADDS.match(text))


def asks_why(text: str) -> bool:
    """Whether a text asks why it is asked ("why do you need to know that?")."""
    return bool(_WHY.match(text))


def asks_next(text: str) -> bool:
    """Whether a text asks what follows on a yes ("what happens once I say yes?")."""
    return bool(_NEXT.search(text))


def asks_who(text: str) -> bool:
    """Whether a text only asks who has or gets the matter ("who handles it now?"): it leans on what the talk is on."""
    return bool(_WHO.match(text)) and leans(text, words(text))


def asks_number(text: str) -> bool:
    """Whether a text only asks for the ticket's number ("what number does it have?", "which one do I quote if I ring?")."""
    return bool(_QUOTED.search(text) or _NUMBER_ALONE.fullmatch(text)) or (
        bool(_NUMBER.search(text)) and points_back(text) and leans(text, words(text))
    )


def names_number(text: str) -> bool:
    """Whether a few words speak of a ticket's number ("dont have the number anymore")."""
    return bool(re.search(r"\b(?:number|reference)\b", text, re.IGNORECASE)) and len(text.split()) <= FEW_WORDS


def asks_content(text: str) -> bool:
    """Whether a text asks what stands on the ticket ("could I see what you wrote in there?")."""
    return bool(_SHOWS.search(text))


def asks_state(text: str) -> bool:
    """Whether a text only asks how the ticket stands ("and what state is it in now")."""
    return bool(_STATE.search(text)) and points_back(text) and leans(text, words(text))


def asks_whether(text: str) -> bool:
    """Whether a text only asks whether the team will really do it ("will they help for sure?")."""
    return bool(_WHETHER.match(text)) and leans(text, words(text))


def begins_with_me(text: str) -> bool:
    """Whether a text answers "me" before it says more ("me, I'm the owner")."""
    return bool(_ME_FIRST.match(text))


def just_here(text: str) -> bool:
    """Whether a text begins by asking for the answer in the chat ("just answer here")."""
    return bool(_JUST_HERE.match(text))


def names_chat(text: str) -> bool:
    """Whether a text names the chat as a place."""
    return bool(_CHAT.search(text))


def known_address(text: str) -> bool:
    """Whether a text means the address that is known already ("the usual one", "that of my account")."""
    return bool(_KNOWN.search(text))


def names_address(text: str) -> bool:
    """Whether a text speaks of an address at all."""
    return bool(_ADDRESS.search(text))


def sends(text: str) -> bool:
    """Whether the last word of a message is to send the ticket ("didn't change anything. please send the ticket")."""
    parts = [part for part in _SENTENCE.findall(text) if any(letter.isalnum() for letter in part)]
    last = parts[-1] if parts else ""
    return bool(_SENDS.match(last)) and "?" not in last and not _AGAINST.search(last)


def orders(text: str) -> bool:
    """Whether a text does nothing but tell us to send the ticket ("That is correct. Please open it"), so that nothing is lost."""
    told = re.sub(r"[.!;\n]+", ",", text)
    found = _SENDS.match(told)
    return found is not None and sends(text) and bool(_NOTHING_MORE.fullmatch(told[found.end() :]))
