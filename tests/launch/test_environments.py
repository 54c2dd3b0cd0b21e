from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from launch import environments
from launch.environments import TORCH, TORCH_CPU_INDEX
from launch.steps import StepFailed


class Shell:
    """Records the commands of the set-up in place of running them; those whose words hold a part of ``fails`` fail."""

    def __init__(self) -> None:
        self.ran: list[list[str]] = []
        self.envs: list[Mapping[str, str]] = []
        self.fails: tuple[str, ...] = ()

    def command(self, words: list[str], *, env: Mapping[str, str] | None = None, quiet: bool = False) -> None:
        """As :func:`launch.environments.command`."""
        self.ran.append(words)
        self.envs.append(env or {})
        if any(part in words for part in self.fails):
            raise StepFailed(f"`{words[0]}` ended with code 2\nno such package")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Shell:
    """The set-up with its commands recorded."""
    recording = Shell()
    monkeypatch.setattr(environments, "command", recording.command)
    return recording


def test_pips_settings_reach_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    """uv is told where pip would look, as it ignores pip's own variables."""
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    env = environments._uv_environment()
    assert env["UV_FIND_LINKS"] == "/wheels"
    assert env["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


def test_uvs_own_settings_win(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sets uv's variables means them."""
    monkeypatch.setenv("PIP_FIND_LINKS", "/wheels")
    monkeypatch.setenv("UV_FIND_LINKS", "/mine")
    assert environments._uv_environment()["UV_FIND_LINKS"] == "/mine"


def test_an_active_environment_does_not_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    """An activated virtual environment of the developer is not where packages go."""
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    env = environments._uv_environment()
    assert "VIRTUAL_ENV" not in env
    assert env.get("UV_FIND_LINKS") != ""


def test_torch_comes_from_a_folder_at_hand_first(shell: Shell) -> None:
    """With a folder of wheels the CPU wheel there is tried before any index, and without its dependencies."""
    environments._install_torch("uv", "python", {"UV_FIND_LINKS": "/wheels"})
    (words,) = shell.ran
    assert "--no-index" in words and "--no-deps" in words and TORCH in words


def test_torch_falls_back_to_the_cpu_index_and_then_the_default(shell: Shell) -> None:
    """Without a wheel at hand PyTorch's CPU index comes next, then the default index, never with CUDA's dependencies."""
    shell.fails = ("--no-index", TORCH_CPU_INDEX)
    environments._install_torch("uv", "python", {"UV_FIND_LINKS": "/wheels"})
    assert ["--no-index" in words for words in shell.ran] == [True, False, False]
    assert [TORCH_CPU_INDEX in words for words in shell.ran] == [False, True, False]
    assert all("--no-deps" in words for words in shell.ran)
    assert all(env["UV_FIND_LINKS"] == "/wheels" for env in shell.envs)


def test_torch_that_cannot_be_had_says_what_to_do(shell: Shell) -> None:
    """Where no source has PyTorch the error says what to set."""
    shell.fails = (TORCH,)
    with pytest.raises(StepFailed, match="PIP_FIND_LINKS"):
        environments._install_torch("uv", "python", {})


def test_each_environment_is_locked(shell: Shell) -> None:
    """Both environments install hashed requirements alone, with the Python of each."""
    environments._make_modern("uv", {})
    environments._make_rasa("uv", {})
    made = [words[words.index("--python") + 1] for words in shell.ran if words[1] == "venv"]
    assert made == ["3.11", "3.10"]
    locked = [words for words in shell.ran if "-r" in words]
    assert len(locked) == 2 and all("--require-hashes" in words and "--no-deps" in words for words in locked)


def test_both_are_made_only_where_stale(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A second set-up runs no command; a changed requirement file makes its environment again, and that one alone."""
    for name, programs in (("MODERN", ("bin/support",)), ("RASA", ("bin/rasa",))):
        folder = tmp_path / name
        monkeypatch.setattr(environments, name, folder)
        for program in programs:
            (folder / program).parent.mkdir(parents=True)
            (folder / program).touch()
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path)
    (tmp_path / "modern.txt").write_text("a==1")
    (tmp_path / "rasa.txt").write_text("b==1")
    monkeypatch.setattr(environments, "_uv", lambda: "uv")
    environments.make_environments()
    assert shell.ran
    shell.ran.clear()
    environments.make_environments()
    assert shell.ran == []
    (tmp_path / "rasa.txt").write_text("b==2")
    environments.make_environments()
    assert {words[words.index("--python") + 1] for words in shell.ran if words[1] == "venv"} == {"3.10"}


def test_the_peers_environment_is_locked_and_made_only_where_stale(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The benchmark's peers get an environment of their own: hashed requirements alone, PyTorch without CUDA, made once."""
    monkeypatch.setattr(environments, "_uv", lambda: "uv")
    place = tmp_path / "peers"
    assert environments.make_peers(place) == place / "bin" / "python"
    made, torch, locked = (shell.ran[0], shell.ran[1], shell.ran[-1])
    assert made[-1] == str(place) and "--no-deps" in torch and TORCH in torch
    assert {"--require-hashes", "--no-deps", str(environments.REQUIREMENTS / "peers.txt")} <= set(locked)
    (place / "bin").mkdir(parents=True)
    (place / "bin" / "python").touch()
    shell.ran.clear()
    environments.make_peers(place)
    assert shell.ran == []


def test_no_lock_file_names_cuda() -> None:
    """PyTorch is installed beside the lock files, so nothing of several GB that a CPU has no use for stands in them."""
    for file in environments.REQUIREMENTS.glob("*.txt"):
        names = [line.partition("==")[0] for line in file.read_text().splitlines() if "==" in line and not line.startswith("#")]
        assert len(names) > 20 and not [
            name for name in names if name == "torch" or name.startswith(("nvidia-", "cuda-", "triton"))
        ]


def test_a_failed_command_is_named() -> None:
    """A program that fails is named with its words, its exit code and, where quiet, what it wrote."""
    with pytest.raises(StepFailed, match=r"(?s)python3 -c .* ended with code 3.*went wrong"):
        environments.command(["python3", "-c", "import sys; sys.stderr.write('went wrong'); sys.exit(3)"], quiet=True)


def test_uv_is_found_or_brought(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """uv on the PATH is used; without one a pinned copy is installed from PyPI into the project's own folder."""
    monkeypatch.setattr(environments.shutil, "which", lambda name: "/usr/bin/uv")
    assert environments._uv() == "/usr/bin/uv"
    monkeypatch.setattr(environments.shutil, "which", lambda name: None)
    monkeypatch.setattr(environments, "TOOLS", tmp_path)

    def create(folder: Path, **options: Any) -> None:
        assert folder == tmp_path and options["with_pip"]

    monkeypatch.setattr(environments.venv, "create", create)
    assert environments._uv() == str(tmp_path / "bin" / "uv")
    assert f"uv=={environments.UV_VERSION}" in shell.ran[0]
