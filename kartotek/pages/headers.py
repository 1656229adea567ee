"""The headers that every answer carries: what a browser may do with a page of ours is little, and listed here."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from kartotek.settings import Settings

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # Tabler draws the marks of its form fields with images inside the style sheet.
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Secure:
    """A hook for Litestar's `before_send`."""

    def __init__(self, settings: Settings) -> None:
        self.headers = dict(ALWAYS)
        if settings.public_url.startswith("https://"):
            self.headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        sent = MutableScopeHeaders.from_message(message)
        for name, value in self.headers.items():
            sent.setdefault(name, value)
        # People's data stays out of shared caches; static files say otherwise themselves.
        sent.setdefault("cache-control", "no-store")
