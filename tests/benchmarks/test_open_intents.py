"""Foreign data: how it is read, and that the trained project's own model can be asked as the benchmark asks."""

from __future__ import annotations

import json
from pathlib import Path

import settings
from benchmarks.open_intents import Labelled, Parsed, parse, read_clinc, report
from launch.pipeline import model_file


def test_clinc_keeps_its_out_of_scope_utterances(tmp_path: Path) -> None:
    """Of CLINC150, out-of-scope utterances of the training split are an intent, those of the test split belong to none."""
    file = tmp_path / "data_full.json"
    parts = {
        "train": [["hi", "greeting"]],
        "test": [["hello", "greeting"]],
        "oos_train": [["moo", "oos"]],
        "oos_test": [["baa", "oos"]],
    }
    file.write_text(json.dumps(parts), encoding="utf-8")
    train, test = read_clinc(file)
    assert train == [Labelled("hi", "greeting"), Labelled("moo", "oos")]
    assert test == [Labelled("hello", "greeting"), Labelled("baa", None)]


def test_a_rejected_message_in_scope_counts_as_wrong() -> None:
    """Accuracy in scope, recall out of scope, and both together; without rejection the best intent counts."""
    test = [Labelled("a", "x"), Labelled("b", "x"), Labelled("c", None), Labelled("d", None)]
    parsed = [Parsed("x", 0.9, "x", 0.9), Parsed(None, 0.1, "x", 0.4), Parsed(None, 0.1, "x", 0.2), Parsed("x", 0.8, "x", 0.8)]
    found = report(test, parsed)
    assert (found["in_scope_accuracy"], found["out_of_scope_recall"], found["accuracy"]) == (0.5, 0.5, 0.5)
    assert found["accuracy_without_rejection"] == 1.0


def test_every_text_is_parsed() -> None:
    """The trained model answers a line for each text, in their order, and nothing that Rasa logs comes between."""
    texts = ["Where do I find my invoices?", "human please", "Ümläüte & <b>tags</b>"]
    parsed = parse(model_file(settings.load()), texts)
    assert [each.intent for each in parsed[:2]] == ["ask_billing", "request_human"]
    assert len(parsed) == len(texts)
