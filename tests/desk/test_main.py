"""Starting the desk alone: where it listens, and that nobody from elsewhere gets in before a password is anybody's own."""

from __future__ import annotations

import pytest

from console.desk import __main__ as desk
from procedures import accounts, sign_in
from procedures.office import Office

pytestmark = pytest.mark.usefixtures("cheap_hashes")
GOOD = "mưa rơi trên mái ngói"


def listening(office: Office, where: str) -> Office:
    server = office.settings.server.model_copy(update={"listen": where})
    office.settings = office.settings.model_copy(update={"server": server})
    office.lang = "vi"
    return office


def test_it_is_open_to_this_machine_alone_until_somebody_chose_a_password(
    six_on_sqlite: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office = listening(six_on_sqlite, "0.0.0.0")
    assert desk.host(office) == "127.0.0.1"
    assert "chỉ mở cho máy này" in capsys.readouterr().err
    username, one_time = accounts.first_admin(office)
    assert desk.host(office) == "127.0.0.1"  # what was given to somebody may have been read by others
    token = sign_in.sign_in(office, username, one_time, address="127.0.0.1")
    assert desk.host(office) == "127.0.0.1"
    capsys.readouterr()
    sign_in.change_password(office, sign_in.find_seat(office, token), None, GOOD, address="127.0.0.1")
    assert desk.host(office) == "0.0.0.0"
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machine_may_always(six_on_sqlite: Office, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.host(listening(six_on_sqlite, name)) == name
    assert capsys.readouterr().err == ""


def test_what_is_started(six_on_sqlite: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}
    monkeypatch.setattr(desk, "open_office", lambda: listening(six_on_sqlite, "0.0.0.0"))
    monkeypatch.setattr(desk.uvicorn, "run", lambda app, **given: asked.update(given, app=app))
    assert desk.main(["--port", "4280", "--prefect", "http://127.0.0.1:4200"]) == 0
    assert (asked["host"], asked["port"]) == ("127.0.0.1", 4280)
    assert (asked["server_header"], asked["access_log"]) == (False, False)  # no word of what runs, no address kept
    assert asked["app"].title == "ketnap"
