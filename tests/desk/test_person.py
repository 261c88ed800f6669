"""The page about one person: what it shows, every step's form, votes, refusals, corrections, two browsers, script in texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest

from procedures.access_log import list_access
from procedures.correct import correct
from procedures.office import Office
from procedures.show import show_candidate
from procedures.step_form import step_form
from states.events import FIELDS
from states.membership import PROCESS
from states.roles import Actor
from store.database import Database
from tests.desk.conftest import Desk, desk_of
from tests.desk.reading import main_words
from tests.procedures.village import Village
from tests.procedures.walk import SAID, Walker, said

pytestmark = pytest.mark.usefixtures("untiring")

D = date
SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
HERE, STEP, CORRECT = "/nguoi/ho-so", "/nguoi/ho-so/buoc", "/nguoi/ho-so/dinh-chinh"


class Fields(HTMLParser):
    """What the forms of a page would post: names, values, boxes that are ticked."""

    def __init__(self, html: str, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.values, self.select, self.area = action, False, {}, None, None
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = dict(attrs)
        name = told.get("name")
        if tag == "form":
            self.inside = told.get("action") == self.action and told.get("method") == "post"
        if not self.inside or not name:
            if self.inside and tag == "option" and self.select and "selected" in told:
                self.values[self.select] = told.get("value", "")
            return
        self.names.add(name)
        if tag == "input" and told.get("type") in ("checkbox", "radio"):
            if "checked" in told:
                self.values[name] = told.get("value", "on")
        elif tag == "input":
            self.values.setdefault(name, told.get("value") or "")
        elif tag == "select":
            self.select, self.values[name] = name, ""
        elif tag == "textarea":
            self.area, self.values[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "textarea" and self.area:
            self.values[self.area] = self.values[self.area].removeprefix("\n")
            self.area = None
        if tag == "select":
            self.select = None


def filled(desk: Desk, code: str, trigger: str, **typed: str) -> dict[str, str]:
    """A step's form as the page gives it, filled in."""
    answer = desk.get(STEP, ma=code, viec=trigger)
    assert answer.status_code == 200, answer.text[-500:]
    fields = Fields(answer.text, STEP)
    posted = dict(fields.values)
    for name, value in typed.items():
        if name in FIELDS and FIELDS[name].kind == "codes":
            assert f"{name}.{value}" in fields.names
            posted[f"{name}.{value}"] = "1"
        else:
            assert name in fields.names, (trigger, name, fields.names)
            posted[name] = value
    posted.pop("lam", None)
    posted.pop("csrftoken", None)
    return posted


def press(desk: Desk, posted: dict[str, str], button: str, where: str = STEP) -> Any:
    return desk.post(where, {**posted, "lam": button})


def shown(desk: Desk, code: str, **more: Any) -> dict[str, Any]:
    return show_candidate(desk.office, code, **more)


class AtDesk(Walker):
    """The walk of tests/procedures/walk.py, every step through the form, its preview and its button."""

    def __init__(self, village: Village, desk: Desk, office: Office, *more: Any) -> None:
        super().__init__(village, *more)
        self.desk, self.office = desk, office

    def go(self, *, leave: bool = False) -> str | None:
        self.office.today = self.today
        found = self.choices(self.shown(), leave=leave)
        if not found:
            return None
        trigger = min(found, key=lambda one: (self.taken[one], self.random.random()))
        self.taken[trigger] += 1
        told = {"note": "Lý do", "document_number": f"{sum(self.taken.values())}-QĐ"}
        posted = filled(self.desk, self.code, trigger, **self.data(trigger), **told)
        preview = press(self.desk, posted, "xem")
        assert preview.status_code == 200, (trigger, _said(preview.text))
        written = press(self.desk, Fields(preview.text, STEP).values, "ghi")
        assert written.status_code == 303, (trigger, _said(written.text))
        page = self.desk.get(written.headers["location"])
        assert page.status_code == 200
        assert PROCESS[trigger].label.vi in page.text
        return trigger

    def data(self, trigger: str) -> dict[str, str]:
        units = [one.value for one in _unit_choices(self.office, trigger, self.shown()["unit"])]
        told = super().data(trigger)
        if "to_unit" in told and told["to_unit"] not in units:
            told["to_unit"] = units[0]
        return told


def _unit_choices(office: Office, trigger: str, unit: str) -> tuple[Any, ...]:
    field = step_form(office, trigger, unit=unit).field("to_unit")
    return field.choices if field else ()


def _said(html: str) -> str:
    return main_words(html)[:1500]


def village_desk(database: Database, today: date) -> tuple[Village, Desk, Office]:
    village = Village(database, today)
    office = village.office(today)
    return village, desk_of(office), office


# The page ------------------------------------------------------------------------------------------------------------


def test_the_page_says_where_somebody_stands(desk: Desk) -> None:
    page = desk.get(HERE, ma="PL-02").text
    for words in (
        "Phạm Văn Khải", "Chờ chi bộ xét kết nạp", "05/12/2024 + 12 tháng = 05/12/2025", "còn 4 ngày", "Bùi Thị Sen",
        "064/GCN-2024", "Quy định 24-QĐ/TW", "5/5",
    ):  # fmt: skip
        assert words in page, words
    assert 'class="btn btn-primary" href="/nguoi/ho-so/buoc?ma=PL-02&amp;viec=cell_vote"' in page
    assert page.count('class="btn btn-primary"') == 1
    assert page.count("<h1") == 1


def test_what_may_not_be_done_says_why(desk_on_sqlite: Desk) -> None:
    page = desk_on_sqlite.get(HERE, ma="PL-06").text
    assert "Chưa có đề nghị xóa tên đạt 2/3" in page
    assert "294-QĐ/TW, 4.2.3" in page


def test_the_six_have_a_page_on_every_day(desk_on_sqlite: Desk) -> None:
    for number in range(1, 7):
        for day in ("", "01/07/2025", "2024-09-30"):
            answer = desk_on_sqlite.get(HERE, ma=f"PL-0{number}", ngay=day)
            assert answer.status_code == 200
            assert ("Đang xem như ngày" in answer.text) == bool(day and "xin chọn ngày" not in answer.text)


def test_as_it_was_offers_nothing_to_do(desk_on_sqlite: Desk) -> None:
    page = desk_on_sqlite.get(HERE, ma="PL-02", ngay="01/06/2024").text
    assert "Đã học lớp nhận thức về Đảng" in page
    assert STEP not in page
    assert CORRECT not in page
    for wrong in ("31/02/2025", "hôm qua", "01/01/2030"):
        answer = desk_on_sqlite.get(HERE, ma="PL-02", ngay=wrong)
        assert answer.status_code == 200
        assert f'value="{wrong}"' in answer.text
        assert 'aria-invalid="true"' in answer.text


def test_nobody_and_nothing(desk_on_sqlite: Desk) -> None:
    assert desk_on_sqlite.get(HERE, ma="PL-99").status_code == 404
    assert desk_on_sqlite.get(HERE).status_code == 400
    assert desk_on_sqlite.get(STEP, ma="PL-02", viec="mature").status_code == 400
    assert desk_on_sqlite.get(STEP, ma="PL-99", viec="list").status_code == 404
    assert desk_on_sqlite.get(CORRECT, muc="PL-02:99").status_code == 404
    assert desk_on_sqlite.get(CORRECT, muc="PL-02").status_code == 400


def test_every_opening_is_logged(desk_on_sqlite: Desk) -> None:
    desk_on_sqlite.sit("can_bo", user="minh")
    desk_on_sqlite.get(HERE, ma="PL-02")
    (line,) = list_access(desk_on_sqlite.office, action="open_person")["items"]
    assert (line["account"], line["code"]) == ("minh", "PL-02")


def test_what_is_sensitive_is_shown_for_a_reason(desk: Desk) -> None:
    with desk.office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE person_attributes SET value = 'Công giáo' WHERE key = 'ton_giao'")
    page = desk.get(HERE, ma="PL-06").text
    assert "đã che" in page
    assert "Công giáo" not in page
    notes = [row["texts"]["note"] for row in shown(desk, "PL-06")["timeline"] if row["texts"].get("note")]
    assert notes
    assert not [note for note in notes if escape(note) in page]
    assert desk.post(f"{HERE}/xem-rieng", {"ma": "PL-06", "ly_do": " "}).status_code == 400
    revealed = desk.post(f"{HERE}/xem-rieng", {"ma": "PL-06", "ly_do": "Đối chiếu lý lịch"}).text
    assert "Công giáo" in revealed
    assert all(escape(note) in revealed for note in notes)
    (line,) = list_access(desk.office, action="reveal")["items"]
    assert (line["code"], line["why"]) == ("PL-06", "Đối chiếu lý lịch")
    desk.sit("bi_thu", "CB-01")
    assert desk.post(f"{HERE}/xem-rieng", {"ma": "PL-06", "ly_do": "Tò mò"}).status_code == 403


@pytest.mark.parametrize(
    ("role", "unit", "page", "step", "correction"),
    [
        ("can_bo", None, 200, 200, 200), ("bi_thu", "CB-01", 200, 200, 403), ("bi_thu", "CB-02", 404, 404, 403),
        ("theo_doi", None, 403, 403, 403),
    ],
)  # fmt: skip
def test_who_may_do_what(desk_on_sqlite: Desk, role: str, unit: str, page: int, step: int, correction: int) -> None:
    desk_on_sqlite.sit(role, unit)
    assert desk_on_sqlite.get(HERE, ma="PL-02").status_code == page
    assert desk_on_sqlite.get(STEP, ma="PL-02", viec="cell_vote").status_code == step
    assert desk_on_sqlite.get(CORRECT, muc="PL-02:3").status_code == correction
    if page == 200:
        assert (CORRECT in desk_on_sqlite.get(HERE, ma="PL-02").text) == (correction == 200)
    posted = {"ma": "PL-02", "viec": "assign_helper", "on": "01/12/2025", "helper": "A", "phien": "99"}
    assert desk_on_sqlite.post(STEP, {**posted, "lam": "ghi"}).status_code in ((409,) if step == 200 else (step,))


# Steps ---------------------------------------------------------------------------------------------------------------


def walked(database: Database, seeds: range, steps: int) -> set[str]:
    taken: set[str] = set()
    village, desk, office = village_desk(database, D(2024, 1, 2))
    for seed in seeds:
        office.today = D(2024, 1, 2)
        code = f"A{seed}"
        village.open(code, day=D(2024, 1, 2), birth="1990-05", hoc_van="dai_hoc", today=D(2024, 1, 2))
        walker = AtDesk(village, desk, office, code, seed, D(2024, 1, 3))
        for _ in range(steps):
            if (trigger := walker.go(leave=len(walker.taken) > 8)) is None:
                break
            taken.add(trigger)
            walker.later()
    village.check()
    return taken


def test_every_trigger_is_taken_at_the_desk(sqlite_database: Database) -> None:
    """A generated walk over the table: each form is rendered, previewed and written where its trigger is allowed."""
    taken = walked(sqlite_database, range(6), 40)
    village, desk, _ = village_desk_again(sqlite_database)
    for trigger, at in ALLOWED_AT.items():
        if trigger in taken:
            continue
        code = f"B-{trigger}"
        at(village, code)
        told = {"note": "Lý do", "document_number": "1-QĐ", **said(trigger)}
        if "to_unit" in told:
            told["to_unit"] = "CB2"
        preview = press(desk, filled(desk, code, trigger, **told), "xem")
        assert preview.status_code == 200, (trigger, _said(preview.text))
        assert press(desk, Fields(preview.text, STEP).values, "ghi").status_code == 303, trigger
        taken.add(trigger)
    assert taken == {row.trigger for row in PROCESS.values() if not row.automatic}
    village.check()


def village_desk_again(database: Database) -> tuple[Village, Desk, Office]:
    village = Village.__new__(Village)
    village.database, village.today = database, D(2026, 1, 5)
    with database.reading() as connection:
        village.units = dict(connection.exec_driver_sql("SELECT code, id FROM units").all())
    office = village.office()
    return village, desk_of(office), office


def _at(step: str, *rows: Any, **more: Any) -> Callable[[Village, str], None]:
    def open_it(village: Village, code: str) -> None:
        village.open(code, step=step, day=D(2025, 9, 1), birth="1990-05", **more)
        for number, (trigger, on, data) in enumerate(rows):
            village.step(code, trigger, on, village.today, note="Lý do", document_number=f"{number}-NQ", **data)

    return open_it


_VOTED = ("cell_vote", D(2025, 12, 1), {"summoned": 9, "in_favour": 9})
_PROPOSED = [
    ("propose_removal", D(2025, 12, 1), {"body": body, "summoned": 9, "in_favour": 9})
    for body in ("chi_bo", "dang_uy_co_so")
]
ALLOWED_AT: dict[str, Callable[[Village, str], None]] = {
    "nominate": _at("quan_chung"), "list": _at("quan_chung"), "assign_helper": _at("cam_tinh"),
    "send_to_class": _at("cam_tinh"), "certify_class": _at("cam_tinh"), "retake_class": _at("da_hoc"),
    "open_file": _at("da_hoc"), "complete_file": _at("lap_ho_so"), "refresh_file": _at("cho_chi_bo"),
    "cell_vote": _at("cho_chi_bo"), "base_vote": _at("cho_co_so"), "decide": _at("cho_quyet_dinh"),
    "receive_decision": _at("cho_le"), "hold_ceremony": _at("cho_le", ("receive_decision", D(2025, 12, 30), {})),
    "declare_history": _at("du_bi"), "certify_new_member": _at("du_bi"),
    "recognition_cell_vote": _at("xet_chinh_thuc", ("certify_new_member", D(2025, 12, 1), {})),
    "recognition_base_vote": _at("ct_cho_co_so"), "decide_recognition": _at("ct_cho_quyet_dinh"),
    "return_file": _at("cho_co_so"), "propose_removal": _at("chinh_thuc"), "remove": _at("chinh_thuc", *_PROPOSED),
    "expel": _at("chinh_thuc"), "restore": _at("chinh_thuc", ("expel", D(2025, 12, 1), {})),
    "cancel_admission": _at("cho_le"), "delist": _at("cam_tinh"), "withdraw": _at("cam_tinh"),
    "transfer": _at("cam_tinh"), "transfer_out": _at("cam_tinh"), "die": _at("cam_tinh"),
    "extend": _at("cho_chi_bo", _VOTED),
}  # fmt: skip


def test_every_trigger_has_a_place_where_it_is_allowed() -> None:
    assert set(ALLOWED_AT) == {row.trigger for row in PROCESS.values() if not row.automatic}


@pytest.mark.postgres
def test_a_walk_at_the_desk_on_postgresql(postgresql_database: Database) -> None:
    assert len(walked(postgresql_database, range(1), 20)) > 6


@pytest.mark.parametrize(("in_favour", "said_", "kept"), [("9", "đạt tỷ lệ", True), ("5", "không đạt tỷ lệ", False)])
def test_an_admission_vote_passes_or_fails(desk: Desk, in_favour: str, said_: str, kept: bool) -> None:
    posted = filled(desk, "PL-02", "cell_vote", summoned="9", in_favour=in_favour, document_number="12-NQ")
    preview = press(desk, posted, "xem")
    assert f"Biểu quyết {said_}" in preview.text
    assert "Sẽ chuyển: Chờ chi bộ xét kết nạp → Chờ đảng ủy cơ sở xét kết nạp" in preview.text
    assert "ngày làm việc, trừ" in preview.text, "the sum of the limit that starts"
    assert shown(desk, "PL-02")["step"] == "cho_chi_bo", "a preview writes nothing"
    written = press(desk, Fields(preview.text, STEP).values, "ghi")
    assert written.headers["location"] == "/nguoi/ho-so?ma=PL-02"
    after = desk.get(written.headers["location"]).text
    assert f"{in_favour}/9 ({said_})" in after
    assert "Đã ghi «Chi bộ biểu quyết kết nạp»" in after
    assert shown(desk, "PL-02")["timeline"][-1]["data"]["carried"] is kept


def test_a_recognition_vote_that_fails_a_third_time_goes_up(desk: Desk) -> None:
    posted = filled(desk, "PL-06", "recognition_cell_vote", summoned="14", in_favour="8")
    preview = press(desk, posted, "xem")
    assert "Không đạt lần thứ ba" in preview.text
    press(desk, Fields(preview.text, STEP).values, "ghi")
    assert shown(desk, "PL-06")["step"] == "ct_cho_co_so"


def test_a_refused_step_names_every_verdict_and_offers_a_reason(desk: Desk) -> None:
    posted = filled(desk, "PL-05", "remove", document_number="5-QĐ")
    answer = press(desk, posted, "xem")
    assert answer.status_code == 422
    assert "Chưa có đề nghị xóa tên đạt 2/3" in answer.text
    again = Fields(answer.text, STEP)
    assert again.values["document_number"] == "5-QĐ", "what was typed is kept"
    preview = press(desk, again.values | {"irregular": "Quyết định của cấp trên"}, "xem")
    assert preview.status_code == 200
    assert "Ghi ngoài quy định" in preview.text
    press(desk, Fields(preview.text, STEP).values, "ghi")
    assert shown(desk, "PL-05")["step"] == "xoa_ten"
    page = desk.get(HERE, ma="PL-05").text
    assert "Quyết định của cấp trên" in page
    assert "Chưa có đề nghị xóa tên đạt 2/3" in page


def test_a_hard_refusal_offers_no_reason(desk_on_sqlite: Desk) -> None:
    posted = filled(desk_on_sqlite, "PL-02", "hold_ceremony")
    answer = press(desk_on_sqlite, posted, "xem")
    assert answer.status_code == 422
    assert "chỉ làm được từ: Chờ lễ kết nạp" in answer.text
    assert "irregular" not in Fields(answer.text, STEP).names


def test_wrong_fields_are_named_and_kept(desk_on_sqlite: Desk) -> None:
    posted = filled(desk_on_sqlite, "PL-02", "cell_vote", summoned="chín", in_favour="10", note="Giữ lại")
    answer = press(desk_on_sqlite, posted | {"on": "31/02/2025"}, "xem")
    assert answer.status_code == 400
    kept = Fields(answer.text, STEP).values
    assert (kept["on"], kept["summoned"], kept["in_favour"], kept["note"]) == ("31/02/2025", "chín", "10", "Giữ lại")
    assert "Không có ngày 31/02/2025" in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    late = press(desk_on_sqlite, posted | {"summoned": "12", "on": "02/12/2025"}, "xem")
    assert late.status_code == 422
    assert "ở sau ngày làm việc" in late.text


def test_changing_ones_mind_keeps_what_was_typed(desk_on_sqlite: Desk) -> None:
    posted = filled(desk_on_sqlite, "PL-01", "complete_file", documents="1-KNĐ", introducers="Lê Một; Phạm Hai")
    preview = press(desk_on_sqlite, posted | {"irregular": "", "documents.du": "1"}, "xem")
    assert preview.status_code == 200, _said(preview.text)
    again = Fields(press(desk_on_sqlite, Fields(preview.text, STEP).values, "sua").text, STEP).values
    assert again["introducers"] == "Lê Một; Phạm Hai"
    assert (again["documents.1-KNĐ"], again["documents.du"]) == ("1", "1")


def test_two_browsers_at_one_person(desk: Desk) -> None:
    lan = filled(desk, "PL-02", "cell_vote", summoned="9", in_favour="9", note="Của Lan")
    other = desk_of(desk.office, Actor("minh", "can_bo"))
    posted = filled(other, "PL-02", "assign_helper", helper="Trần Văn Mới")
    assert press(other, posted, "ghi").status_code == 303
    for button in ("xem", "ghi"):
        answer = press(desk, lan, button)
        assert answer.status_code == 409
        assert "minh ghi «Phân công đảng viên giúp đỡ»" in answer.text
        kept = Fields(answer.text, STEP).values
        assert (kept["summoned"], kept["note"]) == ("9", "Của Lan")
    assert press(desk, kept, "ghi").status_code == 303, "after looking again it is written"
    assert press(desk, kept, "ghi").status_code == 409, "and not a second time"
    assert [row["trigger"] for row in shown(desk, "PL-02")["timeline"][-2:]] == ["assign_helper", "cell_vote"]


def test_without_a_version_nothing_is_written(desk_on_sqlite: Desk) -> None:
    posted = filled(desk_on_sqlite, "PL-02", "assign_helper", helper="A")
    for wrong in ("", "x", "²", "9" * 5000):
        assert press(desk_on_sqlite, posted | {"phien": wrong}, "ghi").status_code == 400
    assert shown(desk_on_sqlite, "PL-02")["papers"]["helper"]["name"] == "Bùi Thị Sen"


# Corrections ---------------------------------------------------------------------------------------------------------


def correction(desk: Desk, entry: str, **typed: str) -> dict[str, str]:
    answer = desk.get(CORRECT, muc=entry)
    assert answer.status_code == 200
    posted = Fields(answer.text.partition("<details")[0], CORRECT).values
    return {k: v for k, v in posted.items() if k != "csrftoken"} | typed


def test_a_correction_shows_its_cascade_before_it_is_written(desk: Desk) -> None:
    ceremony = next(row for row in shown(desk, "PL-06")["timeline"] if row["trigger"] == "hold_ceremony")
    posted = correction(desk, ceremony["entry"], on="29/10/2024", ly_do_sua="Ghi nhầm ngày")
    assert posted["muc"] == ceremony["entry"]
    preview = press(desk, posted, "xem", CORRECT)
    assert preview.status_code == 200, _said(preview.text)
    text = _said(preview.text)
    assert "28/10/2024 → 29/10/2024" in text
    assert "Hết 12 tháng dự bị ngày 28/10/2025 PL-06:14 : hủy" in text
    assert "Hết 12 tháng dự bị ngày 29/10/2025: thêm mới" in text
    assert shown(desk, "PL-06")["since"] == D(2025, 10, 28)
    assert press(desk, Fields(preview.text, CORRECT).values, "ghi", CORRECT).status_code == 303
    assert shown(desk, "PL-06")["since"] == D(2025, 10, 29)
    page = desk.get(HERE, ma="PL-06").text
    assert "<del>" in page
    assert "Ghi nhầm ngày" in page


def test_a_correction_takes_only_what_was_changed(desk: Desk) -> None:
    before = next(row for row in shown(desk, "PL-02")["timeline"] if row["trigger"] == "complete_file")
    posted = correction(desk, before["entry"], document_number="9-HS", ly_do_sua="Thiếu số")
    assert "documents.du" in posted
    preview = press(desk, posted, "xem", CORRECT)
    press(desk, Fields(preview.text, CORRECT).values, "ghi", CORRECT)
    after = shown(desk, "PL-02")["timeline"][-1]
    assert (after["document"], after["data"], after["on"]) == ("9-HS", before["data"], before["on"])
    assert {k: v for k, v in after["texts"].items() if k != "reason"} == before["texts"]


def test_corrections_that_cannot_be(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    none = press(desk, correction(desk, "PL-02:3", ly_do_sua="Không đổi gì"), "xem", CORRECT)
    assert none.status_code == 400
    assert "không có gì để sửa" in none.text
    no_reason = press(desk, correction(desk, "PL-02:3", document_number="1"), "xem", CORRECT)
    assert no_reason.status_code == 400
    assert Fields(no_reason.text.partition("<details")[0], CORRECT).values["document_number"] == "1"
    unlawful = press(desk, correction(desk, "PL-02:3", on="20/05/2024", ly_do_sua="Thử"), "xem", CORRECT)
    assert unlawful.status_code == 422
    assert "PL-02:4" in unlawful.text
    assert desk.get(CORRECT, muc="PL-06:14").status_code == 400, "the engine derives it"


def test_an_entry_is_made_void(desk: Desk) -> None:
    last = shown(desk, "PL-06")["timeline"][-1]
    answer = desk.get(CORRECT, muc=last["entry"]).text
    posted = Fields(answer.partition("<details")[2], CORRECT).values | {"ly_do_sua": "Cuộc họp không có"}
    preview = press(desk, posted, "xem", CORRECT)
    assert preview.status_code == 200
    assert "Xem trước: hủy mục" in preview.text
    assert press(desk, Fields(preview.text, CORRECT).values, "ghi", CORRECT).status_code == 303
    page = desk.get(HERE, ma="PL-06").text
    assert "Mục đã hủy" in page
    assert "Cuộc họp không có" in page
    assert last["entry"] not in [row["entry"] for row in shown(desk, "PL-06")["timeline"]]


def test_two_browsers_correct_one_person(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    posted = correction(desk, "PL-02:3", document_number="7-NQ", ly_do_sua="Sửa số")
    correct(desk.office, "PL-02:2", changes={"document_number": "8-NQ"}, reason="Trước")
    answer = press(desk, posted, "ghi", CORRECT)
    assert answer.status_code == 409
    assert Fields(answer.text.partition("<details")[0], CORRECT).values["document_number"] == "7-NQ"


def test_the_opening_is_corrected_and_stays(desk_on_sqlite: Desk) -> None:
    answer = desk_on_sqlite.get(CORRECT, muc="PL-01:1").text
    assert "<details" not in answer.partition("<main")[2], "it cannot be made void"
    posted = correction(desk_on_sqlite, "PL-01:1", on="01/01/2024", ly_do_sua="Đã rõ ngày")
    assert press(desk_on_sqlite, posted, "xem", CORRECT).status_code in (200, 422)


# Script in texts -----------------------------------------------------------------------------------------------------


def clean(html: str) -> None:
    """No script or handler of ours came out of what was typed."""
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_script_in_every_text_comes_out_as_text(sqlite_database: Database) -> None:
    village, desk, _ = village_desk(sqlite_database, D(2026, 1, 5))
    for trigger, at in ALLOWED_AT.items():
        code = f"S-{trigger}"
        at(village, code)
        words = [name for name in PROCESS[trigger].records if FIELDS[name].kind in ("words", "names")]
        told = {"note": SCRIPT, "document_number": SCRIPT, **said(trigger), **dict.fromkeys(words, SCRIPT)}
        preview = press(desk, filled(desk, code, trigger, **told), "xem")
        assert preview.status_code == 200, (trigger, _said(preview.text))
        clean(preview.text)
        again = press(desk, Fields(preview.text, STEP).values, "sua")
        clean(again.text)
        assert Fields(again.text, STEP).values["note"] == SCRIPT
        assert press(desk, Fields(preview.text, STEP).values, "ghi").status_code == 303
        clean(desk.get(HERE, ma=code).text)
        revealed = desk.post(f"{HERE}/xem-rieng", {"ma": code, "ly_do": SCRIPT})
        clean(revealed.text)
        assert "&lt;script&gt;alert" in revealed.text
        entry = show_candidate(village.office(), code)["timeline"][-1]["entry"]
        clean(desk.get(CORRECT, muc=entry).text)
        posted = correction(desk, entry, note="Khác" + SCRIPT, ly_do_sua=SCRIPT)
        clean(press(desk, posted, "xem", CORRECT).text)
        press(desk, posted, "ghi", CORRECT)
        clean(desk.get(HERE, ma=code).text)


def test_reflected_script_comes_out_as_text(desk_on_sqlite: Desk) -> None:
    desk = desk_on_sqlite
    for answer in (
        desk.get(HERE, ma=SCRIPT), desk.get(HERE, ma="PL-02", ngay=SCRIPT), desk.get(STEP, ma="PL-02", viec=SCRIPT),
        desk.get(CORRECT, muc=SCRIPT), desk.get(CORRECT, muc=f"{SCRIPT}:3"),
        press(desk, {"ma": "PL-02", "viec": "cell_vote", "phien": SCRIPT, "on": SCRIPT, "summoned": SCRIPT}, "xem"),
        press(desk, {"ma": SCRIPT, "viec": "cell_vote", "phien": "1"}, "xem"),
    ):  # fmt: skip
        assert answer.status_code < 500
        clean(answer.text)


def test_a_name_of_script_too(sqlite_database: Database) -> None:
    village, desk, _ = village_desk(sqlite_database, D(2026, 1, 5))
    village.open("A1", step="cam_tinh", day=D(2025, 1, 1), name=SCRIPT, nghe_nghiep=SCRIPT)
    for answer in (desk.get(HERE, ma="A1"), desk.get(STEP, ma="A1", viec="certify_class")):
        clean(answer.text)


# As it was -----------------------------------------------------------------------------------------------------------


def test_a_day_gone_by_looks_as_it_did(sqlite_database: Database) -> None:
    """The body of the page on a business day, and of that day looked at later, say the same way and the same limits."""
    village, desk, office = village_desk(sqlite_database, D(2024, 1, 2))
    village.open("A1", day=D(2024, 1, 2), birth="1990-05", today=D(2024, 1, 2))
    walker = Walker(village, "A1", 3, D(2024, 1, 3))
    seen: dict[date, list[str]] = {}
    for _ in range(12):
        walker.go()
        office.today = walker.today
        seen[walker.today] = list(standing(desk.get(HERE, ma="A1").text))
        walker.later()
    office.today = walker.today + timedelta(days=30)
    for day, before in seen.items():
        assert list(standing(desk.get(HERE, ma="A1", ngay=f"{day:%d/%m/%Y}").text)) == before, day


def standing(html: str) -> Iterator[str]:
    """Where somebody stands, the sums of their limits, the days of what happened."""
    yield from re.findall(r'<p class="kn-here"><strong>(.*?)</strong>', html)
    yield from re.findall(r'<div class="kn-sum-line">(.*?)</div>', html)
    yield from re.findall(
        r'<div class="kn-event-head"><div><span class="kn-day">(.*?)</span> <strong>(.*?)</strong>', html
    )  # type: ignore[misc]


def test_saids_cover_all_fields() -> None:
    assert set(SAID) == set(FIELDS)


# In a browser --------------------------------------------------------------------------------------------------------


def test_taking_a_step_in_a_browser(
    desk_on_sqlite: Desk, serve: Callable[[Any], str], window: Callable[..., Any], today: date
) -> None:
    page = window(1280, 720)
    page.goto(serve(desk_on_sqlite.app) + "/nguoi/ho-so?ma=PL-02")
    page.get_by_role("link", name="Chi bộ biểu quyết kết nạp").click()
    page.get_by_label("Số triệu tập").fill("9")
    page.get_by_label("Số tán thành").fill("7")
    page.get_by_role("button", name="Chọn ngày: Ngày họp").wait_for()
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Ghi vào sổ").click()
    page.get_by_text("Đã ghi «Chi bộ biểu quyết kết nạp»").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert shown(desk_on_sqlite, "PL-02")["step"] == "cho_co_so"


@pytest.mark.parametrize("path", ["?ma=PL-06", "/buoc?ma=PL-01&viec=complete_file", "/dinh-chinh?muc=PL-05:9"])
def test_nothing_runs_over_on_a_phone(
    path: str, desk_on_sqlite: Desk, serve: Callable[[Any], str], window: Callable[..., Any]
) -> None:
    page = window(390, 844)
    page.goto(serve(desk_on_sqlite.app) + HERE + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_in_english(desk_on_sqlite: Desk) -> None:
    desk_on_sqlite.client.cookies.set("language", "en")
    for path, query in (
        (HERE, {"ma": "PL-06"}), (STEP, {"ma": "PL-02", "viec": "cell_vote"}), (CORRECT, {"muc": "PL-05:9"}),
    ):  # fmt: skip
        answer = desk_on_sqlite.get(path, **query)
        assert answer.status_code == 200
    page = desk_on_sqlite.get(HERE, ma="PL-02").text
    assert "What comes next" in page
    assert "2024-12-05 + 12 months = 2025-12-05" in page
