"""Reads the product's own source: which file imports what, by the syntax tree and without running anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("policy", "index", "desk", "actions", "web", "bot")
PRODUCT = (*ROOMS, "launch", "benchmarks")


@dataclass(frozen=True)
class Import:
    """One import: the file relative to the project, the line, and the full name of the module that is named."""

    file: str
    line: int
    module: str

    @property
    def top(self) -> str:
        """The package the module belongs to."""
        return self.module.partition(".")[0]

    @property
    def room(self) -> str:
        """The room (or root module) that imports."""
        return self.file.partition("/")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


@cache
def imports() -> tuple[Import, ...]:
    """All imports of the product, those for type checkers and those inside functions among them."""
    folders = [file for name in PRODUCT for file in sorted((ROOT / name).rglob("*.py"))]
    return tuple(found for file in (*folders, ROOT / "settings.py", ROOT / "support.py") for found in _imports_of(file))


def of_room(name: str) -> list[Import]:
    """The imports of one room."""
    return [item for item in imports() if item.room == name]


def _imports_of(file: Path) -> Iterator[Import]:
    path = file.relative_to(ROOT).as_posix()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Import(path, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = path.split("/")[: -node.level]
                base = ".".join([*package, base]) if base else ".".join(package)
            if base in (*PRODUCT, "rasa", "rasa_sdk"):
                # `from index import encoder` names a module of the package, or a name in its __init__.
                yield from (Import(path, node.lineno, f"{base}.{alias.name}") for alias in node.names)
            else:
                yield Import(path, node.lineno, base)
