"""The desk's commands: `support db migrate`, `support staff add`, `support tickets list|show`, `support articles votes`."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.audit import Auditable
    from desk.database import Database
    from desk.tickets import Ticket
    from settings import Settings


class PasswordMismatch(ValueError):
    """The two passwords that were typed differ."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    database = subparsers.add_parser("db", help="the database").add_subparsers(required=True, metavar="ACTION")
    database.add_parser("migrate", help="bring the schema up to date").set_defaults(run=_migrate)

    staff = subparsers.add_parser("staff", help="accounts of staff").add_subparsers(required=True, metavar="ACTION")
    add = staff.add_parser("add", help="make an account; the password is asked for")
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=("agent", "senior", "editor", "admin"))
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    add.set_defaults(run=_add_staff)

    tickets = subparsers.add_parser("tickets", help="tickets").add_subparsers(required=True, metavar="ACTION")
    listed = tickets.add_parser("list", help="tickets by due time")
    listed.add_argument("--status", help="only tickets in this state")
    listed.add_argument("--assignee", help="only tickets of this member of staff")
    listed.set_defaults(run=_list_tickets)
    shown = tickets.add_parser("show", help="one ticket with its history and the conversation")
    shown.add_argument("number", help="such as PR-10001")
    shown.set_defaults(run=_show_ticket)

    articles = subparsers.add_parser("articles", help="pages of the help centre").add_subparsers(required=True, metavar="ACTION")
    votes = articles.add_parser("votes", help="how often each revision of a page helped, the least helpful first")
    votes.add_argument("slug", nargs="?", help="only this page")
    votes.set_defaults(run=_list_votes)
    for parser in (listed, shown, votes):
        parser.add_argument("--json", action="store_true", help="print JSON")


def audited(settings: Settings) -> Callable[[Auditable], None]:
    """Enters into the audit log what another room's command did; where the database is away, the person is warned and no more."""

    def enter(event: Auditable) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        from desk.audit import AuditLog

        try:
            database = _open(settings)
            try:
                AuditLog(database).enter(event)
            finally:
                database.close()
        except (SQLAlchemyError, ValueError, OSError) as error:  # it is done; only the entry is missing
            _, action, subject, _, _ = event.audit_entry()
            sys.stderr.write(f"warning: {action} {subject} could not be entered into the audit log: {error}\n")

    return enter


def _migrate(args: argparse.Namespace, settings: Settings) -> int:
    from desk.database import migrate

    migrate(settings.database_url)
    sys.stdout.write("The schema is up to date.\n")
    return 0


def _add_staff(args: argparse.Namespace, settings: Settings) -> int:
    from desk.audit import AuditLog
    from desk.staff import StaffAccounts

    database = _open(settings)
    try:
        staff = StaffAccounts(database).add(args.name, args.role, _password(args.password_stdin))
        AuditLog(database).record("command line", "staff.add", staff.name, {"role": staff.role}, settings.now())
    finally:
        database.close()
    sys.stdout.write(f"Account {staff.name} ({staff.role}) was made.\n")
    return 0


def _list_tickets(args: argparse.Namespace, settings: Settings) -> int:
    from desk.tickets import Tickets

    database = _open(settings)
    try:
        tickets = Tickets(database).list(args.status, args.assignee)
    finally:
        database.close()
    if args.json:
        _print_json({"tickets": [asdict(ticket) for ticket in tickets]})
    else:
        sys.stdout.writelines(_line(ticket) + "\n" for ticket in tickets)
    return 0


def _list_votes(args: argparse.Namespace, settings: Settings) -> int:
    from desk.article_feedback import ArticleFeedback

    database = _open(settings)
    try:
        votes = ArticleFeedback(database).votes(args.slug)
    finally:
        database.close()
    if args.json:
        _print_json({"votes": [asdict(each) for each in votes]})
    else:
        sys.stdout.writelines(f"{each.slug} {each.revision}: {each.helpful} yes, {each.unhelpful} no\n" for each in votes)
    return 0


def _show_ticket(args: argparse.Namespace, settings: Settings) -> int:
    from desk.conversations import ConversationLog
    from desk.tickets import Tickets

    database = _open(settings)
    try:
        tickets = Tickets(database)
        ticket = tickets.get(args.number)
        events = [asdict(event) for event in tickets.events(ticket.number)]
        messages = [asdict(message) for message in ConversationLog(database).messages(ticket.conversation_id)]
    finally:
        database.close()
    if args.json:
        _print_json({**asdict(ticket), "events": events, "messages": messages})
    else:
        _print_ticket(ticket, events, messages)
    return 0


def _open(settings: Settings) -> Database:
    """The database, its schema up to date, as these commands may be the first to touch it."""
    from desk.database import migrate, open_database

    migrate(settings.database_url)
    return open_database(settings.database_url)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    try:
        password, again = getpass.getpass("Password: "), getpass.getpass("Once more: ")
    except EOFError as error:
        raise PasswordMismatch("no password was typed; run it in a terminal, or pipe it in with --password-stdin") from error
    if again != password:
        raise PasswordMismatch("the two passwords differ; run the command again")
    return password


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _line(ticket: Ticket) -> str:
    due = ticket.reply_by or f"no instant promised ({ticket.certainty})"
    assignee = ticket.assignee or "nobody"
    return f"{ticket.number}  {ticket.status:<9}  {ticket.priority:<6}  {due}  {assignee}  {ticket.summary}"


def _print_ticket(ticket: Ticket, events: list[dict[str, Any]], messages: list[dict[str, Any]]) -> None:
    out = sys.stdout.write
    out(_line(ticket) + "\n")
    for name in ("name", "account", "plan", "contact", "impact", "area", "refusal", "escalation_step"):
        out(f"{name.replace('_', ' ').capitalize():<16}{getattr(ticket, name) or '-'}\n")
    out(f"{'Promise':<16}{ticket.promise['rule']} (policy {ticket.policy_version})\n\nHistory\n")
    for event in events:
        words = f": {event['text']}" if event["text"] else ""
        out(f"  {event['at']}  {event['kind']} by {event['by']}{words}\n")
    out("\nConversation\n")
    for message in messages:
        out(f"  {message['seq']:>3}. {message['role']}{_who(message)}: {message['text']}\n")
        if message["role"] == "bot":
            out(f"       evidence: {json.dumps(_evidence(message), ensure_ascii=False)}\n")


def _who(message: dict[str, Any]) -> str:
    return f" ({message['author']})" if message["author"] else ""


def _evidence(message: dict[str, Any]) -> dict[str, Any]:
    """What the bot's decision stands on."""
    names = ("decision", "area", "refusal", "intent", "citations", "evidence")
    return {name: message[name] for name in names if message[name]}
