from __future__ import annotations

import pytest

from actions.ticket_details import mere_wish, offered_contact, read_contact, read_impact, stated_impact, tells_the_matter


@pytest.mark.parametrize(
    ("text", "impact"),
    [
        ("we", "several"),
        ("3", "several"),
        ("3 of us", "several"),
        ("our whole office of 12", "everyone"),
        ("my boss and me", "several"),
        ("my boss too", "several"),
        ("hmm at least me and Oyelaran, haven't asked the rest", "several"),
        ("me and that's it", "me"),
        ("dunno, 3?", "several"),
        ("everyone else is fine", "me"),
        ("We need this fixed fast!", None),
        ("I", "me"),
    ],
)
def test_an_answer_may_be_short(text: str, impact: str | None) -> None:
    """Asked who is affected, a word is enough; "we" inside a sentence about something else says nothing."""
    assert read_impact(text) == impact


@pytest.mark.parametrize(
    ("text", "impact"),
    [
        ("We cannot download the invoice", None),
        ("I cannot download the invoice", None),
        ("How do I send a newsletter to everyone?", None),
        ("Two of our charts are empty", None),
        ("My team wants a report", None),
        ("it affects our whole team", "everyone"),
        ("none of us can open the board", "everyone"),
        ("Single sign-on lets nobody in", "everyone"),
        ("three of us can't see the board", "several"),
        ("our sales team gets error 403", "several"),
        ("not just me, others see it too", "several"),
        ("it happens only for me", "me"),
        ("I can't sign in but everyone else can", "me"),
        ("docusign envelopes stay on sent, about 10 people, mail me", "several"),
        ("invoices are wrong, everyone, quick", "everyone"),
        ("slack is silent, whole sales team affected", "everyone"),
        ("show some people, hide others", None),
        ("It's only the account holder that is affected, so me.", "me"),
        ("how should i know who else. me.", "me"),
        ("Anyway, the Zoom thing concerns me and two colleagues", "several"),
        ("the report is wrong. All four managers see the same", "several"),
        ("Just our account, I'm the only one dealing with billing", "me"),
        ("the reports, me and everybody, are empty", None),
        ("please tell Anna, me, and the boss about it", None),
        ("payments are not marked as paid, for every user", "everyone"),
        ("envelopes stay on sent. Only affects me.", "me"),
        ("it concerns the 4 people of our sales team", "several"),
        ("I want a field for every deal", None),
        ("How do I set a signature for every user?", None),
        ("nobody has come back to me", None),
        ("nobody can call customers from the CRM", "everyone"),
        ("it only affects me and my team", "several"),
    ],
)
def test_what_nobody_asked_for_must_be_said_plainly(text: str, impact: str | None) -> None:
    """In a message about something else only a plain statement tells who is affected: "we" and "I" tell nothing."""
    assert stated_impact(text) == impact


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("mail me at x@y.example", "x@y.example"),
        ("no, my mail is a@b.example", "a@b.example"),
        ("please use support-desk@example.com", "support-desk@example.com"),
        ("call me on 0131 496 0123", "0131 496 0123"),
        ("mails to bob@acme.example bounce", None),
        ("invoice 1234 5678 9012 is missing", None),
    ],
)
def test_an_address_counts_where_it_is_given_as_ones_own(text: str, contact: str | None) -> None:
    """An address that the trouble is about is not taken for the customer's."""
    assert offered_contact(text) == contact


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("it started on 2026-05-01", None),
        ("2026-05-01 10:30:00", None),
        ("since 01/05/2026", None),
        ("2025 - 2026", None),
        ("0131 496 0123", "0131 496 0123"),
        ("(030) 1234567", "(030) 1234567"),
        ("+44 (0)131 496 0123", "+44 (0)131 496 0123"),
        ("2026-05-01: ring +49 30 1234567", "+49 30 1234567"),
    ],
)
def test_a_date_is_no_telephone(text: str, contact: str | None) -> None:
    """Dates and spans of years are digits in groups as telephone numbers are, and are none; a number is taken whole."""
    assert read_contact(text) == contact


@pytest.mark.parametrize(
    ("text", "tells", "mere"),
    [
        ("get me a human, it affects our whole team, mail me at x@y.example", False, True),
        ("a living person, please", False, True),
        ("Make one more ticket for the same thing", False, True),
        ("please open a ticket, the deal board stays blank", True, False),
        ("who is the person in charge?", False, False),
        ("the export stops", True, False),
        ("yes, go ahead", False, False),
        ("sounds good", False, False),
        ("sure, let's do that", False, False),
        ("yes, login is very slow", True, False),
    ],
)
def test_a_wish_and_its_matter_are_told_apart(text: str, tells: bool, mere: bool) -> None:
    """A wish for a person that says nothing else is known as such; one that tells the matter spares asking for it."""
    assert (tells_the_matter(text), mere_wish(text)) == (tells, mere)
