"""Finds the names of other software in what a customer writes: supported integrations and well-known other
applications.

A name matches at word boundaries, in any case of letters, with a space, a hyphen or nothing between its
words, and as the policy writes it before an "s" whose apostrophe was left out; the longest name wins; names inside
e-mail addresses do not count. A name that is also an everyday word
("Zoom", "Slack", "Notion": those with a ``word`` rule in the policy file) counts only where something tells
that the application is meant:

- it is capitalised in the middle of a sentence of ordinary case (not as its first word, in a title, or in a
  shout);
- or the word before tells ("connect Slack", "via Zoom", or one of the rule's own ``after``);
- or what stands behind tells ("slack integration", "zoom is down", or one of the rule's own ``before``);
- but not before one of ``not_before`` ("zoom in", "slack off"), unless the word before tells ("connect Zoom
  to PipeRocks").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from policy.document import PolicyDocument
from policy.values import Application, WordRule

# Words that make the next one the name of an application, and words that make the one before such.
_TELLING_BEFORE = frozenset((
    "connect", "connecting", "connected", "reconnect", "integrate", "integrating", "integrates",
    "integrated", "link", "linking", "linked", "sync", "syncing", "synced", "using", "via", "with",
    "from", "into", "called", "install", "installing", "installed",
))  # fmt: skip
_TELLING_BEHIND = frozenset((
    "integration", "integrations", "app", "application", "account", "accounts", "connection",
    "connector", "plugin", "extension", "addon", "add-on", "add-in", "api", "sync", "notification",
    "notifications", "alerts", "login", "software",
))  # fmt: skip
# What is said of software alone: "slack is down", "zoom isn't working", "slack v4".
_SAID_OF_SOFTWARE = re.compile(
    r"^\s+(?:(?:is|isn['’]?t|was|are|keeps|has|does|doesn['’]?t|did|didn['’]?t|won['’]?t|can['’]?t|stopped"
    r"|no longer|not)\s+){0,2}(?:not\s+)?(?:broken|down|work|works|working|connected|connecting|connects?"
    r"|disconnected|disconnects?|disconnecting|sync|syncs|syncing|crash|crashes|crashed|crashing|fails|failed"
    r"|failing|supported|posting|sending|charged|charges)\b|^\s+(?:version|v\.?\s?\d)",
    re.IGNORECASE,
)
# How many characters to either side are looked at.
_NEAR = 200
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n\"“(•*-])\s*$")
_WORD_BEFORE = re.compile(r"([\w'’-]+)[\s\"“'(]*$")
_WORD_BEHIND = re.compile(r"^[\s\"”')]*([\w'’-]+)")
_APOSTROPHE = str.maketrans("’", "'")
# A pattern that ignores case takes these for an i as well ("GMAİL", as a Turkish keyboard writes it); lower() does not.
_DOTTED = str.maketrans("İı", "ii")


@dataclass(frozen=True, slots=True)
class Mention:
    """A named application: ``text[start:end]``; its name as the policy writes it; for a supported one its
    integration and page; whether customers exchange its ``files`` with us.

    Gmail has the name "Gmail" and the integration "Google Workspace".
    """

    start: int
    end: int
    text: str
    name: str
    supported: bool
    integration: str | None = None
    slug: str | None = None
    files: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What a written form of a name stands for."""

    name: str
    rule: WordRule | None
    integration: str | None
    slug: str | None
    files: bool


def find_applications(text: str, policy: PolicyDocument) -> list[Mention]:
    """The applications that ``text`` names, in order, without overlaps."""
    pattern, known = _names(policy)
    emails = [match.span() for match in _EMAIL.finditer(text)]
    mentions = []
    for match in pattern.finditer(text):
        if any(start <= match.start() < end for start, end in emails):
            continue
        entry = known[_key(match.group())]
        if entry.rule is None or _is_meant(entry.rule, text, match):
            mentions.append(
                Mention(
                    *match.span(),
                    match.group(),
                    entry.name,
                    entry.slug is not None,
                    entry.integration,
                    entry.slug,
                    entry.files,
                )
            )
    return mentions


@lru_cache(maxsize=4)
def _names(policy: PolicyDocument) -> tuple[re.Pattern[str], dict[str, _Known]]:
    known: dict[str, _Known] = {}
    written: list[str] = []

    def add(application: Application, integration: str | None, slug: str | None) -> None:
        for form in (application.name, *application.aliases):
            rule = application.word if form == application.name else None
            known[_key(form)] = _Known(application.name, rule, integration, slug, application.files)
            written.append(form)

    for application in policy.other_applications:
        add(application, None, None)
    for integration in policy.integrations:
        add(integration.application, integration.name, integration.slug)
        for product in integration.products:
            add(product.application, integration.name, product.slug)
    written.sort(key=len, reverse=True)
    forms = (r"[\s-]{0,2}".join(re.escape(word) for word in form.split()) for form in written)
    # "Mailchimps editor" has lost its apostrophe; "he excels" names nothing, so a capital is asked for.
    # Nor do "stripes" and "a canvas": names that are everyday words, or other applications' that are one word in lower case.
    plain = {entry.name for entry in known.values() if known[_key(entry.name)].rule is None and entry.name[0].isupper()}
    names = (re.escape(entry.name) for entry in known.values() if entry.name in plain and _stands_out(entry))
    lost = rf"(?-i:{'|'.join(sorted(set(names), key=len, reverse=True))})(?=s(?!\w))"
    return re.compile(rf"(?<![\w@])(?:(?:{'|'.join(forms)})(?!\w)|{lost})", re.IGNORECASE), known


def _stands_out(entry: _Known) -> bool:
    """Whether a name is no word of the language with an ending: an integration's, or one with a capital inside."""
    return entry.integration is not None or entry.name[1:] != entry.name[1:].lower()


def _key(form: str) -> str:
    return re.sub(r"[\s-]+", "", form).translate(_DOTTED).casefold()


def _is_meant(rule: WordRule, text: str, match: re.Match[str]) -> bool:
    """Whether an everyday word is the application's name here."""
    earlier, later = (
        text[max(0, match.start() - _NEAR) : match.start()],
        text[match.end() : match.end() + _NEAR],
    )
    before, behind = _neighbour(_WORD_BEFORE, earlier), _neighbour(_WORD_BEHIND, later)
    if before in _TELLING_BEFORE:
        return True
    if behind in rule.not_before:
        return False
    if behind in _TELLING_BEHIND or behind in rule.before or _SAID_OF_SOFTWARE.search(later):
        return True
    return before in rule.after or (rule.capital and _capitalised(match.group(), earlier, later))


def _neighbour(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group(1).lower().translate(_APOSTROPHE).removesuffix("'s") if found else ""


def _capitalised(name: str, earlier: str, later: str) -> bool:
    """A capital that tells: not the first word, and not in a text that capitalises nearly every word."""
    if not name[0].isupper() or _SENTENCE_START.search(earlier):
        return False
    others: list[str] = re.findall(r"[^\W\d_]+", f"{earlier} {later}")
    return sum(word[0].islower() for word in others) * 2 >= len(others)
