from __future__ import annotations

import time
from html import unescape
from pathlib import Path

import pytest

from index.build import build
from index.encoder import HashingEncoder
from index.knowledge_base import KnowledgeBase
from tests.web.world import NOW, World, world

CONTENT = Path(__file__).resolve().parents[2] / "kb_content"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the product's own content."""
    folder = tmp_path_factory.mktemp("index")
    build(CONTENT, folder, HashingEncoder(64), at=NOW)
    return folder


def test_all_pages_by_area(live: World) -> None:
    """The front page lists every page under its area, escaped."""
    page = live.client.get("/help").text
    for text in (
        "Account and billing",
        "Technical help",
        "/help/import-contacts-csv",
        "Rename &lt;b&gt;pipeline&lt;/b&gt; stages",
    ):
        assert text in page


def test_filters(live: World) -> None:
    """?kind= and ?area= show a part; an unknown value shows all."""
    videos = live.client.get("/help", params={"kind": "video"}).text
    assert "/help/tour-of-deals" in videos and "/help/undo-import" not in videos
    billing = live.client.get("/help/", params={"area": "billing"}).text
    assert "/help/change-plan" in billing and "/help/undo-import" not in billing
    assert "/help/undo-import" in live.client.get("/help", params={"kind": "<script>"}).text


def test_an_article(live: World) -> None:
    """A page has its body with anchors, contents, review date, revision and the related pages there are."""
    page = live.client.get("/help/import-contacts-csv").text
    for text in (
        'id="map-your-columns-1"',
        'href="#map-your-columns-1"',
        "2026-10-12",
        "0123456789ab",
        'href="/help/undo-import"',
    ):
        assert text in page
    assert "no-such-page" not in page and "<script>alert" not in page and 'href="javascript' not in page


def test_a_video_has_its_box(live: World) -> None:
    """A video's page links to the video with its length."""
    page = live.client.get("/help/tour-of-deals").text
    assert "https://videos.piperocks.com/tour-of-deals" in page and "4:35" in page


def test_search_gives_each_page_once(live: World) -> None:
    """A search lists each page once, with snippet and anchor, escaped; nothing found is said."""
    page = live.client.get("/help/search", params={"q": "import"}).text
    assert page.count('href="/help/undo-import#map-your-columns"') == 1
    assert "&lt;i&gt;the field&lt;/i&gt;" in page
    nothing = live.client.get("/help/search", params={"q": "<script>alert(1)</script>"}).text
    assert "Nothing was found" in nothing and "<script>alert" not in nothing
    assert live.client.get("/help/search").status_code == 200


def test_a_missing_page_helps_on(live: World) -> None:
    """An unknown page is 404 and offers a search for its words."""
    answer = live.client.get("/help/old-page")
    assert answer.status_code == 404 and 'value="old page"' in answer.text


def test_no_page_needs_a_script(live: World) -> None:
    """The help centre works without JavaScript."""
    for path in ("/help", "/help/search?q=import", "/help/import-contacts-csv"):
        assert "<script" not in live.client.get(path).text


def test_nothing_runs_or_frames_from_elsewhere(live: World) -> None:
    """Every response forbids inline script, framing and sniffing."""
    for path in ("/", "/help", "/desk/sign-in", "/healthz", "/api/v1/policy", "/static/base.css", "/nowhere"):
        headers = live.client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"] and "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_slug_may_hold_slashes(live: World) -> None:
    """Pages of foreign content are named by their path."""
    assert live.client.get("/help/guides/first-steps").status_code == 200


def test_every_page_of_the_product_has_every_anchor(built: Path, tmp_path: Path) -> None:
    """Each page of kb_content is shown, each section's anchor is in it, and each link to another page leads to one."""
    knowledge = KnowledgeBase.open(built, HashingEncoder(64))
    slugs = {each.slug for each in knowledge.articles()}
    missing: list[str] = []
    with world(tmp_path, knowledge=lambda: knowledge) as live:
        for each in knowledge.articles():
            answer = live.client.get(f"/help/{each.slug}")
            page = answer.text
            anchors = [section.anchor for section in each.sections if section.anchor]
            missing += [f"{each.slug}#{name}" for name in anchors if f'id="{unescape(name)}"' not in page]
            links = [part.split('"', 1)[0].split("#")[0].split("?")[0] for part in page.split('href="/help/')[1:]]
            missing += [f"{each.slug}: {link}" for link in links if link not in slugs]
            if answer.status_code != 200:
                missing.append(each.slug)
    assert missing == []


def test_pages_appear_when_the_first_index_does(built: Path, tmp_path: Path) -> None:
    """Before there is an index the help centre is 503 and says so; it opens by itself when one is built."""
    opened: list[bool] = []

    def open_when_there() -> KnowledgeBase:
        if not opened:
            opened.append(True)
            return KnowledgeBase.open(tmp_path / "nothing", HashingEncoder(64))
        return KnowledgeBase.open(built, HashingEncoder(64))

    with world(tmp_path, knowledge=open_when_there) as live:
        early = live.client.get("/help")
        assert early.status_code == 503 and int(early.headers["retry-after"]) > 0
        deadline = time.monotonic() + 10
        while live.client.get("/help").status_code != 200 and time.monotonic() < deadline:
            time.sleep(0.2)
        found = live.client.get("/help/search", params={"q": "import contacts from a CSV file"}).text
    assert "import" in found and "Nothing was found" not in found
