import os
import stat
from pathlib import Path

import pytest

from kartotek.errors import Invalid
from kartotek.settings import Settings

HOME = {"KARTOTEK_HOME": "/srv/kartotek"}


def test_without_anything_set_the_defaults_hold():
    settings = Settings.from_environment({})

    assert (settings.host, settings.port, settings.import_batch) == ("127.0.0.1", 7700, 50_000)
    assert settings.file_limit == 512 * 1024 * 1024
    assert settings.public_url == "http://127.0.0.1:7700"
    assert settings.database_url is None and settings.database_port is None


def test_the_default_home_is_roots_or_the_users_own():
    settings = Settings.from_environment({"XDG_DATA_HOME": "/data/share"})

    assert settings.home == Path("/var/lib/kartotek" if os.geteuid() == 0 else "/data/share/kartotek")


def test_a_setting_left_empty_counts_as_not_given():
    settings = Settings.from_environment(HOME | {"KARTOTEK_PORT": " ", "KARTOTEK_DATABASE_URL": ""})

    assert settings.port == 7700
    assert settings.database_url is None


def test_all_mistakes_are_told_at_once():
    environ = {"KARTOTEK_HOME": "x", "KARTOTEK_PORT": "70000", "KARTOTEK_SECRET_KEY": "x", "KARTOTEK_FILE_LIMIT": "x"}

    with pytest.raises(Invalid) as error:
        Settings.from_environment(environ)

    assert [line.split()[0] for line in str(error.value).splitlines()] == list(environ)


@pytest.mark.parametrize(
    ("text", "size"), [("512 MB", 512 << 20), ("2g", 2 << 30), ("1000", 1000), ("64KiB", 64 << 10)]
)
def test_a_size_is_read_as_people_write_it(text, size):
    settings = Settings.from_environment(HOME | {"KARTOTEK_FILE_LIMIT": text})

    assert settings.file_limit == size


@pytest.mark.parametrize("text", ["0", "-1", "12.5", "1e3", "٣", "9" * 40])
def test_a_number_out_of_range_is_refused(text):
    with pytest.raises(Invalid, match="KARTOTEK_IMPORT_BATCH"):
        Settings.from_environment(HOME | {"KARTOTEK_IMPORT_BATCH": text})


@pytest.mark.parametrize("text", ["postgresql://me@db/crm", "postgres://db/crm", "host=/run/pg dbname=crm"])
def test_another_server_is_named_in_any_way_that_postgresql_takes(text):
    settings = Settings.from_environment(HOME | {"KARTOTEK_DATABASE_URL": text})

    assert settings.database_url == text


@pytest.mark.parametrize("text", ["mysql://me@db/crm", "db.example.com", "https://db/crm"])
def test_what_is_no_postgresql_address_is_refused(text):
    with pytest.raises(Invalid, match="KARTOTEK_DATABASE_URL"):
        Settings.from_environment(HOME | {"KARTOTEK_DATABASE_URL": text})


def test_files_are_kept_in_the_data_folder_unless_told_otherwise():
    here = Settings.from_environment(HOME)
    elsewhere = Settings.from_environment(HOME | {"KARTOTEK_FILES_URL": "s3://bucket/crm"})

    assert here.files_url == "file:///srv/kartotek/files"
    assert elsewhere.files_url == "s3://bucket/crm"


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path):
    environ = {"KARTOTEK_HOME": str(tmp_path / "new" / "home")}

    first = Settings.from_environment(environ).secret_key()
    second = Settings.from_environment(environ).secret_key()

    assert first == second and len(first) >= 32
    assert stat.S_IMODE((tmp_path / "new/home/secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new/home").stat().st_mode) == 0o700


def test_a_secret_key_that_is_given_leaves_no_trace(tmp_path):
    key = "k" * 32

    settings = Settings.from_environment({"KARTOTEK_HOME": str(tmp_path / "home"), "KARTOTEK_SECRET_KEY": key})

    assert settings.secret_key() == key
    assert not (tmp_path / "home").exists()


def test_a_home_that_cannot_be_made_is_refused_with_a_sentence(tmp_path):
    (tmp_path / "file").touch()

    settings = Settings.from_environment({"KARTOTEK_HOME": str(tmp_path / "file" / "home")})

    with pytest.raises(Invalid, match="Set KARTOTEK_HOME"):
        settings.make_home()
