"""``report.md`` of an evaluation: every table, with the plots beside it, made of the JSON files in ``DATA_DIR/eval``.

A section tells when it was measured; one whose files are missing says so. So steps may be measured one by one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from textwrap import shorten
from typing import Any

from benchmarks import plots

REPORT = "report.md"
COLUMNS = ("decision", "area", "refusal_class", "in_scope_not_refused", "policy_topic", "no_invented_time")
FIGURES = ("conversations", "turns", "conversations_right", "turns_right")
MATRICES = {
    "kinds": "Kinds of message",
    "areas": "Support areas",
    "refusal_classes": "Refusal classes",
    "policy_topics": "Policy topics",
    "intents": "All intents, as named before any rejection",
}
CHECKED = {"area": 1, "refusal_class": 2}  # of a wrong message: the place of what was wanted and what was got
MOST_CONFUSED = 10
MOST_WRONG = 10
REPLY_SHOWN = 120  # characters


def write(folder: Path) -> Path:
    """Draw the plots and write the report of what lies in ``folder``; the report's file."""
    sections = (_intents, _messages, _conversations, _foreign, _search)
    parts = ["# Evaluation\n", *(part for section in sections for part in section(folder))]
    file = folder / REPORT
    file.write_text("\n".join(parts) + "\n", encoding="utf-8")
    return file


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; figures with a point are shown to three places, no text ends its cell or is HTML."""
    lines = ["| " + " | ".join(header) + " |", "| --- " * len(header) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(_cell(value) for value in row) + " |" for row in rows)])


def decisions(results: Mapping[str, Any]) -> str:
    """The shares right of each set and perturbation."""
    return table(
        ["set", "messages", *COLUMNS],
        ([name, each["messages"], *(each["share"].get(column) for column in COLUMNS)] for name, each in results.items()),
    )


def conversations(found: Mapping[str, Any]) -> str:
    """The shares right of the conversations of each behaviour, and of all."""
    rows = [*found["by_behaviour"].items(), ("all", found)]
    header = ["behaviour", *(name.replace("_", " ") for name in FIGURES)]
    return table(header, ([name, *(each[figure] for figure in FIGURES)] for name, each in rows))


def confused(wrong: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str, int]]:
    """What the running system took for what, as (check, wanted, got, count), the commonest first."""
    counted = Counter(
        (check, str(item["wanted"][place]), str(item["got"][place] or f"({item['got'][0]})"))
        for item in wrong
        for check, place in CHECKED.items()
        if check in item["failed"]
    )
    return [(*key, count) for key, count in counted.most_common()]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value).replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _intents(folder: Path) -> Iterator[str]:
    yield "## Intents, cross-validated\n"
    files = [folder / f"{name}.json" for name in ("intents", "confusion", "reliability")]
    if not all(file.exists() for file in files):
        yield "Not measured.\n"
        return
    found, matrices, calibration = (_read(file) for file in files)
    yield (
        f"{found['utterances']} utterances of {found['intents']} intents (`data/nlu` and the articles' questions), each named by "
        f"a model that learned from the other {found['folds'] - 1} of {found['folds']} stratified folds. The classifier "
        f"alone: the dialogue weighs it with the knowledge base and the policy's lists (see first messages). {_when(files[0])}\n"
    )
    folds = found["accuracy_by_fold"]
    measured = [
        ("accuracy", found["accuracy"]),
        ("accuracy, lowest and highest fold", f"{min(folds):.3f} to {max(folds):.3f}"),
        ("macro-F1", found["macro_f1"]),
        ("kind of message right (support, policy, refusal, talk)", found["accuracy_of_kinds"]),
        ("rejected", found["rejected"]),
        ("accuracy, a rejection counted as wrong", found["accuracy_with_rejection"]),
        ("expected calibration error of the probabilities", calibration["expected_calibration_error"]),
    ]
    yield table(["measure", "value"], measured) + "\n"
    yield "### Confusion\n"
    for name, title in MATRICES.items():
        if name in matrices:
            file = folder / f"confusion_{name}.png"
            plots.confusion_matrix(matrices[name], title, file)
            yield f"![{title}]({file.name})\n"
            if name != "intents":
                yield _matrix(matrices[name]) + "\n"
    yield "The commonest confusions, with what the model was surest of:\n"
    rows = ([item["intent"], item["named"], item["count"], " / ".join(item["examples"])] for item in found["confused"])
    yield table(["intent", "named", "utterances", "such as"], rows) + "\n"
    yield "### Can the probabilities be believed?\n"
    plots.reliability_diagram(calibration, folder / "reliability.png")
    yield "![Reliability diagram](reliability.png)\n"
    bins = (
        [f"{each['low']:.1f} to {each['high']:.1f}", *map(each.get, ("count", "probability", "right"))]
        for each in calibration["bins"]
    )
    yield table(["probability", "utterances", "mean probability", "share right"], bins) + "\n"
    yield "### Each intent, the worst first\n"
    header = ("utterances", "precision", "recall", "f1")
    yield table(["intent", *header], ([name, *map(each.get, header)] for name, each in found["by_intent"].items())) + "\n"


def _matrix(found: Mapping[str, Any]) -> str:
    rows = ([label, *line] for label, line in zip(found["labels"], found["counts"], strict=True))
    return table(["is \\ was named", *found["columns"]], rows)


def _messages(folder: Path) -> Iterator[str]:
    yield "## First messages, through the running system\n"
    file = folder / "decisions.json"
    if not file.exists():
        yield "Not measured.\n"
        return
    results = _read(file)
    yield f"Shares right, as written and perturbed. {_when(file)} Every wrong message: `{file.name}`.\n"
    plots.perturbations(results, folder / "perturbations.png")
    yield "![Shares right, as written and perturbed](perturbations.png)\n"
    yield decisions(results) + "\n"
    for name, each in results.items():
        if name.endswith(", none") and (pairs := confused(each["wrong"])):
            yield f"The commonest confusions of *{name.removesuffix(', none')}* as written:\n"
            yield table(["check", "wanted", "got", "messages"], pairs[:MOST_CONFUSED]) + "\n"


def _conversations(folder: Path) -> Iterator[str]:
    yield "## Conversations, through the running system\n"
    file = folder / "conversations.json"
    if not file.exists():
        yield "Not measured.\n"
        return
    found = _read(file)
    yield f"A conversation is right where each of its turns is. {_when(file)} Every wrong turn: `{file.name}`.\n"
    yield conversations(found) + "\n"
    checks = ([name, found["of"][name], share] for name, share in found["share"].items())
    yield table(["check", "turns", "share right"], checks) + "\n"
    if wrong := sorted(found["wrong"], key=lambda turn: "never" not in turn["failed"]):
        yield f"Of {len(wrong)} wrong turns, first those with a reply that must never be there:\n"
        yield table(["conversation", "turn", "said", "wanted", "got"], map(_turn, wrong[:MOST_WRONG])) + "\n"


def _turn(wrong: Mapping[str, Any]) -> Sequence[object]:
    """A row of the wrong turns: what failed of what was wanted, and the replies with the beginning of their text."""
    got, wanted = wrong["got"], {check: wrong["wanted"][check] for check in wrong["failed"]}
    listed = "; ".join(f"{check}: {each if isinstance(each, str) else ' / '.join(each)}" for check, each in wanted.items())
    kinds = " + ".join(map(str, [*got["decisions"], *got["refusals"]]))
    came = f"{kinds}: {shorten(got['text'], REPLY_SHOWN, placeholder=' ...')}" if kinds else "no reply"
    return f"{wrong['id']}, {wrong['behaviour']}", wrong["turn"], wrong["text"], listed, came


def _foreign(folder: Path) -> Iterator[str]:
    file = folder / "open_intents.json"
    if file.exists():
        yield f"## CLINC150, trained and tested with `config.yml`\n\n{_when(file)}\n"
        yield table(["measure", "value"], _read(file).items()) + "\n"


def _search(folder: Path) -> Iterator[str]:
    yield "## Search, step by step\n"
    file = folder / "search.md"
    yield f"{_when(file)}\n\n{file.read_text(encoding='utf-8')}" if file.exists() else "Not measured.\n"


def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _when(file: Path) -> str:
    return f"Measured {datetime.fromtimestamp(file.stat().st_mtime, timezone.utc):%Y-%m-%d %H:%M} UTC."
