"""The access log: one line a look, kept for good, without names; each administrator reads their own subtree's."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from procedures.access_log import list_access, record
from procedures.access_words import SUBJECTS
from states.errors import BadInput, Conflict, Unknown
from states.roles import Actor, Forbidden

ADMIN = Actor("mai", "quan_tri")


def test_a_line_says_who_when_what_whose_and_why(six):
    record(six.for_actor(Actor("lan", "can_bo", "CB-01")), "open_person", subject="PL-02", why="xem hồ sơ")
    record(six, "export", unit="CB-02", subject="xlsx", detail={"rows": 3})
    record(six, "sign_in_failed", subject="hung", by=Actor("hung", "bi_thu", "CB-02"))
    items = list_access(six.for_actor(ADMIN))["items"]
    kept = [
        [line[key] for key in ("account", "role", "action", "code", "subject", "unit", "why", "detail")]
        for line in items
    ]
    assert kept == [
        ["hung", "bi_thu", "sign_in_failed", None, "hung", "CB-02", None, None],
        ["lan", None, "export", None, "xlsx", "CB-02", None, {"rows": 3}],
        ["lan", "can_bo", "open_person", "PL-02", None, "CB-01", "xem hồ sơ", None],
    ]
    assert abs(items[0]["at"] - six.now()) < timedelta(minutes=1)


def test_filters_and_pages(six):
    for number in range(7):
        record(six, "open_person", subject="PL-02" if number % 2 else "PL-03")
    record(six.for_actor(ADMIN), "sign_in", subject="mai")
    admin = six.for_actor(ADMIN)
    assert list_access(admin, subject="PL-02")["total"] == 3
    assert list_access(admin, subject="mai")["total"] == 1
    assert list_access(admin, account="mai")["total"] == 1
    assert list_access(admin, action="sign_in")["total"] == 1
    assert list_access(admin, subject="no such")["total"] == 0
    assert list_access(admin, unit="CB-02")["total"] == 4
    today = six.now().astimezone().date()
    assert list_access(admin, since=today - timedelta(1), until=today + timedelta(1))["total"] == 8
    assert list_access(admin, until=today - timedelta(2))["total"] == 0
    page = list_access(admin, size=3, page=3)
    assert (len(page["items"]), page["page"], page["pages"]) == (2, 3, 3)
    assert list_access(admin, size=3, page=99)["page"] == 3
    with pytest.raises(BadInput):
        list_access(admin, action="nothing")
    with pytest.raises(Unknown):
        list_access(admin, unit="XX")


def test_who_may_read_it(six):
    record(six, "open_person", subject="PL-02")  # of CB-01
    record(six, "open_person", subject="PL-03")  # of CB-02
    for role in ("can_bo", "bi_thu", "theo_doi"):
        with pytest.raises(Forbidden):
            list_access(six.for_actor(Actor("x", role)))
    scoped = six.for_actor(Actor("x", "quan_tri", "CB-01"))
    assert [line["code"] for line in list_access(scoped)["items"]] == ["PL-02"]
    with pytest.raises(Unknown):
        list_access(scoped, unit="CB-02")


def test_no_line_is_changed_or_dropped(six):
    record(six, "reveal", subject="PL-02", why="đối chiếu")
    for statement in ("UPDATE access_log SET account = 'x'", "DELETE FROM access_log"):
        with pytest.raises((Conflict, DBAPIError)), six.database.writing() as connection:
            connection.exec_driver_sql(statement)
    assert list_access(six)["items"][0]["why"] == "đối chiếu"


def test_an_action_must_be_known_and_a_code_nobody_has_is_not_kept(six):
    with pytest.raises(KeyError):
        record(six, "anything")
    record(six, "open_person", subject="Nguyễn Văn A")
    line = list_access(six)["items"][0]
    assert (line["code"], line["subject"]) == (None, None)


def test_what_is_beside_an_action_is_told_in_words(six) -> None:
    said = {"role": "can_bo", "unit": None}, {"fields": ["dan_toc", "note"]}, {"step": "decide", "as_of": "2025-11-10"}
    for detail in said:
        record(six, "open_person", subject="PL-02", detail=detail)
    record(
        six, "export", subject="workbook", detail={"rows": 3, "people": True, "created": {"ung_vien": 2, "don_vi": 0}}
    )
    six.lang = "vi"
    lines = list_access(six)["items"]
    assert [one["told"] for one in lines] == [
        ["số dòng: 3", "người: có", "mới: ung_vien 2"],
        ["xem như ngày: 10/11/2025", "việc: Quyết định kết nạp"],
        ["thông tin: Dân tộc, Ghi chú"],
        ["vai trò: Cán bộ", "đơn vị: toàn cơ quan"],
    ]
    assert [one["about"] for one in lines] == ["toàn bộ sổ", None, None, None]
    six.lang = "en"
    assert list_access(six)["items"][0]["about"] == "the whole workbook"


def test_every_kind_of_export_has_words() -> None:
    root = Path(__file__).parent.parent.parent
    sources = [
        path.read_text(encoding="utf-8") for room in ("procedures", "console") for path in (root / room).rglob("*.py")
    ]
    given = {name for source in sources for name in re.findall(r'"export",\s+subject="(\w+)"', source)}
    given |= {name for source in sources for name in re.findall(r'_opened\(office, "(\w+)"', source)}
    assert len(given) > 6
    assert given <= SUBJECTS.keys()
