"""What programs wrote as HTML, in plain words: bodies of notes, calls and emails come so from other systems."""

import re
from html.parser import HTMLParser

# Text that somebody typed may hold a < as well; a tag that ends, or breaks a line, is only found in HTML.
_TAGS = re.compile(r"</[a-z][a-z0-9]*\s*>|<br\s*/?>", re.IGNORECASE)
_BLOCKS = {"p", "div", "br", "ul", "ol", "tr", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
_UNSEEN = {"script", "style", "head", "title"}


def plain(text: str) -> str:
    """Without the tags, a line for each paragraph; what is no HTML stays as it is."""
    if not _TAGS.search(text):
        return text
    words = _Words()
    words.feed(text)
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.found).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in _UNSEEN
        if tag == "li":
            self.found.append("\n• ")
        elif tag in _BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in _UNSEEN))
        if tag in _BLOCKS - {"br"}:
            self.found.append("\n")
        elif tag == "td":
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data.replace("\n", " "))
