from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import settings
from index.checks import Allowed, Finding, check
from index.promises import promise_in
from tests.index.conftest import Workshop

TODAY = date(2026, 11, 28)
FILE = "articles/billing/find-invoices.md"
ALLOWED = Allowed(frozenset({"starter", "professional", "enterprise"}), frozenset({"6", "7"}))


def findings(workshop: Workshop, text: str) -> list[Finding]:
    """Findings with the invoices page replaced."""
    workshop.write(FILE, text)
    return check(workshop.content, today=TODAY, allowed=ALLOWED)


def test_good_pages_have_no_findings(workshop: Workshop) -> None:
    """Pages written as the guide says pass."""
    assert check(workshop.content, today=TODAY, allowed=ALLOWED) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("slug: find-invoices", "slug: invoices", 3, "not the file's name"),
        ("kind: article", "kind: page", 4, "unknown kind"),
        ("area: billing", "area: sales", 5, "unknown area"),
        ("owner: content-team\n", "", 1, "lacks 'owner'"),
        ("updated: 2026-10-12", "updated: last week", 11, "'updated' is"),
        ("updated: 2026-10-12", "updated: 2025-01-02", 11, "not reviewed since 2025-01-02"),
        ("tags: [invoices, billing]", "tags: invoices", 13, "no list"),
        ('["7"]', '["9"]', 15, "unknown version '9'"),
        ("[starter, professional, enterprise]", "[gold]", 16, "unknown plan 'gold'"),
        ("related: [undo-an-import]", "related: [nowhere]", 17, "'nowhere' does not exist"),
        ("  - download an invoice as pdf\n", "", 7, "2 questions"),
        ("/help/undo-an-import#undo-the-import", "/help/gone", 27, "dead link: no page 'gone'"),
        ("#undo-the-import)", "#nowhere)", 27, "no heading with the anchor 'nowhere'"),
        ("## Download one invoice", "# Download one invoice", 22, "`#` heading"),
        ("title: Find and download your invoices", "title: Undo an import of contacts", None, "the title is also that of"),
        ("Every paid invoice", "We reply within 24 hours. Every paid invoice", 20, "states when support answers"),
        ("summary: Where", "summary: Support is open Monday to Friday. Where", 6, "states when support answers"),
    ],
)
def test_each_mistake_is_found_where_it_stands(
    workshop: Workshop, page: Callable[..., str], old: str, new: str, line: int | None, words: str
) -> None:
    """A mistake gives one finding with its line and how to mend it."""
    found = [finding for finding in findings(workshop, page(old, new)) if words in finding.message]
    assert len(found) == 1 and found[0].fix
    assert line is None or (found[0].path, found[0].line) == (FILE, line)


def test_a_page_not_reviewed_is_a_warning(workshop: Workshop, page: Callable[..., str]) -> None:
    """Age alone does not make a page wrong."""
    assert [finding.error for finding in findings(workshop, page("updated: 2026-10-12", "updated: 2025-01-02"))] == [False]


def test_foreign_content_gets_warnings_only(tmp_path: Path) -> None:
    """A folder without any front matter is somebody else's: nothing in it is an error."""
    (tmp_path / "a.md").write_text("# Same\n\n[x](/help/nowhere). We answer within two days.")
    (tmp_path / "b.md").write_text("# Same\n\ntext")
    (tmp_path / "c.md").write_text("")
    found = check(tmp_path, today=TODAY)
    assert len(found) == 4 and not any(finding.error for finding in found)


def test_a_finding_reads_like_a_compilers(workshop: Workshop, page: Callable[..., str]) -> None:
    """File, line, severity, message and fix stand on one line, so that an editor can jump there."""
    text = str(findings(workshop, page("area: billing", "area: sales"))[0])
    assert text == f"{FILE}:5: error: unknown area 'sales'. Write one of billing, technical, feature, customization"


@pytest.mark.parametrize(
    "text",
    [
        "We reply within 24 hours.",
        "Our team will get back to you in one business day.",
        "Within two working days our support team answers.",
        "Support answers by the next business day.",
        "You will hear from us within 3-5 days.",
        "Expect a reply within a few hours.",
        "The response time is 4 hours.",
        "We offer a 24-hour response time.",
        "The support team is available from 9 AM to 5 PM.",
        "9 a.m. - 5 p.m., our team is on duty",
        "Support: Monday to Friday",
        "Our office hours are Mon-Fri, 9:00 to 17:00",
        "Monday to Friday support",
        "Our support is there 24/7.",
        "Support hours are long.",
        "Somebody will contact you right away.",
        "Tickets are answered within 24 hours.",
        "A person from our team will reply to your message after two days",
    ],
)
def test_promises_are_found(text: str) -> None:
    """No wording of a response time or of opening hours slips through."""
    assert promise_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "The link is kept for 7 days.",
        "You can undo an import within 7 days.",
        "The report is sent every Monday at 9 AM.",
        "Set the working hours of a user, such as 9 AM to 5 PM.",
        "A reminder fires if the customer has not replied within 3 days.",
        "Calls take place Monday to Friday.",
        "The API answers with status 200 within 2 seconds.",
        "Contact support with the **?** in the lower-left corner.",
        "A trial lasts 14 days. Contact support to extend it.",
        "Deals that nobody touched in 30 days are marked as rotting.",
        "The import takes up to two hours; we send you an e-mail when it is done.",
        "If the customer answers within an hour, the deal moves on.",
    ],
)
def test_durations_of_the_product_are_fine(text: str) -> None:
    """What the product does in some time is no promise of support."""
    assert promise_in(text) is None


def test_the_allowed_names_come_from_the_policy(tmp_path: Path) -> None:
    """Plans and release lines are read from the policy's data; a missing file checks nothing."""
    allowed = Allowed.from_policy(settings.ROOT / "policy" / "policy.yml")
    assert allowed.plans == {"starter", "professional", "enterprise"} and {"6", "7"} <= allowed.versions
    assert Allowed.from_policy(tmp_path / "none") == Allowed()


def test_the_shipped_content_passes() -> None:
    """Our own help centre has no errors."""
    content = settings.ROOT / "kb_content"
    # A fixed day alone would make every later edit fail here; what is only old is a warning, whatever the day.
    found = check(content, today=max(TODAY, date.today()), allowed=Allowed.from_policy(settings.ROOT / "policy" / "policy.yml"))
    assert [str(finding) for finding in found if finding.error] == []


NAMES = Allowed(
    plans=frozenset({"starter", "professional", "enterprise"}),
    versions=frozenset({"6", "7"}),
    plan_names=frozenset({"Starter", "Professional", "Enterprise"}),
    integrations=frozenset({"Slack", "Gmail"}),
    integration_slugs=frozenset({"integration-slack"}),
    others=frozenset({"HubSpot", "Microsoft Teams"}),
)
LEAD = "Every paid invoice is kept for ten years."


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (LEAD, "![](a.png)", 20, "no alt text"),
        (LEAD, '<img src="a.png">', 20, "no alt text"),
        (LEAD, 'See <img src="a.png"> here.', 20, "no alt text"),
        (LEAD, "[here](#nowhere)", 20, "no heading with the anchor 'nowhere'"),
        (LEAD, "[here](../technical/gone.md)", 20, "no file '../technical/gone.md'"),
        (LEAD, "[here](../technical/undo-an-import.md#nowhere)", 20, "no heading with the anchor 'nowhere'"),
        (LEAD, "[here](/help/gone?kind=video#a)", 20, "no page 'gone'"),
        (LEAD, "It belongs to the Premium plan.", 20, "unknown plan 'Premium'"),
        (LEAD, "New in release 9.2: invoices.", 20, "unknown release 'release 9.2'"),
        (LEAD, "It needs PipeRocks 8.", 20, "unknown release 'PipeRocks 8'"),
        (LEAD, "Open **Settings > Integrations > Marketplace** and choose **HubSpot**.", 20, "unknown integration 'HubSpot'"),
        (LEAD, "Use the **HubSpot** integration.", 20, "calls 'HubSpot' an integration"),
        (LEAD, "PipeRocks integrates with Microsoft Teams.", 20, "calls 'Microsoft Teams' an integration"),
        (LEAD, "We answer within 4 hrs.", 20, "states when support answers"),
        (LEAD, "Support is open on weekdays.", 20, "states when support answers"),
        ("summary: Where", "summary: For the Premium plan. Where", 6, "unknown plan 'Premium'"),
        ("owner: content-team", "owner: content-team\nsummry: x", 13, "unknown key 'summry'"),
        ("updated: 2026-10-12", "updated: 2027-10-12", 11, "still to come"),
        ("kind: article", "kind: tutorial", 4, "lies in articles/"),
        ("area: billing", "area: technical", 5, "lies in articles/billing/"),
        ("related: [undo-an-import]", "related: [undo-an-import]\nfollows: gone", 18, "follows 'gone', which does not exist"),
        ("related: [undo-an-import]", "related: [undo-an-import]\nfollows: find-invoices", 18, "runs in a circle"),
    ],
)
def test_each_of_these_mistakes_is_found_too(
    workshop: Workshop, page: Callable[..., str], old: str, new: str, line: int, words: str
) -> None:
    """Pictures, links within the folder, names the policy does not know, wrong folders and series: file, line and fix."""
    workshop.write(FILE, page(old, new))
    found = [each for each in check(workshop.content, today=TODAY, allowed=NAMES) if words in each.message]
    assert [(each.path, each.line, each.error, bool(each.fix)) for each in found] == [(FILE, line, True, True)]


@pytest.mark.parametrize(
    "text",
    [
        "![A list of invoices](a.png)",
        '<img src="line.png" alt="">',
        "[here](#download-one-invoice) and [there](../technical/undo-an-import.md#undo-the-import)",
        "[list](/help?kind=video), [site](https://example.com/x#y), [mail](mailto:help@piperocks.com), [file](a.pdf)",
        "[undo](/help/undo-an-import?from=list#undo-the-import)",
        "The Starter plan, the yearly plan and a Business contact.",
        "Release 7.5 and PipeRocks 6.8 on iOS 16; release notes.",
        "There is no HubSpot integration. PipeRocks does not integrate with Microsoft Teams.",
        "Does PipeRocks integrate with HubSpot?",
        "Open the **Marketplace** and choose **Slack**; export your contacts from HubSpot.",
        "HubSpot and other programs are reached by the integration with Zapier.",
    ],
)
def test_what_is_right_is_let_through(workshop: Workshop, page: Callable[..., str], text: str) -> None:
    """Alt texts, links that lead somewhere, known names and denials give no finding."""
    workshop.write(FILE, page(LEAD, text))
    assert [str(each) for each in check(workshop.content, today=TODAY, allowed=NAMES)] == []


def test_a_page_of_an_unknown_integration_is_found(workshop: Workshop, page: Callable[..., str]) -> None:
    """A page that is named like an integration's must be of a supported one."""
    path = "articles/billing/integration-hubspot.md"
    workshop.write(path, page("slug: find-invoices", "slug: integration-hubspot", "title: Find", "title: HubSpot and"))
    assert "of no supported integration" in " ".join(map(str, check(workshop.content, today=TODAY, allowed=NAMES)))


def test_an_orphan_is_a_warning(workshop: Workshop, page: Callable[..., str]) -> None:
    """A page that no other leads to, by link, as related or in a series, is named; a link of its own does not count."""
    workshop.write(
        FILE, page("related: [undo-an-import]", "related: []", "See [Undo an import](/help/undo-an-import#undo-the-import).", "")
    )
    found = check(workshop.content, today=TODAY)
    assert [(each.path, each.message, each.error) for each in found] == [
        ("articles/technical/undo-an-import.md", "no other page leads here", False)
    ]
    workshop.write(FILE, page("related: [undo-an-import]", "related: []\nfollows: undo-an-import"))
    assert check(workshop.content, today=TODAY) == []


def test_two_that_follow_the_same_page_are_found(workshop: Workshop, page: Callable[..., str]) -> None:
    """A series may not fork: readers would be led to one of the two only."""
    line = "related: [undo-an-import]"
    workshop.write(FILE, page(line, f"{line}\nfollows: undo-an-import"))
    other = page("slug: find-invoices", "slug: other", "title: Find", "title: Other", line, f"{line}\nfollows: undo-an-import")
    workshop.write("articles/billing/other.md", other)
    (found,) = [each for each in check(workshop.content, today=TODAY) if "as " in each.message]
    assert (found.path, found.message) == ("articles/billing/other.md", f"follows 'undo-an-import', as {FILE} does")


def _prose(words: int, start: int = 0) -> str:
    return " ".join(f"word{number}" for number in range(start, start + words))


@pytest.mark.parametrize("size", [8, 60, 400, 3000])
def test_nearly_equal_texts_are_found_at_any_length(tmp_path: Path, size: int) -> None:
    """A copy with small edits is a warning that names both files; another text is none, in short and in long pages."""
    edited = _prose(size).replace(f"word{size // 2} ", "changed ", 1) if size > 100 else _prose(size)
    (tmp_path / "a.md").write_text(f"# One\n\n{_prose(size)}")
    (tmp_path / "b.md").write_text(f"# Two\n\n{edited}")
    (tmp_path / "c.md").write_text(f"# Three\n\n{_prose(size, start=size)}")
    (found,) = check(tmp_path, today=TODAY)
    assert found.path == "b.md" and not found.error and "of the text is also that of a.md" in found.message


def test_boilerplate_makes_no_duplicates(tmp_path: Path) -> None:
    """A paragraph that many pages share does not make them the same, and does not make the check slow."""
    for number in range(300):
        (tmp_path / f"{number}.md").write_text(f"# Page {number}\n\n{_prose(60)}\n\n{_prose(120, start=1000 * number + 100)}")
    assert check(tmp_path, today=TODAY) == []


def test_links_of_foreign_content_are_warnings(tmp_path: Path) -> None:
    """In a folder of somebody else, links between files are checked with and without suffix, and only warned of."""
    (tmp_path / "guide").mkdir()
    (tmp_path / "a.md").write_text("# A\n\n[b](guide/b.md) [b](guide/b) [b](./guide/b.md#top) [x](guide/x.md) [n](guide/b.md#no)")
    (tmp_path / "guide" / "b.md").write_text("# Top\n\n[a](../a.md) [dir](images/) ![](p.png)")
    found = [str(each) for each in check(tmp_path, today=TODAY, allowed=NAMES)]
    assert [each.split(". ")[0] for each in found] == [
        "a.md:3: warning: dead link: no file 'guide/x.md'",
        "a.md:3: warning: dead link: page 'guide-b' has no heading with the anchor 'no'",
        "guide/b.md:3: warning: a picture has no alt text",
    ]
