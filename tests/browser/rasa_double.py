"""A process that speaks Rasa's support channel: ``python rasa_double.py PORT SECRET``. It answers by
catchwords.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

CITATION = {
    "slug": "import-contacts-csv",
    "title": "Import contacts from a CSV file",
    "url": "/help/import-contacts-csv#map-your-columns",
    "section": "Map your columns",
    "revision": "0123456789ab",
    "score": 0.83,
}
TICKET = {
    "number": "PR-10001",
    "status": "new",
    "priority": "normal",
    "area": "technical",
    "reply_by": "2026-11-25T11:00:00+01:00",
    "certainty": "exact",
    "policy_version": "2026-11",
}
STEPS = "\n".join(f"{number}. Do step **{number}** of the import on the screen that opens." for number in range(1, 31))


def reply_to(text: str) -> dict[str, Any]:
    """The reply for the first catchword in the text."""
    text = text.lower()
    if "person" in text:
        return {
            "text": "I can hand this to a person. How many people does it affect?",
            "decision": "collect",
            "buttons": [
                {"title": "Just me", "payload": "just me"},
                {"title": "Everyone", "payload": "everyone"},
            ],
        }
    if "just me" in text or "everyone" in text:
        return {
            "text": "Your ticket **PR-10001** is open. Thanksgiving is skipped.",
            "decision": "ticket",
            "area": "technical",
            "ticket": TICKET,
        }
    if "import" in text:
        return {
            "text": f"To import contacts:\n\n{STEPS}",
            "decision": "answer",
            "area": "technical",
            "citations": [CITATION],
            "intent": {"name": "import_contacts", "confidence": 0.94},
            "evidence": {"index_version": "index-1"},
        }
    return {"text": "Hello! <img src=x onerror=alert(1)> Ask me anything.", "decision": "smalltalk"}


class Channel(BaseHTTPRequestHandler):
    """GET answers that the channel is there; POST runs a turn, once for each message id."""

    secret = ""
    answered: ClassVar[dict[str, list[dict[str, Any]]]] = {}
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The channel's health."""
        self.answer(200, {"status": "ok"})

    def do_POST(self) -> None:
        """One turn."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != f"Bearer {self.secret}":
            self.answer(401, {})
            return
        replies = self.answered.setdefault(body["message_id"], [reply_to(body["text"])])
        self.answer(200, {"replies": replies})

    def answer(self, status: int, body: object) -> None:
        """Send JSON."""
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    Channel.secret = sys.argv[2]
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Channel).serve_forever()
