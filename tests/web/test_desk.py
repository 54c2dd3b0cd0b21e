from __future__ import annotations

import threading
import time
from pathlib import Path

import httpx
import pytest

from desk.staff import Staff
from tests.web.world import PASSWORD, World, form_token, together, world


def test_signed_out_leads_to_the_form(live: World) -> None:
    """Without a session each page leads to the sign-in form."""
    for path in ("/desk", "/desk/tickets/PR-10001"):
        answer = live.client.get(path)
        assert answer.status_code == 303 and answer.headers["location"] == "/desk/sign-in"


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(live: World) -> None:
    """The session is a cookie that scripts cannot read and other sites' posts do not carry."""
    live.parts.staff.add("ana", "agent", PASSWORD)
    form = live.client.get("/desk/sign-in")
    fields = {"name": "ana", "password": PASSWORD, "form_token": form_token(form.text)}
    cookie = live.client.post("/desk/sign-in", data=fields).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    live.client.cookies.clear()


def test_a_wrong_password_and_an_unknown_name_look_alike(live: World) -> None:
    """A failed sign-in says the same whether the name exists or not, and sets no session."""
    live.parts.staff.add("ana", "agent", PASSWORD)
    said = set()
    for name in ("ana", "nobody"):
        form = live.client.get("/desk/sign-in")
        fields = {"name": name, "password": "wrong", "form_token": form_token(form.text)}
        answer = live.client.post("/desk/sign-in", data=fields)
        assert answer.status_code == 401 and "desk_session" not in answer.cookies
        said.add(answer.text.split('role="alert">', 1)[1].split("<", 1)[0])
    assert len(said) == 1


def test_a_sign_in_from_another_site_is_refused(live: World) -> None:
    """A sign-in without the form's token is refused."""
    live.parts.staff.add("ana", "agent", PASSWORD)
    answer = live.client.post("/desk/sign-in", data={"name": "ana", "password": PASSWORD})
    assert answer.status_code == 403 and "desk_session" not in answer.cookies


@pytest.mark.parametrize("password", [" blanks at both ends ", "ends with a no-break space\u00a0"])
def test_a_password_counts_as_it_was_typed(live: World, password: str) -> None:
    """Blanks at the ends of a password belong to it, in the form and in the interface: without them nobody gets in."""
    live.parts.staff.add("ana", "agent", password)
    for typed, page, interface in ((password, 303, 200), (password.strip(), 401, 401)):
        form = live.client.get("/desk/sign-in")
        fields = {"name": "ana", "password": typed, "form_token": form_token(form.text)}
        assert live.client.post("/desk/sign-in", data=fields).status_code == page
        body = {"name": "ana", "password": typed}
        assert live.client.post("/api/v1/desk/session", json=body).status_code == interface


def test_guessing_is_slowed(tmp_path: Path) -> None:
    """Many tries in a row are answered 429."""
    from web.rate_limit import Allowance

    with world(tmp_path, sign_ins=Allowance(burst=2, per_second=0.01)) as live:
        body = {"name": "ana", "password": "wrong"}
        statuses = [live.client.post("/api/v1/desk/session", json=body).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


def test_a_flood_of_sign_ins_leaves_room_for_customers(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are looked at two at a time, whatever names are tried, so that the threads which serve turns stay free."""
    busy: list[int] = []
    most, verify, lock = 0, live.parts.staff.verify, threading.Lock()

    def slowly(name: str, password: str) -> Staff | None:
        nonlocal most
        with lock:
            busy.append(1)
            most = max(most, len(busy))
        time.sleep(0.1)
        with lock:
            busy.pop()
        return verify(name, password)

    monkeypatch.setattr(live.parts.staff, "verify", slowly)
    bodies = [{"name": f"name {number}", "password": "wrong"} for number in range(6)]
    statuses = together(lambda: httpx.post(f"{live.url}/api/v1/desk/session", json=bodies.pop(), timeout=20).status_code, 6)
    assert statuses == [401] * 6 and most == 2


def test_what_is_no_password_is_refused(live: World) -> None:
    """An empty, endless or missing password is told as such; one with half a character is a wrong one."""
    headers = {"Content-Type": "application/json"}
    for given, status in (('""', 400), (f'"{"x" * 1001}"', 400), ("7", 400), ('"\\ud83d"', 401)):
        body = f'{{"name": "ana", "password": {given}}}'
        assert live.client.post("/api/v1/desk/session", content=body, headers=headers).status_code == status
    assert live.client.post("/api/v1/desk/session", json={"name": "ana"}).status_code == 400


@pytest.mark.parametrize("path", ["/desk", "/desk/sign-in", "/api/v1/desk/tickets"])
def test_bytes_that_are_no_text_are_no_session(live: World, path: str) -> None:
    """Cookies and tokens of stray bytes are taken for none, and fill no log with tracebacks."""
    expected = live.client.get(path).status_code
    live.client.cookies.clear()
    for name, value in (
        ("Cookie", b"desk_session=a\xff.b.c"),
        ("Authorization", b"Bearer \xff.b.c"),
        ("Cookie", b"desk_form=" + b"\xff" * 32),
    ):
        assert live.client.get(path, headers=[(name.encode(), value)]).status_code == expected
        live.client.cookies.clear()


def test_a_form_token_of_stray_bytes_is_refused(live: World) -> None:
    """A token that is no text is a wrong token."""
    number = live.ticket(live.start()).number
    with live.sign_in() as browser:
        headers = [(b"X-CSRF-Token", b"\xff")]
        assert browser.post(f"/api/v1/desk/tickets/{number}/resolve", headers=headers).status_code == 403


def test_tickets_and_one_ticket(live: World) -> None:
    """The list shows the ticket; its page shows facts, promise, transcript and the bot's evidence, all
    escaped. Every time names its zone: the promise the customer's, all else UTC.
    """
    live.backends.reply = {
        "text": "Try **this**.",
        "decision": "answer",
        "intent": {"name": "import_trouble", "confidence": 0.91},
        "citations": [
            {
                "slug": "undo-import",
                "title": "Undo an import",
                "url": "/help/undo-import",
                "section": "",
                "revision": "0123456789ab",
                "score": 0.77,
            }
        ],
        "evidence": {"index_version": "index-1", "raw": "<script>alert(1)</script>"},
    }
    conversation = live.start()
    live.say(conversation, "help <script>alert(1)</script>", "k1")
    ticket = live.ticket(conversation)
    with live.sign_in() as browser:
        listed = browser.get("/desk").text
        assert ticket.number in listed and "Wed 25 Nov 2026, 11:00" in listed and "Europe/Berlin" in listed
        page = browser.get(f"/desk/tickets/{ticket.number}").text
    for text in (
        "northlight",
        "Wed 25 Nov 2026, 11:00",
        "Europe/Berlin",
        '<dt>Opened</dt><dd><time datetime="2026-11-24T10:00:00.000+00:00">Tue 24 Nov 2026, 10:00 UTC</time></dd>',
        "import_trouble",
        "0.91",
        "index-1",
        "Undo an import",
        "0.77",
        "<strong>this</strong>",
    ):
        assert text in page
    assert "<script>alert" not in page


def test_the_life_of_a_ticket_in_the_console(live: World) -> None:
    """Take, note, reply, escalate, resolve and reopen by the page's own forms; the reply reaches the
    conversation.
    """
    conversation = live.start()
    number = live.ticket(conversation).number
    with live.sign_in() as browser:

        def act(action: str, **fields: str) -> None:
            page = browser.get(f"/desk/tickets/{number}").text
            body = {"form_token": form_token(page), **fields}
            answer = browser.post(f"/desk/tickets/{number}/{action}", data=body)
            assert answer.status_code == 303, answer.text
            assert 'role="status"' in browser.get(answer.headers["location"]).text

        act("assign")
        act("note", text="Looks like the encoding.")
        act("reply", text="Please save it as **UTF-8**.")
        assert live.parts.log.get(conversation).handler == "human"
        assert live.parts.tickets.get(number).assignee == "ana"
        act("escalate", reason="Still failing")
        act("resolve")
        assert live.parts.log.get(conversation).handler == "bot"
        act("reopen")
    messages = live.read(conversation)
    staff = [message for message in messages if message["role"] == "staff"]
    assert [message["text"] for message in staff] == ["Please save it as **UTF-8**."]
    assert not any("encoding" in message["text"] for message in messages)


def test_forms_without_their_token_change_nothing(live: World) -> None:
    """A post with the session but without its form token, as another site would make it, is refused."""
    conversation = live.start()
    number = live.ticket(conversation).number
    with live.sign_in() as browser:
        for body in ({"text": "evil"}, {"text": "evil", "form_token": "0" * 64}):
            assert browser.post(f"/desk/tickets/{number}/reply", data=body).status_code == 403
        assert browser.post("/desk/sign-out", data={}).status_code == 403
        path = f"/api/v1/desk/tickets/{number}/reply"
        assert browser.post(path, json={"text": "evil"}).status_code == 403
    assert live.read(conversation) == []


def test_what_cannot_be_done_is_told_and_keeps_the_words(live: World) -> None:
    """A reply to a resolved ticket is refused on the ticket's page with what was typed still there."""
    number = live.ticket(live.start()).number
    with live.sign_in() as browser:
        token = form_token(browser.get(f"/desk/tickets/{number}").text)
        browser.post(f"/desk/tickets/{number}/reply", data={"form_token": token, "text": "Done?"})
        browser.post(f"/desk/tickets/{number}/resolve", data={"form_token": token})
        answer = browser.post(f"/desk/tickets/{number}/reply", data={"form_token": token, "text": "One more thing"})
        empty = browser.post(f"/desk/tickets/{number}/note", data={"form_token": token, "text": " "})
    assert answer.status_code == 409 and 'role="alert"' in answer.text and "One more thing" in answer.text
    assert empty.status_code == 400


def test_editors_do_not_see_tickets(live: World) -> None:
    """The editor's role has no tickets, neither on pages nor in the interface; the console begins on the knowledge base."""
    number = live.ticket(live.start()).number
    with live.sign_in("editor", "eve") as browser:
        for path in (f"/desk/tickets/{number}", "/api/v1/desk/tickets", f"/api/v1/desk/tickets/{number}"):
            assert browser.get(path).status_code == 403
        home = browser.get("/desk")
        assert home.status_code == 303 and home.headers["location"] == "/desk/kb"
        token = form_token(browser.get("/desk/kb").text)
        for action in ("reply", "resolve", "assign"):
            answer = browser.post(f"/desk/tickets/{number}/{action}", data={"form_token": token, "text": "Hello"})
            assert answer.status_code == 403
    assert live.parts.tickets.get(number).status == "new"


def test_the_staffs_interface(live: World) -> None:
    """With a token from POST /session, tickets are listed, shown and changed in JSON; errors are problems."""
    conversation = live.start()
    live.say(conversation, "hello", "k1")
    number = live.ticket(conversation).number
    live.parts.staff.add("ana", "senior", PASSWORD)
    made = live.client.post("/api/v1/desk/session", json={"name": "ana", "password": PASSWORD}).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    base = "/api/v1/desk/tickets"
    listed = live.client.get(base, headers=headers).json()["tickets"]
    assert [ticket["number"] for ticket in listed] == [number]
    shown = live.client.get(f"{base}/{number}", headers=headers).json()
    assert [message["role"] for message in shown["messages"]][:2] == ["user", "bot"]
    assert "evidence" in shown["messages"][1] and shown["promise"]["certainty"] == "exact"
    assert live.client.post(f"{base}/{number}/reply", json={"text": "Hello"}, headers=headers).json()["status"] == "waiting"
    assert live.client.post(f"{base}/{number}/resolve", headers=headers).json()["status"] == "resolved"
    for path, body, status in [
        (f"{number}/resolve", {}, 409),
        (f"{number}/note", {}, 400),
        ("PR-99999/note", {"text": "x"}, 404),
    ]:
        answer = live.client.post(f"{base}/{path}", json=body, headers=headers)
        assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("role", ["customer", "none"])
def test_customers_tokens_open_no_desk(live: World, role: str) -> None:
    """A customer's identity token, or none, is 401 at the desk."""
    headers = live.headers() if role == "customer" else {}
    assert live.client.get("/api/v1/desk/tickets", headers=headers).status_code == 401


def test_a_staff_token_is_no_customer(live: World) -> None:
    """A staff token opens no conversation."""
    live.parts.staff.add("ana", "agent", PASSWORD)
    made = live.client.post("/api/v1/desk/session", json={"name": "ana", "password": PASSWORD}).json()
    headers = {"Authorization": f"Bearer {made['token']}"}
    assert live.client.post("/api/v1/conversations", headers=headers).status_code == 401


def test_signing_out_ends_the_session(live: World) -> None:
    """After signing out the pages lead to the form again."""
    with live.sign_in() as browser:
        token = form_token(browser.get("/desk").text)
        assert browser.post("/desk/sign-out", data={"form_token": token}).status_code == 303
        assert browser.get("/desk").status_code == 303
