from __future__ import annotations

import gzip
import logging
from pathlib import Path

import pytest

from tests.web.world import World, world
from web.app import WIDGET


def test_the_demo_page_has_the_widget_in_the_sidebar(live: World) -> None:
    """The front page of a development run holds the widget and no inline script."""
    page = live.client.get("/").text
    assert "<piperocks-support inline" in page and "/widget/piperocks-support.js" in page
    assert "<script>" not in page and "onclick" not in page


def test_the_chooser_makes_the_chosen_token(live: World) -> None:
    """The demo's mint gives the chosen person, plan and region, and falls back to the first person."""
    answer = live.client.post("/demo/token", params={"person": "demo-jonas", "plan": "starter", "region": "JP"})
    identity = live.parts.verifier.verify(answer.json()["token"]).identity
    assert (identity.sub, identity.plan, identity.region, identity.tz) == (
        "demo-jonas",
        "starter",
        "JP",
        "Asia/Tokyo",
    )
    unknown = live.client.post("/demo/token", params={"person": "root", "plan": "gold", "region": "none"}).json()["token"]
    identity = live.parts.verifier.verify(unknown).identity
    assert (identity.sub, identity.plan, identity.region, identity.tz) == (
        "demo-maya",
        "professional",
        None,
        None,
    )


def test_another_site_gets_no_demo_token(live: World) -> None:
    """A page of another site cannot mint."""
    assert live.client.post("/demo/token", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_production_has_no_demo(tmp_path: Path) -> None:
    """In production there is no demo page and no mint; the front page leads to the help centre."""
    with world(tmp_path, production=True, identity_secret="") as live:
        assert live.client.post("/demo/token").status_code == 404
        assert live.client.get("/").headers["location"] == "/help"
        assert "max-age" in live.client.get("/help").headers["strict-transport-security"]


def test_the_widget_is_small() -> None:
    """The widget is at most 14 KB gzipped."""
    assert len(gzip.compress(WIDGET.read_bytes())) <= 14 * 1024


def test_the_widget_may_call_from_the_crms_origin(live: World) -> None:
    """A browser on another origin may call the conversation interface, and only that, with a bearer token."""
    headers = {"Origin": "https://app.piperocks.com", "Access-Control-Request-Method": "POST"}
    answer = live.client.options("/api/v1/conversations", headers=headers)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in live.client.get("/api/v1/desk/tickets").headers


def test_the_access_log_holds_no_secret(live: World, caplog: pytest.LogCaptureFixture) -> None:
    """The log has method, path and status; neither tokens, nor queries, nor what was said."""
    with caplog.at_level(logging.INFO, logger="web.access"):
        live.say(live.start(), "my secret words", "k1")
        live.client.get("/help/search", params={"q": "private question"})
    text = caplog.text
    assert "POST /api/v1/conversations 201" in text
    assert live.token()[:20] not in text and "secret words" not in text and "private" not in text
