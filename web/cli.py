"""The commands ``support ask`` and ``support token``."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from typing import TYPE_CHECKING, Any

from desk.identity import Identity
from settings import Settings

if TYPE_CHECKING:
    import httpx

_LIFETIME = 3600


class AskError(ValueError):
    """The running system could not be asked; the message says what to do."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this room's commands."""
    ask = subparsers.add_parser("ask", help="one turn against the running system")
    ask.add_argument("text", help="what the customer says")
    ask.add_argument("--conversation", metavar="ID", help="go on with this conversation (of the same --sub)")
    ask.add_argument("--json", action="store_true", help="print conversation_id, message and replies as JSON")
    ask.set_defaults(run=run_ask)
    token = subparsers.add_parser("token", help="print an identity token for development")
    token.add_argument("--name")
    token.add_argument("--email")
    token.add_argument("--account")
    token.add_argument("--lifetime", type=int, default=_LIFETIME, help="seconds, at most 86400 (default: 3600)")
    token.set_defaults(run=run_token)
    for parser in (ask, token):
        parser.add_argument("--sub", default="cli", help="the customer's id (default: cli)")
        parser.add_argument("--plan", help="starter, professional or enterprise")
        parser.add_argument("--region", help="ISO 3166 code, such as DE-BY")
        parser.add_argument("--tz", help="IANA time zone, such as Europe/Berlin")


def run_token(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print a token."""
    from web.identity import MAX_LIFETIME

    if not 0 < arguments.lifetime <= MAX_LIFETIME:
        raise AskError(f"--lifetime is {arguments.lifetime}; write 1 to {MAX_LIFETIME} seconds")
    print(_token(arguments, settings, arguments.lifetime))
    return 0


def run_ask(arguments: argparse.Namespace, settings: Settings) -> int:
    """One turn over HTTP; prints the replies."""
    import httpx

    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    headers = {"Authorization": f"Bearer {_token(arguments, settings, _LIFETIME)}"}
    try:
        with httpx.Client(base_url=f"{address}/api/v1", headers=headers, timeout=90, trust_env=False) as client:
            told = _turn(client, arguments)
    except httpx.TransportError as error:
        raise AskError(f"the system is not running at {address} ({error}); start it with `make run`") from None
    if arguments.json:
        json.dump(told, sys.stdout, ensure_ascii=False, indent=2)
        print()
    else:
        print("\n\n".join(reply["text"] for reply in told["replies"]) or "(a person has this conversation; no reply yet)")
    return 0


def _token(arguments: argparse.Namespace, settings: Settings, lifetime: int) -> str:
    from web.identity import mint

    given = {name: getattr(arguments, name, None) for name in ("name", "email", "account", "plan", "region", "tz")}
    return mint(Identity(sub=arguments.sub, **given), settings.widget_identity_secret, lifetime=lifetime)


def _turn(client: httpx.Client, arguments: argparse.Namespace) -> dict[str, Any]:
    conversation = arguments.conversation or _told(client.post("/conversations"))["conversation_id"]
    body = {"text": arguments.text, "client_message_id": str(uuid.uuid4())}
    told = _told(client.post(f"/conversations/{conversation}/messages", json=body))
    return {"conversation_id": conversation, "message": told["message"], "replies": told["replies"]}


def _told(response: httpx.Response) -> dict[str, Any]:
    """The JSON of a good answer; a problem's detail becomes the error."""
    try:
        body: dict[str, Any] = response.json()
    except ValueError:
        raise AskError(f"{response.url} answered {response.status_code} without JSON; is it this system?") from None
    if response.is_error:
        raise AskError(f"{body.get('detail', 'refused')} ({response.status_code})")
    return body
