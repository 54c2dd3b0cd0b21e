from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from benchmarks import conversations, intents, summary

from .test_conversations import PLAYED
from .test_intents import ROWS

WRONG = {"wanted": [["answer"], "billing", None, None], "got": ["answer", "technical", None, {}], "failed": ["area"]}
REFUSED = {
    "wanted": [["refuse"], None, "network", None],
    "got": ["answer", None, None, {}],
    "failed": ["decision", "refusal_class"],
}


def played(**share: float) -> dict[str, Any]:
    """What :func:`benchmarks.decisions.report` says of a set."""
    return {"messages": 3, "share": share, "wrong": [WRONG, WRONG, REFUSED]}


def test_a_table_is_markdown_whatever_stands_in_it() -> None:
    """One line a row; figures to three places, nothing for None, and no text ends its cell or its line, or is HTML."""
    found = summary.table(["a", "b"], [["x | y\nz", 0.12345], [None, 7], ["<b>", 1]])
    assert found.splitlines() == ["| a | b |", "| --- | --- |", "| x \\| y z | 0.123 |", "|  | 7 |", "| &lt;b> | 1 |"]


def test_confusions_of_messages_are_counted() -> None:
    """By what was checked, the commonest first; a message that got no refusal is shown by what it got."""
    found = summary.confused([WRONG, REFUSED, WRONG])
    assert found == [("area", "billing", "technical", 2), ("refusal_class", "network", "(answer)", 1)]


def test_wrong_turns_with_a_forbidden_reply_come_first(tmp_path: Path) -> None:
    """Of the wrong turns ten are shown, those with a reply that must never be there before all others."""
    missed = {"id": "t", "behaviour": "b", "turn": 1, "text": "hm", "wanted": {"decision": ["answer", "clarify"]}}
    missed |= {"got": {"decisions": [], "refusals": [], "text": ""}, "failed": ["decision"]}
    found = conversations.report(PLAYED)
    found["wrong"] = [missed] * 10 + found["wrong"]
    (tmp_path / "conversations.json").write_text(json.dumps(found))
    text = summary.write(tmp_path).read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith(("| t, ", "| c-"))]
    assert rows[0] == "| c-1, switch | 2 | and X? | never: refuse | answer + refuse + third_party: Yes. No. |"
    assert rows[1:] == ["| t, b | 1 | hm | decision: answer / clarify | no reply |"] * 9


def test_the_report_holds_what_was_measured(tmp_path: Path) -> None:
    """Every plot that it links lies beside it and is a PNG; all tables stand in it."""
    intents.write(ROWS, tmp_path)
    results = {"own, none": played(decision=0.9, area=0.8), "own, bare": played(decision=0.7)}
    (tmp_path / "decisions.json").write_text(json.dumps(results))
    (tmp_path / "conversations.json").write_text(json.dumps(conversations.report(PLAYED)))
    (tmp_path / "open_intents.json").write_text(json.dumps({"accuracy": 0.85}))
    (tmp_path / "search.md").write_text("| step | hit@1 |\n")
    text = summary.write(tmp_path).read_text(encoding="utf-8")
    links = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert {"confusion_kinds.png", "confusion_areas.png", "reliability.png", "perturbations.png"} <= set(links)
    assert all((tmp_path / link).read_bytes().startswith(b"\x89PNG") for link in links)
    for line in (
        "| macro-F1 | ",
        "| own, bare | 3 | 0.700 |",
        "| area | billing | technical | 2 |",
        "| switch | 1 | 2 | 0.000 | 0.500 |",
        "| all | 2 | 4 | 0.000 | 0.500 |",
        "| never | 3 | 0.667 |",
        "| accuracy | 0.850 |",
        "| step |",
    ):
        assert line in text
    assert "Not measured" not in text


def test_the_report_says_what_was_not_measured(tmp_path: Path) -> None:
    """A part without figures is named as not measured, so nobody takes its absence for a good result."""
    text = summary.write(tmp_path).read_text(encoding="utf-8")
    assert text.count("Not measured.") == 4
