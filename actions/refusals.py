"""Polite refusals: the limit in the policy's sense, and the nearest thing that does help."""

from __future__ import annotations

import re

from actions.answering import page
from actions.composition import Services
from actions.reply import Reply, variant
from actions.turn import Turn
from index.lexical import words

PREFIX = "outside_"
# The pages that help most beside each limit; one that the knowledge base lacks is left out.
NEAREST = {
    "third_party": ("integrations-overview",),
    "custom_development": ("what-can-be-customised", "automation-recipes", "api-keys", "webhooks"),
    "network": ("firewall-domains", "pages-load-slowly"),
    "unsupported_version": ("upgrade-from-6-to-7", "upgrade-from-5-to-6", "upgrade-from-4-or-older", "check-your-version"),
    "off_topic": (),
}


AGAIN = (
    "I understand this matters to you, but it stays outside what our standard support covers. "
    "If you still want a person to look at it, tell me and I'll open a ticket; "
    "to be honest, the team may have to decline it too.",
    "I hear you, and I'd help if I could, but this is beyond the scope of our standard support. "
    "I can put it to a person on our team if you like, though they may well have to decline it as well.",
    "My answer on this one has to stay the same. What I can still do is open a ticket, so that a person decides; "
    "I can't rule out that they decline it too.",
)
_INSISTING = re.compile(
    r"^\W*(?:(?:oh|ah|aw|no|yes|yeah|ok|okay|well)[\s,]+)*(?:but|come on|c'?mon|please|"
    r"why not|why can'?t|why won'?t|seriously|still|nevertheless|just (?:this once|do|try)|do it|surely|"
    r"you (?:can|could|must|have to|should))\b"
    r"|\b(?:i|we)(?:['’](?:m|re|ve|d|ll)| am| are| have| would| will| can| could)?(?: (?:be|gladly|happily|happy to|willing to|"
    r"glad to|of course|even|also|already))* (?:(?:pay|paid|paying|spend)(?! (?:by|with|via|the|my|our|in|from)\b)|insist)\b"
    r"|\b(?:not |un)acceptable\b|\b(?:money|the (?:price|cost|budget)) (?:is|isn['’]?t|is not) (?:no|not an?|an?) "
    r"(?:issue|problem|object|question)\b|\bname (?:your|a) price\b|\bso (?:it|that|this) (?:counts|qualifies|is your)\b"
    r"|^\W*(?:(?:and|not|even|also|so|but|what|how|is it|about|the same|what if we (?:were|are|go))\s+)*(?:for|on|with|as)?"
    r"\s*(?:an?\s+|the\s+)?enterprise(?:\s+(?:customers?|clients?|users?|accounts?|plan|too|either|as well))*\W*$"
    r"|^\W*(?:and|even|not even|also|what about|how about)?\s*(?:for|against) (?:money|a fee|cash)\b"
    r"|\byour (?:problem|fault|job|duty|responsibility)\b|exception|just this once|this one time"
    r"|(?<!thanks )(?<!thank you )(?<!thx )(?<!cheers )\banyway\W*$"
    r"|\b(?:just|so please) (?:do|try|fix|help|solve|write|build)(?: (?:with |for )?(?:it|this|that|us|me))*(?:\W+please)?\W*$"
    r"|\b(?:come on|c'mon|surely (?:some(?:body|one)|one of you)|technically (?:it|this|that)(?:['’]s| is))\b"
    r"|\btakes? (?:you )?(?:just |only )?(?:a|one|two|\d+) (?:sec|min|moment)\w*"
    r"|\bcan(?:['’]t|not| not) you (?:just|still|at least)\b(?! (?:tell|show|explain|help))"
    r"|\bi know (?:it|that|this)(?:['’]s| is)\b.*\bbut\b"
    r"|\bit(?:['’]?s| is) (?:only|just|really|such)?\s?(?:a )?(?:small|tiny|quick|few|one|simple|easy)\b"
    r"|\b(?:it(?:['’]?s| is)|that(?:['’]?s| is)) (?:(?:only|just|like|maybe|about) ){1,2}"
    r"(?:\d+|a couple|two|three|four|five|six|eight|ten|a dozen|fifteen|twenty|some) \w+"
    r"|\b(?:just|maybe|at least|only) (?:have )?(?:a )?(?:quick|short|brief|little) (?:look|glance|peek)\b"
    r"|\bfor you (?:it )?is nothing\b"
    r"|^\W*(?:(?:then|ok|okay|well|please|so)\W+)*(?:only|just|at least) (?:an?|one|two|three|four|five|half|\d+) "
    r"(?!(?:\w+ )?(?:questions?|things?|more|last|other|another|quick|follow)\b)\w+(?:\W+\w+){0,4}\W*$"
    r"|^\W*(?:(?:but|well|and|even|oh)\W+)*(?!(?:i|we|you|who|what|which|how|that|this|it)\b)(?:\w+ ){1,3}"
    r"(?:would(?: have)?|could(?: have)?|can|did|does) (?:do |done )?(?:it|this|that)(?: for me| for us)?[^\w?]*$",
    re.IGNORECASE,
)
# On an old version: "we can't upgrade before summer, there must be a workaround".
_STAYS = re.compile(
    r"\b(?:can(?:['’]?t|not)|won['’]?t|unable to|don['’]?t want to|not (?:able|allowed|going) to|no (?:way|budget|time) to)"
    r"(?: \w+){0,2} (?:(?:upgrade|migrate)\b"
    r"|update(?=\W*$|\s*[,.;!]|\s+(?:before|until|yet|now|because)\b"
    r"|\s+(?:the|our) (?:version|system|server|crm|software|installation)\b))"
    r"|\b(?:no|not|n['’]t) (?:have |got )?(?:the |any |a )?(?:budget|money|time|resources|people|staff) (?:for|to)\b"
    r"|\bnothing to do with (?:the|our|my|that|its|which) (?:\w+ )?(?:version|release)\b"
    r"|\b(?:upgrad|updat|migrat|mov)\w+(?: \w+){0,2} (?:is(?: \w+)? (?:no|not(?: an)?)|isn['’]?t(?: an)?) (?:option|possible)\b"
    r"|\b(?:upgrad|updat|migrat|mov)\w+(?: \w+){0,2} is out of the question\b",
    re.IGNORECASE,
)
_NEW_QUESTION = re.compile(
    r"^\W*(?:(?:but|ok|okay|well|please|and|so|then|alright|fine|seriously|honestly|anyway|haha|lol)[\s,.:;!-]+)*"
    r"(?:(?:you|u)(?:['’](?:d|ll)| would| do| will| can| could)?(?: at least| still)? (?:advise|guide)"
    r"|how|what(?! if (?:i|we)(?: \w+){0,2} pay)(?:['’]?s)?|(?:where|when|who)(?:['’]?s)?|which|is there|are there|do you)\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"\b(?:why|how come|for what reason|what for)\b", re.IGNORECASE)
LONGEST_INSISTING = 20  # words
NO_MATTER_OF_OURS = ("third_party", "network", "off_topic")  # what is declined because it is no matter of PipeRocks
SURE = 0.5  # of a matter of support that names PipeRocks, from which it is no word on what lies elsewhere
OURS = re.compile(r"\b(?:pipe\s?rocks?|(?:the|your|our) crm|your (?:app|platform|software|product))\b", re.IGNORECASE)


_FIGURE = re.compile(r"\d+(?:\.\d+)*")
_VERSION_WORDS = frozenset(words("PipeRocks CRM still run use have version release line number we're I've it's v"))


def only_names_version(text: str) -> bool:
    """Whether a clause says nothing but which version the customer has ("We are still on PipeRocks 6.")."""
    known = all(word.isdigit() or word in _VERSION_WORDS for word in words(text))
    return known and len(_FIGURE.findall(text)) == 1  # "We are on 5 and would like to get to 7." says where to as well


def insists(turn: Turn) -> bool:
    """Whether a message after a refusal presses on with what was declined, and asks for nothing new."""
    if _stays(turn):
        return True
    ours = turn.area and turn.intent.confidence >= SURE and OURS.search(turn.reading)
    if ours and turn.memory.get("last_refusal") in NO_MATTER_OF_OURS:
        return False  # "but customers from PipeRocks don't land in there either", "but now only PipeRocks is slow"
    short = len(turn.text.split()) <= LONGEST_INSISTING
    return short and bool(_INSISTING.search(turn.text)) and not _NEW_QUESTION.search(turn.text)


def _stays(turn: Turn) -> bool:
    """Whether a message after the refusal of an old version says that there will be no upgrade."""
    return turn.memory.get("last_refusal") == "unsupported_version" and bool(_STAYS.search(turn.text))


def refusal_of(intent: str) -> str | None:
    """The refusal class of an intent such as ``outside_network``."""
    name = intent[len(PREFIX) :] if intent.startswith(PREFIX) else None
    return name if name in NEAREST else None


def refuse(kind: str, turn: Turn, built: Services) -> Reply:
    """Decline as ``kind``, one of the policy's five; insisting brings the way to a person, marked and without promise."""
    again = turn.memory.get("last_refusal") == kind
    pages = [found for slug in _nearest(kind, turn) if (found := page(slug, built))][:2]
    text = f"{_limit(kind, turn, built)} {_help(kind, built, with_pages=bool(pages))}".strip()
    if pages:
        text += "\n\n" + "\n".join(f"- [{found['title']}]({found['url']})" for found in pages)
    if again:
        refusal = built.policy.refusals[kind]
        text = variant(turn, AGAIN)
        if _WHY.search(turn.text):
            text = f'Section {refusal.section} of our Support Policy draws the line: "{refusal.sentence}" {text}'
    return Reply(
        text=text,
        decision="refuse",
        refusal=kind,
        citations=tuple(pages),
        evidence={"policy_version": built.policy.version, "policy_section": built.policy.refusals[kind].section}
        | ({"index_version": built.knowledge.version} if pages else {}),
        memory={
            "last_question": turn.memory.get("last_question") if again and insists(turn) else turn.text,
            "last_area": None,
            "last_topic": None,
            "last_refusal": kind,
            "pending_offer": "person" if again else None,
        },
    )


def _nearest(kind: str, turn: Turn) -> tuple[str, ...]:
    if kind != "unsupported_version":
        return NEAREST[kind]
    line = min((version.line for version in turn.versions if not version.supported), default=5)
    if line == 6:  # declined as well, once the day until which it is supported has passed
        return ("upgrade-from-6-to-7",)
    return ("upgrade-from-5-to-6" if line == 5 else "upgrade-from-4-or-older", "upgrade-from-6-to-7")


def _limit(kind: str, turn: Turn, built: Services) -> str:
    """What is not covered, in the policy's sense."""
    if kind == "third_party":
        other = next((a.name for a in turn.applications if not a.supported), None)
        subject = f"**{other}**" if other else "another application"
        return variant(
            turn,
            (
                f"I'm sorry, but problems inside {subject} are beyond our support: we cover PipeRocks CRM and its "
                "supported integrations, not third-party applications themselves.",
                f"That one lies with {subject} rather than PipeRocks CRM, and third-party application issues outside of our "
                "supported integrations are beyond the scope of our standard support.",
            ),
        )
    if kind == "custom_development":
        return variant(
            turn,
            (
                "I'm sorry, but custom development, script creation and advanced technical programming are beyond the "
                "scope of our standard support, so we can't write or debug that for you.",
                "Thanks for asking, but we don't build custom code: script creation and custom development lie outside "
                "our standard support.",
            ),
        )
    if kind == "network":
        return variant(
            turn,
            (
                "I'm sorry, but network issues unrelated to PipeRocks CRM itself are beyond the scope of our standard "
                "support; your network administrator or internet provider is the right address.",
                "That sounds like a matter of your own network, and network issues unrelated to PipeRocks CRM are "
                "outside our standard support. Your IT team or internet provider can look into it.",
            ),
        )
    if kind == "unsupported_version":
        current = next(line.line for line in built.policy.versions if line.current)
        return (
            "I'm sorry, but assistance on outdated, unsupported versions of the platform is beyond the scope of our "
            f"standard support. The current release line is {current}, and we gladly help you upgrade."
        )
    return variant(
        turn,
        (
            "I'm only here for PipeRocks CRM, so I can't help with that one.",
            "That's outside what I can help with: our support covers questions directly related to PipeRocks CRM.",
            "I'll have to pass on that: I'm PipeRocks Support, and I stick to PipeRocks CRM.",
        ),
    )


def _help(kind: str, built: Services, *, with_pages: bool) -> str:
    """The nearest thing that does help; it leads over to the pages only where there are any."""
    community = f"the [community forum]({built.links.community})"
    if kind == "third_party":
        text = f"If PipeRocks plays a part in it, tell me how. Other users share tips in {community}."
        return f"{text} What we do connect:" if with_pages else text
    if kind == "custom_development":
        text = f"Basic guidance on settings, the API and webhooks we do give, and {community} is a good place to swap ideas"
        return f"{text}{':' if with_pages else '.'}"
    if kind == "network":
        return "What PipeRocks itself needs from your network is written up here:" if with_pages else ""
    if kind == "unsupported_version":
        return "This is the way up:" if with_pages else ""
    return "Ask me about billing, a technical problem, a feature, or how to set something up."
