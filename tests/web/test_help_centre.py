from __future__ import annotations

from tests.web.world import World


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
        assert (
            "script-src 'self'" in headers["content-security-policy"]
            and "unsafe" not in headers["content-security-policy"]
        )
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
