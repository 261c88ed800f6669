"""Every way to fail has its exit code, its message, and under --json exactly one document."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from states.errors import BadInput, Conflict, Installation, Refused, Unknown
from states.wording import Text
from store.database import Database
from tests.full_disk import counts, full
from tests.procedures.books import UNITS, save

ROOT = Path(__file__).parent.parent.parent
WRONG = {
    "an unknown command": (["advnce"], "có phải là “advance”"),
    "nothing like a command": (["qqqq"], "Không có lệnh “qqqq”"),
    "an unknown option": (["due", "--untill", "2020-01-01"], "--untill"),
    "a missing option": (["limit", "admission_decision_wd"], "Thiếu --from"),
    "a missing argument": (["candidate", "show"], "Thiếu MÃ"),
    "one word too many": (["candidate", "show", "A1", "A2"], "Thừa: A2"),
    "a group without command": (["candidate", "shw"], "có phải là “show”"),
    "no number": (["report", "--unit", "U", "--period", "2020", "--decimals", "hai"], "--decimals"),
    "an unknown language": (["due", "--lang", "fr"], "fr"),
    "no day for a step": (["advance", "A1", "nominate"], "Thiếu --on"),
    "data without a value": (["advance", "A1", "list", "--on", "2020-01-01", "--data", "helper"], "tên=giá trị"),
    "data twice": (["advance", "A1", "list", "--on", "2020-01-01", "--data", "a=1", "--data", "a=2"], "hai lần"),
    "neither set nor void": (["correct", "A1:2", "--reason", "x"], "--set hoặc --void"),
    "a rounding nobody knows": (["report", "--unit", "U", "--period", "2020", "--rounding", "up"], "half_up"),
}


@pytest.mark.parametrize(("words", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_command_line_is_bad_input(
    ketnap: Callable[..., Any], stand_in: Callable[..., None], words: list[str], says: str
) -> None:
    stand_in("advance", advance=None)
    ended = ketnap(*words)
    assert ended.code == 1
    assert ended.out == ""
    assert says in ended.err
    ended = ketnap(*words, "--json")
    assert ended.code == 1
    assert ended.document["error"]["kind"] == "bad_input"
    assert says in ended.document["error"]["message"]
    assert ended.err == ""


@pytest.mark.parametrize(
    ("problem", "code", "kind"),
    [
        (BadInput(Text("a", "a")), 1, "bad_input"),
        (Unknown(Text("a", "a")), 3, "unknown"),
        (Conflict(Text("a", "a")), 4, "conflict"),
        (Installation(Text("a", "a")), 5, "installation"),
    ],
)
def test_an_expected_problem_has_its_code(
    ketnap: Callable[..., Any], stand_in: Callable[..., None], problem: Exception, code: int, kind: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    stand_in("due", due=fail)
    ended = ketnap("due", "--json")
    assert (ended.code, ended.document["error"]["kind"]) == (code, kind)


class Verdict:
    def as_dict(self, lang: str) -> dict[str, Any]:
        reason = "Chưa đủ tuổi." if lang == "vi" else "Too young."
        return {"reason": reason, "citation": "Điều 1", "earliest": date(2026, 3, 1), "who": "chi bộ"}


def refuse(*_: object, **__: object) -> None:
    raise Refused([Verdict()])


def test_a_refusal_carries_its_verdicts(ketnap: Callable[..., Any], stand_in: Callable[..., None]) -> None:
    stand_in("advance", advance=refuse)
    words = ("advance", "A1", "cell_vote", "--on", "2026-02-01")
    ended = ketnap(*words, "--json")
    assert ended.code == 2
    assert ended.document["refused"] == [
        {"reason": "Chưa đủ tuổi.", "citation": "Điều 1", "earliest": "2026-03-01", "who": "chi bộ"}
    ]
    assert ended.document["error"]["kind"] == "refused"
    ended = ketnap(*words)
    assert ended.code == 2
    for word in ("Chưa đủ tuổi.", "Căn cứ: Điều 1", "Sớm nhất: 01/03/2026", "Ai bổ sung: chi bộ"):
        assert word in ended.err
    assert "Too young." in ketnap(*words, "--lang", "en").err


def test_one_refused_among_many_is_exit_2(ketnap: Callable[..., Any], stand_in: Callable[..., None]) -> None:
    result = {"committed": ["A1"], "refused": [{"code": "A2", "verdicts": [Verdict()]}]}
    stand_in("advance", advance_many=lambda office, rows: result)
    stand_in("read_advance_rows", read_advance_rows=lambda path, lang: [])
    ended = ketnap("advance", "--from", "x.xlsx", "--json")
    assert ended.code == 2
    assert ended.document["committed"] == ["A1"]
    assert ended.document["refused"][0]["code"] == "A2"
    assert ended.document["error"]["kind"] == "refused"


def test_a_wrong_workbook_lists_every_cell(ketnap: Callable[..., Any], stand_in: Callable[..., None]) -> None:
    errors = [{"sheet": "ung_vien", "row": 3, "column": "ngay_sinh", "message": "Ngày 31/02/1990 không có."}]

    def fail(*_: object, **__: object) -> None:
        raise BadInput(Text("Tệp có 1 chỗ sai.", "1 mistake."), details={"errors": errors})

    stand_in("import_workbook", import_workbook=fail)
    ended = ketnap("import", "x.xlsx", "--json")
    assert ended.code == 1
    assert ended.document["errors"] == errors
    assert (ended.document["created"], ended.document["updated"], ended.document["unchanged"]) == ({}, {}, 0)
    assert ended.document["error"]["kind"] == "bad_input"
    assert "ung_vien, dòng 3, cột ngay_sinh: Ngày 31/02/1990 không có." in ketnap("import", "x.xlsx").err


def test_verify_that_found_something_is_exit_2(ketnap: Callable[..., Any], stand_in: Callable[..., None]) -> None:
    broken = [{"code": "A1", "entry": "A1:2", "reason": "đã bị sửa"}]
    stand_in("verify", verify=lambda office: {"ok": False, "entries": 5, "broken": broken})
    ended = ketnap("verify", "--json")
    assert (ended.code, ended.document["broken"], ended.document["ok"]) == (2, broken, False)
    assert "A1:2" in ketnap("verify").out


def test_a_crash_names_a_file_and_tells_no_names(
    ketnap: Callable[..., Any], stand_in: Callable[..., None], tmp_path: Path
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("".join(["Ng", "uyễn"]))

    stand_in("due", due=fail)
    ended = ketnap("due", "--json")
    assert ended.code == 5
    assert ended.document["error"]["kind"] == "internal"
    log = tmp_path / "var" / "crash.log"
    assert "crash.log" in ended.document["error"]["message"]
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert "Nguyễn" not in log.read_text(encoding="utf-8") + ended.out + ended.err
    if os.name == "posix":
        assert log.stat().st_mode & 0o077 == 0


def test_ctrl_c_says_so(ketnap: Callable[..., Any], stand_in: Callable[..., None]) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    stand_in("due", due=stop)
    ended = ketnap("due")
    assert ended.code == 130
    assert "Đã dừng" in ended.err


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX pipe")
def test_a_closed_pipe_is_silent() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "console.cli", "advance", "--help"],
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_no_room_for_the_database(ketnap: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("database: k.db\n", encoding="utf-8")
    assert ketnap("init").code == 0
    newcomers = [["ma", "ho_ten", "don_vi"], *([f"N-{n}", f"Người {n}", "001"] for n in range(300))]
    save(tmp_path / "so.xlsx", {"don_vi": UNITS, "ung_vien": newcomers})
    database = Database(f"sqlite:///{tmp_path}/k.db")
    before = counts(database)
    with full(database):
        ended = ketnap("import", "so.xlsx")
        assert (ended.code, ended.out) == (Installation.exit_code, "")
        assert "Hết chỗ trên đĩa" in ended.err
        assert "làm lại" in ended.err
        ended = ketnap("import", "so.xlsx", "--json")
        assert (ended.code, ended.document["error"]["kind"]) == (Installation.exit_code, "installation")
        assert counts(database) == before
    assert ketnap("import", "so.xlsx").code == 0
    database.close()
