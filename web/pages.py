"""HTML pages from templates, with escaping always on."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from sanic import HTTPResponse
from sanic.response import html

from web.rendering import message_html, plain_html

HERE = Path(__file__).resolve().parent


class Pages:
    """Renders the templates of ``web/templates``."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            markdown=lambda text: Markup(message_html(text)),
            plain=lambda text: Markup(plain_html(text)),
            when=when,
            until=until,
        )

    def page(self, template: str, *, status: int = 200, **context: Any) -> HTTPResponse:
        """One page as a response."""
        return html(self._environment.get_template(template).render(**context), status=status)


def instant(value: datetime | str | None) -> datetime | None:
    """A stored instant as an aware datetime, or None."""
    if isinstance(value, str):
        return datetime.fromisoformat(value.replace("Z", "+00:00")) if value else None
    return value


def when(value: datetime | str | None) -> str:
    """An instant for people, in the wall clock it carries: ``Tue 24 Nov 2026, 14:00``."""
    moment = instant(value)
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}" if moment else ""


def until(value: datetime | str | None, now: datetime) -> str:
    """How far off an instant is: ``in 3 h 20 min``, ``2 days overdue``."""
    moment = instant(value)
    if moment is None:
        return ""
    distance = moment - now
    span = _span(abs(distance))
    return f"{span} overdue" if distance < timedelta(0) else f"in {span}"


def _span(distance: timedelta) -> str:
    minutes = int(distance.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    days = minutes // (24 * 60)
    return f"{days} day{'s' if days > 1 else ''}"
