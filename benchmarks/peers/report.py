"""From measurements to figures, ratios and a Markdown table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.peers.engines import KINDS, OURS
from benchmarks.peers.worker import Measured
from benchmarks.search_quality import interval

COLUMNS = {
    "build_s": "build s",
    "build_engine_s": "of it engine",
    "peak_mb": "peak MB",
    "query_p50_ms": "query ms p50",
    "query_p95_ms": "p95",
    "engine_p50_ms": "engine ms p50",
    "engine_p95_ms": "p95",
}
HITS = {"hit@1": 1, "hit@5": 5}


def ranks(pages: Sequence[Sequence[str]], relevant: Sequence[Sequence[str]]) -> npt.NDArray[np.int64]:
    """Rank of the first right page (0 the best) for each question that has one; what is not found ranks behind everything."""
    asked = [(found, set(right)) for found, right in zip(pages, relevant, strict=True) if right]
    return np.array(
        [next((place for place, page in enumerate(found) if page in right), 10**6) for found, right in asked], dtype=np.int64
    )


def figures(measured: Measured, relevant: Sequence[Sequence[str]] | None = None) -> dict[str, Any]:
    """Times, memory and, where it is known what is right, hits with their intervals. ``engine`` is without the encoder."""
    whole = np.array(measured.query_ms)
    engine = whole - np.array(measured.encode_ms)
    found: dict[str, Any] = {
        "chunks": measured.chunks,
        "build_s": measured.build_s,
        "build_engine_s": measured.build_s - measured.build_encode_s,
        "peak_mb": measured.peak_mb,
    }
    for name, values in (("query", whole), ("engine", engine)):
        for label, share in (("p50", 0.5), ("p95", 0.95)):
            found[f"{name}_{label}_ms"] = float(np.quantile(values, share))
    found = {name: round(value, 3) for name, value in found.items()}
    placed = ranks(measured.pages, relevant) if relevant is not None else np.array([])
    if len(placed):
        for name, at in HITS.items():
            found[name] = interval(placed < at, _mean)
    return found


def with_ratios(scale: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each engine's figures with ``ratios`` to ours: above 1 is slower or larger than ours, in hits better."""
    ours = scale.get(OURS, {})
    return {
        name: {**row, "ratios": {} if "error" in row else {key: _ratio(row.get(key), ours.get(key)) for key in (*COLUMNS, *HITS)}}
        for name, row in scale.items()
    }


def against(ours: Measured, theirs: Measured, relevant: Sequence[Sequence[str]]) -> dict[str, Any]:
    """What a peer has more hits than ours, question by question, so that the interval is narrower than each one's own."""
    first, second = ranks(ours.pages, relevant), ranks(theirs.pages, relevant)
    return {name: interval((second < at).astype(float) - (first < at), _mean) for name, at in HITS.items()} if len(first) else {}


def table(scale: Mapping[str, dict[str, Any]]) -> str:
    """One row an engine; behind each figure its ratio to ours."""
    hits = [name for name in HITS if any(name in row for row in scale.values())]
    lines = [
        "| " + " | ".join(("engine", "chunks", *COLUMNS.values(), *hits)) + " |",
        "| --- " * (2 + len(COLUMNS) + len(hits)) + "|",
    ]
    for name, row in scale.items():
        label = f"{name} ({KINDS[name]})"
        if "error" in row:
            lines.append(f"| {label} | did not run: {row['error']} |" + " |" * (len(COLUMNS) + len(hits)))
            continue
        cells = [f"{_short(row[key])}{_times(row['ratios'].get(key))}" for key in COLUMNS]
        cells += [f"{row[key]['value']:.3f} [{row[key]['low']:.3f}, {row[key]['high']:.3f}]" for key in hits]
        lines.append(f"| {label} | {row['chunks']:,.0f} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _ratio(value: Any, base: Any) -> float | None:
    value, base = (each["value"] if isinstance(each, dict) else each for each in (value, base))
    return round(value / base, 3) if value is not None and base else None


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f" ({ratio:.2f}×)"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _mean(sample: npt.NDArray[Any]) -> float:
    return float(sample.mean())
