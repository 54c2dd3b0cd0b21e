"""A small help centre as Markdown, indexed with the offline double of the encoder: what the actions' tests search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from index.build import build
from index.encoder import HashingEncoder
from index.knowledge_base import KnowledgeBase

BUILT_AT = datetime(2026, 5, 1, 9, 0, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Page:
    """One page: its questions and its sections (heading, text)."""

    slug: str
    title: str
    area: str
    questions: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    kind: str = "article"

    def markdown(self) -> str:
        """The file as an editor writes it."""
        video = ['video: {url: "https://videos.piperocks.com/deals", length: "4:35"}'] if self.kind == "video" else []
        front = [
            "---",
            f"title: {self.title}",
            f"slug: {self.slug}",
            f"kind: {self.kind}",
            f"area: {self.area}",
            f"summary: All about it. {self.title}.",
            "questions:",
            *(f"  - {question}" for question in self.questions),
            "updated: 2026-04-01",
            "owner: content-team",
            f"tags: [{self.area}]",
            'applies_to: {versions: ["7"], plans: [starter, professional, enterprise]}',
            "related: []",
            *video,
            "---",
        ]
        body = [f"## {heading}\n\n{text}\n" for heading, text in self.sections]
        return "\n".join(front) + "\n\n" + "\n".join(body)


PAGES = (
    Page(
        "find-invoices",
        "Find and download your invoices",
        "billing",
        ("where do I find my invoices", "download an invoice as pdf", "send me the bill of last month"),
        (
            ("Download one invoice", "1. Open **Settings > Billing > Invoices**.\n2. Click **Download** beside the invoice."),
            ("Change who receives invoices", "Open **Settings > Billing > Contacts** and type the new address."),
        ),
    ),
    Page(
        "invoice-address",
        "Change the address on your invoices",
        "billing",
        ("wrong company address on the invoices", "change the billing address of an invoice", "new name on invoices"),
        (("Edit the address", "Open **Settings > Billing > Company** and edit the address on all later invoices."),),
    ),
    Page(
        "undo-an-import",
        "Undo an import of contacts",
        "technical",
        ("undo import", "I imported the wrong csv file", "remove all contacts I just imported"),
        (
            ("Undo the import", "1. Open **Settings > Data > Import**.\n2. Click **Undo** beside the import."),
            ("What undo does not take back", "Contacts that somebody edited after the import stay as they are."),
        ),
    ),
    Page(
        "tour-of-deals",
        "A tour of deals",
        "feature",
        ("video about deals", "how do deals move through a pipeline", "show me the pipeline of deals"),
        (("Drag a deal", "Drag the deal from one column of the pipeline to the next."),),
        kind="video",
    ),
    Page(
        "integrations-overview",
        "Supported integrations at a glance",
        "feature",
        ("which integrations are there", "list of all supported integrations", "connect another application"),
        (("The list", "Open **Settings > Integrations** and choose the application to connect."),),
    ),
    Page(
        "integration-slack",
        "Connect Slack",
        "feature",
        ("connect slack", "send deal alerts to a slack channel", "does slack work with the crm"),
        (("Connect a workspace", "Open **Settings > Integrations > Slack** and click **Connect**."),),
    ),
    Page(
        "integration-zapier",
        "Connect thousands of applications through Zapier",
        "feature",
        ("zapier zap", "trigger a zap from a deal", "connect through zapier"),
        (("Make a zap", "Choose PipeRocks CRM as the trigger of your zap."),),
    ),
    Page(
        "what-can-be-customised",
        "What can be customised without code",
        "customization",
        ("what can we customise", "adapt fields and layouts", "custom layouts without code"),
        (("Fields and layouts", "Open **Settings > Customisation** to adapt fields and layouts."),),
    ),
    Page(
        "firewall-domains",
        "Domains to allow in a firewall",
        "technical",
        ("firewall allow list", "which domains does the crm need", "proxy blocks the crm"),
        (("Domains", "Allow `*.piperocks.com` on port 443 in your firewall."),),
    ),
    Page(
        "upgrade-from-5-to-6",
        "Upgrade from release 5 to 6",
        "technical",
        ("upgrade from five to six", "move up from release 5", "how to leave release 5"),
        (("Upgrade", "Run the upgrade assistant of release 6."),),
    ),
    Page(
        "upgrade-from-6-to-7",
        "Upgrade from release 6 to 7",
        "technical",
        ("upgrade from six to seven", "get release seven", "newest release upgrade"),
        (("Upgrade", "Run the upgrade assistant of release 7."),),
    ),
    Page(
        "upgrade-from-4-or-older",
        "Upgrade from release 4 or older",
        "technical",
        ("upgrade from a very old release", "still on release four", "ancient release upgrade"),
        (("Upgrade", "Export your data and import it into release 7."),),
    ),
)


def build_knowledge(folder: Path) -> KnowledgeBase:
    """Write the pages below ``folder``, index them, open the index."""
    encoder = HashingEncoder(64)
    for page in PAGES:
        file = folder / "content" / "articles" / page.area / f"{page.slug}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page.markdown(), encoding="utf-8")
    build(folder / "content", folder / "index", encoder, at=BUILT_AT, by="ann")
    return KnowledgeBase.open(folder / "index", encoder)
