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


def test_the_front_page_leads_everywhere(live: World) -> None:
    """The front page has a search, each topic with its number of pages, the videos, the forum, and a way to all pages."""
    page = live.client.get("/help").text
    for text in (
        'action="/help/search"',
        "Account and billing",
        'href="/help?area=technical"',
        "All 2 pages",
        "Rename &lt;b&gt;pipeline&lt;/b&gt; stages",
        "/help/tour-of-deals",
        "https://community.piperocks.com",
        "/help?area=all",
    ):
        assert text in page


def test_all_pages_by_area(live: World) -> None:
    """The list of all pages has every page under its area; a page of no known area stands under More."""
    page = live.client.get("/help", params={"area": "all"}).text
    for text in ("Account and billing", "/help/import-contacts-csv", "/help/old-news", "More", "/help/tour-of-deals"):
        assert text in page
    assert "/help/old-news" in live.client.get("/help", params={"area": "other"}).text


def test_the_community_and_videos_are_settings(tmp_path: Path) -> None:
    """The addresses of the forum and the videos come from the settings."""
    with world(tmp_path, community_url="https://forum.example", videos_url="https://tube.example") as live:
        for path in ("/help", "/help/undo-import"):
            page = live.client.get(path).text
            assert 'href="https://forum.example"' in page and 'href="https://tube.example"' in page


def test_filters(live: World) -> None:
    """?kind= and ?area= show a part; together both hold; an unknown value counts as none."""
    videos = live.client.get("/help", params={"kind": "video"}).text
    assert "/help/tour-of-deals" in videos and "/help/undo-import" not in videos
    billing = live.client.get("/help/", params={"area": "billing"}).text
    assert "/help/change-plan" in billing and "/help/undo-import" not in billing
    nothing = live.client.get("/help", params={"area": "billing", "kind": "video"}).text
    assert "There are no pages here" in nothing
    assert "How can we help?" in live.client.get("/help", params={"kind": "<script>"}).text


def test_a_tutorial_leads_on(live: World) -> None:
    """A tutorial names its place in the series, what it builds on, and the neighbours; the list shows their order."""
    first, second = (live.client.get(f"/help/{slug}").text for slug in ("change-plan", "a-second-step"))
    assert "Tutorial 1 of 2" in first and 'class="after" href="/help/a-second-step"' in first and "Builds on" not in first
    assert "Tutorial 2 of 2" in second and 'class="before" href="/help/change-plan"' in second and "Builds on" in second
    listed = live.client.get("/help", params={"kind": "tutorial"}).text
    assert listed.index("Tutorial 1 of 2") < listed.index("Tutorial 2 of 2")
    assert "Tutorial 1" not in live.client.get("/help/undo-import").text


def test_an_article(live: World) -> None:
    """A page has its body with anchors, contents, date, revision and the related pages there are."""
    page = live.client.get("/help/import-contacts-csv").text
    for text in (
        'id="map-your-columns-1"',
        'href="#map-your-columns-1"',
        '<time datetime="2026-10-12">12 October 2026</time>',
        "0123456789ab",
        'href="/help/undo-import"',
    ):
        assert text in page
    assert "no-such-page" not in page and "<script>alert" not in page and 'href="javascript' not in page


def test_a_video_has_its_box(live: World) -> None:
    """A video's page links to the video with its length, and lists its chapters."""
    page = live.client.get("/help/tour-of-deals").text
    assert "https://videos.piperocks.com/tour-of-deals" in page and "4:35" in page and "Chapters" in page


def test_a_search_can_be_narrowed(live: World) -> None:
    """?kind= and ?area= leave the results of that kind and area; the others are one click away."""
    found = live.client.get("/help/search", params={"q": "tour import", "kind": "video"}).text
    assert 'href="/help/tour-of-deals' in found and 'href="/help/undo-import' not in found
    found = live.client.get("/help/search", params={"q": "tour import", "area": "technical"}).text
    assert 'href="/help/tour-of-deals' not in found and 'href="/help/undo-import' in found
    assert "/help/search?q=tour%20import&amp;kind=video&amp;area=feature" not in found
    assert "/help/search?q=tour%20import&amp;area=technical&amp;kind=video" in found


def test_a_search_that_is_not_answered_says_so(live: World) -> None:
    """Where the index holds that no page answers, the page says so above what comes closest."""
    assert "No page seems to answer" in live.client.get("/help/search", params={"q": "doubtful import"}).text
    assert "No page seems to answer" not in live.client.get("/help/search", params={"q": "import"}).text


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
