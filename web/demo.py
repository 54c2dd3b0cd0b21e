"""The demo: a page that looks like PipeRocks CRM with the "?" in its sidebar. It exists only in a
development run.
"""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from desk.identity import Identity
from web.demo_data import PEOPLE, PLANS, REGIONS, STAGES, Person
from web.identity import mint
from web.pages import Pages
from web.parts import Parts
from web.problems import Problem

_LIFETIME = 3600


def blueprint(parts: Parts, pages: Pages) -> Blueprint:
    """GET / and POST /demo/token."""
    routes = Blueprint("demo")

    @routes.get("/")
    async def crm(request: Request) -> HTTPResponse:
        return pages.page("demo.html", stages=STAGES, people=PEOPLE, plans=PLANS, regions=REGIONS)

    @routes.post("/demo/token")
    async def token(request: Request) -> HTTPResponse:
        # Only this site's own page may ask: another site open in the developer's browser gets nothing.
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise Problem(403, "forbidden", "Demo tokens are made for the demo page alone.")
        identity = identity_of(request.args)
        return json(
            {
                "token": mint(identity, parts.options.identity_secret, lifetime=_LIFETIME),
                "expires_in": _LIFETIME,
            }
        )

    return routes


def identity_of(chosen: Any) -> Identity:
    """The identity for the chooser's choice; what it does not know falls back to the first preset."""
    person = next((each for each in PEOPLE if each.sub == chosen.get("person")), PEOPLE[0])
    plan = chosen.get("plan") if chosen.get("plan") in PLANS else person.plan
    place = next((each for each in REGIONS if (each.region or "none") == chosen.get("region")), None)
    return Identity(
        sub=person.sub,
        name=person.name,
        email=person.email,
        account=person.account,
        plan=plan,
        region=(place.region or None) if place else person.region,
        tz=(place.tz or None) if place else person.tz,
    )


__all__ = ["Person", "blueprint", "identity_of"]
