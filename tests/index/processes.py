"""The real command line in processes of its own, forked from one that has everything loaded: what is timed or killed is the
command and not the start of Python.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

_SCRIPT = """
import json, os, signal, sys
import support, index.build, index.publishing, index.encoders, index.checks, index.status, desk.audit, desk.database

TOUCHES = ("open", "os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod", "fcntl.flock")

def run(words, step, output, folder):
    touched = 0
    def watch(event, values):
        nonlocal touched
        if event in TOUCHES and (event == "fcntl.flock" or any(str(value).startswith(folder) for value in values[:2])):
            touched += 1
            if touched == step:
                os.kill(os.getpid(), signal.SIGKILL)
    descriptor = os.open(output, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    if step:
        sys.addaudithook(watch)
    code = 70
    try:
        code = support.main(words)
    finally:
        sys.stdout.flush()
        os._exit(code)

for line in sys.stdin:
    asked = json.loads(line)
    if "wait" in asked:
        answer = os.waitstatus_to_exitcode(os.waitpid(asked["wait"], 0)[1])
    else:
        answer = os.fork() or run(asked["words"], asked["step"], asked["output"], os.environ["INDEX_DIR"])
    print(json.dumps(answer), flush=True)
"""


@dataclass(frozen=True)
class Command:
    """A command that runs."""

    pid: int
    output: Path
    office: Office

    def kill(self) -> None:
        """End it on the spot; nothing happens where it has ended."""
        os.kill(self.pid, signal.SIGKILL)  # until :meth:`end` its id stays its own

    def end(self) -> tuple[int, str]:
        """Wait for its end; the exit code (-9: killed) and all that it printed."""
        code = self.office.ask({"wait": self.pid})
        return code, self.output.read_text()


class Office:
    """Starts ``support`` with settings of its own."""

    def __init__(self, settings: Mapping[str, str], folder: Path) -> None:
        # Threads do not survive a fork; and with one seed of hashes all processes order the words of BM25 alike, byte by byte.
        alone = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SCRIPT],
            cwd=ROOT,
            env={**os.environ, **alone, **settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._folder, self._count = folder, 0

    def run(self, *words: str, step: int = 0) -> Command:
        """Start ``support`` with ``words``. With ``step`` it kills itself before its so-manieth touch of a file of the index."""
        self._count += 1
        output = self._folder / f"output-{self._count}.txt"
        return Command(self.ask({"words": words, "step": step, "output": str(output)}), output, self)

    def close(self) -> None:
        """End."""
        self._process.communicate(timeout=60)

    def ask(self, request: Mapping[str, Any]) -> int:
        """One request and its answer."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())
