"""A content folder, an index built from it, and the console over both, as an editor has them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from index.build import build
from index.encoders import open_encoder
from index.knowledge_base import KnowledgeBase
from tests.index.conftest import PAGES
from tests.web.world import ENCODER, NOW, World, form_token, world

INVOICES = "articles/billing/find-invoices.md"
UNDO = "articles/technical/undo-an-import.md"
GOLDEN = """tolerance: {first: 0, first_three: 0, verdict: 9}
questions:
  - ask: where do I find my invoices
    page: find-invoices
    within: 1
  - ask: undo import
    page: undo-an-import
"""


@dataclass
class Newsroom:
    """The running console with its content folder."""

    live: World
    content: Path
    index: Path

    def write(self, path: str, text: str) -> None:
        """Write a file of the content folder."""
        file = self.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace words of a file."""
        text = (self.content / path).read_text(encoding="utf-8")
        if old not in text:
            raise AssertionError(f"{old!r} is not in {path}")
        self.write(path, text.replace(old, new))

    def build(self) -> str:
        """Build a version without the console."""
        return build(self.content, self.index, open_encoder(ENCODER, self.index), at=NOW, by="ann").version

    @property
    def version(self) -> str | None:
        """What the help centre serves."""
        knowledge = self.live.parts.library.current()
        return knowledge.version if knowledge else None


@contextmanager
def newsroom(folder: Path, *, built: bool = True) -> Iterator[Newsroom]:
    """A newsroom in ``folder`` with two pages and two golden questions; ``built`` says whether a first version is live."""
    room_content, index = folder / "content", folder / "index"
    with world(folder, lambda: KnowledgeBase.open(index, open_encoder(ENCODER, index))) as live:
        room = Newsroom(live, room_content, index)
        for path, text in {**PAGES, "golden.yml": GOLDEN}.items():
            room.write(path, text)
        if built:
            room.build()
        yield room


def post(browser: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """Send a form of the overview with its token, and the live version that the page named, unless ``fields`` name others."""
    page = browser.get("/desk/kb").text
    expected = page.split('name="expected" value="', 1)[1].split('"', 1)[0]
    return browser.post(path, data={"form_token": form_token(page), "expected": expected, **fields})


def built(browser: httpx.Client) -> dict[str, object]:
    """How the build stands once it has ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        state: dict[str, object] = browser.get("/desk/kb/build.json").json()
        if not state["running"]:
            return state
        time.sleep(0.05)
    raise TimeoutError("the build did not come to an end")
