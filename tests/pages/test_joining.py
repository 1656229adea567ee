"""The same file started twice from the pages is one import."""

from tests.helpers.wizard import draft_of, go_on


def test_the_same_file_started_twice_is_one_import_and_the_second_draft_is_gone(ida):
    paths = [draft_of(ida), draft_of(ida)]
    for path in paths:
        go_on(ida, path)

    went = [
        ida.post(f"{path}/details", form=f"{path}/details", consent="1", start="1").headers["location"]
        for path in paths
    ]

    assert went == [paths[0], paths[0]]
    assert ida.get(paths[1]).status_code == 404


def test_start_pressed_twice_starts_once(ida):
    path = draft_of(ida)
    go_on(ida, path)
    token = ida.token(f"{path}/details")

    went = [ida.client.post(f"{path}/details", data={"csrf": token, "consent": "1", "start": "1"}) for _ in "12"]

    assert [answer.headers["location"] for answer in went] == [path, path]
