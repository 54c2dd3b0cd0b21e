"""Whether the whole system answers: web itself, Rasa with its model, the action server with its index and
policy.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

_TIMEOUT = 2.0


class _Down(Exception):
    """A part does not answer as it should; the message names the symptom, never an inner address."""


@dataclass(frozen=True, slots=True)
class Health:
    """State by part (``{"status": "ok"}`` or ``{"status": "down", "detail": ...}``) and versions by kind."""

    parts: dict[str, dict[str, str]]
    versions: dict[str, str | None]

    @property
    def ok(self) -> bool:
        """Whether every part answers."""
        return all(part["status"] == "ok" for part in self.parts.values())

    def as_json(self) -> dict[str, Any]:
        """The body of /healthz."""
        down = [name for name, part in self.parts.items() if part["status"] != "ok"]
        return {"status": "ok" if self.ok else "down", "down": down, **self.parts, "versions": self.versions}


class HealthProbe:
    """Asks Rasa and the action server over loopback; ``database`` is a blocking check of web's own
    database.
    """

    def __init__(self, http: httpx.AsyncClient, rasa_url: str, actions_url: str, database: Callable[[], object]) -> None:
        self._http = http
        self._rasa = rasa_url.rstrip("/")
        self._actions = actions_url.rstrip("/")
        self._database = database

    async def check(self) -> Health:
        """Ask all three at once; never raises, takes a few seconds at most."""
        versions: dict[str, str | None] = {"model": None, "index": None, "policy": None}
        names = ("web", "rasa", "actions")
        asked = (self._check_web(), self._check_rasa(versions), self._check_actions(versions))
        results = await asyncio.gather(*asked, return_exceptions=True)
        return Health({name: _state(result) for name, result in zip(names, results, strict=True)}, versions)

    async def _check_web(self) -> None:
        try:
            await asyncio.wait_for(asyncio.to_thread(self._database), _TIMEOUT)
        except Exception as error:
            raise _Down("the database does not answer") from error

    async def _check_rasa(self, versions: dict[str, str | None]) -> None:
        channel = await self._get(f"{self._rasa}/webhooks/support/")
        if channel.get("status") != "ok":
            raise _Down("the support channel is not ready")
        versions["model"] = channel.get("model")

    async def _check_actions(self, versions: dict[str, str | None]) -> None:
        health, told = await asyncio.gather(self._get(f"{self._actions}/health"), self._get(f"{self._actions}/versions"))
        if health.get("status") != "ok":
            raise _Down("the action server is not ready")
        versions["index"] = told.get("index")
        versions["policy"] = told.get("policy")

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            response = await self._http.get(url, timeout=_TIMEOUT)
            body = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _Down("no answer") from error
        if response.status_code != 200 or not isinstance(body, dict):
            raise _Down(f"it answers with status {response.status_code}")
        return body


def _state(result: BaseException | None) -> dict[str, str]:
    if result is None:
        return {"status": "ok"}
    return {"status": "down", "detail": str(result) if isinstance(result, _Down) else "the check failed"}


def blueprint(probe: HealthProbe) -> Blueprint:
    """GET /healthz: 200 only when all parts answer, else 503 naming which do not."""
    routes = Blueprint("health")

    @routes.get("/healthz")
    async def healthz(request: Request) -> HTTPResponse:
        health = await probe.check()
        headers = {} if health.ok else {"Retry-After": "3"}
        return json(health.as_json(), status=200 if health.ok else 503, headers=headers)

    return routes
