"""One cluster: made once, started when it is down. All of this happens inside presence.door()."""

import fcntl
import os
import secrets
import shutil
import time
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from kartotek.errors import Invalid, KartotekError, Unavailable
from kartotek.settings import Settings
from kartotek.store.embedded import place as places
from kartotek.store.embedded import presence, programs, tuning
from kartotek.store.embedded.place import Place

MAJOR = "18"
ROLE = DATABASE = "kartotek"
_SUPERUSER = "postgres"
# What was written since the last checkpoint is read again after a crash: seconds, minutes on a slow disk.
_START_SECONDS = 600.0
# A query that outlives its killed server notices so at its next wait.
_ORPHAN_SECONDS = 60.0
# No answer at all, just shutting down, just starting up.
_PASSING = (None, "57P01", "57P02", "57P03")
_LOG_LIMIT = 10 * 1024**2


def ensure_running(place: Place, settings: Settings) -> None:
    """Tried again for a while, because a server may be killed, or recover from a crash, just while we look."""
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            _ensure_up(place, settings)
            return _ensure_database(place)
        except psycopg.Error as error:
            if error.sqlstate not in _PASSING or time.monotonic() > until:
                raise _failure(
                    f"The database in {place.folder} does not let us in", str(error), place.folder
                ) from error
            time.sleep(0.05)


def _ensure_up(place: Place, settings: Settings) -> None:
    if not _is_up(place):
        if not presence.wait_until_gone(place.folder, _ORPHAN_SECONDS):
            raise Unavailable(
                f"An earlier database server in {place.folder} has not ended yet. Try again in a minute; if it "
                "stays so, restart this machine."
            )
        _start(place, settings)


def address(place: Place, user: str = ROLE, database: str = DATABASE) -> str:
    """How to connect; the password stays in its file."""
    lines = presence.postmaster_lines(place.folder)
    return conninfo.make_conninfo(
        host=lines[4], port=lines[3], dbname=database, user=user, passfile=str(place.passwords)
    )


def password(place: Place, role: str = ROLE) -> str:
    for line in place.passwords.read_text().splitlines():
        *_, user, word = line.split(":")
        if user == role:
            return word
    raise Unavailable(f"{place.passwords} has no password for {role}. Bring the file back from a backup.")


def keep_log_short(place: Place) -> None:
    """The server appends to its log, so that it can be cut while it runs; one older part is kept."""
    if place.log.exists() and place.log.stat().st_size > _LOG_LIMIT:
        shutil.copyfile(place.log, place.log.with_suffix(".log.1"))
        os.truncate(place.log, 0)


def _is_up(place: Place) -> bool:
    """Waits out a server that is just starting or stopping."""
    until = time.monotonic() + _START_SECONDS
    while presence.server_lives(place.folder) and time.monotonic() < until:
        lines = presence.postmaster_lines(place.folder)
        if _state(lines) == "ready":
            # One that was killed leaves this word behind, and maybe a query that has not noticed yet.
            return presence.answers(lines)
        time.sleep(0.02)
    return False


def _state(lines: list[str]) -> str:
    return lines[7].strip() if len(lines) > 7 else ""


def _start(place: Place, settings: Settings) -> None:
    bin_folder = programs.folder(place)
    _refuse_another_major(place)
    if not place.data.exists():
        _make(place, bin_folder)
    sockets = places.socket_folder(place)
    _forget_the_last_one(place, sockets)
    options = tuning.write(place, settings, sockets)
    _make_log(place)
    started_at = place.log.stat().st_size
    _launch(place, [str(bin_folder / "postgres"), *options])
    if not _is_up(place):
        raise _did_not_start(place, settings, _text_since(place.log, started_at))


def _forget_the_last_one(place: Place, sockets: Path) -> None:
    """Nothing of it is left, whatever its files say: the process id in them may be another program's by now."""
    for stale in [place.data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")]:
        stale.unlink(missing_ok=True)


def _launch(place: Place, command: list[str]) -> None:
    """Through a shell that leaves at once: no child of ours, in its own session, with the server's lock in hand."""
    handle = presence.lock(place.folder, "server", fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        script = 'log=$1; shift; "$@" >>"$log" 2>&1 &'
        place.owner.run(
            ["/bin/sh", "-c", script, "sh", place.log, *command],
            pass_fds=[handle],
            stdout=None,
            start_new_session=True,
        )
    finally:
        os.close(handle)


def _refuse_another_major(place: Place) -> None:
    version = place.data / "PG_VERSION"
    found = version.read_text().strip() if version.exists() else MAJOR
    if found != MAJOR:
        raise Invalid(
            f"The data in {place.folder} was written by PostgreSQL {found}, which {MAJOR} cannot open. Use the "
            "Kartotek that wrote it to make a backup, and restore that here."
        )


def _make(place: Place, bin_folder: Path) -> None:
    """Made beside its place and then moved there, so that a half-made cluster is never taken for one."""
    _make_passwords(place)
    fresh, word = place.folder / "data.new", place.folder / "password.new"
    shutil.rmtree(fresh, ignore_errors=True)
    word.unlink(missing_ok=True)
    try:
        fresh.mkdir(mode=0o700)
        word.touch(mode=0o600)
        word.write_text(password(place, _SUPERUSER))
        for path in (fresh, word):
            place.owner.give(path)
        # The wheel is built without ICU; this is the only UTF-8 collation that is the same everywhere.
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        auth = ["--auth=scram-sha-256", f"--username={_SUPERUSER}", f"--pwfile={word}"]
        done = place.owner.run([bin_folder / "initdb", f"--pgdata={fresh}", *locale, *auth])
        if done.returncode:
            raise _failure(f"The database in {place.folder} could not be made", done.stdout, place.folder)
        fresh.rename(place.data)
    finally:
        word.unlink(missing_ok=True)


def _make_passwords(place: Place) -> None:
    if place.passwords.exists():
        return
    fresh = place.passwords.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text("".join(f"*:*:*:{role}:{secrets.token_urlsafe(32)}\n" for role in (_SUPERUSER, ROLE)))
    fresh.rename(place.passwords)


def _make_log(place: Place) -> None:
    keep_log_short(place)
    if not place.log.exists():
        place.log.touch(mode=0o600)
        place.owner.give(place.log)


def _ensure_database(place: Place) -> None:
    with psycopg.connect(address(place, _SUPERUSER, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(role.format(sql.Identifier(ROLE), sql.Literal(password(place))))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            database = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(database.format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))


def _did_not_start(place: Place, settings: Settings, log: str) -> KartotekError:
    if "Address already in use" in log:
        return Unavailable(
            f"Port {settings.database_port} is taken by another program. Set KARTOTEK_DATABASE_PORT to a free one, or "
            "leave it out."
        )
    return _failure(f"The database in {place.folder} did not start", log, place.folder)


def _failure(what: str, output: str, folder: Path) -> Unavailable:
    if "No space left on device" in output:
        return Unavailable(f"{what}: the disk that holds {folder} is full. Make room, and start again.")
    lines = [line for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "error:" in line or "PANIC" in line] or lines[-1:]
    return Unavailable(f"{what}: {telling[0].strip() if telling else 'it said nothing'} (see {folder / 'server.log'})")


def _text_since(log: Path, position: int) -> str:
    with log.open("rb") as text:
        text.seek(position)
        return text.read(100_000).decode(errors="replace")
