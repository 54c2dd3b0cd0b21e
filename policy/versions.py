"""Finds the versions of PipeRocks that a customer names: "PipeRocks 4.2", "v5", "version 6.3", "we run 4.1",
"on release 5", "5.x", "version four", "release three point two".

Only release lines that the policy knows are found: nobody runs PipeRocks 2016. Left alone are figures that
count something ("5 users", "$4.20") and versions of other things ("iOS 16", "API v3", "version 3 of my import
file").
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from policy.applications import find_applications
from policy.document import PolicyDocument

_NUMBER = r"(?P<number>(?P<line>\d{1,2})(?:\.(?:\d{1,3}|x))*)(?![\w%€£$]|[.,]\d)"
_LABEL = r"(?:release\s+line|version|release|ver\.?|line|v\.?)(?:\s+is|\s+number|:)?"
_NAMED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")  # lines in words
_WORD = rf"(?P<number>(?P<word>{'|'.join(_NAMED)})(?:\s+(?:point|dot)\s+(?:\w+))?)(?![\w%€£$-])"
_OLD = r"(?:ancient|antique|old|outdated|obsolete|prehistoric|legacy|unsupported|out\s+of\s+(?:date|support)|end\s+of\s+life)"
# What a figure measures, be it whole or not, and what only whole figures count: "4.2 reports crash" names a version.
_MEASURED = (
    r"percent|times|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|am|pm|o'clock|k|m|kb|mb|gb|tb|million"
    r"|thousand|billion|stars?|usd|eur|gbp|dollars?|euros?|pounds?"
)
_COUNTED = (
    r"users?|seats?|people|members?|licen[cs]es?|agents?|contacts?|compan(?:y|ies)|deals?|emails?|calls?|meetings?|tasks?"
    r"|pipelines?|stages?|fields?|reports?|dashboards?|automations?|campaigns?|webhooks?|teams?|records?|rows?|files?|tickets?"
    r"|accounts?|plans?|devices?|computers?|machines?|screens?|pages?|time|factor|steps?|different|separate|new|more|other"
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
)
_UNIT = rf"(?!\s*(?:%|€|£|\$|-)|\s+(?:{_MEASURED})\b)(?:(?<=\.[\dx])|(?<=\.\d\d)|(?!\s+(?:{_COUNTED})\b))"
_NO_FURTHER = (
    r"(?=\s*(?:$|[.,;:!?)]|\b(?:and|but|so|because|since|as|here|over\s+here|at\s+(?:the\s+)?\w+|right\s+now|for\s+now)\b))"
)
_WHOLE = r"(?!\s+of\s+(?!pipe\s?rocks|your))"  # "the 5 series of PipeRocks", not "our three series of mails"
_PRODUCT = r"\bpipe\s?rocks(?:\s+crm)?(?:\s+server)?"
# Where a page shows the version; what has versions of its own ("the version of my invoice says 490") is no such place.
_SHOWN = (
    r"(?<![\w./-])(?<!new )(?<!pdf )version(?:\s+(?:info|number|no\.?|label|field))?"
    r"(?:\s+(?:at|in|on|under)\s+(?:the\s+)?(?:bottom|footer|corner|settings|menu|about|page|screen|top|crm|pipe\s?rocks)"
    r"(?:\s+of\s+the\s+(?:page|screen|crm))?){0,2}"
)
_SOLD = r"(?:seats?|users?|starter|professional|enterprise|plans?|accounts?)\b"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_PRODUCT}[\s:(]*(?:{_LABEL}\s*)?{_NUMBER}{_UNIT}(?!\s+of\b|\s+(?:rest\s+)?(?:api|sdk|webhook))",
        rf"{_PRODUCT}\s+(?:is\s+)?(?:on|at|in)\s+(?:{_LABEL}\s*)?{_NUMBER}{_UNIT}",
        rf"(?P<labelled>(?<![\w./-])(?:release\s+line|version|release|ver\.?)\s*(?:(?:is|number|no\.?|v\.?|:)\s*)?{_NUMBER}{_UNIT})",
        rf"(?P<labelled>(?<![\w./-])v\.?\s?{_NUMBER}{_UNIT})",
        # "version info at the bottom says 4.9.2", "version says 591"
        rf"(?P<labelled>{_SHOWN}\s+(?:says|reads|shows)\s+(?=\d+\.(?:\d|x)){_NUMBER}{_UNIT})",
        rf"(?P<labelled>{_SHOWN}\s+(?:says|reads)\s+(?P<number>[1-7]\d{{1,2}})(?=\s*(?:$|[.,;!])|\s+(?:at|in|and|but)\b))",
        # "the 3x piperocks", "PipeRocks 1something", "the old 2.something"
        rf"(?<![\w./-])(?P<number>(?P<line>\d)\.something)\b{_UNIT}",
        rf"(?<=\bthe\s)(?P<number>(?P<line>\d)x)\s+pipe\s?rocks\b(?!\s+{_SOLD})",
        rf"{_PRODUCT}\s+(?P<number>(?P<line>\d)(?:something|ish))\b",
        # "in line 4 of your crm"
        rf"\bline\s+(?=[1-9]\b){_NUMBER}\s+of\s+(?:(?:your|the)\s+)?(?:crm|pipe\s?rocks|software|platform)\b"
        r"(?!\s+(?:file|export|import|csv|sheet|list|log)\b)",
        rf"\b(?:run|runs|running|using|use|still\s+on|we\s+are\s+on|we're\s+on)\s+(?:still\s+)?(?:the\s+)?(?:old\s+)?line\s+(?=[1-9]\b){_NUMBER}{_UNIT}(?!\s+of\b)",
        rf"\bserver(?:\s+edition)?\s+(?=\d+\.(?:\d|x)){_NUMBER}{_UNIT}",
        # "we run 4.1", "still on 6.3.2": a point makes it a version
        rf"\b(?:run|runs|running|on|using|use|have|installed)\s+(?:still\s+)?(?=\d+\.(?:\d|x)){_NUMBER}{_UNIT}(?!\.\d)",
        # "our 5.2", "the CRM (5.1)"
        rf"\b(?:our|my|number|mine,?\s+(?:is\s+)?on)\s+(?:old\s+|current\s+)?(?=\d+\.(?:\d|x)){_NUMBER}{_UNIT}(?!\.\d)",
        rf"\b(?:crm|pipe\s?rocks|software|system|server|installation|instance)\s*\((?:we\s+(?:have|run|use|are\s+on)\s+)?(?=\d+\.(?:\d|x)){_NUMBER}\)",
        # "5.x" has no other reading; "3.x" of something else says of what
        rf"(?P<labelled>(?<![\w.,/:$€£#+-])(?P<number>(?P<line>\d)\.x)(?![\w.]){_UNIT})",
        # "the 5 series", "1-point-something"
        rf"\b(?:the|our|your|old)\s+(?P<number>(?P<line>\d)(?:\.x)?)[\s-]series\b{_WHOLE}",
        rf"\b(?:the|our|your|old)\s+{_WORD}[\s-]series\b{_WHOLE}",
        rf"(?<![\w.])(?P<number>(?P<line>\d)[\s-](?:point|dot)[\s-](?:something|x))\b{_UNIT}",
        rf"{_PRODUCT}[\s:(]+(?:{_LABEL}\s*)?{_WORD}{_UNIT}(?!\s+of\b)",
        rf"(?P<labelled>(?<![\w./-])(?:release\s+line|version|release|ver\.?)\s+(?:(?:is|number|no\.?)\s+)?{_WORD}{_UNIT})",
        rf"\b(?:still|stuck|we\s+are|we['’]?re|i\s+am|i['’]?m)\s+on\s+(?:release\s+)?line\s+{_WORD}{_UNIT}(?!\s+of\b)",
        rf"(?:^|[.,;!?]\s+|\b(?:that|our)\s+)(?!one\b){_WORD}\s+(?:is|may\s+be|might\s+be)\s+(?:\w+\s+){{0,2}}{_OLD}\b",
        # "still on 3 over here", "still on four at the office"
        rf"\bstill\s+on\s+{_NUMBER}{_UNIT}{_NO_FURTHER}",
        rf"\bstill\s+on\s+{_WORD}{_UNIT}{_NO_FURTHER}",
        # "we're on the old one, 3.7"
        rf"\b(?:old|older|previous|last|ancient|legacy)\s+(?:one|version|release)\s*[,(:-]\s*(?=\d+\.(?:\d|x)){_NUMBER}{_UNIT}",
        # "we are still on 5." without a point, only where the sentence goes no further
        rf"\b(?:we|i)(?:\s+are|\s+am|'re|’re|'m|’m)?\s+(?:still\s+)?(?:on|run|running|using)\s+{_NUMBER}(?=\s*(?:$|[.,;!?)]|\b(?:and|but|so)\b))",
    )
)
# A figure with a point, with a point that got lost ("on 47"), or alone behind a word that a version may follow.
_POSSIBLE = re.compile(
    rf"(?<![\w.,/:$€£#+-])(?:\d\.\d{{1,2}}(?:\.\d{{1,3}})?|\dx|(?<=\b(?:on|in|is)\s)[1-9]\d{{1,2}}|(?<=\bsays\s)[1-9]\d{{1,2}}"
    rf"|(?<=\b(?:our|old|the|crm)\s)[1-9]\d|(?<=\b(?:line|have)\s)[1-9])(?![\w%€£$/:]|[.,]\d){_UNIT}",
    re.IGNORECASE,
)
_FROM = rf"from\s+(?:{_PRODUCT}\s+)?(?:{_LABEL}\s*)?(?P<from>(?P<from_line>\d{{1,2}})(?:\.(?:\d{{1,3}}|x))*)\s+"
_TO = rf"to\s+(?:{_PRODUCT}\s+)?(?:{_LABEL}\s*)?{_NUMBER}{_UNIT}"
_UPGRADES = (
    re.compile(rf"\b(?:upgrad\w*|updat\w*|migrat\w*)\b[\w\s,'’]{{0,60}}?\b(?:{_FROM})?{_TO}", re.IGNORECASE),
    re.compile(rf"\b(?:mov\w+|go|going|get|getting|switch\w*)\s+{_FROM}{_TO}", re.IGNORECASE),
    # "how do we get to 7 from there?"
    re.compile(rf"\b(?:mov\w+|go|going|get|getting|come)\s+(?:up\s+)?{_TO}(?!\s*:)", re.IGNORECASE),
    # "we finally moved from 5.3 to the current one": what is told is on the version that they have now
    re.compile(
        rf"\b(?:mov\w+|c[ao]me|coming|switch\w*|went|go|going|jump\w*|chang\w+)\s+(?:over\s+|up\s+|away\s+)?from\s+"
        rf"(?:{_PRODUCT}\s+)?(?:{_LABEL}\s*)?{_NUMBER}\s+(?:up\s+|over\s+)?(?:on)?to\s+(?:the|your|a)\s+(?:\w+\s+)?"
        r"(?:current|latest|newest|new|recent|cloud|supported|present)\b",
        re.IGNORECASE,
    ),
)
# What is upgraded may also be a plan; its figures are seats.
_OF_A_PLAN = re.compile(r"\b(?:plans?|seats?|users?|licen[cs]es?|storage|starter|professional|enterprise)\b", re.IGNORECASE)
_UPGRADING = re.compile(
    r"\b(?:upgrad\w*|updat(?:e|ing)\s+(?:from|to)|migrat\w*|mov(?:e|ing)\s+(?:from|to|up|onto|over)\b|moderni[sz]\w*"
    r"|(?:bring(?:ing)?|lift(?:ing)?|carry(?:ing)?|get(?:ting)?|tak(?:e|ing)|rais(?:e|ing))\b(?:[\w\s'’]|\.(?=\d)){0,60}?\b(?:up\s+)?(?:to|onto)\s+(?:the|your)\s+(?:newest|latest|current|present)\s+"
    r"(?:release|version|line|one|pipe\s?rocks)\b"
    r"|(?:path|way|how|steps)\b[\w\s]{0,30}\b(?:get|go|move)?\s*(?:up\s+)?to\s+(?:the\s+)?(?:cloud|current|latest|newest))",
    re.IGNORECASE,
)
_STAYING = re.compile(
    r"(?:\b(?:no(?=\s+upgrad)|no\s+(?:budget|money|time|plans?)\s+(?:to|for)|not|never|cannot|without|instead\s+of)|n['’]t|\b(?:ca|wo|do|does|did|is)nt)\s+"
    r"(?:(?!how|where|what|which|when|why)\w+\s+){0,5}?upgrad",
    re.IGNORECASE,
)
# Things that have versions of their own, right before or behind a labelled number.
_OTHER_THING = (
    r"api|rest|graphql|sdk|endpoint|endpoints|webhook|oauth|saml|tls|ssl|http|ipv|ios|ipados|android|macos|windows|linux|ubuntu|chrome"
    r"|firefox|safari|edge|python|java|node|php|ruby|\.net|usb|bluetooth|excel|office|app|mobile|browser|document|contract|template"
    r"|quote|file|draft|invoice|plug-?in|extension|add-?on|add-?in|connector|theme"
)
_NEXT_LINES = 12  # a figure up to here may be a release line that is yet to come
# How many characters to either side are looked at.
_NEAR = 60
_OTHER_BEFORE = re.compile(rf"(?:^|[^\w.])(?:{_OTHER_THING})\s*(?:is|on|in|has)?\s*$", re.IGNORECASE)
_LABEL_BEFORE = re.compile(rf"\b{_LABEL}\s*$", re.IGNORECASE)
_OTHER_BEHIND = re.compile(
    rf"^\s*(?:(?:rest\s+)?(?:{_OTHER_THING})\b|of\s+(?!pipe\s?rocks|your|the\s+(?:platform|product|crm|server|software|system)))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class VersionMention:
    """A version of PipeRocks named in ``text[start:end]``: its release line, and whether that is supported
    today.

    ``upgrade`` tells that the sentence is about moving from or to it, which is in scope for every line.
    """

    start: int
    end: int
    text: str
    line: int
    supported: bool
    upgrade: bool = False


def find_versions(text: str, policy: PolicyDocument, today: date) -> list[VersionMention]:
    """The versions of PipeRocks that ``text`` names, in order. They span the number alone."""
    supported = {line.line: line.supported_on(today) for line in policy.versions}
    spans: dict[tuple[int, int], int] = {}
    moving = False
    for match in (match for form in _UPGRADES for match in form.finditer(text)):
        if _OF_A_PLAN.search(match.group()):
            continue
        if "from" in match.re.groupindex and match["from"]:
            spans[match.span("from")] = int(match["from_line"])
        spans[match.span("number")] = int(match["line"])
        moving = True
    ends = [mention.end for mention in find_applications(text, policy)]
    for form in _FORMS:
        for match in form.finditer(text):
            if "labelled" not in form.groupindex or not _of_another_thing(text, match, ends):
                spans[match.span("number")] = _line(match, text[match.end("number") :], supported)
    upgrade = (moving or _UPGRADING.search(text) is not None) and _STAYING.search(text) is None
    return [
        VersionMention(start, end, text[start:end], line, supported[line], upgrade)
        for (start, end), line in sorted(spans.items())
        if line in supported
    ]


def possible_versions(text: str, policy: PolicyDocument, today: date) -> list[VersionMention]:
    """Figures that may be a version of PipeRocks and may as well be something else: "stuck in 4.7", "the old 42 of yours".

    They decide nothing by themselves; beside a message that reads like one about an old version they tell which. What
    :func:`find_versions` is sure of is not among them.
    """
    supported = {line.line: line.supported_on(today) for line in policy.versions}
    sure = find_versions(text, policy, today)
    found = []
    for match in _POSSIBLE.finditer(text):
        start, end = match.span()
        line = int(text[start])
        before = _LABEL_BEFORE.sub("", text[max(0, start - _NEAR) : start])
        known = any(mention.start < end and start < mention.end for mention in sure)
        if line in supported and not known and not _OTHER_BEFORE.search(before):
            found.append(VersionMention(start, end, match.group(), line, supported[line]))
    return found


def _line(match: re.Match[str], behind: str, known: Collection[int]) -> int:
    """The release line of a number; "PipeRocks 47" is 4.7 whose point got lost, as no line has two digits."""
    if "word" in match.re.groupindex:
        return _NAMED.index(match["word"].lower()) + 1
    number = match["number"]
    line = int(re.split(r"\D", number)[0])
    lost = number.isdigit() and line not in known and line > _NEXT_LINES and not behind.startswith("/")
    return int(number[0]) if lost else line


def _of_another_thing(text: str, match: re.Match[str], ends: list[int]) -> bool:
    """Whether a "version N" or "vN" belongs to something else than PipeRocks, by the words beside it.

    ``ends`` are the places where names of applications end.
    """
    before, behind = (
        text[max(0, match.start() - _NEAR) : match.start()],
        text[match.end() : match.end() + _NEAR],
    )
    if _OTHER_BEFORE.search(before) or _OTHER_BEHIND.search(behind):
        return True
    return any(not text[end : match.start()].strip() for end in ends if match.start() - _NEAR < end <= match.start())
