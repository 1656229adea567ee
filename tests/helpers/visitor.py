"""Somebody who visits the pages without scripts: follows links, fills in forms, and remembers cookies."""

import html
import re
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Visitor:
    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client = client

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers)

    def token(self, path: str = "/contacts") -> str:
        found = _TOKEN.search(self.get(path).text)
        assert found, f"{path} has no form"
        return html.unescape(found[1])

    def post(self, path: str, form: str = "/contacts", files: Any = None, **fields: Any) -> Response:
        """Sends a form of the page `form`, with its token."""
        return self.client.post(path, data={"csrf": self.token(form), **fields}, files=files)

    def sign_in(self, email: str, password: str) -> Response:
        return self.post("/sign-in", form="/sign-in", email=email, password=password)


def text_of(answer: Response) -> str:
    """What a reader sees of a page: no tags, one blank between words."""
    plain = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", plain)).split())
