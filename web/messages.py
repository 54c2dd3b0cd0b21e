"""A logged message as the contract's JSON, with the HTML made on the way out."""

from __future__ import annotations

from typing import Any

from desk.conversations import Message
from web.rendering import message_html, plain_html


def contract(message: Message) -> dict[str, Any]:
    """The contract's M. The bot's evidence stays inside: it is for staff."""
    return {
        "id": message.id,
        "seq": message.seq,
        "role": message.role,
        "text": message.text,
        "html": html(message),
        "created_at": message.created_at,
        "decision": message.decision,
        "area": message.area,
        "refusal": message.refusal,
        "intent": message.intent,
        "citations": list(message.citations),
        "buttons": list(message.buttons),
        "ticket": message.ticket,
    }


def html(message: Message) -> str:
    """Safe HTML: what a customer typed is text, what the bot and staff write is Markdown."""
    return plain_html(message.text) if message.role == "user" else message_html(message.text)
