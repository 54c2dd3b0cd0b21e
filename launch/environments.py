"""Makes the two Python environments from pinned, hashed requirements; brings uv from PyPI where it is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

from launch.steps import ROOT, StepFailed, fingerprint, run_step, say

UV_VERSION = "0.13.9"
TORCH = "torch==2.13.0"
TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu"
MODERN, RASA, TOOLS = ROOT / ".venv", ROOT / ".venv-rasa", ROOT / ".tools"
REQUIREMENTS = ROOT / "requirements"


def command(words: list[str], *, env: Mapping[str, str] | None = None, quiet: bool = False) -> None:
    """Run a program of the set-up in the project's root; :class:`StepFailed` names it when it fails."""
    result = subprocess.run(words, cwd=ROOT, env=None if env is None else dict(env), capture_output=quiet, text=True)
    if result.returncode:
        detail = f"\n{result.stderr.strip()}" if quiet else ""
        raise StepFailed(f"`{' '.join(words)}` ended with code {result.returncode}{detail}")


def make_environments() -> None:
    """Bring both environments up to date with their requirement files."""
    uv = _uv()
    env = _uv_environment()
    run_step(
        "Python 3.11 environment (.venv)",
        MODERN / "piperocks-stamp",
        fingerprint([REQUIREMENTS / "modern.txt", ROOT / "pyproject.toml"], UV_VERSION, TORCH),
        [MODERN / "bin" / "support"],
        lambda: _make_modern(uv, env),
    )
    run_step(
        "Python 3.10 environment (.venv-rasa)",
        RASA / "piperocks-stamp",
        fingerprint([REQUIREMENTS / "rasa.txt"], UV_VERSION),
        [RASA / "bin" / "rasa"],
        lambda: _make_rasa(uv, env),
    )


def make_peers(place: Path) -> Path:
    """The environment in ``place`` of the engines that ``benchmarks.search_peers`` compares with; returns its interpreter."""
    uv, env, python = _uv(), _uv_environment(), place / "bin" / "python"
    locked = REQUIREMENTS / "peers.txt"
    run_step(
        f"Python 3.11 environment of the peers ({place})",
        place / "piperocks-stamp",
        fingerprint([locked], UV_VERSION, TORCH),
        [python],
        lambda: _make_with_torch(uv, env, place, locked),
    )
    return python


def _make_modern(uv: str, env: Mapping[str, str]) -> None:
    _make_with_torch(uv, env, MODERN, REQUIREMENTS / "modern.txt")
    python = str(MODERN / "bin" / "python")
    command([uv, "pip", "install", "--quiet", "--python", python, "--no-deps", "--editable", "."], env=env)


def _make_with_torch(uv: str, env: Mapping[str, str], place: Path, requirements: Path) -> None:
    python = str(place / "bin" / "python")
    command([uv, "venv", "--quiet", "--clear", "--python", "3.11", str(place)], env=env)
    _install_torch(uv, python, env)
    locked = ["--require-hashes", "--no-deps", "-r", str(requirements)]
    command([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *locked], env=env)


def _make_rasa(uv: str, env: Mapping[str, str]) -> None:
    python = str(RASA / "bin" / "python")
    command([uv, "venv", "--quiet", "--clear", "--python", "3.10", str(RASA)], env=env)
    locked = ["--require-hashes", "--no-deps", "-r", str(REQUIREMENTS / "rasa.txt")]
    command([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *locked], env=env)


def _install_torch(uv: str, python: str, env: Mapping[str, str]) -> None:
    """The CPU build: a wheel at hand, then PyTorch's CPU index, then the default index.

    Always without dependencies: the default index's Linux build names several GB of CUDA packages as its dependencies,
    and what PyTorch needs on a CPU stands in the lock file.
    """
    base = [uv, "pip", "install", "--quiet", "--python", python, "--compile-bytecode", "--no-deps", TORCH]
    ways = [[*base, "--index", TORCH_CPU_INDEX, "--index-strategy", "first-index"], base]
    if env.get("UV_FIND_LINKS"):
        ways.insert(0, [*base, "--no-index"])
    for words in ways:
        try:
            command(words, env={**env, "UV_HTTP_TIMEOUT": "30", "UV_HTTP_RETRIES": "0"}, quiet=True)
            return
        except StepFailed as failure:
            reason = str(failure).strip().splitlines()[-1]
            say(f"PyTorch not there ({reason.strip()}); trying the next source")
    raise StepFailed(f"{TORCH} could not be installed; put its CPU wheel into a folder and set PIP_FIND_LINKS to it")


def _uv() -> str:
    """The path of uv: the one on PATH, or our own copy from PyPI in ``.tools``."""
    found = shutil.which("uv")
    if found:
        return found
    own = TOOLS / "bin" / "uv"
    if not own.exists():
        say("uv is missing; bringing it from PyPI into .tools")
        try:
            venv.create(TOOLS, with_pip=True, clear=True)
        except (subprocess.CalledProcessError, SystemExit) as failure:
            raise StepFailed("python3 cannot make virtual environments; install python3-venv (or uv) and try again") from failure
        command([str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", f"uv=={UV_VERSION}"])
    return str(own)


def _uv_environment() -> dict[str, str]:
    """uv ignores pip's own settings, so they are passed on; a caller's UV_* settings win."""
    env = dict(os.environ)
    for pip_name, uv_name in (("PIP_FIND_LINKS", "UV_FIND_LINKS"), ("PIP_INDEX_URL", "UV_DEFAULT_INDEX")):
        if env.get(pip_name):
            env.setdefault(uv_name, env[pip_name])
    env.pop("VIRTUAL_ENV", None)
    env.setdefault("UV_LINK_MODE", "hardlink" if sys.platform != "win32" else "copy")
    return env


def tool(environment: Path, name: str) -> str:
    """Path of a program inside one of the two environments."""
    return str(environment / "bin" / name)
