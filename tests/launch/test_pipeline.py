from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

import settings
from launch import pipeline
from launch.steps import ROOT, StepFailed
from settings import Settings


class Tools:
    """Stands for the programs of both environments: writes what they would write."""

    def __init__(self, current: Settings) -> None:
        self.current = current
        self.ran: list[str] = []
        self.broken = False

    def command(self, words: list[str], *, env: Mapping[str, str] | None = None, quiet: bool = False) -> None:
        """As :func:`launch.environments.command`."""
        self.ran.append(" ".join([Path(words[0]).name, *words[1:3]]))
        if self.broken:
            raise StepFailed("it broke")
        if words[1] == "models":
            for name in words[3:]:
                (self.current.model_dir / name).mkdir(parents=True, exist_ok=True)
                (self.current.model_dir / name / "encoder.json").write_text(name)
        elif words[1:3] == ["kb", "publish"]:
            (self.current.index_dir / "live").mkdir(parents=True, exist_ok=True)
        elif words[1] == "train":
            folder = Path(words[words.index("--out") + 1])
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "candidate.tar.gz").write_text(f"model {len(self.ran)}")


@pytest.fixture
def current(tmp_path: Path) -> Settings:
    """Settings with all state and content in a folder of the test's own."""
    content = tmp_path / "content"
    content.mkdir()
    (content / "page.md").write_text("# A page")
    return settings.load({"DATA_DIR": str(tmp_path / "var"), "CONTENT_DIR": str(content), "ACTIONS_PORT": "6055"})


@pytest.fixture
def tools(current: Settings, monkeypatch: pytest.MonkeyPatch) -> Tools:
    """The pipeline with its programs doubled."""
    made = Tools(current)
    monkeypatch.setattr(pipeline, "command", made.command)
    return made


def test_everything_once(tools: Tools, current: Settings) -> None:
    """A fresh working copy gets encoders, database, index and model, in this order; a second run migrates alone."""
    pipeline.prepare(current)
    assert tools.ran == [
        "support models fetch",
        "support db migrate",
        "support kb build",
        "support kb publish",
        "python -m bot.vector_cache",
        "rasa train --fixed-model-name",
    ]
    assert pipeline.model_file(current).is_file()
    tools.ran.clear()
    pipeline.prepare(current)
    assert tools.ran == ["support db migrate"]


def test_a_changed_page_rebuilds_index_and_model(tools: Tools, current: Settings) -> None:
    """An edited article reaches both the index and, by its questions, the training; encoders stay."""
    pipeline.prepare(current)
    tools.ran.clear()
    (current.content_dir / "page.md").write_text("# Another page")
    pipeline.prepare(current)
    assert "support models fetch" not in tools.ran
    assert {"support kb build", "rasa train --fixed-model-name"} <= set(tools.ran)


def test_a_failed_training_leaves_the_old_model(tools: Tools, current: Settings) -> None:
    """The model that serves is replaced by a whole new one or not at all; the failed step is tried again."""
    pipeline.prepare(current)
    before = pipeline.model_file(current).read_text()
    (current.content_dir / "page.md").write_text("# Another page")
    pipeline.build_index(current)
    tools.broken = True
    with pytest.raises(StepFailed):
        pipeline.train(current)
    assert pipeline.model_file(current).read_text() == before
    tools.broken = False
    pipeline.train(current)
    assert pipeline.model_file(current).read_text() != before


def test_another_encoder_is_fetched_and_trained_for(tools: Tools, current: Settings, tmp_path: Path) -> None:
    """Changing the encoder of intent recognition fetches it and trains anew; the index stays."""
    pipeline.prepare(current)
    tools.ran.clear()
    light = {"DATA_DIR": str(current.data_dir), "CONTENT_DIR": str(current.content_dir), "NLU_ENCODER": "all-MiniLM-L6-v2"}
    pipeline.prepare(settings.load(light))
    assert tools.ran == [
        "support models fetch",
        "support db migrate",
        "python -m bot.vector_cache",
        "rasa train --fixed-model-name",
    ]


def test_endpoints_follow_the_settings(current: Settings) -> None:
    """Rasa is told the action server's port of the settings, and keeps the rest of endpoints.yml."""
    made = yaml.safe_load(pipeline.rasa_endpoints(current).read_text(encoding="utf-8"))
    shipped = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    assert made["action_endpoint"]["url"] == "http://127.0.0.1:6055/webhook"
    assert {**made, "action_endpoint": None} == {**shipped, "action_endpoint": None}


def test_rasa_reports_nothing_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rasa runs without telemetry and with the caller's settings."""
    monkeypatch.setenv("DATA_DIR", "/somewhere")
    env = pipeline.rasa_environment()
    assert env["RASA_TELEMETRY_ENABLED"] == "false"
    assert env["DATA_DIR"] == "/somewhere"


def test_training_inputs_exist() -> None:
    """Everything that training is said to depend on exists, so that a renamed file cannot go unnoticed."""
    assert [name for name in pipeline.TRAINING_INPUTS if not (ROOT / name).exists()] == []


def test_a_refused_index_stops_nothing_and_is_told_at_every_start(
    tools: Tools, current: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the gate refuses, the old version serves on, the set-up goes on, and the refusal is said again until it is mended."""
    pipeline.prepare(current)
    (current.content_dir / "page.md").write_text("# Another page")

    def refuse(words: list[str], **options: object) -> None:
        tools.command(words)
        if words[1:3] == ["kb", "publish"]:
            raise StepFailed("`support kb publish` ended with code 1")

    monkeypatch.setattr(pipeline, "command", refuse)
    for _ in range(2):
        tools.ran.clear()
        pipeline.prepare(current)
        assert "support kb publish" in tools.ran
        assert "the one that was live is served as before" in capsys.readouterr().out
    assert tools.ran[-1] == "support kb publish", "the training was done in the first of the two"
    monkeypatch.setattr(pipeline, "command", tools.command)
    pipeline.prepare(current)
    tools.ran.clear()
    pipeline.prepare(current)
    assert "support kb publish" not in tools.ran


def test_a_first_index_that_cannot_go_live_stops_the_start(
    tools: Tools, current: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any live version there is nothing to serve: that is a failure and no refusal to live with."""

    def refuse(words: list[str], **options: object) -> None:
        if words[1:3] == ["kb", "publish"]:
            raise StepFailed("`support kb publish` ended with code 2")
        tools.command(words)

    monkeypatch.setattr(pipeline, "command", refuse)
    with pytest.raises(StepFailed, match="code 2"):
        pipeline.prepare(current)


def test_golden_questions_train_nothing(tools: Tools, current: Settings) -> None:
    """Editing golden.yml looks at the index again and leaves Rasa's model alone; editing a page trains again."""
    pipeline.prepare(current)
    tools.ran.clear()
    (current.content_dir / "golden.yml").write_text("not_answerable: [a]")
    pipeline.prepare(current)
    assert "support kb build" in tools.ran and not any(ran.startswith("rasa") for ran in tools.ran)
    (current.content_dir / "page.md").write_text("# Another page")
    pipeline.prepare(current)
    assert any(ran.startswith("rasa") for ran in tools.ran)
