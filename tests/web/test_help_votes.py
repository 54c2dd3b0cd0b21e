""" "Was this helpful?" below a help page, sent as a browser without JavaScript sends it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from desk.article_feedback import ArticleVotes
from tests.web.world import World, world
from web.rate_limit import Allowance

PAGE = "/help/import-contacts-csv"
OURS = {"Sec-Fetch-Site": "same-origin"}


def fields(live: World, page: str = PAGE, helpful: str = "yes") -> dict[str, str]:
    """What the form of a page sends when a button is pressed."""
    text = live.client.get(page).text
    values = {name: text.split(f'name="{name}" value="', 1)[1].split('"', 1)[0] for name in ("slug", "revision", "token")}
    return {**values, "helpful": helpful}


def test_a_vote_is_kept_and_thanked_for(live: World) -> None:
    """A press of a button stores the vote for the revision that was read and leads back to the page with thanks."""
    answer = live.client.post("/help/votes", data=fields(live), headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?voted=yes#helpful")
    assert "Thank you" in live.client.get(answer.headers["location"]).text
    assert live.parts.feedback.votes() == (ArticleVotes("import-contacts-csv", "0123456789ab", 1, 0),)


def test_reading_sets_no_cookie_and_voting_a_guarded_one(live: World) -> None:
    """Readers are not marked; the mark of a voter is random, for this site's pages alone and out of reach of scripts."""
    assert "set-cookie" not in live.client.get(PAGE).headers
    cookie = live.client.post("/help/votes", data=fields(live), headers=OURS).headers["set-cookie"].lower()
    assert "help_reader=" in cookie and "httponly" in cookie and "samesite=lax" in cookie and "path=/help" in cookie


def test_one_reader_has_one_vote(live: World) -> None:
    """The same browser's last press counts; another browser adds a vote."""
    for helpful in ("yes", "yes", "no"):
        live.client.post("/help/votes", data=fields(live, helpful=helpful), headers=OURS)
    sent = fields(live, helpful="yes")
    httpx.post(f"{live.url}/help/votes", data=sent, headers=OURS)
    assert live.parts.feedback.votes() == (ArticleVotes("import-contacts-csv", "0123456789ab", 1, 1),)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
def test_forms_of_other_sites_are_refused(live: World, headers: dict[str, str]) -> None:
    """What the browser says of a form's origin decides, even where the form carries a good token."""
    answer = live.client.post("/help/votes", data=fields(live), headers=headers)
    assert answer.status_code == 403 and "another site" in answer.text
    assert live.parts.feedback.votes() == ()


def test_an_older_browser_may_vote(live: World) -> None:
    """A browser that sends an Origin and no fetch metadata is let through from this site."""
    answer = live.client.post("/help/votes", data=fields(live), headers={"Origin": live.url})
    assert answer.status_code == 303 and len(live.parts.feedback.votes()) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"revision": "ffffffffffff"}, 403),
        ({"slug": "undo-import"}, 403),
        ({"token": ""}, 403),
        ({"token": "é"}, 403),
        ({"helpful": "maybe"}, 400),
        ({"helpful": ""}, 400),
    ],
)
def test_made_up_votes_are_refused(live: World, change: dict[str, str], status: int) -> None:
    """Only the page and revision that the form was made for can be voted on, with yes or no."""
    answer = live.client.post("/help/votes", data={**fields(live), **change}, headers=OURS)
    assert answer.status_code == status
    assert live.client.post("/help/votes", headers=OURS).status_code == 403
    assert live.parts.feedback.votes() == ()


def test_a_slug_with_slashes_leads_back(live: World) -> None:
    """Pages of foreign content are voted on as well."""
    answer = live.client.post("/help/votes", data=fields(live, "/help/guides/first-steps"), headers=OURS)
    assert live.client.get(answer.headers["location"]).status_code == 200


def test_a_flood_is_stopped(tmp_path: Path) -> None:
    """More votes from one address than the allowance are told to wait, and are not kept."""
    with world(tmp_path, votes=Allowance(burst=2, per_second=0.001)) as live:
        sent = fields(live)
        answers = [httpx.post(f"{live.url}/help/votes", data=sent, headers=OURS) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [303, 303, 429, 429]
        assert int(answers[-1].headers["retry-after"]) > 0
        assert live.parts.feedback.votes()[0].helpful == 2
