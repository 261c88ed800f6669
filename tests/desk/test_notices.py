"""Thông báo and Lượt chạy: who was told what and why, letters sent now, jobs and their runs in Prefect."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from procedures.claim import claim, settle
from procedures.remind import remind
from procedures.tick import tick
from tests.desk.conftest import Desk, desk_of
from tests.desk.reading import main_words

RUN = "0f1e2d3c-0000-4000-8000-000000000001"


def _text(answer) -> str:
    return main_words(answer.text)


def test_the_ledger_and_why(desk: Desk) -> None:
    remind(desk.office)
    page = desk.get("/thong-bao")
    shown = _text(page)
    assert "chờ gửi" in shown
    assert "PL-0" in shown
    number = re.search(r"/thong-bao/vi-sao\?so=(\d+)", page.text).group(1)
    assert "Căn cứ" in _text(desk.get("/thong-bao/vi-sao", so=number))
    assert desk.get("/thong-bao/vi-sao", so="99999").status_code == 404
    none = _text(desk.get("/thong-bao", **{"trang-thai": "sent"}))
    assert "Không có thông báo nào như vậy." in none
    some = desk.get("/thong-bao", **{"nguoi-nhan": "@", "tu": "2025-01-01", "den": "2025-12-31", "don-vi": "CB-01"})
    assert some.status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"trang-thai": "x"}, 400),
        ({"don-vi": "KHONG-CO"}, 404),
        ({"tu": "31/02/2025"}, 400),
        ({"trang": "9" * 30}, 400),
    ],
)
def test_a_wrong_filter_keeps_the_form(desk_on_sqlite: Desk, query: dict[str, str], status: int) -> None:
    answer = desk_on_sqlite.get("/thong-bao", **query)
    assert answer.status_code == status
    assert 'name="nguoi-nhan"' in answer.text


def test_an_observer_sees_no_notice_about_people(desk_on_sqlite: Desk) -> None:
    remind(desk_on_sqlite.office)
    assert "PL-0" not in desk_on_sqlite.sit("theo_doi").get("/thong-bao").text
    assert "PL-0" in desk_on_sqlite.sit("bi_thu").get("/thong-bao").text


def test_a_secretary_sees_their_own_unit_alone(desk_on_sqlite: Desk) -> None:
    remind(desk_on_sqlite.office)
    shown = _text(desk_on_sqlite.sit("bi_thu", "CB-01").get("/thong-bao"))
    assert "CB-02" not in shown
    assert desk_on_sqlite.get("/thong-bao", **{"don-vi": "CB-02"}).status_code == 404


def test_letters_are_sent_now(desk: Desk) -> None:
    remind(desk.office)
    assert "Chưa có thư nào." in _text(desk.get("/thong-bao/thu"))
    done = desk.post("/thong-bao/gui")
    assert (done.status_code, done.headers["location"]) == (303, "/thong-bao/thu")
    shown = _text(desk.get("/thong-bao/thu"))
    assert "đã gửi" in shown
    assert "Đang gửi qua: " in shown
    for role in ("can_bo", "bi_thu", "theo_doi"):
        desk.sit(role)
        assert desk.get("/thong-bao/thu").status_code == 403
        assert desk.post("/thong-bao/gui").status_code == 403


class Server(BaseHTTPRequestHandler):
    """As much of Prefect's API as the desk asks for, its token against forgery included."""

    def do_GET(self) -> None:
        if self.path.startswith("/api/csrf-token?client="):
            self._say({"token": "t0", "client": self.path.partition("=")[2]})
        elif self.path == "/api/deployments/name/reminders/reminders":
            self._say({"id": "d1"})
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Prefect-Csrf-Token") != "t0" or not self.headers.get("Prefect-Csrf-Client"):
            self.send_error(403)
        elif self.path == "/api/flow_runs/filter":
            run = {"id": RUN, "name": "Nhắc hạn 01/12/2025", "state_type": "COMPLETED", "state_name": "Completed"}
            self._say([run | {"start_time": "2025-12-01T00:30:00Z", "end_time": "2025-12-01T00:30:02.5Z"}])
        elif self.path == "/api/deployments/d1/create_flow_run":
            self._say({"id": RUN})
        else:
            self.send_error(404)

    def _say(self, what: object) -> None:
        content = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def prefect() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_runs_lead_to_their_page_and_one_is_started(six_on_sqlite, prefect: str, monkeypatch) -> None:
    monkeypatch.setattr("tests.desk.conftest.PREFECT", prefect)
    desk = desk_of(six_on_sqlite)
    page = desk.get("/luot-chay")
    assert f'href="{prefect}/runs/flow-run/{RUN}"' in page.text
    assert "Nhắc hạn 01/12/2025 xong 07:30 01/12/2025" in _text(page)
    done = desk.post("/luot-chay/chay", {"viec": "reminders"})
    assert (done.status_code, done.headers["location"]) == (303, f"/luot-chay?luot={RUN}")
    assert "Mở trang của lượt vừa gọi" in _text(desk.get(done.headers["location"]))
    missing = desk.post("/luot-chay/chay", {"viec": "delivery"})
    assert missing.status_code == 503
    assert "chưa có luồng «delivery»" in _text(missing)
    assert desk.post("/luot-chay/chay", {"viec": "xyz"}).status_code == 400
    assert "javascript" not in desk.get("/luot-chay", luot="javascript:alert(1)").text.split("</main>")[0][-9000:]


def test_without_prefect_everything_due_can_still_be_done(six: object, monkeypatch) -> None:
    monkeypatch.setattr("tests.desk.conftest.PREFECT", "http://127.0.0.1:9")
    desk = desk_of(six)  # type: ignore[arg-type]
    assert "không trả lời" in _text(desk.get("/luot-chay"))
    refused = desk.post("/luot-chay/chay", {"viec": "reminders"})
    assert refused.status_code == 503
    done = desk.post("/luot-chay/moi-viec")
    assert done.status_code == 303
    shown = _text(desk.get("/luot-chay"))
    assert "Làm mọi việc đến hạn xong" in shown
    turn = shown[shown.index("Làm mọi việc đến hạn xong") :]  # in the order of the work, each part named once
    parts = [
        turn.index(part)
        for part in ("Lập nhắc việc: tạo mới", "Đôn đốc đơn vị: mở vụ việc 1, lên bậc 1, nhắc việc 1", "Gửi thư: ")
    ]
    assert parts == sorted(parts)
    for job in ("Nhắc hạn", "Gửi thư nhắc", "Tổng hợp số liệu", "Đôn đốc đơn vị chậm"):
        assert f"{job} Đã xong" in shown
    assert "Niêm phong và sao lưu Chưa chạy" in shown  # a tick makes no backup
    again = tick(desk.office)
    assert not any(
        count for job in again.values() for name, count in job.items() if name != "unchanged" and isinstance(count, int)
    )


def test_what_a_flow_did_is_told_part_by_part(desk_on_sqlite: Desk) -> None:
    office = desk_on_sqlite.office
    claim(office, "escalation", owner="x", lives=lambda _: False)
    did = {"Đơn vị im lặng: notices": 1, "Đôn đốc: rose": 3, "Đôn đốc: opened": 1200, "Tổng hợp: units": 0}
    settle(office, "escalation", owner="x", result=did)
    assert "Đôn đốc: mở vụ việc 1.200, lên bậc 3; Đơn vị im lặng: nhắc việc 1" in _text(
        desk_on_sqlite.get("/luot-chay")
    )


def test_jobs_are_the_administrators(desk_on_sqlite: Desk) -> None:
    for role, unit in (("can_bo", None), ("bi_thu", "CB-01"), ("theo_doi", None), ("quan_tri", "CB-01")):
        desk_on_sqlite.sit(role, unit)
        assert desk_on_sqlite.get("/luot-chay").status_code == 403
        assert desk_on_sqlite.post("/luot-chay/chay", {"viec": "reminders"}).status_code == 403
        assert desk_on_sqlite.post("/luot-chay/moi-viec").status_code == 403
