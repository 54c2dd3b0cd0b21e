"""What the tests of Rasa's process share. They run on Rasa's interpreter: ``.venv-rasa/bin/python -m pytest tests/bot``.

The other interpreter has no Rasa and collects nothing here; tests/architecture/test_rasa_interpreter.py runs this folder for it.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from index.encoder import HashingEncoder
from policy.document import PolicyDocument, load_policy

if TYPE_CHECKING:
    from rasa.engine.graph import ExecutionContext
    from rasa.engine.storage.storage import ModelStorage
    from rasa.shared.nlu.training_data.training_data import TrainingData

RASA_IS_HERE = importlib.util.find_spec("rasa") is not None
collect_ignore_glob = [] if RASA_IS_HERE else ["test_*.py"]
SECRET = "the-channel-secret-of-the-tests-0123456789"
LEXICON = ("find", "invoice", "invoices", "where", "pasta", "paste", "contact", "undo")


def pytest_configure(config: pytest.Config) -> None:
    """Rasa and TensorFlow warn by themselves; a warning of our own rooms stays an error."""
    if not RASA_IS_HERE:
        return
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", SQLALCHEMY_SILENCE_UBER_WARNING="1")
    config.addinivalue_line("filterwarnings", "ignore")
    config.addinivalue_line("filterwarnings", r"error:::(bot|policy|index)\.")


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """State of the test's own, a clock that stands still, and an encoder folder that holds a small vocabulary."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHANNEL_SECRET", SECRET)
    monkeypatch.setenv("SUPPORT_NOW", "2026-05-01T16:30:00+01:00")
    for name in ("DATABASE_URL", "REDIS_URL", "MODEL_DIR", "CONTENT_DIR", "NLU_ENCODER", "POLICY_FILE", "ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "models" / "all-mpnet-base-v2"
    folder.mkdir(parents=True)
    vocabulary = {word: number for number, word in enumerate((*LEXICON, "##ing", "[CLS]"))}
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}))
    return tmp_path


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> HashingEncoder:
    """The offline double in the place of the exported model."""
    import bot.encoder_featurizer

    double = HashingEncoder(48)

    class Loads:
        load = staticmethod(lambda folder, **_: double)

    monkeypatch.setattr(bot.encoder_featurizer, "OnnxEncoder", Loads)
    return double


@pytest.fixture(scope="session")
def policy() -> PolicyDocument:
    """The Support Policy as it ships."""
    return load_policy()


@pytest.fixture
def storage(tmp_path: Path) -> ModelStorage:
    """Rasa's own storage of trained components."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    folder = tmp_path / "storage"
    folder.mkdir()
    return LocalModelStorage.create(folder)


@pytest.fixture
def context() -> ExecutionContext:
    """What Rasa hands to a component when it builds it."""
    from rasa.engine.graph import ExecutionContext, GraphSchema

    return ExecutionContext(GraphSchema({}))


@pytest.fixture
def data() -> Iterator[Callable[[dict[str, list[str]]], TrainingData]]:
    """Makes Rasa's training data of utterances by intent."""
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    def make(utterances: dict[str, list[str]]) -> Any:
        examples = [(text, intent) for intent, texts in utterances.items() for text in texts]
        return TrainingData([Message.build(text=text, intent=intent) for text, intent in examples])

    yield make
