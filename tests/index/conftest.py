from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from index.build import Built, build
from index.encoder import HashingEncoder

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc)

PAGES = {
    "articles/billing/find-invoices.md": """---
title: Find and download your invoices
slug: find-invoices
kind: article
area: billing
summary: Where invoices are and how to download them as PDF.
questions:
  - where do I find my invoices
  - download an invoice as pdf
  - send me last month's bill
updated: 2026-10-12
owner: content-team
tags: [invoices, billing]
applies_to:
  versions: ["7"]
  plans: [starter, professional, enterprise]
related: [undo-an-import]
---

Every paid invoice is kept for ten years.

## Download one invoice
1. Open **Settings > Billing > Invoices**.
2. Click **Download** beside the invoice.

## Change who receives invoices
Open **Settings > Billing > Contacts** and type the new address. See [Undo an import](/help/undo-an-import#undo-the-import).
""",
    "articles/technical/undo-an-import.md": """---
title: Undo an import of contacts
slug: undo-an-import
kind: article
area: technical
summary: Take back an import of contacts within 7 days.
questions:
  - undo import
  - I imported the wrong csv file
  - remove all contacts I just imported
updated: 2026-10-12
owner: content-team
tags: [import, contacts]
applies_to:
  versions: ["7"]
  plans: [starter, professional, enterprise]
related: [find-invoices]
---

## Undo the import
1. Open **Settings > Data > Import**.
2. Click **Undo** beside the import.

## What undo does not take back
Contacts that somebody edited after the import stay as they are.
""",
}


class Workshop:
    """A content folder and an index folder, with a clock that goes on by a minute a build."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.index = folder / "index"
        self.encoder = HashingEncoder(32)
        self._at = NOW
        for path, text in PAGES.items():
            self.write(path, text)

    def write(self, path: str, text: str | bytes) -> Path:
        """Write one page."""
        file = self.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def now(self) -> datetime:
        """The next minute."""
        self._at += timedelta(minutes=1)
        return self._at

    def build(self, index: Path | None = None) -> Built:
        """Build a candidate."""
        return build(self.content, index or self.index, self.encoder, at=self.now(), by="ann")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Two pages, nothing built yet."""
    return Workshop(tmp_path)


@pytest.fixture
def page() -> Callable[..., str]:
    """The invoices page with parts replaced: ``page("old", "new")``."""

    def edited(*pairs: str) -> str:
        text = PAGES["articles/billing/find-invoices.md"]
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text
            text = text.replace(old, new)
        return text

    return edited
