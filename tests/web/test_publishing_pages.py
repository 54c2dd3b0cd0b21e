"""Build, golden questions, publish, roll back and history in the console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest

from index.build import build
from index.encoders import open_encoder
from tests.web.newsroom import INVOICES, UNDO, Newsroom, built, newsroom, post
from tests.web.world import ENCODER, NOW, form_token, together
from web.builds import BuildState, after

POSTS = ("build", "publish", "rollback")
PAGES = ("", "/articles", f"/articles/{INVOICES}", "/search?q=invoice", "/check", "/golden", "/build.json")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom whose first version is live."""
    with newsroom(tmp_path) as made:
        yield made


def _edited(room: Newsroom) -> str:
    """A second version with another text of the invoices page, not live yet."""
    room.edit(INVOICES, "kept for ten years", "kept for eleven years")
    return room.build()


def test_from_the_edit_to_the_help_centre_and_back(room: Newsroom) -> None:
    """Edit, build, publish with a reason: the help centre shows the text; a roll-back shows the earlier one again."""
    first = room.version
    room.edit(INVOICES, "kept for ten years", "kept for eleven years")
    with room.live.sign_in("editor", "eve") as browser:
        assert "1 page to publish" in browser.get("/desk/kb").text
        assert post(browser, "/desk/kb/build", why="auditors asked").status_code == 303
        state = built(browser)
        assert state["error"] == "" and state["version"] not in (None, first)
        overview = browser.get("/desk/kb").text
        assert INVOICES in overview and "auditors asked" in overview and room.version == first
        answer = post(browser, "/desk/kb/publish", version=str(state["version"]), why="ten years was wrong")
        assert answer.status_code == 303
        page = browser.get(answer.headers["location"]).text
        assert "Published." in page and "ten years was wrong" in page and "All as published" in page
        assert "kept for eleven years" in browser.get("/help/find-invoices").text
        assert post(browser, "/desk/kb/rollback", why="too early").status_code == 303
        assert "kept for ten years" in browser.get("/help/find-invoices").text
        assert "too early" in browser.get("/desk/kb").text
    assert room.version == first


def test_headings_leave_no_level_out(room: Newsroom) -> None:
    """Who moves by headings finds each level under the one above it, with a refusal on the page too."""
    _edited(room)
    (room.content / UNDO).unlink()
    version = room.build()
    with room.live.sign_in("admin", "adam") as browser:
        overview = browser.get("/desk/kb").text
        refused = post(browser, "/desk/kb/publish", version=version, why="tidy up").text
    for page in (overview, refused):
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
        assert levels[0] == 1 and all(lower <= upper + 1 for upper, lower in pairwise(levels)), levels
    assert "Removed" in overview and "Why publish all the same?" in refused


def test_every_change_is_in_the_audit_log(room: Newsroom) -> None:
    """Who built, published, was refused and rolled back, with what and why, is in the audit log once each."""
    with room.live.sign_in("editor", "eve") as browser:
        room.edit(INVOICES, "kept for ten years", "kept for eleven years")
        post(browser, "/desk/kb/build", why="auditors")
        version = str(built(browser)["version"])
        post(browser, "/desk/kb/publish", version=version, why="mend")
        post(browser, "/desk/kb/rollback", why="oops")
        (room.content / INVOICES).unlink()
        post(browser, "/desk/kb/build")
        refused = str(built(browser)["version"])
        assert post(browser, "/desk/kb/publish", version=refused, why="tidy up").status_code == 409
    entries = [each for each in room.live.parts.audit.list() if each.action.startswith("kb.") and each.actor == "eve"]
    assert [(each.action, each.subject, each.detail["why"]) for each in entries] == [
        ("kb.build", version, "auditors"),
        ("kb.publish", version, "mend"),
        ("kb.rollback", entries[2].subject, "oops"),
        ("kb.build", refused, ""),
        ("kb.refused", refused, "tidy up"),
    ]
    assert any("find-invoices" in reason for reason in entries[4].detail["reasons"])


@pytest.mark.parametrize("role", ["agent", "senior"])
def test_only_editors_and_administrators_work_on_the_knowledge_base(room: Newsroom, role: str) -> None:
    """Agents and seniors see none of its pages, find no link to them, and can neither build, publish nor roll back."""
    version = _edited(room)
    before = room.version
    with room.live.sign_in(role) as browser:
        home = browser.get("/desk").text
        assert "/desk/kb" not in home
        for page in PAGES:
            assert browser.get(f"/desk/kb{page}").status_code == 403
        fields = {"form_token": form_token(home), "expected": before or "", "version": version, "why": "because"}
        for action in POSTS:
            assert browser.post(f"/desk/kb/{action}", data=fields).status_code == 403
    assert room.version == before and room.live.parts.workshop.build_state() is None


def test_nobody_gets_in_without_signing_in(room: Newsroom) -> None:
    """Without a session each page, and each form, leads to the sign-in form."""
    for page in PAGES:
        assert room.live.client.get(f"/desk/kb{page}").headers["location"] == "/desk/sign-in"
    for action in POSTS:
        assert room.live.client.post(f"/desk/kb/{action}", data={}).headers["location"] == "/desk/sign-in"


def test_forms_without_their_token_change_nothing(room: Newsroom) -> None:
    """A post with the session but without its form token, as another site would make it, is refused."""
    version, before = _edited(room), room.version
    with room.live.sign_in("admin", "adam") as browser:
        for action in POSTS:
            for token in ({}, {"form_token": "0" * 64}):
                fields = {"version": version, "expected": before or "", "why": "evil", **token}
                assert browser.post(f"/desk/kb/{action}", data=fields).status_code == 403
    assert room.version == before and room.live.parts.workshop.build_state() is None


def test_a_refused_version_shows_what_changed(room: Newsroom) -> None:
    """The gate's refusal stands on the page with the questions that changed and what was typed; nothing is published."""
    before = room.version
    room.edit(INVOICES, "where do I find my invoices", "payment history")
    room.edit(INVOICES, "Find and download your invoices", "Papers")
    room.edit(INVOICES, "invoice", "paper")
    room.edit(UNDO, "- undo import", "- undo import\n  - where do I find my invoices")
    version = room.build()
    with room.live.sign_in("editor", "eve") as browser:
        answer = post(browser, "/desk/kb/publish", version=version, why="a better title")
        golden = browser.get("/desk/kb/golden").text
    assert answer.status_code == 409 and room.version == before
    for told in ("was not published", "where do I find my invoices", "Worse", "a better title"):
        assert told in answer.text
    assert "Only an administrator" in answer.text and 'name="force"' not in answer.text
    assert "will be refused" in golden and "Worse" in golden


def test_only_an_administrator_publishes_past_the_gate(room: Newsroom) -> None:
    """An editor's force is refused even by a form of his own making; an administrator's reason stands in the history."""
    (room.content / UNDO).unlink()
    version, before = room.build(), room.version
    with room.live.sign_in("editor", "eve") as browser:
        assert post(browser, "/desk/kb/publish", version=version, why="x", force="I want to").status_code == 403
    assert room.version == before
    with room.live.sign_in("admin", "adam") as browser:
        refused = post(browser, "/desk/kb/publish", version=version, why="no undo any more")
        assert refused.status_code == 409 and 'name="force"' in refused.text
        answer = post(browser, "/desk/kb/publish", version=version, why="no undo any more", force="legal said so")
        assert answer.status_code == 303
        assert "legal said so" in browser.get("/desk/kb").text
    assert room.version == version
    assert room.live.parts.audit.list(version)[-1].detail["forced"] == "legal said so"


def test_of_two_who_publish_the_second_is_told(room: Newsroom) -> None:
    """Who decided on a live version that is live no more gets told who was quicker, and nothing is changed."""
    first = room.version or ""
    second = _edited(room)
    room.edit(INVOICES, "eleven", "twelve")
    third = room.build()
    with room.live.sign_in("editor", "eve") as eve, room.live.sign_in("editor", "bob") as bob:
        assert post(eve, "/desk/kb/publish", version=third, why="twelve").status_code == 303
        late = post(bob, "/desk/kb/publish", version=second, why="eleven", expected=first)
        assert late.status_code == 409 and "publish by eve" in late.text
        back = post(bob, "/desk/kb/rollback", why="I did not see", expected=first)
        assert back.status_code == 409
    assert room.version == third


def test_one_build_at_a_time(room: Newsroom) -> None:
    """While a build runs another one is refused; turns go on meanwhile."""
    room.edit(INVOICES, "ten", "eleven")
    with room.live.sign_in("editor", "eve") as browser:
        page = browser.get("/desk/kb").text
        fields = {"form_token": form_token(page), "expected": ""}
        statuses = together(lambda: browser.post("/desk/kb/build", data=fields).status_code, 3)
        assert sorted(statuses) == [303, 409, 409]
        assert room.live.say(room.live.start(), "hello", "k1").status_code == 200
        assert "disabled" in browser.get("/desk/kb").text
        assert built(browser)["number"] == 1
        assert post(browser, "/desk/kb/build").status_code == 303
        state = built(browser)
        assert state["number"] == 2 and "of these very files already" in browser.get("/desk/kb").text


def test_progress_counts_what_is_embedded(room: Newsroom) -> None:
    """What a build says about its texts moves the bar: done of total is read from its own lines."""
    states = [BuildState(1, "eve", NOW)]
    room.edit(INVOICES, "ten", "eleven")
    encoder = open_encoder(ENCODER, room.index)
    build(room.content, room.index, encoder, at=NOW, progress=lambda line: states.append(after(states[-1], line)))
    lines = [(state.done, state.total) for state in states]
    counted = [each for each in lines if each[1]]
    assert counted and counted[-1][0] == counted[-1][1] > 0


def test_a_build_that_fails_says_why(room: Newsroom) -> None:
    """A content folder that is gone ends the build with a sentence that names it; the live version is served as before."""
    before = room.version
    room.content.rename(room.content.with_name("elsewhere"))
    with room.live.sign_in("editor", "eve") as browser:
        post(browser, "/desk/kb/build")
        assert str(room.content) in str(built(browser)["error"])
        page = browser.get("/desk/kb")
        assert page.status_code == 200 and "failed" in page.text
    assert room.version == before


def test_a_build_that_is_killed_is_told(room: Newsroom) -> None:
    """A build whose process dies is no running build for ever; the next one works."""
    room.edit(INVOICES, "ten", "eleven")
    workshop = room.live.parts.workshop
    with room.live.sign_in("editor", "eve") as browser:
        post(browser, "/desk/kb/build")
        workshop.close()
        assert "stopped unexpectedly" in str(built(browser)["error"])
        post(browser, "/desk/kb/build")
        assert built(browser)["error"] == ""


def test_a_build_that_cannot_be_started_leaves_nothing_running(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the machine has no process left the editor is told so on the page, and the next build works."""
    room.edit(INVOICES, "ten", "eleven")

    def no_process(self: object) -> None:
        raise BlockingIOError("no process can be started")

    with room.live.sign_in("editor", "eve") as browser:
        with monkeypatch.context() as patched:
            patched.setattr(SpawnProcess, "start", no_process)
            refused = post(browser, "/desk/kb/build", why="auditors")
        assert refused.status_code == 503 and 'role="alert"' in refused.text and room.live.parts.workshop.build_state() is None
        assert post(browser, "/desk/kb/build").status_code == 303
        assert built(browser)["error"] == ""


def test_the_first_build_goes_live_by_itself(tmp_path: Path) -> None:
    """On an empty index the overview says what to do, and the first build is served at once."""
    with newsroom(tmp_path, built=False) as room, room.live.sign_in("admin", "adam") as browser:
        assert "nothing is live yet" in browser.get("/desk/kb").text
        for page in ("/golden", "/search?q=x"):
            assert "build first" in browser.get(f"/desk/kb{page}").text
        assert browser.get("/desk/kb/articles").status_code == 200
        post(browser, "/desk/kb/build")
        assert built(browser)["error"] == ""
        deadline_text = browser.get("/desk/kb").text
        assert "None waiting" in deadline_text
        assert room.live.parts.workshop.status().live is not None


def test_golden_questions_side_by_side(room: Newsroom) -> None:
    """Live and new stand beside one another, all questions on request; broken golden.yml is told by line."""
    _edited(room)
    with room.live.sign_in("editor", "eve") as browser:
        changed = browser.get("/desk/kb/golden").text
        assert "may go live" in changed and "No question is answered differently" in changed
        everything = browser.get("/desk/kb/golden?show=all").text
        assert len(re.findall("golden.yml, line", everything)) == 2 and "undo import" in everything
        room.write("golden.yml", "questions:\n  - ask: x\n    page: y: z\n")
        broken = browser.get("/desk/kb/golden")
        assert broken.status_code == 409 and "golden.yml:3" in broken.text


def test_what_a_form_lacks_is_told(room: Newsroom) -> None:
    """No version, an unknown one, a reason too long: each is told on the page and changes nothing."""
    before = room.version
    with room.live.sign_in("editor", "eve") as browser:
        for fields, status in [
            ({"version": ""}, 400),
            ({"version": "000099-aaaaaaaa"}, 409),
            ({"version": "../../etc"}, 409),
            ({"version": before or "", "why": "x" * 501}, 400),
        ]:
            answer = post(browser, "/desk/kb/publish", **{"why": "because", **fields})
            assert answer.status_code == status and 'role="alert"' in answer.text
        assert post(browser, "/desk/kb/rollback", why="x").status_code == 409
        same = post(browser, "/desk/kb/publish", version=before or "", why="again")
        assert same.headers["location"] == "/desk/kb?done=same"
    assert room.version == before
