"""ketnap limit: looked up, confirmed, set otherwise and taken back at the command line, with what moves told first."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

KEY = "admission_decision_wd"
FROM = ["--from", "01/07/2025"]
WHY = ["--cite", "294-QĐ/TW, 4.3.1", "--reason", "đọc bản đóng dấu"]


@pytest.fixture
def office(ketnap: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _six_file: Path) -> Any:
    """The six people of examples/chi_bo_2025 behind the command line."""
    shutil.copyfile(_six_file, tmp_path / "six.db")
    monkeypatch.setenv("KETNAP_DATABASE_URL", f"sqlite:///{tmp_path}/six.db")
    monkeypatch.setenv("KETNAP_CONFIG", str(Path(__file__).parents[2] / "examples" / "chi_bo_2025" / "config.yaml"))
    return ketnap


UNSURE = ["--from", "08/04/2026"]  # carried over from the text before


def due_of(office: Any, code: str) -> str:
    items = office("due", "--json").document["items"]
    return next(item["due_on"] for item in items if item["code"] == code)


def test_a_limit_is_confirmed_and_says_so_ever_after(office: Any) -> None:
    before = office("limit", KEY, *UNSURE, "--json").document
    assert before["status"] != "verified"
    done = office("limit", KEY, *UNSURE, "--confirm", "--reason", "đọc bản đóng dấu", "--json")
    assert done.code == 0, done.err
    assert set(done.document) >= {"id", "key", "moved", "restated", "unchanged"}
    assert done.document["moved"] == 0
    after = office("limit", KEY, *UNSURE, "--json").document
    assert (after["status"], after["value"], after["citation"]) == ("verified", before["value"], before["citation"])
    again = office("limit", KEY, *UNSURE, "--confirm", "--reason", "lần nữa", "--json")
    assert (again.code, again.document["error"]["kind"]) == (1, "bad_input")  # it stands so already


def test_an_override_is_shown_first_then_moves_what_runs_and_can_be_taken_back(office: Any) -> None:
    due = due_of(office, "PL-03")
    told = office("limit", KEY, *FROM, "--override", "30", *WHY, "--preview", "--json").document
    assert (told["before"]["value"], told["after"]["value"], told["moved"]) == (45, 30, 1)
    assert told["examples"][0]["code"] == "PL-03"
    assert due_of(office, "PL-03") == due  # nothing was written
    done = office("limit", KEY, *FROM, "--override", "30", *WHY, "--json").document
    assert done["moved"] == 1
    assert due_of(office, "PL-03") == told["examples"][0]["after"] < due
    back = office("limit", KEY, "--withdraw", str(done["id"]), "--reason", "nhầm", "--preview", "--json").document
    assert back["after"]["value"] == 45
    assert office("limit", KEY, "--withdraw", str(done["id"]), "--reason", "nhầm").code == 0
    assert due_of(office, "PL-03") == due
    twice = office("limit", KEY, "--withdraw", str(done["id"]), "--reason", "nhầm", "--json")
    assert (twice.code, twice.document["error"]["kind"]) == (4, "conflict")


def test_people_read_what_moves(office: Any) -> None:
    told = office("limit", KEY, *FROM, "--override", "30", *WHY, "--reported", "--preview").out
    assert "Hiện nay: 45 ngày làm việc" in told
    assert "Sau khi ghi: 30 ngày làm việc · 294-QĐ/TW, 4.3.1 · theo nguồn tin, chưa đối chiếu" in told
    assert "Dời ngày 1 hạn (1 sớm hơn" in told
    assert "PL-03" in told
    assert "bỏ --preview" in told
    assert "Đã ghi, số 1: 1 hạn dời ngày" in office("limit", KEY, *FROM, "--override", "30", *WHY).out


def test_a_text_may_set_no_limit_from_a_day_to_come(office: Any) -> None:
    done = office("limit", KEY, "--from", "01/01/2026", "--override", "", *WHY)
    assert done.code == 0, done.err
    assert office("limit", KEY, "--from", "02/01/2026", "--json").document["due_on"] is None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([KEY], 1, "--from NGÀY"),
        ([KEY, "--confirm"], 1, "--from NGÀY"),
        ([KEY, *FROM, "--confirm", "--override", "30"], 1, "Mỗi lần chỉ một việc"),
        ([KEY, *FROM, "--cite", "x", "--preview"], 1, "--cite, --preview chỉ đi cùng"),
        ([KEY, *FROM, "--confirm", "--reported", "--reason", "x"], 1, "--reported chỉ đi cùng --override"),
        ([KEY, *FROM, "--confirm"], 1, "Xin ghi lý do"),
        ([KEY, *FROM, "--override", "30", "--reason", "x"], 1, "Xin ghi căn cứ"),
        ([KEY, *FROM, "--override", "ba mươi", *WHY], 1, "số nguyên"),
        ([KEY, "--withdraw", "9", "--reason", "x"], 3, "Không có xác nhận số 9"),
        (["no_such_limit", *FROM, "--confirm", "--reason", "x"], 3, "no_such_limit"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(office: Any, words: list[str], code: int, said: str) -> None:
    ended = office("limit", *words)
    assert ended.code == code
    assert said in ended.err
    found = office("limit", KEY, *FROM, "--json").document
    assert (found["value"], found["citation"]) == (45, "294-QĐ/TW, 4.3.1")
