"""Exports a sentence-transformers model to the folder that :class:`index.encoder.OnnxEncoder` serves from.

PyTorch and sentence-transformers are needed here only, at set-up. Which precision may serve is decided by measurement: int8
where its vectors stay close enough to those of the original, else fp32.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from index import quantise
from index.encoder import RECORD, EncoderRecord, OnnxEncoder, Vectors
from index.errors import EncoderError
from index.foreign import foreign_questions
from index.weights import Model, Progress, WeightsSource, known_model

RECIPE = "6"  # raise when the way of exporting changes, so that existing exports are made anew
ENOUGH = 0.98  # mean cosine to the original from which int8 may serve
OVERFLOWN = 0.5  # a cosine below this is no rounding: the processor's signed kernel overflows (see index.quantise)
PRECISIONS = ("auto", "fp32", "int8")
_BATCH = {"fp32": 16, "int8": 1}  # int8 takes its activation scales from the whole batch: only alone is a text's vector its own


@dataclass(frozen=True, slots=True)
class Candidate:
    """One file that could serve, and how near its vectors are to the original's."""

    label: str
    file: Path
    precision: str
    cosine: float
    lowest: float


def fetch(names: Sequence[str], model_dir: Path, local: Path | None, progress: Progress, *, precision: str = "auto") -> None:
    """Make the encoders ``names`` in ``model_dir``, each only where it is not there already.

    Raises :class:`index.errors.WeightsError` or :class:`index.errors.EncoderError`.
    """
    source = WeightsSource(local, progress)
    for name in names:
        model = known_model(name)
        if is_current(model_dir / name, model, precision):
            progress(f"{name}: already exported")
            continue
        model_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=model_dir) as work:
            weights = Path(work) / "weights"
            origin = source.bring(model, weights)
            export(weights, model_dir / name, model, origin, progress, precision=precision)


def inputs_of(model: Model, precision: str) -> str:
    """Hash of all that an export depends on."""
    parts = (RECIPE, precision, model.name, model.weights_sha256, model.tokenizer_sha256)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def is_current(folder: Path, model: Model, precision: str) -> bool:
    """Whether ``folder`` holds a whole export of these very inputs."""
    try:
        record = EncoderRecord.read(folder)
        values = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (EncoderError, ValueError, OSError):
        return False
    return (
        values.get("inputs") == inputs_of(model, precision)
        and (folder / record.file).is_file()
        and (folder / "tokenizer.json").is_file()
    )


def export(weights: Path, target: Path, model: Model, origin: str, progress: Progress, *, precision: str = "auto") -> None:
    """Export the weights in ``weights`` to ``target``: made beside it and renamed into place, so it is whole or not there."""
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-export-", dir=target.parent))
    try:
        progress(f"{model.name}: exporting to ONNX")
        original, max_length, expected = _trace(weights, work, _samples())
        shutil.copyfile(weights / "tokenizer.json", work / "tokenizer.json")
        record = EncoderRecord(model.name, expected.shape[1], max_length, original.name, "fp32", _BATCH["fp32"], "")
        candidates = [_measured("fp32", original, record, expected)]
        if candidates[0].cosine < 0.999:
            raise EncoderError(
                f"the ONNX export of {model.name} differs from the original (cosine {candidates[0].cosine:.4f}) and was not "
                "kept; report it with your versions of torch and onnxruntime"
            )
        if precision != "fp32":
            candidates += _quantised(original, record, expected, progress)
        chosen = _choose(candidates, precision)
        progress(f"{model.name}: serves as {chosen.label}, cosine to the original {chosen.cosine:.4f}")
        _write(work, chosen, record, {"inputs": inputs_of(model, precision), "origin": origin, "measured": _figures(candidates)})
        _swap(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _trace(weights: Path, work: Path, samples: Sequence[str]) -> tuple[Path, int, Vectors]:
    """Load with sentence-transformers and write ``model.onnx``; its path, length limit and vectors of ``samples``."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call, unused-ignore]
    torch.set_num_threads(max(1, (os.cpu_count() or 2) // 2))
    model = SentenceTransformer(str(weights), device="cpu", local_files_only=True)
    transformer: Any = model[0].auto_model
    transformer.eval()
    transformer.set_attn_implementation("eager")

    class TokenEmbeddings(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        """The transformer alone: pooling stays outside the graph."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            """Embedding of every token, (batch, tokens, dimension)."""
            return self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    tokens = model.tokenizer(["a short text", "a longer text, so that there is some padding"], padding=True, return_tensors="pt")
    axes = {0: "batch", 1: "tokens"}
    file = work / "model.onnx"
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the tracer warns of shapes that become constants; the measurement below judges the result
        torch.onnx.export(
            TokenEmbeddings(),
            (tokens["input_ids"], tokens["attention_mask"]),
            str(file),
            input_names=["input_ids", "attention_mask"],
            output_names=["token_embeddings"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "token_embeddings": axes},
            opset_version=17,
            dynamo=False,  # the newer exporter needs a further package and gains nothing here
        )
    expected = np.asarray(model.encode(list(samples), normalize_embeddings=True, show_progress_bar=False), dtype=np.float32)
    return file, int(model.max_seq_length or 256), expected


def _samples() -> list[str]:
    """Sentences as customers type them, and paragraphs as long as a chunk."""
    questions = list(foreign_questions())
    paragraphs = [" ".join(questions[start : start + 12]) for start in range(0, len(questions), 12)]
    return questions[::4] + paragraphs


def _quantised(original: Path, record: EncoderRecord, expected: Vectors, progress: Progress) -> list[Candidate]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(original.with_name("tokenizer.json")))
    tokenizer.no_padding()
    tokenizer.enable_truncation(record.max_length)
    # Calibrated on every second sample and measured on all, so that the figure is not the calibration's own.
    arrays = [np.array([tokenizer.encode(text).ids], dtype=np.int64) for text in _samples()[::2]]
    sizes = quantise.channel_sizes(original, [{"input_ids": ids, "attention_mask": np.ones_like(ids)} for ids in arrays])
    candidates: list[Candidate] = []
    for signed in (True, False):
        for strength in (None, *quantise.STRENGTHS) if signed else quantise.STRENGTHS:
            label = f"{'int8' if signed else 'uint8'}{'' if strength is None else f' smoothed {strength}'}"
            file = original.with_name(f"{label.replace(' ', '-')}.onnx")
            quantise.quantise(original, file, sizes, strength, signed=signed)
            candidates.append(_measured(label, file, replace(record, precision="int8", batch=_BATCH["int8"]), expected))
            progress(f"{record.name}: {label}: cosine to the original {candidates[-1].cosine:.4f}")
            if signed and candidates[-1].cosine < OVERFLOWN:
                break  # no smoothing mends that
        if max(each.cosine for each in candidates) >= ENOUGH:
            break
    return candidates


def _measured(label: str, file: Path, record: EncoderRecord, expected: Vectors) -> Candidate:
    """Serve the samples with ``file`` as the product would and compare."""
    (file.parent / RECORD).write_text(json.dumps({**_fields(record), "file": file.name}), encoding="utf-8")
    found = OnnxEncoder.load(file.parent, threads=2).encode(_samples())
    cosines = (found * expected).sum(axis=1)
    return Candidate(label, file, record.precision, float(cosines.mean()), float(cosines.min()))


def _choose(candidates: Sequence[Candidate], precision: str) -> Candidate:
    quantised = [each for each in candidates if each.precision == "int8"]
    best = max(quantised, key=lambda each: each.cosine, default=candidates[0])
    return best if precision == "int8" or best.cosine >= ENOUGH else candidates[0]


def _figures(candidates: Sequence[Candidate]) -> dict[str, dict[str, float]]:
    return {each.label: {"mean_cosine": round(each.cosine, 5), "lowest_cosine": round(each.lowest, 5)} for each in candidates}


def _fields(record: EncoderRecord) -> dict[str, Any]:
    return {field: getattr(record, field) for field in record.__dataclass_fields__}


def _write(work: Path, chosen: Candidate, record: EncoderRecord, more: dict[str, Any]) -> None:
    """Keep the chosen file alone, with its record."""
    final = work / ("model.onnx" if chosen.precision == "fp32" else "model.int8.onnx")
    os.replace(chosen.file, final)
    for other in work.glob("*.onnx"):
        if other != final:
            other.unlink()
    digest = hashlib.sha256()
    for file in (final, work / "tokenizer.json"):
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    digest.update(str(record.max_length).encode())
    served = replace(
        record, file=final.name, precision=chosen.precision, batch=_BATCH[chosen.precision], fingerprint=digest.hexdigest()[:16]
    )
    text = json.dumps({**_fields(served), "served_as": chosen.label, **more}, indent=1)
    (work / RECORD).write_text(text + "\n", encoding="utf-8")


def _swap(work: Path, target: Path) -> None:
    """Put the new folder in the old one's place; a folder cannot be renamed over one that is not empty."""
    work.chmod(0o755)
    old = target.with_name(f".{target.name}-old-{os.getpid()}")
    if target.exists():
        os.replace(target, old)
    os.replace(work, target)
    shutil.rmtree(old, ignore_errors=True)
