"""Every setting: its name, its default, and what it means.

TABLE is the whole truth: `Settings.from_environment` reads it, docs/running.md is tested against it.
The environment is read once, at the start, and nowhere else; what comes out is handed down as plain values.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from kartotek.errors import Invalid

_SIZE = re.compile(r"(\d+)\s*(?:([kmgt])i?b?|b)?", re.IGNORECASE)
_SECRET_FILE = "secret-key"


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path
    database_url: str | None
    database_port: int | None
    host: str
    port: int
    public_url: str
    files_url: str
    file_limit: int
    import_batch: int
    given_secret_key: str | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """All mistakes are told at once; a setting that is empty counts as not given."""
        values: dict[str, Any] = {}
        mistakes = []
        for setting in TABLE:
            text = environ.get(setting.name, "").strip()
            try:
                values[setting.field] = setting.read(text) if text else setting.default(environ)
            except ValueError as wrong:
                mistakes.append(f"{setting.name} {wrong}")
        if mistakes:
            raise Invalid("\n".join(mistakes))
        values["public_url"] = values["public_url"] or _own_address(values["host"], values["port"])
        values["files_url"] = values["files_url"] or (values["home"] / "files").as_uri()
        return cls(**values)

    def make_home(self) -> Path:
        """The data folder, made for its owner alone when it is not there."""
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Invalid(
                f"The data folder {self.home} cannot be made ({error.strerror}). Set KARTOTEK_HOME to one that can."
            ) from error
        return self.home

    def secret_key(self) -> str:
        """What signs cookies and links: as given, else made once and kept in the data folder."""
        return self.given_secret_key or _kept_secret(self.make_home() / _SECRET_FILE)


@dataclass(frozen=True, slots=True)
class Setting:
    """`shown` is the default in words for docs/running.md; `default` may look at the rest of the environment."""

    name: str
    read: Callable[[str], Any]
    default: Callable[[Mapping[str, str]], Any]
    shown: str
    meaning: str

    @property
    def field(self) -> str:
        name = self.name.removeprefix("KARTOTEK_").lower()
        return "given_secret_key" if name == "secret_key" else name


def _folder(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_absolute():
        raise ValueError(f"must be a full path, such as /srv/kartotek, not “{text}”.")
    if "\n" in text or "\0" in text:
        raise ValueError("must be a path on one line.")
    return path


def _default_home(environ: Mapping[str, str]) -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/kartotek")
    base = environ.get("XDG_DATA_HOME", "")
    # The base directory specification says that a relative path there is to be ignored.
    return (Path(base) if base.startswith("/") else Path.home() / ".local/share") / "kartotek"


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text) or not lowest <= int(text) <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}, not “{text}”.")
        return int(text)

    return read


def _size(text: str) -> int:
    match = _SIZE.fullmatch(text)
    if match is None or not int(match[1]):
        raise ValueError(f"must be a size such as 512 MB, not “{text}”.")
    power = " kmgt".index((match[2] or " ").lower())
    return int(match[1]) * (1 << 10 * power)


def _database_url(text: str) -> str:
    if urlsplit(text).scheme not in ("postgresql", "postgres") and "=" not in text.split("://")[0]:
        raise ValueError("must be an address such as postgresql://user:password@host/database.")
    return text


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"must be an address such as https://crm.example.com, not “{text}”.")
    return text.rstrip("/")


def _files_url(text: str) -> str:
    if text.startswith("/"):
        return Path(text).as_uri()
    if not re.match(r"[a-z][a-z0-9+.-]*://.", text):
        raise ValueError(f"must be a folder or an address such as s3://bucket/folder, not “{text}”.")
    return text


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("must have at least 32 characters, and be hard to guess.")
    return text


def _own_address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _kept_secret(file: Path) -> str:
    if not file.exists():
        fresh = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
        try:
            # A link is made whole or not at all, and never over the key of a process that was quicker.
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text().strip()


def _setting(name: str, read: Callable[[str], Any], value: Any, shown: str, meaning: str) -> Setting:
    return Setting(name, read, value if callable(value) else lambda _: value, shown, meaning)


TABLE: tuple[Setting, ...] = (
    _setting(
        "KARTOTEK_HOME",
        _folder,
        _default_home,
        "`$XDG_DATA_HOME/kartotek` or `~/.local/share/kartotek`; for root `/var/lib/kartotek`",
        "The data folder: the embedded database, uploaded files, the secret key.",
    ),
    _setting(
        "KARTOTEK_DATABASE_URL",
        _database_url,
        None,
        "the embedded database",
        "Another PostgreSQL server, 18 or newer, instead of the embedded one.",
    ),
    _setting(
        "KARTOTEK_DATABASE_PORT",
        _whole(1, 65535),
        None,
        "off",
        "Opens the embedded database on 127.0.0.1 at this port, with a password, for tools that cannot use a socket.",
    ),
    _setting("KARTOTEK_HOST", str, "127.0.0.1", "127.0.0.1", "The address that the web server listens at."),
    _setting("KARTOTEK_PORT", _whole(1, 65535), 7700, "7700", "The port that the web server listens at."),
    _setting(
        "KARTOTEK_PUBLIC_URL",
        _public_url,
        None,
        "`http://HOST:PORT`",
        "The address that people open, when it differs: used in links.",
    ),
    _setting(
        "KARTOTEK_FILES_URL",
        _files_url,
        None,
        "`files` in the data folder",
        "Where uploaded files are kept: a folder, or an object store such as s3://bucket/folder.",
    ),
    _setting(
        "KARTOTEK_SECRET_KEY",
        _secret,
        None,
        "made once, kept in the data folder",
        "Signs cookies and links. Every machine that serves the same database needs the same one.",
    ),
    _setting("KARTOTEK_FILE_LIMIT", _size, 512 * 1024**2, "512 MB", "The largest file that can be uploaded."),
    _setting(
        "KARTOTEK_IMPORT_BATCH",
        _whole(1, 1_000_000),
        50_000,
        "50,000",
        "Rows that an import writes at once.",
    ),
)
