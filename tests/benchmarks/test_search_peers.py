from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import search_peers
from benchmarks.peers import worker
from benchmarks.peers.chunks import WORDS, Chunk, best_pages, copies_for, cut, repeated
from benchmarks.peers.engines import KINDS, OURS, PEERS, Engine
from benchmarks.peers.report import against, figures, ranks, table, with_ratios
from benchmarks.peers.worker import Clocked, Job, Measured, measure, peak_mb, read_chunks, write_chunks
from benchmarks.search_peers import Bench, compare, main, pythons, read_pieces
from index.encoder import Encoder, HashingEncoder
from launch.steps import StepFailed
from tests.index.conftest import Workshop

MEASURED = Measured(10, 4.0, 3.0, 200.0, [4.0, 6.0], [3.0, 3.0], [["a", "b"], ["b", "a"]])
RELEVANT = [["a"], ["a"]]
JOB = Job(OURS, "hashing-32", "", ["undo an import", "invoice"], 5, "")


class InOrder:
    """A peer's double: finds pages by the words that they share with the query."""

    def __init__(self, encoder: Encoder, chunks: Sequence[Chunk]) -> None:
        self._encoder, self._chunks = encoder, chunks

    def build(self) -> int:
        """Encodes everything, as engines do."""
        self._encoder.encode([chunk.text for chunk in self._chunks])
        return len(self._chunks)

    def pages(self, query: str, top: int) -> list[str]:
        """Encodes the query, as engines do."""
        self._encoder.encode([query])
        asked = set(query.split())
        return best_pages(
            [each.page for each in sorted(self._chunks, key=lambda each: -len(asked & set(each.text.split())))], top
        )


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Two pages, nothing built yet."""
    return Workshop(tmp_path)


@pytest.fixture
def doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Peers without their libraries."""

    def double(name: str, encoder: Encoder, chunks: Sequence[Chunk]) -> Engine:
        assert name in PEERS
        return InOrder(encoder, chunks)

    monkeypatch.setattr(worker, "peer", double)


@pytest.mark.parametrize("length", [1, WORDS, WORDS + 1, 3 * WORDS - 1])
def test_a_page_is_cut_into_pieces_that_lose_and_repeat_nothing(length: int) -> None:
    """Each piece has at most so many words, and together they are the page."""
    text = " ".join(f"w{number}" for number in range(length))
    pieces = list(cut("a.md", text, "Title"))
    assert " ".join(piece.text for piece in pieces) == text
    assert len(pieces) == -(-length // WORDS) and all(len(piece.text.split()) <= WORDS for piece in pieces)


def test_a_page_without_text_is_its_title() -> None:
    """Such a page can still be found."""
    assert list(cut("a.md", " \n", "Undo")) == [Chunk("a.md", "Undo")]


def test_the_corpus_is_repeated_until_it_is_large_enough() -> None:
    """As few copies as reach the number, one at least."""
    assert [copies_for(*each) for each in ((998, 10_000), (5, 10), (20, 10), (0, 10))] == [11, 2, 1, 10]


def test_copies_differ_and_the_first_is_the_corpus() -> None:
    """Texts and pages are all different; vectors are near their original, of length 1, and the same in every run."""
    vectors = HashingEncoder(64).encode(["one", "two"])
    chunks, wide = repeated([Chunk("a", "one"), Chunk("b", "two")], vectors, 3)
    assert len({chunk.text for chunk in chunks}) == 6 and len({chunk.page for chunk in chunks}) == 6
    assert wide.shape == (6, 64) and np.allclose(wide[:2], vectors) and not np.allclose(wide[2:4], vectors)
    assert np.allclose(np.linalg.norm(wide, axis=1), 1, atol=1e-5) and ((wide[2:4] * vectors).sum(axis=1) > 0.9).all()
    assert (repeated([Chunk("a", "one"), Chunk("b", "two")], vectors, 3)[1] == wide).all()


def test_a_page_stands_where_its_best_chunk_stands() -> None:
    """Later chunks of a page change nothing, and no page comes twice."""
    assert best_pages(["b", "a", "b", "c", "a", "d"], 3) == ["b", "a", "c"]


def test_questions_without_an_answer_count_for_no_hit() -> None:
    """They are timed alone; a page that is not found ranks behind every bound."""
    found = ranks([["a", "b"], ["a"], ["c"]], [["b"], [], ["x"]])
    assert found[0] == 1 and found[1] > 1000 and len(found) == 2


def test_the_engine_is_what_is_left_without_the_encoder() -> None:
    """Build and queries are told with and without the encoder's passes; hits have intervals around them."""
    row = figures(MEASURED, RELEVANT)
    assert (row["build_s"], row["build_engine_s"]) == (4.0, 1.0)
    assert (row["query_p50_ms"], row["engine_p50_ms"]) == (5.0, 2.0)
    assert row["hit@1"]["value"] == 0.5 and row["hit@1"]["low"] <= 0.5 <= row["hit@1"]["high"] and row["hit@5"]["value"] == 1.0


def test_hits_are_left_out_where_nothing_is_known_to_be_right() -> None:
    """The larger scale measures speed alone."""
    assert "hit@1" not in figures(MEASURED) and "hit@1" not in figures(MEASURED, [[], []])
    assert against(MEASURED, MEASURED, [[], []]) == {}


def test_ratios_are_to_ours() -> None:
    """Twice our time is 2; ours is 1; a ratio to nothing is none."""
    slow = replace(MEASURED, query_ms=[8.0, 12.0], encode_ms=[0.0, 0.0], build_encode_s=4.0)
    rows = with_ratios({OURS: figures(MEASURED, RELEVANT), "txtai": figures(slow, RELEVANT)})
    assert rows[OURS]["ratios"]["query_p50_ms"] == 1 and rows["txtai"]["ratios"]["query_p50_ms"] == 2
    assert rows["txtai"]["ratios"]["engine_p50_ms"] == 5 and rows["txtai"]["ratios"]["hit@5"] == 1
    assert with_ratios({"txtai": figures(slow)})["txtai"]["ratios"]["peak_mb"] is None


def test_hits_are_compared_question_by_question() -> None:
    """What a peer finds more than ours is above 0."""
    better = replace(MEASURED, pages=[["a"], ["a"]])
    assert against(MEASURED, better, RELEVANT)["hit@1"]["value"] == 0.5
    assert against(MEASURED, MEASURED, RELEVANT)["hit@1"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_the_table_shows_every_engine_with_its_ratio() -> None:
    """One row an engine, as many cells as the head has; one that did not run says why."""
    rows = with_ratios({OURS: figures(MEASURED, RELEVANT), "txtai": figures(MEASURED, RELEVANT), "chroma": {"error": "no wheel"}})
    head, rule, *lines = table(rows).splitlines()
    assert [line.split(" ")[1] for line in lines] == [OURS, "txtai", "chroma"]
    assert {line.count("|") for line in (head, rule, *lines)} == {head.count("|")}
    assert "(1.00×)" in lines[1] and "0.500 [" in lines[1] and "no wheel" in lines[2]


def test_known_texts_are_not_encoded_and_cost_nothing() -> None:
    """The clock counts the encoder's passes alone and begins anew after each reset."""
    encoder = HashingEncoder(32)
    clocked = Clocked(encoder, {"one": encoder.encode(["two"])[0]})
    assert np.allclose(clocked.encode(["one"]), encoder.encode(["two"])) and clocked.seconds == 0
    assert np.allclose(clocked.encode(["one", "two"]), encoder.encode(["one", "two"])) and set(clocked.made) == {"one", "two"}
    assert clocked.reset() > 0 and clocked.seconds == 0 and clocked.fingerprint == encoder.fingerprint


def test_chunks_survive_their_file(tmp_path: Path) -> None:
    """Whatever characters a text has, line separators among them."""
    chunks = [Chunk("a.md", "one\u2028two\nthree"), Chunk("b/ü.md", "")]
    write_chunks(tmp_path / "chunks.jsonl", chunks)
    assert read_chunks(tmp_path / "chunks.jsonl") == chunks


def test_ours_is_measured_by_its_own_build_and_search(workshop: Workshop, tmp_path: Path) -> None:
    """The worker builds the folder and asks each query, its time that of its middle round."""
    job = replace(JOB, content=str(workshop.content), index=str(tmp_path / "benchmark-index"))
    done = measure(job)
    assert done.chunks > 2 and done.pages[0][0] == "articles/technical/undo-an-import.md"
    assert len(done.query_ms) == len(done.encode_ms) == 2 and done.build_s > done.build_encode_s > 0
    assert all(whole >= part > 0 for whole, part in zip(done.query_ms, done.encode_ms, strict=True)) and peak_mb() > 10


@pytest.mark.usefixtures("doubles")
def test_both_scales_are_measured(workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The larger scale takes the smaller one's embeddings, so building it encodes nothing; only the smaller one counts hits."""

    def run(words: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        job = Job.read(Path(words[-1]))
        Path(job.result).write_text(json.dumps(asdict(measure(job))))
        return subprocess.CompletedProcess(words, 0, "", "")

    monkeypatch.setattr(search_peers.subprocess, "run", run)
    cases = [
        {"query": "undo an import", "relevant": ["articles/technical/undo-an-import.md"]},
        {"query": "invoice", "relevant": []},
    ]
    bench = Bench({OURS: "python", "txtai": "python"}, JOB, tmp_path / "work")
    bench.folder.mkdir()
    small, wide = compare(bench, workshop.content, read_pieces(workshop.content), cases, 5).values()
    assert small[OURS]["hit@1"]["value"] == 1 and "hits_against_ours" in small["txtai"]
    assert wide["txtai"]["chunks"] >= 5 and wide[OURS]["chunks"] > small[OURS]["chunks"]
    assert wide["txtai"]["build_engine_s"] == wide["txtai"]["build_s"] and "hit@1" not in wide[OURS]


def test_an_engine_that_fails_is_named_and_the_others_go_on(workshop: Workshop, tmp_path: Path) -> None:
    """Its last words are the reason, at both scales."""
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'no such library' >&2\nexit 3\n")
    broken.chmod(0o755)
    bench = Bench({OURS: str(broken), "txtai": str(broken)}, JOB, tmp_path)
    scales = compare(bench, workshop.content, read_pieces(workshop.content), [{"query": "undo", "relevant": []}], 5)
    small, wide = scales.values()
    assert small[OURS]["error"] == small["txtai"]["error"] == "no such library" and "embeddings" in wide["txtai"]["error"]


def test_ours_alone_needs_no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Peers that are not asked for are not installed; where theirs cannot be made, the message says what to do."""

    def fail(place: Path) -> Path:
        raise StepFailed("no index within reach")

    monkeypatch.setattr(search_peers, "make_peers", fail)
    assert pythons([OURS], tmp_path) == {OURS: sys.executable}
    with pytest.raises(SystemExit, match=r"(?s)no index within reach.*PIP_FIND_LINKS.*--engines ours"):
        pythons(list(KINDS), tmp_path)


def test_the_command_writes_what_it_prints(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table on the terminal, the same figures in DATA_DIR/eval, in a process of its own."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"query": "undo an import", "relevant": ["articles/technical/undo-an-import.md"]}\n')
    words = ["--content", str(workshop.content), "--queries", str(queries), "--encoder", "hashing-32"]
    assert main([*words, "--engines", OURS, "--chunks", "0"]) == 0
    written = json.loads((tmp_path / "data" / "eval" / "search_peers.json").read_text())
    assert written["scales"]["2 pages"][OURS]["hit@1"]["value"] == 1 and "| ours (" in capsys.readouterr().out
