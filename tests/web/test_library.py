from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import EncoderError
from index.knowledge_base import KnowledgeBase
from tests.web.knowledge import SmallKnowledgeBase, small_knowledge_base
from web.library import EncoderOnDemand, Library


def test_the_encoder_is_read_but_not_loaded(tmp_path: Path) -> None:
    """What the index compares is known without the model; only the first search needs its files."""
    record = {
        "name": "small",
        "dimension": 8,
        "max_length": 16,
        "file": "model.onnx",
        "precision": "fp32",
        "batch": 1,
        "fingerprint": "abc",
    }
    (tmp_path / "encoder.json").write_text(json.dumps(record))
    encoder = EncoderOnDemand(tmp_path)
    assert (encoder.name, encoder.dimension, encoder.fingerprint) == ("small", 8, "abc")
    with pytest.raises(EncoderError):
        encoder.encode(["x"])


def test_a_broken_new_version_does_not_take_the_old_one_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the version that was just published cannot be opened, the one that serves goes on."""

    def broken(self: SmallKnowledgeBase) -> bool:
        raise ValueError("not whole")

    monkeypatch.setattr(SmallKnowledgeBase, "refresh", broken)
    library = Library(small_knowledge_base)
    first = library.current()
    assert first is not None and library.current() is first


def test_a_missing_index_is_not_looked_for_at_each_request() -> None:
    """While there is no index, it is tried again only now and then."""
    tries: list[int] = []

    def missing() -> KnowledgeBase:
        tries.append(1)
        raise ValueError("no index")

    library = Library(missing)
    assert [library.current() for _ in range(5)] == [None] * 5
    assert len(tries) == 1
