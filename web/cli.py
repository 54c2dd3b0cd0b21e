"""The commands ``support ask``, ``support token`` and ``support unanswered``."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from desk.identity import Identity
from settings import Settings

if TYPE_CHECKING:
    import httpx

    from desk.unanswered import Group

_LIFETIME = 3600
_MOST_DAYS = 36_500


class AskError(ValueError):
    """The running system could not be asked; the message says what to do."""


class DaysError(ValueError):
    """A number of days that is none."""


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
    unanswered = subparsers.add_parser("unanswered", help="what customers asked in vain, in groups: the editors' work list")
    unanswered.add_argument("--state", choices=("open", "done", "no_article"), default="open", help="default: open")
    unanswered.add_argument("--days", type=int, metavar="N", help="asked in the last N days (default: ever)")
    unanswered.add_argument("--by", choices=("meaning", "wording"), default="meaning", help="how questions are compared")
    unanswered.add_argument("--json", action="store_true", help="print JSON")
    unanswered.set_defaults(run=run_unanswered)
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


def run_unanswered(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the work list, the most asked first."""
    from desk.database import migrate, open_database
    from desk.question_groups import by_meaning, by_wording
    from desk.unanswered import Unanswered
    from index.encoders import open_encoder

    if arguments.days is not None and not 1 <= arguments.days <= _MOST_DAYS:
        raise DaysError(f"--days is {arguments.days}; write a number from 1 to {_MOST_DAYS}")
    since = settings.now() - timedelta(days=arguments.days) if arguments.days else None
    meaning = arguments.by == "meaning"
    likeness = by_meaning(open_encoder(settings.kb_encoder, settings.model_dir).encode) if meaning else by_wording()
    migrate(settings.database_url)
    database = open_database(settings.database_url)
    try:
        found = Unanswered(database).groups(likeness, since=since)
    finally:
        database.close()
    groups = [group for group in found if group.state == arguments.state]
    if arguments.json:
        json.dump({"by": likeness.name, "groups": [_group_as_dict(group) for group in groups]}, sys.stdout, ensure_ascii=False)
        print()
        return 0
    for group in groups:
        reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in _reasons(group).items())
        print(f"{len(group.conversations):>4}  {group.title}  ({reasons}; last asked {group.last_at})")
        for asked in group.conversations:
            print(f"        {asked.conversation_id}  {asked.at}  {asked.text}")
    return 0


def _group_as_dict(group: Group) -> dict[str, Any]:
    return {
        "question": group.title,
        "count": len(group.conversations),
        "state": group.state,
        "last_at": group.last_at,
        "reasons": _reasons(group),
        "questions": [asdict(each) for each in group.counted],
    }


def _reasons(group: Group) -> dict[str, int]:
    from desk.unanswered import REASONS

    return {reason: group.count(reason) for reason in REASONS if group.count(reason)}


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
