"""The list of people as a browser asks for it: search, filters, columns, pages, exports, what there is not."""

from __future__ import annotations

import csv
import io
import logging
import os
import socket
import subprocess
import sys
import time
import unicodedata
from datetime import date
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from console.desk.app import make_app
from console.desk.sign_in import COOKIE
from procedures.accounts import add_account
from procedures.sign_in import change_password, find_seat, sign_in
from states.roles import ROLES, Actor
from tests.desk.conftest import PREFECT, Desk, Somebody
from tests.example_offices import SIX

LIST = "/nguoi/list"


def codes(answer) -> list[str]:
    """The people of the answer, in order."""
    assert answer.status_code == 200, answer.text[:400]
    return [part.partition('"')[0] for part in answer.text.split('<tr data-sa-pk="')[1:]]


def rename(desk: Desk, code: str, name: str) -> None:
    from states.wording import fold

    with desk.office.database.writing() as connection:
        connection.exec_driver_sql(
            f"UPDATE people SET name = '{name.replace(chr(39), chr(39) * 2)}', name_key = '{fold(name)}'"
            f" WHERE id = (SELECT person_id FROM candidates WHERE code = '{code}')"
        )


class TestFinding:
    def test_everybody_by_name(self, desk):
        assert codes(desk.get(LIST)) == ["PL-05", "PL-06", "PL-03", "PL-01", "PL-02", "PL-04"]

    @pytest.mark.parametrize(
        "words",
        ["Đặng", "dang", "ĐẶNG HỮU", "huu dang", unicodedata.normalize("NFD", "Đặng Hữu Phước"), "PL-06", "pl-06"],
    )
    def test_search_without_accents(self, desk, words):
        assert "PL-06" in codes(desk.get(LIST, q=words))

    @pytest.mark.parametrize("words", ["%", "_", "'", "\\", "/", "<script>", "PL%", "PL_0"])
    def test_marks_are_no_wildcards(self, desk, words):
        assert codes(desk.get(LIST, q=words)) == []

    def test_search_by_unit(self, desk):
        assert codes(desk.get(LIST, q="xuong che bien")) == ["PL-05", "PL-03"]

    def test_a_page_beyond_the_last_is_empty(self, desk):
        assert codes(desk.get(LIST, page=7)) == []

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("step__in=cho_le,da_hoc", ["PL-04"]),
            ("step__not_in=cho_le,du_bi", ["PL-06", "PL-03", "PL-01", "PL-02"]),
            ("stage__in=du_bi", ["PL-05", "PL-06"]),
            ("unit__below=CB-02", ["PL-05", "PL-03"]),
            ('unit_name__below="xuong che bien"', ["PL-05", "PL-03"]),
            ("due_on__until=2025-12-03", ["PL-03", "PL-04"]),
            ("due_on__between=2025-12-05..2025-12-08", ["PL-01", "PL-02"]),
            ("step__in=cho_le OR code__contains=05", ["PL-05", "PL-04"]),
            ("step__in=du_bi AND (code__contains=01 OR name__contains=bui)", ["PL-05"]),
        ],
    )
    def test_filters(self, desk, asked, found):
        assert codes(desk.get(LIST, filter=asked)) == found

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("overdue__is_true", ["PL-03", "PL-04"]),
            ("overdue__is_false", ["PL-05", "PL-06", "PL-01", "PL-02"]),
            ("overdue__is_true AND step__in=cho_le", ["PL-04"]),
            ("overdue__is_true AND unit__below=CB-02", ["PL-03"]),
            ("overdue__is_false AND step__in=du_bi", ["PL-05"]),
        ],
    )
    def test_overdue_the_day_after_two_limits(self, desk, asked, found):
        desk.office.today = date(2025, 12, 4)
        assert codes(desk.get(LIST, filter=asked)) == found

    def test_nobody_is_overdue_on_the_last_day(self, desk):
        desk.office.today = date(2025, 12, 3)
        assert codes(desk.get(LIST, filter="overdue__is_true")) == []

    def test_breakdown_as_filter_and_column(self, desk):
        everybody = set(codes(desk.get(LIST)))
        cells = [set(codes(desk.get(LIST, filter=f"cell_women__in={cell}"))) for cell in ("nu", "nam", "chua_ro")]
        assert set.union(*cells) == everybody
        assert sum(map(len, cells)) == len(everybody)
        assert "Giới tính" in desk.get(LIST, cols="name,code,cell_women").text
        assert codes(desk.get(LIST, cols="name,code,cell_age", filter="cell_age__in=18-30,31-35"))

    @pytest.mark.parametrize("name", ["religion", "ethnic_minority"])
    def test_nobody_is_told_apart_by_what_is_sensitive(self, desk, name):
        assert desk.get(LIST, filter=f"cell_{name}__in=co").status_code == 400
        assert f"cell_{name}" not in desk.get(LIST).text

    @pytest.mark.parametrize("sort", ["name", "code", "unit_name", "step", "due_on", "since"])
    def test_sorts_both_ways(self, desk, sort):
        up, down = (codes(desk.get(LIST, sort=f"{sort}__{way}")) for way in ("asc", "desc"))
        assert sorted(up) == sorted(down)
        assert up == down[::-1] or sort in ("step", "unit_name", "due_on", "since")

    @pytest.mark.parametrize(
        "asked", ["x", "step__in=", "step__in=no_such", "due_on__until=31/02/2025", "cell_none__in=a"]
    )
    def test_a_wrong_filter_is_a_page_that_says_so(self, desk, asked):
        assert desk.get(LIST, filter=asked).status_code == 400

    def test_names_with_script_stay_words(self, desk_on_sqlite):
        rename(desk_on_sqlite, "PL-01", "<script>alert(1)</script>\"'>")
        shown = desk_on_sqlite.get(LIST).text
        assert "<script>alert(1)" not in shown
        assert "&lt;script&gt;alert(1)" in shown
        reflected = desk_on_sqlite.get(LIST, q='"><img src=x onerror=alert(1)>').text
        assert "<img src=x" not in reflected


class TestWhoMay:
    def test_only_what_is_below(self, desk):
        assert codes(desk.sit("bi_thu", "CB-02").get(LIST)) == ["PL-05", "PL-03"]
        assert codes(desk.get(LIST, q="PL-01")) == []
        assert codes(desk.get(LIST, filter="unit__below=CB-01")) == []
        assert codes(desk.sit("bi_thu", "KHONG-CO").get(LIST)) == []

    @pytest.mark.parametrize("role", ROLES)
    def test_by_role(self, desk_on_sqlite, role):
        expected = 403 if role == "theo_doi" else 200
        assert desk_on_sqlite.sit(role).get(LIST).status_code == expected

    @pytest.mark.parametrize("path", ["/nguoi/create", "/nguoi/edit/PL-01", "/nguoi/detail/PL-01", "/nguoi/import"])
    def test_there_is_no_other_way_in(self, desk_on_sqlite, path):
        assert desk_on_sqlite.get(path).status_code in (403, 404, 405)
        assert desk_on_sqlite.post(path, {"name": "x"}).status_code in (403, 404, 405)

    @pytest.mark.parametrize("name", ["delete", "no_such"])
    def test_nothing_deletes(self, desk_on_sqlite, name):
        answer = desk_on_sqlite.post(f"/_api/nguoi/action?name={name}&pks=PL-01")
        assert answer.status_code == 400
        assert len(codes(desk_on_sqlite.get(LIST))) == 6
        assert desk_on_sqlite.post(f"/_api/nguoi/row-action?name={name}&pk=PL-01").status_code == 400


def export(desk: Desk, form: dict, query: str = "", **more):
    """What the export button sends for everybody of the list shown."""
    path = f"/_api/nguoi/action?name=export&all=1&_list_query={query}"
    return desk.post(path, {"scope": "all", "filename": "nguoi"} | form, **more)


class TestExport:
    def test_a_workbook_with_days_and_no_formula(self, desk_on_sqlite):
        rename(desk_on_sqlite, "PL-01", '=HYPERLINK("http://x";"y")')
        answer = export(desk_on_sqlite, {"format": "xlsx", "fields": ["name", "code", "due_on", "step"]})
        assert answer.status_code == 200, answer.text[:300]
        page = load_workbook(io.BytesIO(answer.content)).active
        rows = list(page.iter_rows())
        assert [cell.value for cell in rows[0]] == ["Họ và tên", "Mã", "Bước", "Hạn gần nhất"]
        by_code = {row[1].value: row for row in rows[1:]}
        assert len(by_code) == 6
        assert by_code["PL-01"][0].data_type == "s"
        assert by_code["PL-01"][0].value.startswith("=HYPERLINK")
        assert by_code["PL-03"][2].value == "Chờ quyết định kết nạp"
        assert by_code["PL-03"][3].is_date

    def test_a_csv_with_no_formula(self, desk_on_sqlite):
        rename(desk_on_sqlite, "PL-01", "+1+cmd|' /C calc'!A0")
        answer = export(desk_on_sqlite, {"format": "csv", "fields": ["name", "code", "due_on"]})
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        by_code = {row[1]: row for row in rows[1:]}
        assert by_code["PL-01"][0].startswith("'+1")
        assert by_code["PL-03"][2] == "03/12/2025"

    def test_what_is_shown_is_what_leaves(self, desk_on_sqlite):
        answer = export(desk_on_sqlite, {"format": "csv"}, "filter%3Dstep__in%253Dcho_le")
        assert answer.content.decode("utf-8-sig").count("\n") == 2
        answer = export(desk_on_sqlite.sit("can_bo", "CB-02"), {"format": "csv", "fields": ["code"]})
        assert sorted(answer.content.decode("utf-8-sig").split()[1:]) == ["PL-03", "PL-05"]

    def test_those_chosen_within_reach_only(self, desk_on_sqlite):
        path = "/_api/nguoi/action?name=export&pks=PL-03&pks=PL-01"
        answer = desk_on_sqlite.sit("can_bo", "CB-02").post(
            path, {"scope": "selected", "format": "csv", "fields": ["code"]}
        )
        assert answer.content.decode("utf-8-sig").split()[1:] == ["PL-03"]

    def test_it_is_logged_and_not_for_everybody(self, desk_on_sqlite):
        export(desk_on_sqlite, {"format": "csv", "fields": ["code"]})
        with desk_on_sqlite.office.database.reading() as connection:
            logged = connection.exec_driver_sql("SELECT account, detail FROM access_log WHERE action = 'export'").all()
        assert [row[0] for row in logged] == ["lan"]
        assert '"rows":6' in logged[0][1].replace(" ", "")
        refused = export(desk_on_sqlite.sit("bi_thu", "CB-02"), {"format": "csv"})
        assert refused.status_code == 400
        assert "PL-" not in refused.text


class TestMany:
    def test_those_chosen_go_to_the_page_for_many(self, desk_on_sqlite):
        answer = desk_on_sqlite.post("/_api/nguoi/action?name=many&pks=PL-03&pks=PL-05")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/nhieu-nguoi?ma=PL-03&ma=PL-05"

    def test_not_for_a_secretary(self, desk_on_sqlite):
        answer = desk_on_sqlite.sit("bi_thu", "CB-02").post("/_api/nguoi/action?name=many&pks=PL-03")
        assert answer.status_code == 400


class TestNoLogHoldsASearch:
    """A search stands in the address, so it stays in the browser's history; on this side nothing keeps it."""

    WORDS = "Nguyễn Thị Bí Mật"
    SIGNS = (WORDS, "bimat", "M%E1%BA%ADt", "Mật")

    def test_of_the_server_itself(self, six_on_sqlite, tmp_path):
        given = add_account(six_on_sqlite, "lan", role="can_bo", unit=None)
        token = sign_in(six_on_sqlite, "lan", given["password"], address="127.0.0.1")
        seat = find_seat(six_on_sqlite, token)
        token = change_password(six_on_sqlite, seat, given["password"], "Bàn làm việc cán bộ 2025", address="127.0.0.1")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        around = {"KETNAP_DATABASE_URL": f"sqlite:///{tmp_path}/six.db", "KETNAP_CONFIG": str(SIX.folder / "config.yaml"),
                  "PYTHONPATH": str(SIX.folder.parents[1])}  # fmt: skip
        command = [sys.executable, "-m", "console.desk", "--port", str(port), "--prefect", "http://127.0.0.1:1"]
        with (tmp_path / "said.txt").open("w") as said:
            server = subprocess.Popen(command, cwd=tmp_path, env=os.environ | around, stdout=said, stderr=said)
            try:
                with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                    until = time.monotonic() + 60
                    while not _is_up(client):
                        assert time.monotonic() < until, (tmp_path / "said.txt").read_text()
                        time.sleep(0.1)
                    asked = {"q": self.WORDS}
                    client.cookies.set(COOKIE, token)
                    found = client.get(LIST, params=asked)
                    assert (found.status_code, self.WORDS in found.text) == (200, True)
                    assert client.get(LIST, params=asked | {"filter": "x"}).status_code == 400
                    client.cookies.clear()
                    assert client.get(LIST, params=asked).status_code == 303
            finally:
                server.terminate()
                server.wait(20)
        self.nothing_in(tmp_path)

    def test_of_a_search_that_fails(self, six_on_sqlite, tmp_path, monkeypatch, caplog, capfd):
        def fails(office, search, **_):
            raise RuntimeError(search)

        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("KETNAP_LOG")
        monkeypatch.setattr("console.desk.people.list_people", fails)
        app = make_app(lambda: six_on_sqlite, PREFECT, provider=Somebody(Actor("lan", "quan_tri")))
        client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        with caplog.at_level(logging.WARNING):
            answer = client.get(LIST, params={"q": self.WORDS})
        assert answer.status_code == 500
        assert "RuntimeError" in (tmp_path / "var" / "crash.log").read_text()
        for said in (answer.text, caplog.text, *capfd.readouterr()):
            assert not [sign for sign in self.SIGNS if sign in said]
        self.nothing_in(tmp_path)

    def nothing_in(self, folder: Path) -> None:
        """No file, no table of the office's holds the words."""
        for file in folder.rglob("*"):
            if file.is_file():
                held = file.read_bytes()
                assert not [sign for sign in self.SIGNS if sign.encode() in held], file


def _is_up(client: httpx.Client) -> bool:
    try:
        return client.get("/health").status_code == 200
    except httpx.TransportError:
        return False
