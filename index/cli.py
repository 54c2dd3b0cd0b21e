"""The knowledge base's commands: ``support models fetch`` and ``support kb check|build|search``, with those of
:mod:`index.publishing_cli`.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import publishing_cli
from index.errors import ContentError, IndexProblem
from index.publishing_cli import Observing, index_folder, observer_of
from index.terminal import print_json, print_line, progress

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.search import SearchResult
    from settings import Settings


class QueriesError(IndexProblem):
    """The file of queries cannot be read; the message names the line."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser], observing: Observing | None = None) -> None:
    """Add the commands. ``observing`` makes the observer that is told what is done to the installation's index."""
    models = subparsers.add_parser("models", help="embedding models").add_subparsers(dest="what", required=True)
    fetch = models.add_parser("fetch", help="bring weights and export them for serving, where not there yet")
    fetch.add_argument("names", nargs="*", metavar="NAME", help="default: the models that the settings name")
    fetch.add_argument(
        "--precision", choices=("auto", "fp32", "int8"), default="auto", help="auto: int8 where its vectors are close enough"
    )
    fetch.set_defaults(run=_fetch)
    kb = subparsers.add_parser("kb", help="the knowledge base").add_subparsers(dest="what", required=True)
    for name, run, text in (
        ("check", _check, "look for mistakes in the content"),
        ("build", _build, "build a candidate; the first one goes live"),
        ("search", _search, "search the live version"),
    ):
        command = kb.add_parser(name, help=text)
        if name in ("check", "build"):
            command.add_argument("--content", type=Path, metavar="DIR", help="folder of Markdown (default: CONTENT_DIR)")
        if name != "check":
            command.add_argument("--index", type=Path, metavar="DIR", help="folder of the index (default: INDEX_DIR)")
        command.add_argument("--json", action="store_true", help="print JSON")
        command.set_defaults(run=run, observing=observing)
        _options(name, command)
    publishing_cli.register(kb, observing)


def _options(name: str, command: argparse.ArgumentParser) -> None:
    if name == "build":
        command.add_argument("--encoder", metavar="NAME", help="embedding model (default: KB_ENCODER)")
        command.add_argument("--by", metavar="NAME", help="who does this, for the history (default: you)")
        command.add_argument("--why", metavar="TEXT", default="", help="what for, for the history")
    if name == "search":
        command.add_argument("query", nargs="?")
        command.add_argument("--queries", type=Path, metavar="FILE.jsonl", help='one JSON line a query: {"id","query"}')
        command.add_argument("--top", type=int, default=10, metavar="N", help="pages a query (default: 10)")
        command.add_argument("--candidate", action="store_true", help="search the newest build instead of the live version")
        command.add_argument("--context", help="the question before, for a follow-up")
        command.add_argument("--explain", action="store_true", help="say why each page stands at its rank")


def _fetch(args: argparse.Namespace, settings: Settings) -> int:
    from index.export import fetch

    names = list(dict.fromkeys(args.names or [settings.kb_encoder, settings.nlu_encoder]))
    fetch(names, settings.model_dir, settings.weights_dir, progress, precision=args.precision)
    return 0


def _check(args: argparse.Namespace, settings: Settings) -> int:
    from index.checks import Allowed, check

    folder = _content(args, settings)
    findings = check(folder, today=settings.now().date(), allowed=Allowed.from_policy(settings.policy_file))
    errors = sum(finding.error for finding in findings)
    if args.json:
        print_json(
            {"errors": errors, "warnings": len(findings) - errors, "findings": [finding.as_dict() for finding in findings]}
        )
    else:
        for finding in findings:
            print_line(str(finding))
        print_line(f"{errors} errors, {len(findings) - errors} warnings")
    return 1 if errors else 0


def _build(args: argparse.Namespace, settings: Settings) -> int:
    from index.build import build
    from index.checks import Allowed
    from index.encoders import open_encoder

    encoder = open_encoder(args.encoder or settings.kb_encoder, settings.model_dir, threads=os.cpu_count() or 1)
    done = build(
        _content(args, settings),
        index_folder(args, settings),
        encoder,
        at=settings.now(),
        by=args.by,
        why=args.why,
        allowed=Allowed.from_policy(settings.policy_file),
        observer=observer_of(args, settings),
        progress=progress,
    )
    for problem in done.problems:
        progress(f"warning: {problem.path}: {problem.message}")
    if done.errors:
        progress(
            f"warning: the content has {len(done.errors)} errors, with which it will not be published; see `support kb check`"
        )
    changes = done.changes.as_dict()
    if args.json:
        counts = {"articles": done.articles, "chunks": done.chunks, "encoded": done.encoded}
        problems = [{"path": each.path, "message": each.message, "skipped": each.skipped} for each in done.problems]
        print_json(
            {"version": done.version, "fresh": done.fresh, "live": done.live, **counts, "changes": changes, "problems": problems}
        )
    else:
        told = ", ".join(f"{len(paths)} {name}" for name, paths in changes.items())
        state = "live" if done.live else "candidate; `support kb publish` makes it live"
        print_line(
            f"{done.version}: {done.articles} pages, {done.chunks} chunks ({told}; {done.encoded} texts embedded), {state}"
        )
    return 0


def _search(args: argparse.Namespace, settings: Settings) -> int:
    from index.knowledge_base import KnowledgeBase

    if (args.query is None) == (args.queries is None):
        raise QueriesError('give either a "query" or --queries FILE.jsonl')
    if args.top < 1:
        raise QueriesError(f"--top is {args.top}; write a number from 1")
    index_dir = index_folder(args, settings)
    if args.explain:
        return _explain(args, settings, index_dir)
    knowledge = KnowledgeBase.open(
        index_dir, _encoder_of(index_dir, settings, candidate=args.candidate), candidate=args.candidate
    )
    if args.queries is None:
        result = knowledge.search(args.query, args.top, context=args.context)
        if args.json:
            print_json({**_as_dict(None, result), "index_version": result.index_version})
        else:
            _print_result(result)
        return 0
    for identity, query in _queries(args.queries):
        result = knowledge.search(query, args.top)
        if args.json:
            print_line(json.dumps(_as_dict(identity, result), ensure_ascii=False))
        else:
            _print_result(result)
    return 0


def _explain(args: argparse.Namespace, settings: Settings, index_dir: Path) -> int:
    from index.explain import explain
    from index.gate import open_version
    from index.versions import Versions

    if args.query is None or args.context:
        raise QueriesError("--explain takes one query by itself, without --queries and --context")
    versions, encoder = Versions(index_dir), _encoder_of(index_dir, settings, candidate=args.candidate)
    version = versions.require(candidate=args.candidate)
    with versions.reading(version) as folder:
        told = explain(open_version(folder, version, encoder), encoder, args.query, args.top)
    if args.json:
        print_json(told.as_dict())
    else:
        for line in told.lines():
            print_line(line)
    return 0


def _queries(file: Path) -> Iterator[tuple[Any, str]]:
    """Id and query of each line; a line's number stands in where it has no id."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QueriesError(f"{file} cannot be read ({error})") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            query = values["query"]
        except (ValueError, KeyError, TypeError) as error:
            raise QueriesError(
                f'{file}:{number}: write one JSON object a line, such as {{"id": "q1", "query": "..."}}'
            ) from error
        yield values.get("id", number), str(query)


def _as_dict(identity: Any, result: SearchResult) -> dict[str, Any]:
    """The contract's shape of one search.

    A page's ``score`` is its share of the best page's, times the confidence that the best page answers: so scores can be compared
    between questions, which sums of similarities cannot.
    """
    best = max((hit.score for hit in result.hits), default=1.0) or 1.0
    results = [
        {
            "path": hit.path,
            "slug": hit.slug,
            "section": hit.section,
            "score": round(hit.score / best * result.confidence, 6),
            "snippet": hit.snippet,
        }
        for hit in result.hits
    ]
    head = {"id": identity, "query": result.query, "took_ms": round(result.took_ms, 2)}
    return {**head, "answerable": result.answerable, "confidence": round(result.confidence, 4), "results": results}


def _print_result(result: SearchResult) -> None:
    verdict = "answerable" if result.answerable else "probably not answered here"
    print_line(
        f"{result.query}\n  {verdict} (confidence {result.confidence:.2f}), {result.took_ms:.1f} ms, "
        f"version {result.index_version}"
    )
    for number, hit in enumerate(result.hits, 1):
        print_line(
            f"{number:3}. {hit.score:.3f}  {hit.title}{f' > {hit.section}' if hit.section else ''}\n"
            f"       {hit.path}: {hit.snippet}"
        )


def _encoder_of(index_dir: Path, settings: Settings, *, candidate: bool) -> Encoder:
    """The encoder that the version was built with."""
    from index.encoders import open_encoder
    from index.snapshot import read_manifest
    from index.versions import Versions

    versions = Versions(index_dir)
    manifest = read_manifest(versions.path(versions.require(candidate=candidate)))
    return open_encoder(str(manifest["encoder"]["name"]), settings.model_dir)


def _content(args: argparse.Namespace, settings: Settings) -> Path:
    folder: Path = args.content or settings.content_dir
    if not folder.is_dir():
        raise ContentError(f"{folder} is no folder; give the folder of Markdown with --content")
    return folder
