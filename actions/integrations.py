"""Whether an integration exists: the policy's list decides, the knowledge base explains."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answering import answer, page, passage
from actions.composition import Services
from actions.deciding import probability
from actions.reply import Reply
from actions.turn import Turn
from index.knowledge_base import SearchResult
from policy.facts import listing

ASKED = "ask_integration"
OVERVIEW = "integrations-overview"
SURE = 0.5  # of a question on integrations that names none, from which the list answers what no page does
_WHICH = re.compile(
    r"\b(?:what|which)(?: (?:apps?|tools?|programs?|applications?|ones|else|others?|software|services?))?\s+"
    r"(?:do|can|could|does)\s+(?:you|i|we|it|piperocks)(?: \w+)?\s+(?:integrate|connect|hook|link|plug|talk|work)\b",
    re.IGNORECASE,
)
_LIST = re.compile(  # behind a word on one of them: "which ones are there all together"
    r"^\W*(?:(?:and|so|but|ok|okay|then|well)\W+)*(?:what|which)(?: (?:apps?|tools?|ones|others?|else))?\s+"
    r"(?:are (?:there|possible|supported|on (?:the|your) list)|do you (?:have|offer|support))\b",
    re.IGNORECASE,
)


_NAMES_ANOTHER = re.compile(
    r"^\W*(?i:(?:and|or|what about|how about|also)\W+)+(?i:(?:with|to|for|from)\s+)?(?-i:[A-Z][\w.-]+(?:\s[A-Z][\w.-]+)?)"
    r"(?i:\s+(?:too|as well|then|instead|maybe))?\s*\?*\s*$"
)


def names_another(text: str) -> bool:
    """Whether a follow-up on an integration names a program that no list knows ("and with Pipedream?")."""
    return bool(_NAMES_ANOTHER.match(text))


def asks_for_the_list(text: str) -> bool:
    """Whether a follow-up on an integration asks which others there are."""
    return bool(_LIST.match(text))


def integration(turn: Turn, built: Services, found: SearchResult) -> Reply:
    """Yes with the integration's page, no with the list and the ways around, or the overview where none is named."""
    # One that is named twice ("does Slack sync? Slack is our ...") is one application.
    named = {application.name: application.supported for application in turn.applications}
    supported = [name for name, on_list in named.items() if on_list]
    missing = [name for name, on_list in named.items() if not on_list]
    if missing and not supported:
        return _missing(turn, built, missing)
    if len(supported) == 1 and not missing:
        return _supported(turn, built, supported[0], found)
    if named:
        return _mixed(turn, built, supported, missing)
    reply = answer(turn, built, found, "feature")
    listed = _WHICH.search(turn.text) or asks_for_the_list(turn.text)
    if probability(turn, ASKED) < SURE:
        return reply
    if reply.decision != "unknown" and not listed:
        return replace(reply, memory={**reply.memory, "last_topic": ASKED})
    # "What DO you connect to then": the list is known, whatever the pages say.
    return _listed(turn, built, f"PipeRocks integrates with {_offered(built)}.", (OVERVIEW, "integration-zapier"))


def _supported(turn: Turn, built: Services, name: str, result: SearchResult) -> Reply:
    slug = slug_of(name, built)
    own = [hit for hit in result.hits if hit.slug == slug]
    rest = [hit for hit in result.hits if hit.slug != slug]
    if own:
        found = passage(turn, built, [*own, *rest], result)
        lead = f"Yes, **{name}** is one of our supported integrations.\n\n"
        return Reply(
            lead + found.text,
            "answer",
            "feature",
            citations=found.citations,
            evidence=found.evidence,
            # "How do I connect that one?" behind it means the one that was named last.
            memory={**found.memory, "last_question": turn.text, "last_topic": ASKED},
        )
    return _listed(turn, built, f"Yes, **{name}** is one of our supported integrations.", (slug, OVERVIEW))


def _missing(turn: Turn, built: Services, names: list[str]) -> Reply:
    subject = listing([f"**{name}**" for name in names])
    verb = "is" if len(names) == 1 else "are"
    text = f"{subject} {verb} not among our supported integrations. We support {_offered(built)}."
    return _listed(turn, built, text, (OVERVIEW, "integration-zapier"))


def _offered(built: Services) -> str:
    return listing([item.name for item in built.policy.integrations])


def _mixed(turn: Turn, built: Services, supported: list[str], missing: list[str]) -> Reply:
    text = "Supported integrations: " + ", ".join(f"**{name}**" for name in supported) + "."
    if missing:
        text += " Not supported: " + ", ".join(f"**{name}**" for name in missing) + "."
    slugs = [slug for name in supported if (slug := slug_of(name, built))]
    return _listed(turn, built, text, (*slugs[:3], OVERVIEW))


def _listed(turn: Turn, built: Services, text: str, slugs: tuple[str | None, ...]) -> Reply:
    """A fact of the policy's list with the pages that explain it; without any page the policy is the source."""
    pages = [found for slug in slugs if slug and (found := page(slug, built))]
    links = "\n".join(f"- [{found['title']}]({found['url']})" for found in pages)
    return Reply(
        text=f"{text}\n\n{links}".strip(),
        decision="answer" if pages else "policy",
        area="feature",
        citations=tuple(pages),
        evidence={"policy_version": built.policy.version, "policy_section": built.policy.statements["limitations"].section}
        | ({"index_version": built.knowledge.version} if pages else {}),
        memory={
            "last_question": turn.text,
            "last_area": "feature",
            "last_refusal": None,
            "last_topic": ASKED,
            "pending_offer": None,
        },
    )


def slug_of(name: str, built: Services) -> str | None:
    """The knowledge base's page of a supported integration or of one of its products, by the name the policy gives it."""
    pages = {item.name: item.slug for item in built.policy.integrations}
    pages |= {product.application.name: product.slug for item in built.policy.integrations for product in item.products}
    return pages.get(name)
