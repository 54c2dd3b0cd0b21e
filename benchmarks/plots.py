"""The evaluation's plots, as PNG: confusion matrices, the reliability diagram, decisions under perturbation.

Each function takes what :mod:`benchmarks.intents` and :mod:`benchmarks.decisions` report, as read back from their JSON, and
writes one file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

DPI = 140
DARK, BLUE, PALE, GREY = "#22303c", "#2f6f9f", "#c9dcea", "#8795a1"
SHADES = ("#1f4e79", "#2f6f9f", "#6fa3c7", "#b4cfe2")
LARGE = 15  # classes, above which a matrix has small cells and no percentages
PERTURBED = {"none": "as written", "typos": "typos", "lower": "lower case", "bare": "no punctuation"}
MEASURES = {"decision": "kind of reply", "area": "area", "refusal_class": "refusal class", "policy_topic": "policy topic"}


def confusion_matrix(found: Mapping[str, Any], title: str, file: Path) -> None:
    """Counts, shaded by the share of each row; what is right stands on the diagonal."""
    labels, columns, counts = found["labels"], found["columns"], found["counts"]
    large = len(labels) > LARGE
    wide, high = (0.3, 0.22) if large else (0.8, 0.5)
    figure = Figure(figsize=(3.2 + wide * len(columns), 2.4 + high * len(labels)), layout="constrained")
    axes = figure.subplots()
    shares = [[count / max(1, sum(line)) for count in line] for line in counts]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for down, line in enumerate(counts):
        for across, count in enumerate(line):
            share = shares[down][across]
            if count:
                text = f"{count}\n{share:.0%}" if columns[across] == labels[down] and not large else str(count)
                color, size = "white" if share > 0.5 else DARK, 6 if large else 8
                axes.text(across, down, text, ha="center", va="center", fontsize=size, color=color)
    named = [f"{label} ({sum(line)})" for label, line in zip(labels, counts, strict=True)]
    axes.set_yticks(range(len(labels)), named)
    axes.set_xticks(range(len(columns)), columns, rotation=60 if large else 35, ha="right", rotation_mode="anchor")
    axes.set_ylabel("is (utterances)")
    axes.set_xlabel("was named")
    if len(columns) > len(labels):
        axes.axvline(len(labels) - 0.5, color=DARK, linewidth=1)
    for edge in axes.spines.values():
        edge.set_visible(False)
    _save(figure, axes, title, file)


def reliability_diagram(found: Mapping[str, Any], file: Path) -> None:
    """Share right over probability, against the diagonal of probabilities that hold; below, how many utterances have which."""
    bins: Sequence[Mapping[str, float]] = found["bins"]
    figure = Figure(figsize=(6, 6.6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
    middles, widths = [(each["low"] + each["high"]) / 2 for each in bins], [each["high"] - each["low"] for each in bins]
    above.bar(middles, [each["right"] for each in bins], widths, color=PALE, edgecolor="white", label="share right in the bin")
    above.plot([0, 1], [0, 1], linestyle="--", color=GREY, label="as sure as right")
    means, right = [each["probability"] for each in bins], [each["right"] for each in bins]
    above.plot(means, right, marker="o", color=BLUE, label="share right over mean probability")
    for each in bins:
        high = each["right"] >= each["probability"]
        place = (-4, 8) if high else (6, -14)
        above.annotate(
            f"{each['right']:.2f}",
            (each["probability"], each["right"]),
            place,
            textcoords="offset points",
            ha="right" if high else "left",
            fontsize=8,
            color=DARK,
        )
    above.set(ylabel="share right", ylim=(0, 1.04), xlim=(0, 1))
    above.legend(loc="upper left", frameon=False, fontsize=9)
    below.bar(middles, [each["count"] for each in bins], widths, color=BLUE, edgecolor="white")
    below.set(ylabel="utterances", xlabel="probability of the likeliest intent")
    _bare(below)
    title = f"Can the probabilities be believed? Expected calibration error {found['expected_calibration_error']:.3f}"
    _save(figure, above, title, file)


def perturbations(results: Mapping[str, Any], file: Path) -> None:
    """A panel for each set: shares right in each measure, as written and perturbed. Sets are named ``<set>, <perturbation>``."""
    sets: dict[str, dict[str, Mapping[str, float]]] = {}
    for name, found in results.items():
        stem, _, kind = name.rpartition(", ")
        sets.setdefault(stem, {})[PERTURBED.get(kind, kind)] = found["share"]
    figure = Figure(figsize=(8.5, 2.9 * len(sets) + 0.4), layout="constrained")
    panels = figure.subplots(len(sets), 1, squeeze=False)[:, 0]
    for axes, (stem, kinds) in zip(panels, sets.items(), strict=True):
        width = 0.8 / len(kinds)
        for number, (kind, share) in enumerate(kinds.items()):
            there = [(place, share[name]) for place, name in enumerate(MEASURES) if name in share]
            at = [place - 0.4 + (number + 0.5) * width for place, _ in there]
            bars = axes.bar(at, [value for _, value in there], width * 0.94, label=kind, color=SHADES[number % len(SHADES)])
            axes.bar_label(bars, fmt=lambda value: f"{value * 100:.1f}", fontsize=7, padding=1, color=DARK)
        axes.set_xticks(range(len(MEASURES)), list(MEASURES.values()))
        axes.set(ylabel="share right", ylim=(0, 1.03))
        axes.set_title(f"First messages: {stem}", fontsize=11, loc="left", color=DARK)
        _bare(axes)
    panels[0].legend(ncols=4, loc="lower right", bbox_to_anchor=(1, 1.01), frameon=False, fontsize=9)
    figure.savefig(file, dpi=DPI)


def _save(figure: Figure, axes: Axes, title: str, file: Path) -> None:
    _bare(axes)
    figure.suptitle(title, fontsize=11, color=DARK)
    figure.savefig(file, dpi=DPI)


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9)
