"""Headers on every response: what browsers may do with it, and which other sites may call the widget's
interface.
"""

from __future__ import annotations

from sanic import HTTPResponse, Request
from sanic.response import BaseHTTPResponse, empty

_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_CROSS_ORIGIN = ("/api/v1/conversations", "/api/v1/policy")
"""Called by the widget from the CRM's own origin. Safe for any origin: the bearer token is the only
credential, and a browser never adds that by itself.
"""


def secure(request: Request, response: BaseHTTPResponse, *, production: bool) -> None:
    """Add the security headers to a response."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    path = request.path
    if path.startswith(("/static/", "/widget/")):
        headers.setdefault("Cache-Control", "public, max-age=300")
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    elif not path.startswith("/help"):
        headers.setdefault("Cache-Control", "no-store")
    if path.startswith(_CROSS_ORIGIN):
        headers.setdefault("Access-Control-Allow-Origin", "*")
        headers.setdefault("Access-Control-Expose-Headers", "Retry-After")
    if production:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def preflight(request: Request) -> HTTPResponse | None:
    """The answer to a browser asking whether another origin may call; None for all other requests."""
    if request.method != "OPTIONS" or not request.path.startswith(_CROSS_ORIGIN):
        return None
    return empty(
        headers={
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
            "Access-Control-Max-Age": "600",
        }
    )
