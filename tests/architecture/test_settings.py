from __future__ import annotations

import dataclasses
import stat
from datetime import datetime, timezone
from pathlib import Path

import pytest

import settings
from settings import ROOT, SETTINGS, Settings, SettingsError

SECRETS = {name: "s" * 32 for name in ("WIDGET_IDENTITY_SECRET", "CHANNEL_SECRET", "SESSION_SECRET")}
NO_DEFAULT = {"", "empty", "none", "–", "-"}


def _rows_of_readme() -> dict[str, str]:
    """Default by name, from the README's table of settings."""
    rows = {}
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.lstrip().startswith("| `") and len(cells) >= 3 and cells[0].strip("`").isupper():
            rows[cells[0].strip("`")] = cells[1].strip("`")
    return rows


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_readme_lists_every_setting(setting: settings.Setting) -> None:
    """The README's table has each setting with the default that the code uses."""
    rows = _rows_of_readme()
    assert setting.name in rows
    written = "" if rows[setting.name].lower() in NO_DEFAULT else rows[setting.name]
    assert written == setting.default


def test_the_readme_lists_no_other() -> None:
    """The README promises no setting that does not exist."""
    assert set(_rows_of_readme()) == {setting.name for setting in SETTINGS}


def test_each_setting_is_a_field() -> None:
    """The list of settings and the settings object name the same things, each with a meaning."""
    assert {setting.name.lower() for setting in SETTINGS} == {field.name for field in dataclasses.fields(Settings)}
    assert all(setting.meaning.strip() for setting in SETTINGS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENVIRONMENT", "staging"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("RASA_PORT", "70000"),
        ("ACTIONS_PORT", "-1"),
        ("SUPPORT_NOW", "yesterday"),
        ("SUPPORT_NOW", "2026-05-01T16:30"),
        ("WIDGET_IDENTITY_SECRET", "short"),
        ("CHANNEL_SECRET", "short"),
        ("SESSION_SECRET", "short"),
    ],
)
def test_an_error_names_the_variable(name: str, value: str, tmp_path: Path) -> None:
    """A value that cannot be used is refused by the variable's name and with what to write."""
    with pytest.raises(SettingsError, match=rf"^{name} .*write"):
        settings.load({"DATA_DIR": str(tmp_path), name: value})


@pytest.mark.parametrize("missing", SECRETS)
def test_production_demands_every_secret(missing: str, tmp_path: Path) -> None:
    """In production no secret is made up: the first that is missing is named."""
    env = {"ENVIRONMENT": "production", "DATA_DIR": str(tmp_path), **SECRETS}
    assert settings.load(env).production
    with pytest.raises(SettingsError, match=f"^{missing} "):
        settings.load({**env, missing: ""})
    assert not (tmp_path / "secrets").exists()


def test_production_refuses_a_fixed_clock(tmp_path: Path) -> None:
    """In production the clock cannot be fixed."""
    env = {"ENVIRONMENT": "production", "DATA_DIR": str(tmp_path), **SECRETS, "SUPPORT_NOW": "2026-05-01T16:30+01:00"}
    with pytest.raises(SettingsError, match="SUPPORT_NOW"):
        settings.load(env)


def test_development_makes_secrets_once(tmp_path: Path) -> None:
    """In development each secret is made once, differs from the others, stays, and only the owner can read it."""
    env = {"DATA_DIR": str(tmp_path)}
    first, second = settings.load(env), settings.load(env)
    made = [first.widget_identity_secret, first.channel_secret, first.session_secret]
    assert made == [second.widget_identity_secret, second.channel_secret, second.session_secret]
    assert len(set(made)) == 3 and all(len(secret) >= 32 for secret in made)
    files = sorted((tmp_path / "secrets").iterdir())
    assert len(files) == 3 and all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_paths_count_from_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative paths count from the project's root, wherever a process was started; state lies below ``DATA_DIR``."""
    monkeypatch.chdir(tmp_path)
    env = {**SECRETS, "DATA_DIR": "elsewhere"}
    current = settings.load(env)
    assert current.data_dir == ROOT / "elsewhere"
    assert current.policy_file == ROOT / "policy" / "policy.yml"
    assert current.index_dir == ROOT / "elsewhere" / "index" and current.model_dir == ROOT / "elsewhere" / "models"
    assert current.database_url == f"sqlite:///{ROOT}/elsewhere/support.db"
    assert not (ROOT / "elsewhere").exists()


def test_an_empty_variable_is_unset(tmp_path: Path) -> None:
    """``REDIS_URL=`` switches Redis off, and an empty ``PORT=`` is the default."""
    current = settings.load({"DATA_DIR": str(tmp_path), "REDIS_URL": " ", "PORT": "", "WEIGHTS_DIR": ""})
    assert (current.redis_url, current.port, current.weights_dir) == ("", 8080, None)


def test_the_clock_can_stand_still(tmp_path: Path) -> None:
    """A development run may fix the clock; else it is the present, in UTC."""
    fixed = settings.load({"DATA_DIR": str(tmp_path), "SUPPORT_NOW": "2026-05-01T15:30Z"})
    assert fixed.now() == datetime(2026, 5, 1, 15, 30, tzinfo=timezone.utc)
    now = settings.load({"DATA_DIR": str(tmp_path)}).now()
    assert now.tzinfo is timezone.utc and abs((datetime.now(timezone.utc) - now).total_seconds()) < 60


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    """The settings of a process are frozen once read."""
    current = settings.load({"DATA_DIR": str(tmp_path)})
    with pytest.raises(dataclasses.FrozenInstanceError):
        current.port = 1  # type: ignore[misc]
