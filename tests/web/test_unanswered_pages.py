"""The work list, the audit log, and answers whose article has changed, in the console."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.web.world import World, form_token

CITATION = {"slug": "undo-import", "title": "Undo an import", "url": "/help/undo-import", "section": "", "score": 0.7}


def ask(live: World, text: str, decision: str = "unknown", **reply: object) -> str:
    """A conversation of one turn; its id."""
    live.backends.reply = {"text": "I do not know.", "decision": decision, "area": "feature", **reply}
    conversation = live.start()
    assert live.say(conversation, text, "k1").status_code == 200
    return conversation


def groups(page: str) -> dict[str, int]:
    """How many conversations each group counts, by its title, in the page's order."""
    found = re.findall(r'<h2 id="group-\d+">(.*?)</h2>\s*<p class="times"><b>(\d+)</b>', page, re.DOTALL)
    return {title: int(count) for title, count in found}


def mark(browser: httpx.Client, page: str, state: str, group: int = 0) -> httpx.Response:
    """Press a group's button."""
    form = page.split('action="/desk/unanswered/mark"')[group + 1].split("</form>", 1)[0]
    ids = re.findall(r'name="message_id" value="([^"]+)"', form)
    return browser.post("/desk/unanswered/mark", data={"form_token": form_token(form), "message_id": ids, "state": state})


def test_questions_are_grouped_counted_and_led_to_their_conversations(live: World) -> None:
    """Like questions are one group with its count; each leads to its conversation, in which nobody is named."""
    first = ask(live, "export to xls <script>alert(1)</script>")
    second = ask(live, "Export to XLS <script>alert(1)</script>?")
    ask(live, "delete my team, write to maya@example.com")
    with live.sign_in("editor", "eve") as browser:
        page = browser.get("/desk/unanswered").text
        talk = browser.get(f"/desk/unanswered/{first}").text
    assert list(groups(page).values()) == [2, 1]
    assert f"/desk/unanswered/{first}#m1" in page and f"/desk/unanswered/{second}#m1" in page
    assert "<script>alert" not in page + talk and "maya@example.com" not in page
    assert "I do not know." in talk and "Lindqvist" not in talk and "northlight" not in talk


def test_decisions_are_kept_and_can_be_taken_back(live: World) -> None:
    """Done and no-article-needed leave the list, stand under their own filter, and come back by a press."""
    for text in ("export to xls", "tell a joke"):
        ask(live, text)
    with live.sign_in("editor", "eve") as browser:
        page = browser.get("/desk/unanswered").text
        assert set(groups(page)) == {"export to xls", "tell a joke"}
        for state in ("done", "no_article"):
            page = browser.get("/desk/unanswered").text
            answer = mark(browser, page, state)
            assert answer.status_code == 303 and 'role="status"' in browser.get(answer.headers["location"]).text
        assert groups(browser.get("/desk/unanswered").text) == {}
        done = browser.get("/desk/unanswered?state=done").text
        assert len(groups(done)) == len(groups(browser.get("/desk/unanswered?state=no_article").text)) == 1
        assert "said eve" in done
        mark(browser, done, "open")
        assert len(groups(browser.get("/desk/unanswered").text)) == 1
    actions = [each.action for each in live.parts.audit.list() if each.actor == "eve" and each.action.startswith("unanswered")]
    assert actions == ["unanswered.done", "unanswered.no_article", "unanswered.open"]


@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("senior", 200), ("editor", 200), ("admin", 200)])
def test_who_sees_the_list(live: World, role: str, status: int) -> None:
    """Editors, seniors and administrators see it and its conversations; agents neither see nor decide."""
    conversation = ask(live, "export to xls")
    question = live.read(conversation)[0]["id"]
    with live.sign_in(role) as browser:
        token = form_token(browser.get("/desk/kb" if role == "editor" else "/desk").text)
        assert browser.get("/desk/unanswered").status_code == status
        assert browser.get(f"/desk/unanswered/{conversation}").status_code == status
        assert browser.post("/desk/unanswered/mark", data={"message_id": question, "state": "done"}).status_code == 403
        fields = {"message_id": question, "state": "done", "form_token": token}
        assert browser.post("/desk/unanswered/mark", data=fields).status_code == (303 if status == 200 else 403)
    assert live.client.get("/desk/unanswered").headers["location"] == "/desk/sign-in"


def test_other_conversations_stay_closed(live: World) -> None:
    """An editor reads no conversation that is not on the list, and decides about no message that is no question."""
    private = ask(live, "how do I import", "answer")
    with live.sign_in("editor", "eve") as browser:
        assert browser.get(f"/desk/unanswered/{private}").status_code == 404
        token = form_token(browser.get("/desk/kb").text)
        for ids, state, status in [
            (live.read(private)[1]["id"], "done", 404),
            ("nothing", "done", 404),
            (live.read(private)[0]["id"], "later", 400),
            ([], "done", 400),
        ]:
            fields = {"form_token": token, "message_id": ids, "state": state}
            assert browser.post("/desk/unanswered/mark", data=fields).status_code == status


def test_order_period_and_way_of_grouping(live: World) -> None:
    """The page may show the newest first, and group by the encoder's vectors; what was chosen stays chosen."""
    for text in ("export to xls", "export to xls", "delete my team"):
        ask(live, text)
    with live.sign_in("senior") as browser:
        assert list(groups(browser.get("/desk/unanswered").text)) == ["export to xls", "delete my team"]
        by_wording = browser.get("/desk/unanswered?by=wording&days=all&order=newest").text
        by_meaning = browser.get("/desk/unanswered?by=meaning").text
        assert set(groups(by_wording)) == set(groups(by_meaning)) == {"export to xls", "delete my team"}
        assert '<option value="newest" selected>' in by_wording and '<option value="wording" selected>' in by_wording
        assert browser.get("/desk/unanswered?state=x&days=-1&by=y&order=z").status_code == 200


def test_answers_whose_article_has_changed(live: World) -> None:
    """The ticket says beside an answer that its article has changed or gone since, and links to the present one."""
    citations = [
        {**CITATION, "revision": "0123456789ab"},
        {**CITATION, "slug": "change-plan", "title": "Change your plan", "revision": "ffffffffffff"},
        {**CITATION, "slug": "gone", "title": "A page that is gone", "revision": "ffffffffffff"},
    ]
    conversation = ask(live, "help", "answer", citations=citations)
    ticket = live.ticket(conversation)
    with live.sign_in() as browser:
        page = browser.get(f"/desk/tickets/{ticket.number}").text
    notes = re.findall(r'<p class="since"><b>(.*?)</b>\s*<span class="tag p-high">(.*?)</span>(.*?)</p>', page, re.DOTALL)
    assert [(title, told) for title, told, _ in notes] == [
        ("Change your plan", "changed since this answer"),
        ("A page that is gone", "no longer in the help centre"),
    ]
    assert 'href="/help/change-plan"' in notes[0][2] and "href" not in notes[1][2]


def test_the_audit_log_is_for_administrators(live: World) -> None:
    """An administrator reads, filters and pages through the log; nobody else sees it."""
    for number in range(130):
        live.parts.audit.record("bob", "ticket.note", f"PR-{number}", {"text": "<b>"}, live.parts.now())
    for role in ("agent", "senior", "editor"):
        with live.sign_in(role, role) as browser:
            assert browser.get("/desk/audit").status_code == 403
    with live.sign_in("admin", "adam") as browser:
        page = browser.get("/desk/audit?kind=ticket.&actor=bob").text
        assert "PR-129" in page and "PR-29<" not in page and "<b>" not in page.split("<tbody>")[1] and "adam</th>" not in page
        older = re.search(r'href="(/desk/audit\?[^"]+)">Older', page)
        assert older
        last = browser.get(older.group(1).replace("&amp;", "&")).text
        assert "PR-29<" in last and "PR-0<" in last and "Older entries" not in last
        everything = browser.get("/desk/audit").text
        assert "staff.sign_in" in everything
        for strange in ("before=x", "before=99999999999999999999", "kind=x", "actor=%00"):
            assert browser.get(f"/desk/audit?{strange}").status_code == 200
