from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import settings
from index import cli
from index.errors import ContentError, IndexProblem, VersionError
from tests.index.conftest import Workshop

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with the offline encoder; its exit code and what it prints."""
    environ = {"DATA_DIR": str(tmp_path / "var"), "KB_ENCODER": "hashing-32", "SUPPORT_NOW": "2026-11-23T09:00:00+00:00"}

    def run_command(*words: str) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        cli.register(parser.add_subparsers())
        args = parser.parse_args(
            [word.replace("CONTENT", str(workshop.content)).replace("INDEX", str(workshop.index)) for word in words]
        )
        return args.run(args, settings.load(environ)), capsys.readouterr().out

    return run_command


def build(run: Run) -> dict[str, Any]:
    """Build and read the JSON."""
    found = json.loads(run("kb", "build", "--content", "CONTENT", "--index", "INDEX", "--by", "ann", "--json")[1])
    assert isinstance(found, dict)
    return found


def test_a_build_tells_what_it_did(run: Run) -> None:
    """The JSON of a build names version, counts, changes and problems."""
    built = build(run)
    assert set(built) == {"version", "fresh", "live", "articles", "chunks", "encoded", "changes", "problems"}
    assert built["live"] and built["articles"] == 2 and len(built["changes"]["added"]) == 2


def test_one_search_has_the_contracts_shape(run: Run) -> None:
    """A single query prints one JSON object with query, time, verdict and results."""
    build(run)
    found = json.loads(run("kb", "search", "undo an import", "--index", "INDEX", "--top", "1", "--json")[1])
    assert {"query", "took_ms", "answerable", "results"} <= set(found)
    assert set(found["results"][0]) == {"path", "slug", "section", "score", "snippet"}
    assert found["results"][0]["slug"] == "undo-an-import" and len(found["results"]) == 1


def test_a_batch_prints_one_line_a_query(run: Run, tmp_path: Path) -> None:
    """Each line of the file gives one line of JSON with its id, in order."""
    build(run)
    file = tmp_path / "queries.jsonl"
    file.write_text(
        '{"id": "q1", "query": "undo import", "relevant": []}\n\n{"id": 7, "query": ""}\n{"query": "Größe 💡"}\n',
        encoding="utf-8",
    )
    lines = run("kb", "search", "--queries", str(file), "--index", "INDEX", "--top", "2", "--json")[1].splitlines()
    found = [json.loads(line) for line in lines]
    assert [each["id"] for each in found] == ["q1", 7, 4]
    assert [len(each["results"]) for each in found] == [2, 0, 2] and found[2]["query"] == "Größe 💡"


def test_publish_status_and_rollback(run: Run, workshop: Workshop) -> None:
    """A candidate is published by name or as the newest, shown by status, and taken back."""
    first = build(run)["version"]
    workshop.write("new.md", "# Webhooks\n\ntext")
    second = build(run)["version"]
    published = json.loads(run("kb", "publish", "--index", "INDEX", "--json")[1])
    assert (published["live"], published["previous"], published["published"]) == (second, first, True)
    state = json.loads(run("kb", "status", "--index", "INDEX", "--json")[1])
    assert (state["live"], state["candidate"]) == (second, second)
    assert state["versions"][0]["changes"]["added"] == ["new.md"] and state["history"][0]["by"] == "ann"
    assert json.loads(run("kb", "rollback", "--index", "INDEX", "--json")[1]) == {"live": first, "previous": second}
    assert first in run("kb", "status", "--index", "INDEX")[1]


def test_search_reads_the_live_version_unless_asked_for_the_candidate(run: Run, workshop: Workshop) -> None:
    """A new page is found with --candidate before it is published, and only then."""
    build(run)
    workshop.write("webhooks.md", "# Webhooks\n\nA webhook calls your address.")
    build(run)
    assert "webhooks.md" not in run("kb", "search", "webhooks", "--index", "INDEX")[1]
    assert "webhooks.md" in run("kb", "search", "webhooks", "--index", "INDEX", "--candidate")[1]


def test_check_says_where_and_fails_on_errors(run: Run, workshop: Workshop) -> None:
    """The exit code is 1 where there are errors, and findings come as lines or JSON."""
    assert run("kb", "check", "--content", "CONTENT") == (0, "0 errors, 0 warnings\n")
    workshop.write("articles/billing/bad.md", "---\ntitle: Bad\n---\nWe answer within an hour.")
    code, text = run("kb", "check", "--content", "CONTENT")
    assert code == 1 and "articles/billing/bad.md:4: error: states when support answers" in text
    found = json.loads(run("kb", "check", "--content", "CONTENT", "--json")[1])
    assert found["errors"] == sum(finding["error"] for finding in found["findings"]) > 5
    assert found["errors"] + found["warnings"] == len(found["findings"])


@pytest.mark.parametrize(
    ("words", "error", "advice"),
    [
        (("kb", "build", "--content", "/nonexistent", "--index", "INDEX"), ContentError, "--content"),
        (("kb", "search", "x", "--index", "INDEX"), VersionError, "support kb build"),
        (("kb", "publish", "--index", "INDEX"), VersionError, "support kb build"),
        (("kb", "rollback", "--index", "INDEX"), VersionError, "support kb build"),
        (("kb", "search", "--index", "INDEX"), IndexProblem, "--queries"),
        (("kb", "search", "x", "--top", "0", "--index", "INDEX"), IndexProblem, "number from 1"),
        (("models", "fetch", "gpt"), IndexProblem, "all-MiniLM-L6-v2"),
    ],
)
def test_a_users_mistake_is_answered_with_advice(run: Run, words: tuple[str, ...], error: type[Exception], advice: str) -> None:
    """What cannot be done is refused with what to do instead."""
    with pytest.raises(error, match=advice):
        run(*words)


@pytest.mark.parametrize("line", ["not json", "[1]", '{"id": 1}', "3"])
def test_a_bad_line_of_queries_is_named(run: Run, tmp_path: Path, line: str) -> None:
    """The message gives file and line and the shape to write."""
    build(run)
    file = tmp_path / "queries.jsonl"
    file.write_text(f'{{"query": "x"}}\n{line}\n')
    with pytest.raises(IndexProblem, match=r"queries\.jsonl:2: write one JSON object a line"):
        run("kb", "search", "--queries", str(file), "--index", "INDEX", "--json")


def test_a_search_can_be_explained(run: Run) -> None:
    """--explain gives the ranks of the plain search with the parts of each score, to people and programs; for one query."""
    build(run)
    found = json.loads(run("kb", "search", "undo an import", "--index", "INDEX", "--json")[1])
    told = json.loads(run("kb", "search", "undo an import", "--index", "INDEX", "--explain", "--json")[1])
    assert [each["slug"] for each in told["reasons"]] == [each["slug"] for each in found["results"]]
    assert {part["name"] for part in told["reasons"][0]["parts"]} == {"similarity", "words", "page", "met"}
    code, text = run("kb", "search", "undo a zebra", "--index", "INDEX", "--explain", "--candidate", "--top", "1")
    assert code == 0 and "no page has: zebra" in text and "  1. " in text and "  2. " not in text
    with pytest.raises(IndexProblem, match="one query"):
        run("kb", "search", "undo", "--index", "INDEX", "--explain", "--context", "import")
