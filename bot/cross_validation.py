"""What the intent model says of each training utterance when it did not learn from it, run by Rasa's own interpreter.

``.venv-rasa/bin/python -m bot.cross_validation [--folds 5] > ROWS.jsonl``: the project's own data goes through the pipeline of
``config.yml``, whose last component classifies; one model a fold learns from the other folds, its threshold and the scale of its
probabilities among the rest. A line out is ``{"text", "intent", "fold", "named", "probability", "confidence", "accepted"}``;
``named`` is the likeliest intent, which a rejection (``accepted`` false) overrules. Progress goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.open_intent import ModelOptions, OpenIntentModel, exact_key

if TYPE_CHECKING:
    from bot.intent_classifier import Examples

ROOT = Path(__file__).resolve().parent.parent
SEED = 7


def read_examples(config: Path, data: Path) -> tuple[Examples, ModelOptions]:
    """The utterances of ``data`` as the pipeline's components before the classifier make them, and the classifier's options."""
    import yaml
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.utils.common import class_from_module_path

    from bot.intent_classifier import OpenIntentClassifier, examples_of

    *readers, classifier = yaml.safe_load(config.read_text(encoding="utf-8"))["pipeline"]
    if class_from_module_path(classifier["name"]) is not OpenIntentClassifier:
        raise ValueError(f"{config.name}: the pipeline's last component is {classifier['name']}, not OpenIntentClassifier")
    training = load_data(str(data))
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage.create(Path(folder))
        for item in readers:
            component: Any = class_from_module_path(item["name"])
            own = {**component.get_default_config(), **item}
            made = component.create(own, storage, Resource(item["name"]), ExecutionContext(GraphSchema({})))
            if hasattr(made, "train"):
                made.train(training)
            training = made.process_training_data(training)
    examples = examples_of(training)
    if examples is None:
        raise ValueError(f"{data} has fewer than two intents")
    return examples, ModelOptions(**{key: value for key, value in classifier.items() if key != "name"})


def parts(texts: list[str], labels: list[str], folds: int) -> list[NDArray[np.int64]]:
    """The rows of each fold: every intent spread evenly, and texts that are read alike in one fold.

    The model knows an utterance of its training data by heart, and the stand-ins of the policy's lists make several read alike:
    apart, they would be asked of a model that has seen them.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    groups = np.unique([exact_key(text) for text in texts], return_inverse=True)[1]
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=SEED)
    return [test for _, test in splitter.split(np.zeros(len(texts)), labels, groups)]


def cross_validate(examples: Examples, options: ModelOptions, folds: int) -> Iterator[dict[str, Any]]:
    """A row for every utterance, fold by fold."""
    labels = np.array(examples.labels)
    for number, test in enumerate(parts(examples.texts, examples.labels, folds), 1):
        sys.stderr.write(f"fold {number} of {folds}: {len(labels) - len(test)} utterances to learn, {len(test)} to name\n")
        train = np.setdiff1d(np.arange(len(labels)), test)
        texts = [examples.texts[row] for row in train]
        model = OpenIntentModel(options).fit(texts, examples.dense[train], examples.marks[train], labels[train].tolist())
        for row in test:
            verdict = model.predict(examples.texts[row], examples.dense[row : row + 1], examples.marks[row : row + 1])
            named, probability = verdict.ranking[0]
            yield {
                "text": examples.texts[row],
                "intent": examples.labels[row],
                "fold": number,
                "named": named,
                "probability": round(probability, 5),
                "confidence": round(verdict.confidence, 5),
                "accepted": verdict.accepted,
            }


def main() -> int:
    """Write a line for every utterance."""
    parser = argparse.ArgumentParser(prog="python -m bot.cross_validation", description=__doc__)
    parser.add_argument("--folds", type=int, default=5)
    args = parser.parse_args()
    logging.captureWarnings(True)  # Rasa 3.6's libraries warn of their own age, and turn simple filters off again
    sys.stderr.write("reading the training data through config.yml\n")
    examples, options = read_examples(ROOT / "config.yml", ROOT / "data" / "nlu")
    for row in cross_validate(examples, options, args.folds):
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
