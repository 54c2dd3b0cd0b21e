"""The commands of publishing: ``support kb status|golden|publish|rollback``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import GoldenError
from index.terminal import print_json, print_line

if TYPE_CHECKING:
    from index.gate import Decision
    from index.history import Observer
    from index.publishing import Publisher
    from index.scorecard import Scorecard
    from settings import Settings

Observing = Callable[["Settings"], "Observer"]
"""Makes the observer of what is done to the index that the settings name. This room knows no audit log: the caller does."""

REFUSED = 1  # exit code; 2 is for input that cannot be used


def register(kb: argparse._SubParsersAction[argparse.ArgumentParser], observing: Observing | None) -> None:
    """Add the commands under ``support kb``."""
    for name, run, text in (
        ("status", _status, "what is live, what is newest, who did what when and why"),
        ("golden", _golden, "ask the live version the golden questions of the content folder"),
        ("publish", _publish, "make the newest build, or another version, live if the gate lets it pass"),
        ("rollback", _rollback, "make the version live that was live before"),
    ):
        command = kb.add_parser(name, help=text)
        command.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: INDEX_DIR)")
        command.add_argument("--json", action="store_true", help="print JSON")
        command.set_defaults(run=run, observing=observing)
        _options(name, command)


def _options(name: str, command: argparse.ArgumentParser) -> None:
    if name in ("publish", "rollback"):
        command.add_argument("--by", metavar="NAME", help="who does this, for the history (default: you)")
        command.add_argument("--why", metavar="TEXT", default="", help="what for, for the history")
    if name == "publish":
        command.add_argument("version", nargs="?", help="default: the newest build")
        command.add_argument("--force", metavar="REASON", default="", help="publish although the gate refuses; say why")
    if name == "golden":
        which = command.add_mutually_exclusive_group()
        which.add_argument("--candidate", action="store_true", help="ask the newest build")
        which.add_argument("--version", metavar="VERSION", help="ask this version")
        command.add_argument("--compare", action="store_true", help="what the gate says of the newest build")
        command.add_argument("--content", type=Path, metavar="DIR", help="folder of golden.yml (default: what was built)")


def _status(args: argparse.Namespace, settings: Settings) -> int:
    from index.status import status

    state = status(index_folder(args, settings))
    if args.json:
        print_json(state.as_dict())
    else:
        for line in state.lines():
            print_line(line)
    return 0


def _golden(args: argparse.Namespace, settings: Settings) -> int:
    from index.versions import Versions

    publisher, versions = _publisher(args, settings), Versions(index_folder(args, settings))
    version = args.version or versions.require(candidate=args.candidate or args.compare)
    if args.compare:
        decision = publisher.examine(version, args.content)
        _print_decision(decision, as_json=args.json)
        return 0 if decision.passed else REFUSED
    card = publisher.golden(version, args.content)
    if card is None:
        raise GoldenError("there are no golden questions: the content folder has no golden.yml; give its folder with --content")
    if args.json:
        print_json(card.as_dict())
    else:
        _print_card(card)
    return 0


def _publish(args: argparse.Namespace, settings: Settings) -> int:
    from index.publishing import PublishRefused

    try:
        done = _publisher(args, settings).publish(
            args.version, by=args.by or _user(), at=settings.now(), why=args.why, force=args.force
        )
    except PublishRefused as refusal:
        live = refusal.decision.live
        if args.json:
            print_json({"live": live, "previous": live, "published": False, "decision": refusal.decision.as_dict()})
        else:
            _print_decision(refusal.decision, as_json=False)
            print_line(f"live: {live} as before; mend what is named, or give `--force REASON`")
        return REFUSED
    if not args.json and done.decision:
        _print_decision(done.decision, as_json=False)
    _moved(args, done.version, done.previous, {"published": True, "decision": done.decision and done.decision.as_dict()})
    return 0


def _rollback(args: argparse.Namespace, settings: Settings) -> int:
    done = _publisher(args, settings).rollback(by=args.by or _user(), at=settings.now(), why=args.why)
    _moved(args, done.version, done.previous, {})
    return 0


def _moved(args: argparse.Namespace, version: str, previous: str | None, more: dict[str, Any]) -> None:
    if args.json:
        print_json({"live": version, "previous": previous, **more})
    else:
        print_line(f"live: {version}" + (f" (before: {previous})" if previous and previous != version else ""))


def _print_decision(decision: Decision, *, as_json: bool) -> None:
    if as_json:
        print_json(decision.as_dict())
        return
    for line in decision.lines():
        print_line(line)
    if decision.passed and decision.candidate is None:
        print_line("no golden questions: only the version's files were looked at")


def _print_card(card: Scorecard) -> None:
    print_line(f"version {card.version}: {card.line()}")
    for each in card.outcomes:
        wanted = " or ".join(each.pages) or "not answerable"
        mark = "ok " if each.verdict and (each.first or not each.pages) else "   "
        print_line(f"{mark} {each.question}\n        {wanted}: {each.told()}")


def _publisher(args: argparse.Namespace, settings: Settings) -> Publisher:
    from index.encoders import fingerprint_of, open_encoder
    from index.publishing import Publisher

    return Publisher(
        index_folder(args, settings),
        lambda name: open_encoder(name, settings.model_dir),
        served=fingerprint_of(settings.kb_encoder, settings.model_dir),
        observer=observer_of(args, settings),
    )


def observer_of(args: argparse.Namespace, settings: Settings) -> Observer | None:
    """Who is told of what this command does; nobody where it works on an index that is not the installation's own."""
    observing: Observing | None = args.observing
    ours = index_folder(args, settings).resolve() == settings.index_dir.resolve()
    return observing(settings) if observing and ours else None


def index_folder(args: argparse.Namespace, settings: Settings) -> Path:
    """The folder of the index that a command works on."""
    folder: Path = args.index or settings.index_dir
    return folder


def _user() -> str:
    from index.build import user

    return user()
