"""The dependency rule of docs/architecture.md, over every import of the product."""

from __future__ import annotations

import sys

import pytest

from tests.architecture.source import PRODUCT, ROOMS, ROOT, Import, imports, of_room

ALLOWED = {
    "policy": set(),
    "index": set(),
    "desk": {"policy"},
    "actions": {"policy", "index", "desk"},
    "web": {"policy", "index", "desk"},
    "bot": {"policy", "index"},
}
# Who may read the environment: the command line of each room, and what starts a process or is built by Rasa itself.
READS_SETTINGS = ("web/__main__.py", "actions/__main__.py", "bot/", "launch/", "benchmarks/", "support.py")
# rasa_sdk's server is a Sanic application; the one module that makes and runs it adds a route and a background task to it,
# for which it needs Sanic's request and response.
SERVES_ACTIONS = "actions/__main__.py"


def _faults(found: list[Import]) -> list[str]:
    return [str(item) for item in found]


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_import_only_their_neighbours(room: str) -> None:
    """A room imports itself and the rooms that the design allows it, no other."""
    own = {*PRODUCT, "tests"} - {room} - ALLOWED[room]
    assert _faults([item for item in of_room(room) if item.top in own]) == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_imports_the_command_line(room: str) -> None:
    """``support`` gathers the rooms and is imported by none."""
    assert _faults([item for item in of_room(room) if item.top == "support"]) == []


def test_bot_takes_only_the_encoder_of_the_index() -> None:
    """Rasa's process needs the encoder alone, and must not load the vector index or what comes with it."""
    assert _faults([item for item in of_room("bot") if item.top == "index" and item.module != "index.encoder"]) == []


def test_the_encoder_needs_little() -> None:
    """What Rasa's process loads of the index imports nothing but numpy, ONNX Runtime and the tokenizers."""
    allowed = {"numpy", "onnxruntime", "tokenizers", "index"} | sys.stdlib_module_names
    loaded = [item for item in of_room("index") if item.file in ("index/__init__.py", "index/encoder.py", "index/errors.py")]
    assert _faults([item for item in loaded if item.top not in allowed]) == []
    assert {item.module for item in loaded if item.top == "index"} <= {"index.errors"}


def test_nobody_imports_the_processes() -> None:
    """Nothing imports ``bot``, ``actions`` or ``web`` from outside, but the command line takes web's commands."""
    outside = [item for item in imports() if item.top in ("bot", "actions", "web") and item.room != item.top]
    assert _faults([item for item in outside if (item.file, item.module) != ("support.py", "web.cli")]) == []


def test_the_command_line_gathers_rooms_by_their_cli() -> None:
    """``support.py`` knows of a room its ``cli`` alone."""
    found = {item.module for item in imports() if item.file == "support.py" and item.top in ROOMS}
    assert found == {"policy.cli", "index.cli", "desk.cli", "web.cli"}


def test_only_bot_imports_rasa() -> None:
    """Rasa stays behind one room."""
    assert _faults([item for item in imports() if item.top == "rasa" and item.room != "bot"]) == []


def test_only_actions_imports_rasa_sdk() -> None:
    """Rasa's SDK stays behind one room."""
    assert _faults([item for item in imports() if item.top == "rasa_sdk" and item.room != "actions"]) == []


def test_only_web_and_the_channel_import_sanic() -> None:
    """Sanic stays in the web process, in the channel of Rasa's, and in the module that serves the actions."""
    allowed = [item for item in imports() if item.room == "web" or item.file in ("bot/channel.py", SERVES_ACTIONS)]
    assert _faults([item for item in imports() if item.top == "sanic" and item not in allowed]) == []


def test_settings_are_read_at_the_edges() -> None:
    """Only command lines, what starts a process and what Rasa builds read the settings; all else gets plain values."""
    readers = [item for item in imports() if item.top == "settings"]
    assert _faults([item for item in readers if not (item.file.startswith(READS_SETTINGS) or item.file.endswith("cli.py"))]) == []


def test_nobody_else_reads_the_environment() -> None:
    """Outside ``settings.py`` and the set-up no room asks the environment for anything."""
    faults = []
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            faults += [f"{file.relative_to(ROOT)}: {word}" for word in ("os.environ", "getenv(") if word in text]
    assert faults == []


@pytest.mark.parametrize("room", ["launch", "settings.py"])
def test_the_set_up_needs_no_package(room: str) -> None:
    """What runs before any environment exists uses the standard library alone."""
    allowed = {"launch", "settings"} | sys.stdlib_module_names
    assert _faults([item for item in of_room(room) if item.top not in allowed]) == []


def test_policy_needs_few_packages() -> None:
    """The policy, which both interpreters load, uses YAML and the calendars alone."""
    allowed = {"policy", "settings", "yaml", "holidays", "pycountry"} | sys.stdlib_module_names
    assert _faults([item for item in of_room("policy") if item.top not in allowed]) == []


def test_the_reading_of_imports_sees_something() -> None:
    """The rule is checked over real imports: each room imports something, and known ones are among them."""
    assert all(of_room(room) for room in ROOMS)
    found = {(item.file, item.module) for item in imports()}
    assert ("bot/encoder_featurizer.py", "index.encoder") in found
    assert any(file == "bot/channel.py" and module.startswith("rasa.") for file, module in found)
