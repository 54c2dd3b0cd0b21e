"""The knowledge base as the web process sees it: there or not yet, and always the live version.

The index may be built or published while this process runs. So it is opened on first use and looked after
on each use, and a help centre without an index says so instead of failing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from index.encoder import Embedded, Encoder, EncoderRecord, OnnxEncoder, Vectors
from index.encoders import open_encoder
from index.knowledge_base import KnowledgeBase

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 2.0


class Library:
    """Opens the knowledge base lazily with ``opener`` and follows its live pointer. Safe to use from
    several threads.
    """

    def __init__(self, opener: Callable[[], KnowledgeBase]) -> None:
        self._opener = opener
        self._lock = threading.Lock()
        self._open: KnowledgeBase | None = None
        self._tried_at = float("-inf")

    def current(self) -> KnowledgeBase | None:
        """The live knowledge base, or None while no index has been built. Blocking: call it in a thread."""
        with self._lock:
            if self._open is None:
                self._try_to_open()
            else:
                self._refresh(self._open)
            return self._open

    def _try_to_open(self) -> None:
        if time.monotonic() - self._tried_at < _RETRY_SECONDS:
            return
        self._tried_at = time.monotonic()
        try:
            self._open = self._opener()
        except (ValueError, OSError, LookupError) as error:
            logger.warning("no knowledge base yet: %s", error)

    def _refresh(self, knowledge: KnowledgeBase) -> None:
        """A broken new version must not take the good old one away."""
        try:
            knowledge.refresh()
        except (ValueError, OSError, LookupError) as error:
            logger.error("the new version of the index could not be opened: %s", error)


class EncoderOnDemand:
    """An encoder that is loaded by the first search.

    Pages need the index but no embeddings, and a model takes hundreds of megabytes: a web process whose help
    centre nobody searches never pays for them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._record = EncoderRecord.read(folder)
        self._lock = threading.Lock()
        self._loaded: OnnxEncoder | None = None

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._loaded is not None

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._record.name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._record.dimension

    @property
    def fingerprint(self) -> str:
        """Hash of everything that decides the vectors."""
        return self._record.fingerprint

    @property
    def lexicon(self) -> Collection[str]:
        """Whole words that the model knows by themselves, in lower case."""
        return self._model().lexicon

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of ``texts``, one a row."""
        return self._model().encode(texts)

    def embed(self, texts: Sequence[str]) -> Embedded:
        """The same vectors, and the tokens of each text."""
        return self._model().embed(texts)

    def _model(self) -> OnnxEncoder:
        with self._lock:
            if self._loaded is None:
                self._loaded = OnnxEncoder.load(self._folder)
            return self._loaded


class Encoders:
    """The encoders of this process by name, so that one model is in memory once however many parts use it."""

    def __init__(self, model_dir: Path) -> None:
        self._model_dir = model_dir
        self._lock = threading.Lock()
        self._on_demand: dict[str, EncoderOnDemand] = {}

    def open(self, name: str) -> Encoder:
        """The encoder of that name, which loads itself when it is first used. Raises ``EncoderError`` where there is none."""
        if name.startswith("hashing-"):
            return open_encoder(name, self._model_dir)
        with self._lock:
            if name not in self._on_demand:
                self._on_demand[name] = EncoderOnDemand(self._model_dir / name)
            return self._on_demand[name]

    def loaded(self, name: str) -> bool:
        """Whether texts can be encoded without loading a model first."""
        known = self._on_demand.get(name)
        return name.startswith("hashing-") or (known is not None and known.loaded)
