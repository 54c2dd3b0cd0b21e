"""Builds of the knowledge base, started from the console and run in a process of their own.

A build needs a core and hundreds of megabytes for a while. In a process of its own, at a low priority, it takes neither from the
turns that this process serves, and both are given back when it ends. Progress and the result stay in this process's memory.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from index.build import Built
from index.history import Event

_COUNTED = re.compile(r"(\d+) of (\d+)")
_POLITE = 5  # added to the niceness: turns go first


class BuildRunning(Exception):
    """A build is under way; there is one at a time."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to build: plain values, as they go to another process."""

    content: Path
    index_dir: Path
    encoder: str
    model_dir: Path
    policy_file: Path
    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BuildState:
    """How a build stands. ``done`` of ``total`` steps where that is known; ``built`` or ``error`` once it has ended."""

    number: int
    by: str
    at: datetime
    line: str = "starting"
    done: int = 0
    total: int = 0
    built: Built | None = None
    error: str = ""

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self.built is None and not self.error


class Builds:
    """Runs one build at a time. ``observer``, which must not raise, is told in this process of the history's events."""

    def __init__(self, observer: Callable[[Event], None]) -> None:
        self._observer = observer
        self._lock = threading.Lock()
        self._state: BuildState | None = None
        self._process: multiprocessing.process.BaseProcess | None = None

    @property
    def state(self) -> BuildState | None:
        """The build under way, or the last one since this process started."""
        return self._state

    def start(self, job: Job) -> BuildState:
        """Begin a build. Raises :class:`BuildRunning` while another one is under way, ``OSError`` where none can be started."""
        with self._lock:
            if self._state is not None and self._state.running:
                raise BuildRunning(f"{self._state.by} is building already; wait until it has ended")
            state = BuildState(self._state.number + 1 if self._state else 1, job.by, job.at)
            # A fresh interpreter: a fork would carry this process's threads' locks with it.
            spawning = multiprocessing.get_context("spawn")
            ours, theirs = spawning.Pipe(duplex=False)
            process = spawning.Process(target=run_job, args=(job, theirs), name="kb-build", daemon=True)
            with theirs:
                process.start()
            self._state, self._process = state, process  # only now: what could not be started is not running
            follower = threading.Thread(target=self._follow, args=(state, ours, process), name="kb-build-progress", daemon=True)
        follower.start()
        return state

    def close(self) -> None:
        """Stop a build that is under way. What it had begun is swept up by the next one."""
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(5)

    def _follow(self, state: BuildState, pipe: Connection, process: multiprocessing.process.BaseProcess) -> None:
        with pipe:
            while True:
                try:
                    told = pipe.recv()
                except (EOFError, OSError):
                    break
                if isinstance(told, Event):
                    self._observer(told)
                else:
                    state = self._show(after(state, told))
        process.join()
        if state.running:
            said = f"The build stopped unexpectedly (exit code {process.exitcode}). Build again."
            self._show(replace(state, error=said))

    def _show(self, state: BuildState) -> BuildState:
        """Keep the state, unless the next build has begun since this one ended."""
        with self._lock:
            if self._state is not None and self._state.number == state.number:
                self._state = state
        return state


def after(state: BuildState, told: str | Built | ValueError) -> BuildState:
    """The state of a build after what it told: a line of progress, the result, or what was wrong."""
    if isinstance(told, Built):
        return replace(state, built=told)
    if isinstance(told, ValueError):
        return replace(state, error=str(told))
    counted = _COUNTED.search(told)
    done, total = (int(counted[1]), int(counted[2])) if counted else (0, 0)
    return replace(state, line=told, done=done, total=total)


def run_job(job: Job, pipe: Connection) -> None:
    """Build in this process and tell the pipe: lines of progress, events, and at last the result or what was wrong."""
    # Imported here: the process that only starts builds need not hold what they need.
    from index.build import build
    from index.checks import Allowed
    from index.encoders import open_encoder

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process in order
    os.nice(_POLITE)
    try:
        pipe.send("loading the embedding model")
        built = build(
            job.content,
            job.index_dir,
            open_encoder(job.encoder, job.model_dir),
            at=job.at,
            by=job.by,
            why=job.why,
            allowed=Allowed.from_policy(job.policy_file),
            observer=pipe.send,
            progress=pipe.send,
        )
    except (ValueError, OSError, LookupError) as error:
        with contextlib.suppress(OSError):  # the parent may be gone, and then nobody listens
            pipe.send(ValueError(str(error)))
    else:
        pipe.send(built)
