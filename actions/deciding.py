"""What kind of reply a message gets, where it asks for something: the classifier's word joined with other signals.

The classifier alone is sure of itself too often on either side of the line between support and refusal. Joined are, in this
order: the versions named (the policy's list and the date decide), the probability that the classifier gives to each *kind*
of reply (all support intents together, all refusals together), and whether the knowledge base covers the message.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, replace

from actions.policy_answers import topic_of
from actions.refusals import OURS, refusal_of
from actions.turn import AREAS, FALLBACK, Intent, Turn
from index.knowledge_base import SearchResult

# The knowledge base's odds of covering the message enter with this power, and nothing counts as surer than this doubt leaves:
# so the factor stays within four either way, and a search never overrules a sure classifier. `make eval` measures a change.
EVIDENCE_POWER = 0.2
LEAST_DOUBT = 1e-3
ELSEWHERE = "outside_third_party"
UNSUPPORTED, ASKED_VERSIONS = "outside_unsupported_version", "policy_versions"
HINT_OF_REFUSAL = 0.01
KINDS = ("answer", "policy", "refuse")
SURE_ACT = 0.5  # of an intent that asks for no reply but an act (a person, an end), from which it counts whatever else is likely
HINT_OF_WISH = 0.25  # of a wish for a person, below which what opens a talk and names nobody is asked about first
SURE_REFUSAL = 0.8  # of one intent, from which the classifier alone may decline
SURE_UNNAMED = 0.9  # of the one for old versions, where no figure may be one ("the oldest version that you still help with?")
HINTED_REFUSAL = 0.35  # of the one for old versions, where a figure may be one
SURE_OF_STAYING = 0.95  # of the same, from which even a message that speaks of upgrading does not ask for it
RATHER_SURE = 0.5  # of the one for other applications, where all that are named are supported integrations
SURE_BESIDE_US = 0.9  # of the same, where PipeRocks is named beside them ("my Google Calendar does not sync with the CRM")
UNNAMED_REFUSAL = 0.4  # of the same, where none is named that the lists know
# Of all refusals, or all policy intents, together; below it the message is answered as a question, even where they are the
# likeliest kind: declining a customer in the scope of support is the worse mistake.
LEAST_REFUSAL = 0.25
MOST_OF_ALL = 0.5  # the same of refusals, where the likeliest single intent is none of them
LEAST_POLICY = 0.25
ARTICLE_WEIGHT = 0.15  # of the found articles' areas beside the classifier's
AROUND_WEIGHT = 1.0  # of the message's areas beside those of one clause of it
_JOINED = r"(?:connected|linked)"
_NO_PART = re.compile(  # said by the customer: PipeRocks plays no part
    rf"{OURS.pattern}[^.?!]{{0,20}}\b(?:(?:not|\w+n['’]?t) even (?:{_JOINED}|involved|in use)"
    r"|plays? no (?:part|role)|not involved)\b"
    rf"|\b(?:nothing to do (?:with|w/)|never (?:been )?{_JOINED} (?:it )?(?:to|with)|not even {_JOINED} (?:to|with))"
    rf"[^.?!]{{0,20}}{OURS.pattern}",
    re.IGNORECASE,
)
_APART = re.compile(  # "nothing to do with PipeRocks", "I've never connected it with the CRM"; but "does not sync with the CRM"
    rf"\b(?:nothing|never|none|without|outside|(?:not|\w+n['’]?t) (?:even )?(?:connected|linked|related|about|from|involve))\b"
    rf"[^.?!]{{0,50}}{OURS.pattern}"
    rf"|{OURS.pattern}[^.?!]{{0,10}}(?:\b(?:is|are) not|\b(?:is|are)n['’]?t) {_JOINED} yet\b",  # "... isn't connected yet"
    re.IGNORECASE,
)


_BECAUSE = re.compile(  # no part played: "since you integrate with Stripe anyway, tell them to release my payout"
    r"\b(?:since|as|because|given that|seeing that|now that)\s+"
    rf"(?:you(?: guys| people)?|your \w+|{OURS.pattern})\s+(?:\w+\s+){{0,2}}?"
    r"(?:integrat\w*|talks?|connects?|works?|links?|cooperates?|partners?|supports?)\b[^.?!,;]{0,40}",
    re.IGNORECASE,
)
_SYNCS = re.compile(  # of a supported integration, where no other device or application is the one that it syncs with
    r"\bsync\w*\b(?![^.?!]{0,30}\b(?:with|to|on|onto|and) (?:my|the|our|his|her|their) "
    r"(?:\w+ )?(?:i?phone|mobile|ipad|tablet|watch|mac|laptop|car|outlook|calendar|computer|pc|drive)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Weighed:
    """The kind of reply (``answer``, ``policy``, ``refuse``) with the intent that stands for it, and the area."""

    kind: str
    turn: Turn
    area: str | None


def weigh(turn: Turn, found: SearchResult) -> Weighed:
    """Decide for a message that was read as a question, a policy matter, a refusal, or as nothing sure."""
    if leaves_support(turn):
        return Weighed("refuse", _as(turn, UNSUPPORTED), None)
    kinds: dict[str, float] = defaultdict(float)
    factor = evidence(found)
    if _covered_in_vain(turn):
        factor = min(factor, 1.0)
    for item in turn.ranking:
        # Whether an integration exists is answered from the policy's list, whatever the articles say.
        from_articles = kind_of(item.name) == "answer" and item.name != "ask_integration"
        kinds[kind_of(item.name)] += item.confidence * (factor if from_articles else 1.0)
    # A page that covers the message speaks against a refusal, but not against the policy's own words.
    kinds["policy"] *= max(factor, 1.0)
    kind = max(KINDS, key=lambda name: kinds[name])
    if kind == "refuse" and (_wrong_refusal(turn) or share(turn, "refuse") < _least_refusal(turn)):
        kind = "answer"
    if kind == "policy" and share(turn, "policy") < LEAST_POLICY:
        kind = "answer"
    elsewhere = turn.applications and probability(turn, ELSEWHERE) >= HINT_OF_REFUSAL
    if kind == "answer" and elsewhere and _NO_PART.search(turn.reading):
        kind = "refuse"
    best = next((item for item in turn.ranking if kind_of(item.name) == kind), turn.intent)
    area = _area(turn, found) if kind == "answer" else None
    return Weighed(kind, _as(turn, best.name), area)


def _covered_in_vain(turn: Turn) -> bool:
    """Whether a page that covers the matter says nothing for support: what the message most likely is about, an old version or
    another application, is named in it, and the help centre knows the same trouble of PipeRocks as it is today.
    """
    if refusal_of(turn.intent.name) == "unsupported_version":
        return bool(turn.versions) and not any(version.supported for version in turn.versions)
    if refusal_of(turn.intent.name) == "third_party":
        return bool(turn.applications) and not any(application.supported for application in turn.applications)
    return False


def leaves_support(turn: Turn) -> bool:
    """Whether help is asked on an unsupported version: one is named, none that is supported, and no upgrade is asked for."""
    ours = all(application.supported for application in turn.applications)
    declined = ("unsupported_version", "third_party") if ours else ("unsupported_version",)
    # "Enterprise plan, 4.7, nobody can save a deal" only sounds of the policy; "is 4.7 still supported" asks for it.
    passing = topic_of(turn.intent.name) and turn.intent.name != ASKED_VERSIONS and turn.intent.confidence < SURE_ACT
    asks = passing or turn.intent.name in AREAS or refusal_of(turn.intent.name) in declined
    named = [version for version in turn.versions if version.sure]
    only_old = bool(named) and not any(version.supported or version.upgrade for version in named)
    # People ask for an upgrade in more words than a list holds; the classifier has a say in that.
    around = {item.name: item.confidence for item in turn.around}
    # "... And is version 5 still supported?" beside a question says nothing of the version that the question is about.
    beside = around.get(UNSUPPORTED, 0.0)
    told = max(probability(turn, UNSUPPORTED), beside if beside > around.get(ASKED_VERSIONS, 0.0) else 0.0)
    return asks and only_old and told >= HINT_OF_REFUSAL


def kind_of(intent: str) -> str:
    """The kind of reply that an intent leads to."""
    if topic_of(intent):
        return "policy"
    if refusal_of(intent):
        return "refuse"
    return "answer" if intent in AREAS or intent == "follow_up" else "other"


def outweighed(turn: Turn, intent: str) -> bool:
    """Whether what sounds most like ``intent``, an act such as a wish for a person or a goodbye, is likelier a matter to reply
    to: the many intents of one kind of reply share what speaks for it ("what about taking one away").
    """
    own = probability(turn, intent)
    return own < SURE_ACT and any(share(turn, kind) > own for kind in KINDS)


def evidence(found: SearchResult) -> float:
    """The factor by which the knowledge base's confidence raises or lowers the odds of an answer."""
    confidence = min(max(found.confidence, LEAST_DOUBT), 1 - LEAST_DOUBT)
    return math.exp(EVIDENCE_POWER * math.log(confidence / (1 - confidence)))


def _least_refusal(turn: Turn) -> float:
    """The share of all refusals together that declines: more where what is likeliest by itself is no refusal."""
    first = next((item for item in turn.ranking if item.name != FALLBACK), turn.intent)
    return LEAST_REFUSAL if refusal_of(first.name) else MOST_OF_ALL


def _wrong_refusal(turn: Turn) -> bool:
    """A refusal for another application or an unsupported version, though what is named is supported or is to be left.

    Where none is named, or both kinds are ("a colleague's 7 works, my 4.9 crashes"), only a sure classifier may refuse; a figure
    that may well be an old version ("stuck in 4.7") makes it sure enough.
    """
    best = next((item for item in turn.ranking if refusal_of(item.name)), turn.intent)
    if refusal_of(best.name) == "third_party":
        # What concerns a supported integration may be either side's fault; only who is rather sure declines it.
        if not turn.applications:
            return best.confidence < UNNAMED_REFUSAL
        ours = all(application.supported for application in turn.applications)
        told = _BECAUSE.sub(" ", turn.reading)
        beside_us = bool(OURS.search(told) or _SYNCS.search(told)) and not _APART.search(told)
        return ours and best.confidence < (SURE_BESIDE_US if beside_us else RATHER_SURE)
    if refusal_of(best.name) != "unsupported_version":
        return False
    named = [version for version in turn.versions if version.sure]
    if not named:
        if turn.versions and all(version.supported for version in turn.versions):
            return True  # "6.3 here and the board won't scroll"
        hinted = bool(turn.versions) and not any(version.supported for version in turn.versions)
        return best.confidence < (HINTED_REFUSAL if hinted else SURE_UNNAMED)
    if all(version.supported for version in named):
        return True
    if any(version.upgrade for version in named):
        return best.confidence < SURE_OF_STAYING
    return any(version.supported for version in named) and best.confidence < SURE_REFUSAL


def _area(turn: Turn, found: SearchResult) -> str | None:
    """The support area by the classifier and by the articles that were found, nearest first.

    A clause is read in the light of the message that it stands in: by itself it often says too little.
    """
    weights: dict[str, float] = defaultdict(float)
    for ranking, weight in ((turn.ranking, 1.0), (turn.around, AROUND_WEIGHT)):
        for item in ranking:
            if item.name in AREAS:
                weights[AREAS[item.name]] += weight * item.confidence
    total = sum(weights.values()) or 1.0
    weights = defaultdict(float, {area: weight / total for area, weight in weights.items()})
    hits = [(hit.area, hit.score / (1 + rank)) for rank, hit in enumerate(found.hits[:5]) if hit.area]
    mass = sum(score for _, score in hits) or 1.0
    for area, score in hits:
        weights[str(area)] += ARTICLE_WEIGHT * score / mass
    return max(weights, key=lambda area: weights[area]) if weights else None


def _as(turn: Turn, intent: str) -> Turn:
    return turn if turn.intent.name == intent else replace(turn, intent=Intent(intent, probability(turn, intent)))


def share(turn: Turn, kind: str) -> float:
    """What the classifier gives to all intents of a kind of reply (see :func:`kind_of`) together."""
    return sum(item.confidence for item in turn.ranking if kind_of(item.name) == kind)


def probability(turn: Turn, intent: str) -> float:
    """What the classifier gives to an intent."""
    return next((item.confidence for item in turn.ranking if item.name == intent), 0.0)
