"""What must stand before the processes start: encoders, database, search index, trained model."""

from __future__ import annotations

import os
from pathlib import Path

import settings as settings_module
from launch.environments import MODERN, RASA, command, tool
from launch.steps import ROOT, StepFailed, fingerprint, run_step, say
from settings import Settings

# Everything `rasa train` reads; the encoder's own export is added by its record file.
TRAINING_INPUTS = (
    "config.yml",
    "domain.yml",
    "data",
    "bot",
    "index/encoder.py",
    "policy",
    "settings.py",
    "requirements",
)

ENCODER_CODE = ("weights.py", "export.py", "quantise.py", "encoder.py")


class NotPublished(StepFailed):
    """The new index was built, but the gate refused it or somebody else published meanwhile."""


def model_file(settings: Settings) -> Path:
    """Where the trained Rasa model of this working copy lies."""
    return settings.data_dir / "rasa" / "support.tar.gz"


def pages(settings: Settings) -> list[Path]:
    """The pages of the knowledge base, of which Rasa learns too; what lies beside them (golden questions) trains nothing."""
    return sorted(settings.content_dir.rglob("*.md"))


def prepare(settings: Settings) -> None:
    """Bring encoders, database, index and model up to date; each only where its inputs changed."""
    fetch_encoders(settings)
    command([tool(MODERN, "support"), "db", "migrate"], quiet=True)
    build_index(settings)
    train(settings)


def fetch_encoders(settings: Settings) -> None:
    """Bring weights and export the ONNX encoders that the settings name."""
    names = sorted({settings.kb_encoder, settings.nlu_encoder})
    run_step(
        f"Embedding models ({', '.join(names)})",
        settings.data_dir / "stamps" / "encoders",
        fingerprint([ROOT / "index" / name for name in ENCODER_CODE], *names),
        [settings.model_dir / name / "encoder.json" for name in names],
        lambda: command([tool(MODERN, "support"), "models", "fetch", *names]),
    )


def build_index(settings: Settings) -> None:
    """Build and publish the search index of the knowledge base.

    A refusal of the gate stops nothing: the index that was live is served on, and since the step is not marked as done, every
    start tells the refusal again until the content is mended or somebody publishes by force.
    """
    record = settings.model_dir / settings.kb_encoder / "encoder.json"
    code = [*(ROOT / "index").glob("*.py"), ROOT / "index" / "foreign_questions.txt"]
    try:
        run_step(
            "Search index",
            settings.data_dir / "stamps" / "index",
            fingerprint([settings.content_dir, record, *code], settings.kb_encoder),
            [settings.index_dir / "live"],
            lambda: _build_and_publish(settings),
        )
    except NotPublished as refusal:
        say(f"Search index: {refusal}. `support kb golden --compare` shows why")


def _build_and_publish(settings: Settings) -> None:
    command([tool(MODERN, "support"), "kb", "build", "--why", "set-up"])
    try:
        command([tool(MODERN, "support"), "kb", "publish", "--why", "set-up"])
    except StepFailed as failure:
        if not (settings.index_dir / "live").exists():
            raise
        raise NotPublished("the new index was not published; the one that was live is served as before") from failure


def train(settings: Settings) -> None:
    """Train Rasa's model; the old one serves until the new one is whole."""
    target = model_file(settings)
    record = settings.model_dir / settings.nlu_encoder / "encoder.json"
    run_step(
        "Vectors of the training utterances",
        settings.data_dir / "stamps" / "vectors",
        fingerprint([record, *pages(settings), ROOT / "data" / "nlu", ROOT / "policy", ROOT / "bot"], settings.nlu_encoder),
        [],
        lambda: command([tool(RASA, "python"), "-m", "bot.vector_cache"], env=rasa_environment()),
    )
    run_step(
        "Rasa training",
        settings.data_dir / "stamps" / "train",
        fingerprint([record, *pages(settings), *(ROOT / name for name in TRAINING_INPUTS)], settings.nlu_encoder),
        [target],
        lambda: _train(target),
    )


def _train(target: Path) -> None:
    # Rasa's own validation of the data takes as long as importing Rasa; `make test` holds the data to more than it does.
    quick = ["--skip-validation"]
    words = ["train", "--fixed-model-name", "candidate", "--out", str(target.parent), "--data", "data", *quick]
    command([tool(RASA, "rasa"), *words], env=rasa_environment())
    os.replace(target.with_name("candidate.tar.gz"), target)


def rasa_endpoints(settings: Settings) -> Path:
    """``endpoints.yml`` with the action server's port of the settings (Rasa's file format knows no default values)."""
    text = (ROOT / "endpoints.yml").read_text(encoding="utf-8")
    target = settings.data_dir / "run" / "endpoints.yml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text.replace("127.0.0.1:5055", f"127.0.0.1:{settings.actions_port}"), encoding="utf-8")
    return target


def rasa_environment() -> dict[str, str]:
    """Rasa's process: no telemetry, no GPU probing, quiet TensorFlow and SQLAlchemy 1.4's warning about 2.0."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
    }


def load_settings() -> Settings:
    """The settings of this run, read once."""
    return settings_module.load()
