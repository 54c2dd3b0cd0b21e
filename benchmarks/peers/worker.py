"""Measures one engine: ``python -m benchmarks.peers.worker JOB.json``, run by :mod:`benchmarks.search_peers`.

Runs on the peers' interpreter as on ours, so it needs numpy, ONNX Runtime and the tokenizers alone beside the engine. The
encoder is wrapped by a clock: what an engine takes less the encoder's own passes is the engine.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks.peers.chunks import Chunk
from benchmarks.peers.engines import OURS, Engine, Ours, peer
from index.encoder import Embedded, Encoder, Vectors
from index.encoders import open_encoder

ROUNDS = 3  # times that all queries are asked; a query's time is its middle one, so that a neighbour's load spoils less


@dataclass(frozen=True, slots=True)
class Job:
    """One engine at one scale. ``cache`` (ours) and ``vectors`` (the peers') hold embeddings that are not to be made again;
    ``keep`` is where a peer leaves those that it made."""

    engine: str
    encoder: str
    model_dir: str
    queries: list[str]
    top: int
    result: str
    content: str = ""
    index: str = ""
    cache: str = ""
    chunks: str = ""
    vectors: str = ""
    keep: str = ""

    @classmethod
    def read(cls, file: Path) -> Job:
        """Read a job as :meth:`write` left it."""
        return cls(**json.loads(file.read_text(encoding="utf-8")))

    def write(self, file: Path) -> None:
        """Write the job for the worker's process."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of it: seconds, MB, and for each query its milliseconds, those of its encoding, and its pages."""

    chunks: int
    build_s: float
    build_encode_s: float
    peak_mb: float
    query_ms: list[float]
    encode_ms: list[float]
    pages: list[list[str]]


class Clocked:
    """An encoder with a clock. Texts in ``known`` are not encoded and cost nothing."""

    def __init__(self, encoder: Encoder, known: Mapping[str, Vectors] | None = None) -> None:
        self._encoder = encoder
        self._known = known or {}
        self.seconds = 0.0
        self.made: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        """That of the encoder."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """That of the encoder."""
        return self._encoder.dimension

    @property
    def fingerprint(self) -> str:
        """That of the encoder."""
        return self._encoder.fingerprint

    @property
    def lexicon(self) -> Collection[str]:
        """That of the encoder."""
        return self._encoder.lexicon

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Known vectors as they are; everything else through the encoder, by the clock."""
        if texts and all(text in self._known for text in texts):
            return np.stack([self._known[text] for text in texts])
        began = time.perf_counter()
        vectors = self._encoder.encode(texts)
        self.seconds += time.perf_counter() - began
        self.made.update(zip(texts, vectors, strict=True))
        return vectors

    def embed(self, texts: Sequence[str]) -> Embedded:
        """Through the encoder, by the clock; only ours asks for tokens."""
        began = time.perf_counter()
        found = self._encoder.embed(texts)
        self.seconds += time.perf_counter() - began
        self.made.update(zip(texts, found.vectors, strict=True))
        return found

    def reset(self) -> float:
        """Seconds since the last reset."""
        passed, self.seconds, self.made = self.seconds, 0.0, {}
        return passed


def measure(job: Job) -> Measured:
    """Build, ask all queries once for their pages, then :data:`ROUNDS` times for their time."""
    chunks = read_chunks(Path(job.chunks)) if job.chunks else []
    known = dict(zip((chunk.text for chunk in chunks), np.load(job.vectors), strict=True)) if job.vectors else {}
    encoder = Clocked(open_encoder(job.encoder, Path(job.model_dir)), known)
    encoder.encode(["warm up"])
    encoder.reset()
    engine: Engine
    if job.engine == OURS:
        if job.cache:
            shutil.copytree(job.cache, Path(job.index) / "cache")
        engine = Ours(encoder, Path(job.content), Path(job.index))
    else:
        engine = peer(job.engine, encoder, chunks)
    began = time.perf_counter()
    count = engine.build()
    built = time.perf_counter() - began
    if job.keep:
        np.save(job.keep, np.stack([encoder.made[chunk.text] for chunk in chunks]))
    encoding = encoder.reset()
    pages = [engine.pages(query, job.top) for query in job.queries]
    rounds = [[_timed(engine, encoder, query, job.top) for query in job.queries] for _ in range(ROUNDS)]
    middle = [sorted(times)[ROUNDS // 2] for times in zip(*rounds, strict=True)]
    return Measured(count, built, encoding, peak_mb(), [whole for whole, _ in middle], [part for _, part in middle], pages)


def _timed(engine: Engine, encoder: Clocked, query: str, top: int) -> tuple[float, float]:
    """Milliseconds of one query, and those of its encoding."""
    encoder.reset()
    began = time.perf_counter()
    engine.pages(query, top)
    whole = time.perf_counter() - began
    return whole * 1000, encoder.reset() * 1000


def read_chunks(file: Path) -> list[Chunk]:
    """The chunks of a JSONL file."""
    return [Chunk(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def write_chunks(file: Path, chunks: Sequence[Chunk]) -> None:
    """One chunk a line; in ASCII, so that no character of a text ends a line."""
    file.write_text("".join(json.dumps(asdict(chunk)) + "\n" for chunk in chunks), encoding="utf-8")


def peak_mb() -> float:
    """Most memory that this process ever held. Not by ``getrusage`` on Linux, where a child begins at its parent's peak."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> int:
    """Do the job and write what came of it."""
    job = Job.read(Path(sys.argv[1]))
    Path(job.result).write_text(json.dumps(asdict(measure(job))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
