from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import settings
from index.checks import Allowed, Finding, check
from index.promises import promise_in
from tests.index.conftest import Workshop

TODAY = date(2026, 11, 23)
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
    found = check(settings.ROOT / "kb_content", today=TODAY, allowed=Allowed.from_policy(settings.ROOT / "policy" / "policy.yml"))
    assert [str(finding) for finding in found if finding.error] == []
