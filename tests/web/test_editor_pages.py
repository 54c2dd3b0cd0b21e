"""The editors' pages about content: states, preview, search with reasons, check."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from index.scoring import SIGNALS
from tests.web.newsroom import INVOICES, UNDO, Newsroom, newsroom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom whose first version is live."""
    with newsroom(tmp_path) as made:
        yield made


@pytest.fixture
def browser(room: Newsroom) -> Iterator[httpx.Client]:
    """An editor's browser."""
    with room.live.sign_in("editor", "eve") as made:
        yield made


def rows(page: str) -> dict[str, str]:
    """The states of each page of the list, by path."""
    found = re.findall(r'<span class="left">(\S+\.md)</span></th>\s*<td>(.*?)</td>', page, re.DOTALL)
    return {path: " ".join(re.findall(r'class="tag k-(\w+)"', cell)) for path, cell in found}


def test_states_of_pages(room: Newsroom, browser: httpx.Client) -> None:
    """Each page tells whether it is live, edited, new or removed, long unreviewed, or has a mistake."""
    assert rows(browser.get("/desk/kb/articles").text) == {INVOICES: "live", UNDO: "live"}
    room.edit(INVOICES, "updated: 2026-10-12", "updated: 2024-10-12")
    (room.content / UNDO).unlink()
    room.write("articles/technical/broken.md", "---\ntitle: Broken\n---\nSee [it](/help/nowhere).\n")
    page = browser.get("/desk/kb/articles").text
    assert rows(page) == {
        "articles/technical/broken.md": "new failing",
        INVOICES: "edited stale failing",
        UNDO: "removed",
    }


def test_filter_and_find(room: Newsroom, browser: httpx.Client) -> None:
    """A state or words of title or file name narrow the list, and both together."""
    room.edit(INVOICES, "ten years", "eleven years")
    for query, expected in [
        ("state=edited", {INVOICES}),
        ("state=changed", {INVOICES}),
        ("state=live", {UNDO}),
        ("q=UNDO+contacts", {UNDO}),
        ("q=technical/", {UNDO}),
        ("state=live&q=invoices", set()),
        ("state=nonsense", {INVOICES, UNDO}),
    ]:
        assert set(rows(browser.get(f"/desk/kb/articles?{query}").text)) == expected, query


def test_a_preview_is_the_help_centres_page(room: Newsroom, browser: httpx.Client) -> None:
    """The file's page shows what the help centre will show once it is published, with what differs from the live one."""
    room.edit(INVOICES, "ten years", "<script>alert(1)</script> **eleven** years")
    preview = browser.get(f"/desk/kb/articles/{INVOICES}").text
    assert "<strong>eleven</strong> years" in preview and "<script>alert" not in preview
    assert '<li class="gone">' in preview and '<li class="added">' in preview
    room.build()
    room.live.parts.workshop.publish(room.live.parts.workshop.status().candidate or "", "eve", "", force="", expected="*")
    served = browser.get("/help/find-invoices").text
    prose = re.compile(r'<div class="prose">(.*?)</div>', re.DOTALL)
    shown, live = prose.search(preview), prose.search(served)
    assert shown and live and shown.group(1) == live.group(1)
    assert "just like this" in browser.get(f"/desk/kb/articles/{INVOICES}").text


def test_a_preview_names_findings_by_line(room: Newsroom, browser: httpx.Client) -> None:
    """Each finding leads to its line of the file, and says how to mend it."""
    room.edit(INVOICES, "/help/undo-an-import#undo-the-import", "/help/nowhere")
    text = (room.content / INVOICES).read_text(encoding="utf-8")
    line = next(number for number, each in enumerate(text.split("\n"), 1) if "/help/nowhere" in each)
    preview = browser.get(f"/desk/kb/articles/{INVOICES}").text
    check = browser.get("/desk/kb/check").text
    assert f'href="#kb-line-{line}"' in preview and f'id="kb-line-{line}" class="marked"' in preview
    for page in (preview, check):
        assert "dead link" in page and "nowhere" in page
    assert f"/desk/kb/articles/{INVOICES}#kb-line-{line}" in check and "1 mistake" in check


def test_removed_new_and_unknown_pages(room: Newsroom, browser: httpx.Client) -> None:
    """A removed page is shown as it is live, a new one is said to be unseen, and any other path is 404, in the folder or out."""
    (room.content / UNDO).unlink()
    room.write("new page ä.md", "# A new page\n\nText.")
    (room.content.parent / "secret.md").write_text("# Secret", encoding="utf-8")
    assert "The file is gone" in browser.get(f"/desk/kb/articles/{UNDO}").text
    assert "do not see this page yet" in browser.get("/desk/kb/articles/new%20page%20%C3%A4.md").text
    for path in ("nothing.md", "..%2Fsecret.md", "%2e%2e/secret.md", "golden.yml"):
        assert browser.get(f"/desk/kb/articles/{path}").status_code == 404


def test_search_tells_the_reasons(room: Newsroom, browser: httpx.Client) -> None:
    """Each rank shows score and parts; the newest build is searched on request, the live one otherwise."""
    room.edit(UNDO, "Take back an import", "Take back a zebra import")
    room.edit(UNDO, "stay as they are", "stay as they are, zebras too")
    room.build()
    live = browser.get("/desk/kb/search?q=undo+an+import+of+contacts+zebra").text
    newest = browser.get("/desk/kb/search?q=undo+an+import+of+contacts+zebra&in=candidate").text
    assert "No page has: <b>zebra</b>" in live and "No page has" not in newest
    first = newest.split('class="place">1<', 1)[1].split("</li>", 1)[0]
    assert "Undo an import of contacts" in first and "Meaning" in first and "Whole page" in first
    assert "Word by word" in first and "Confidence" in newest
    pulls = newest.split("What speaks for and against", 1)[1].split("</details>", 1)[0]
    assert pulls.count('<th scope="row">') == len(SIGNALS)
    assert not any(f'<th scope="row">{name}</th>' in pulls for name in SIGNALS), "a signal has no words for people"
    assert 'value="&lt;b&gt;"' in browser.get("/desk/kb/search?q=%3Cb%3E").text


def test_a_folder_that_cannot_be_read_is_told(room: Newsroom, browser: httpx.Client) -> None:
    """Without the content folder the pages say what is wrong and show what is live."""
    room.content.rename(room.content.with_name("elsewhere"))
    page = browser.get("/desk/kb/articles")
    assert page.status_code == 200 and "is no folder" in page.text
    assert rows(page.text) == {INVOICES: "removed", UNDO: "removed"}


def test_the_folder_is_read_again_only_when_it_changed(room: Newsroom) -> None:
    """The same reading is given until a file changes, even where its length does not."""
    workshop = room.live.parts.workshop
    first = workshop.content()
    assert workshop.content() is first
    room.edit(INVOICES, "ten years", "six years")
    os.utime(room.content / INVOICES, ns=(1, 1))
    assert workshop.content() is not first
