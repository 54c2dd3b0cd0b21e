"""The policy's commands: `support promise` and `support policy`."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from policy.document import PolicyDocument, load_policy

if TYPE_CHECKING:
    from policy.clock import Promise
    from settings import Settings


# A date alone is no instant, and "2026-12-24+01:00" would be read as one o'clock: Python takes any sign between date and time.
_DATE_AND_TIME = re.compile(r"[0-9W-]+[T ]\d.*", re.IGNORECASE)
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")  # a surrogate in an id: JSON can hold it escaped, UTF-8 cannot


class CaseError(ValueError):
    """A case to promise for cannot be read; the message says what to write."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    promise = subparsers.add_parser("promise", help="when a request will be answered")
    promise.add_argument("--at", help="ISO 8601; without an offset it is wall time in --tz (default: now)")
    promise.add_argument("--tz", help="IANA time zone, such as Europe/London")
    promise.add_argument("--region", help="ISO 3166-1 country or 3166-2 subdivision, such as GB-SCT")
    promise.add_argument("--plan", help="starter, professional or enterprise")
    promise.add_argument("--batch", type=Path, metavar="FILE.jsonl", help='one JSON case a line: {"id","at","tz","region"}')
    promise.add_argument("--json", action="store_true", help="print JSON")
    promise.set_defaults(run=_promise)
    policy = subparsers.add_parser("policy", help="show or check the Support Policy")
    policy.add_argument("what", choices=("show", "check"))
    policy.set_defaults(run=_policy)


@dataclass(frozen=True, slots=True)
class Case:
    """A request to promise for, as given on the command line or in a line of a batch."""

    at: datetime
    tz: str | None
    region: str | None
    plan: str | None

    def promise(self, policy: PolicyDocument) -> Promise:
        """The promise; raises :class:`CaseError` for a plan that is none."""
        from policy import clock

        if self.plan and policy.plan(self.plan) is None:
            raise CaseError(f"plan is {self.plan!r}; write one of {', '.join(plan.code for plan in policy.plans)}")
        return clock.promise(self.at, tz=self.tz, region=self.region, plan=self.plan, policy=policy)


def read_case(value: object) -> Case:
    """A case from a JSON object with at, tz, region and plan. Raises :class:`CaseError`."""
    if not isinstance(value, dict):
        raise CaseError('write a JSON object with "at", "tz" and "region"')
    for key in ("at", "tz", "region", "plan"):
        if value.get(key) is not None and not isinstance(value[key], str):
            raise CaseError(f"{key} is {value[key]!r}; write a text")
    if not value.get("at"):
        raise CaseError("at is missing; write an instant such as 2026-12-24T16:30")
    return Case(read_instant(value["at"]), value.get("tz"), value.get("region"), value.get("plan"))


def read_instant(text: str) -> datetime:
    """A date and time in ISO 8601, with or without an offset. Raises :class:`CaseError`."""
    written = text.strip()
    if written[-1:] in ("Z", "z"):  # only Python 3.11 reads the Z
        written = written[:-1] + "+00:00"
    try:
        instant = datetime.fromisoformat(written) if _DATE_AND_TIME.fullmatch(written) else None
    except ValueError:
        instant = None
    if instant is None:
        raise CaseError(f"at is {text!r}; write a date and time such as 2026-12-24T16:30 or 2026-12-24T16:30+01:00")
    return instant


def _promise(args: argparse.Namespace, settings: Settings) -> int:
    policy = load_policy(settings.policy_file)
    if args.batch:
        for line in _batch(args.batch, policy):
            sys.stdout.write(line + "\n")
        return 0
    at = settings.now() if args.at is None else read_instant(args.at)
    promised = Case(at, args.tz, args.region, args.plan).promise(policy)
    if args.json:
        sys.stdout.write(json.dumps(promised.as_json(), ensure_ascii=False) + "\n")
    else:
        when = f"not promised ({promised.certainty})"
        if promised.reply_by:
            when = promised.reply_by.isoformat(sep=" ", timespec="minutes")
        sys.stdout.write(f"Reply by: {when}\n")
        sys.stdout.writelines(f"Skipped:  {skip.date.isoformat()} {skip.reason}\n" for skip in promised.skipped)
        sys.stdout.write(promised.rule + "\n")
    return 0


def _batch(file: Path, policy: PolicyDocument) -> Iterator[str]:
    """A line of JSON for each line of the file; what cannot be read becomes an error and the rest goes on."""
    with file.open("rb") as lines:
        for raw in lines:
            if raw.strip():
                answer = _batch_line(raw, policy)
                line = json.dumps(answer, ensure_ascii=False)
                yield json.dumps(answer) if _HALF_A_PAIR.search(line) else line


def _batch_line(raw: bytes, policy: PolicyDocument) -> dict[str, object]:
    try:
        value = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return {"id": None, "error": "the line is not JSON in UTF-8; write one JSON object a line"}
    case_id = value.get("id") if isinstance(value, dict) else None
    try:
        return {"id": case_id, **read_case(value).promise(policy).as_json()}
    except ValueError as error:
        return {"id": case_id, "error": str(error)}


def _no_constant(name: str) -> None:
    """Python reads NaN and Infinity and would print them again, though JSON knows neither."""
    raise ValueError(f"{name} is no JSON")


def _policy(args: argparse.Namespace, settings: Settings) -> int:
    policy = load_policy(settings.policy_file)
    sys.stdout.write(f"Support Policy, version {policy.version}, effective {policy.effective.isoformat()}\n")
    if args.what == "show":
        for section in policy.sections:
            sys.stdout.write(f"\n{section.number}. {section.title}\n{section.text}\n")
    else:
        integrations, others = len(policy.integrations), len(policy.other_applications)
        counts = f"{len(policy.sections)} sections, {integrations} integrations, {others} other applications"
        sys.stdout.write(f"{counts}: all in order\n")
    return 0
