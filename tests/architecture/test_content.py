"""The knowledge base that ships: it keeps to the policy, which alone says when support answers."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
import yaml

from actions.integrations import OVERVIEW
from actions.refusals import NEAREST
from index.promises import promise_in
from policy.document import PolicyDocument, load_policy
from tests.architecture.source import ROOT

CONTENT = ROOT / "kb_content"
# Beside the index's own patterns: any span, weekday range or clock time in a sentence that names those who answer.
_US = re.compile(
    r"\b(our (support )?team|support team|support staff|PipeRocks Support|help@piperocks|enterprise@piperocks)\b", re.IGNORECASE
)
_TIME = re.compile(
    r"\b(\d+|one|two|three|a few|several)\s+(business\s+|working\s+)?(minutes?|hours?|days?)\b"
    r"|\b(monday|mon)\b.{1,12}\b(friday|fri)\b|\b\d{1,2}\s*[ap]m\b|\b24\s*/\s*7\b|\b(business|working) days?\b"
    r"|\b(same|next) (business |working )?day\b|\bopening hours\b|\bresponse times?\b",
    re.IGNORECASE,
)


@cache
def _policy() -> PolicyDocument:
    return load_policy()


@cache
def _pages() -> dict[str, tuple[dict[str, Any], str]]:
    """Front matter and body by path."""
    pages = {}
    for file in sorted(CONTENT.rglob("*.md")):
        _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
        pages[file.relative_to(CONTENT).as_posix()] = (yaml.safe_load(front), body)
    return pages


def _slugs() -> set[str]:
    return {str(front["slug"]) for front, _ in _pages().values()}


def _sentences(text: str) -> list[str]:
    flat = re.sub(r"[*_`]", "", text)
    return [" ".join(part.split()) for part in re.split(r"(?<=[.!?])\s+|\n\s*\n|\n(?=[-|\d#])", flat) if part.strip()]


def test_there_is_content() -> None:
    """The folder holds a help centre; a moved folder must not make this file pass by being empty."""
    assert len(_pages()) > 100


def test_no_page_states_when_support_answers() -> None:
    """No page states a response time or opening hours of support, in its text, title, summary or questions."""
    found = {}
    for path, (front, body) in _pages().items():
        texts = [str(front["title"]), str(front["summary"]), *_sentences(body)]
        for text in texts:
            words = promise_in(text) or (_US.search(text) and (match := _TIME.search(text)) and match.group())
            if words:
                found[f"{path}: {text}"] = words
    assert found == {}


@pytest.mark.parametrize(
    "text", ["Our team answers within 24 hours.", "Our support team is here Monday to Friday, 9 AM to 5 PM."]
)
def test_the_search_finds_what_it_is_for(text: str) -> None:
    """The patterns find statements of time, so that their silence means something."""
    assert promise_in(text) or (_US.search(text) and _TIME.search(text))


def test_every_integration_has_its_page() -> None:
    """Each supported integration, and each of its products, has the page that the policy names."""
    wanted = {item.slug for item in _policy().integrations}
    wanted |= {product.slug for item in _policy().integrations for product in item.products}
    assert wanted - _slugs() == set()


def test_pages_that_replies_point_to_exist() -> None:
    """Each page that a refusal or an integration's answer points to exists."""
    assert {OVERVIEW, *(slug for slugs in NEAREST.values() for slug in slugs)} - _slugs() == set()


def test_plans_and_versions_are_the_policys() -> None:
    """Pages apply to plans and release lines that the policy knows."""
    plans, lines = {plan.code for plan in _policy().plans}, {str(line.line) for line in _policy().versions}
    for path, (front, _) in _pages().items():
        assert set(front["applies_to"]["plans"]) <= plans, path
        assert {str(version) for version in front["applies_to"]["versions"]} <= lines, path


def test_areas_are_the_contracts() -> None:
    """Each page belongs to one of the four support areas, and each area has pages."""
    areas = {str(front["area"]) for front, _ in _pages().values()}
    assert areas == {"billing", "technical", "feature", "customization"}


def test_slugs_are_unique() -> None:
    """A slug names one page."""
    assert len(_slugs()) == len(_pages())


FACTS = (ROOT / "docs" / "guides" / "product-facts.md").read_text(encoding="utf-8")
_PATH = re.compile(r"\*\*Settings > ([A-Z][^*>]*?)(?: > ([A-Z][^*>]*?))?(?: > [^*]+)?\*\*")
_CODE = re.compile(r"\b([A-Z]{2,4}-\d{3}|4\d\d|500/503)\b[ *]*\"([^\"\n]+\.)\"")
_OF_PHONES = ("General", "About phone")  # menus of iOS and Android
_MAIL = re.compile(r"[\w.+-]+@piperocks\.[\w.-]*\w")
_HOST = re.compile(r"https?://([\w.-]*piperocks[\w.-]*\w)")


def _texts() -> dict[str, str]:
    """All that a page says, by path."""
    return {
        path: "\n".join([str(front["title"]), str(front["summary"]), *map(str, front["questions"]), body])
        for path, (front, body) in _pages().items()
    }


def _settings() -> dict[str, set[str]]:
    """The groups of Settings with their pages, as the product's facts list them."""
    listed = FACTS.split("- Settings groups: ", 1)[1].split("A test holds", 1)[0]
    found = re.findall(r"\*\*([^*]+)\*\*(?: \(([^)]*)\))?", " ".join(listed.split()))
    app = re.search(r"- Settings of the mobile app [^:]*: (.*)", FACTS)
    assert app is not None
    found += [(name, "") for name in re.findall(r"\*\*([^*]+)\*\*", app.group(1))]
    return {group: {name.strip() for name in names.split(",") if name.strip()} for group, names in found}


def test_menu_paths_are_the_products() -> None:
    """Every path into Settings that a page names exists in the product's facts."""
    known = {**_settings(), **{menu: set() for menu in _OF_PHONES}}
    assert known["Data"] >= {"Fields", "Import"} and "Branding" in known
    wrong, seen = [], 0
    for path, text in _texts().items():
        for group, name in _PATH.findall(text):
            seen += 1
            if group not in known or (name and known[group] and name not in known[group]):
                wrong.append(f"{path}: Settings > {group} > {name}")
    assert wrong == [] and seen > 200


def test_error_texts_are_the_products() -> None:
    """Every error code that a page quotes with its text has the text of the product's facts; each code has a page."""
    listed = dict(re.findall(r"^\| ([A-Z]+-\d{3}|\d{3}(?:/\d{3})?) \| \"([^\"]+)\"", FACTS, re.MULTILINE))
    assert len(listed) >= 20
    said, wrong = set(), []
    for path, text in _texts().items():
        for code, words in _CODE.findall(text):
            said.add(code)
            if listed.get(code) != words and not re.fullmatch(r"Row \d+: value does not fit the field\.", words):
                wrong.append(f"{path}: {code} {words!r}")
    assert wrong == []
    everything = "\n".join(_texts().values())
    assert [code for code in listed if code not in everything.replace("500 or 503", "500/503")] == []


def test_addresses_are_the_policys() -> None:
    """Email addresses are those of the policy; web addresses are those of the product's facts."""
    mails = {_policy().channels.help_email, _policy().channels.enterprise_email}
    hosts = set(_HOST.findall(FACTS)) | set(re.findall(r"`([\w.]*piperocks\.com)`", FACTS)) | {"videos.piperocks.com"}
    found = {mail for text in _texts().values() for mail in _MAIL.findall(text)}
    assert found <= mails and _policy().channels.help_email in found
    used = {host for text in _texts().values() for host in _HOST.findall(text)}
    used |= {_HOST.findall(front["video"]["url"])[0] for front, _ in _pages().values() if front["kind"] == "video"}
    assert used <= hosts and "app.piperocks.com" in used


def test_the_integrations_listed_are_the_policys() -> None:
    """The overview lists exactly the supported integrations, and no page of an integration is of another one."""
    body = next(body for front, body in _pages().values() if front["slug"] == OVERVIEW)
    listed = re.findall(r"^\| \[([^\]]+)\]\(/help/(integration-[\w-]+)\)", body, re.MULTILINE)
    assert {(item.name, item.slug) for item in _policy().integrations} == set(listed)
    known = {item.slug for item in _policy().integrations}
    known |= {product.slug for item in _policy().integrations for product in item.products}
    assert {slug for slug in _slugs() if slug.startswith("integration-")} == known


@pytest.mark.parametrize("slug", ["plans-and-prices", "yearly-or-monthly-billing", "nonprofit-discount"])
def test_price_tables_have_the_policys_plans(slug: str) -> None:
    """Tables of prices have one row or column for each plan of the policy and no other."""
    body = next(body for front, body in _pages().values() if front["slug"] == slug)
    names = {plan.name for plan in _policy().plans}
    assert set(re.findall(r"^\| (\w+) \| [\d,.]+ USD", body, re.MULTILINE)) == names


def test_unsupported_lines_are_never_called_supported() -> None:
    """No page calls a release line supported or current that the policy does not, nor writes down a date of its end."""
    today = {line.line for line in _policy().versions if not line.current and line.until is None}
    claims = re.compile(r"\b(?:line|PipeRocks|Server)\s+(\d)\b[^.\n]{0,40}\bis (?:still )?(?:supported|current)\b")
    wrong = [
        f"{path}: {match.group()}"
        for path, text in _texts().items()
        for match in claims.finditer(text)
        if int(match.group(1)) in today
    ]
    dated = [path for path, text in _texts().items() if re.search(r"supported (?:until|till|up to) [^.\n]*20\d\d", text)]
    assert (wrong, dated) == ([], [])


def test_every_kind_has_enough_pages() -> None:
    """Four areas with articles of their own, twenty tutorials, twenty videos with chapters and a transcript under each."""
    kinds: dict[str, list[tuple[dict[str, Any], str]]] = {}
    for front, body in _pages().values():
        kinds.setdefault(str(front["kind"]), []).append((front, body))
    assert len(kinds["tutorial"]) >= 20 and len(kinds["video"]) >= 20
    for front, body in kinds["video"]:
        chapters = re.findall(r"^## (\d+):(\d\d) \S.*\n+([^#]+)", body, re.MULTILINE)
        starts = [int(minutes) * 60 + int(seconds) for minutes, seconds, _ in chapters]
        minutes, seconds = map(int, str(front["video"]["length"]).split(":"))
        assert len(chapters) >= 4 and starts[0] == 0 and starts == sorted(set(starts)), front["slug"]
        assert starts[-1] < minutes * 60 + seconds, front["slug"]
        assert all(len(transcript.split()) >= 30 for _, _, transcript in chapters), front["slug"]
