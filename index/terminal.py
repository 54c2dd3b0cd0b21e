"""How this room's commands speak: results to standard output, progress to standard error."""

from __future__ import annotations

import json
import sys
from typing import Any


def print_line(line: str) -> None:
    """One line of a result."""
    sys.stdout.write(f"{line.encode('utf-8', 'replace').decode('utf-8')}\n")


def print_json(values: Any) -> None:
    """A result as JSON."""
    print_line(json.dumps(values, ensure_ascii=False, indent=1))


def progress(line: str) -> None:
    """What is going on."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
