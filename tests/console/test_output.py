"""What is printed: JSON exactly, tables without damage, days and numbers as people here write them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from console.output import day, moment, number, plain

ROOT = Path(__file__).parent.parent.parent


def test_json_knows_days_and_numbers() -> None:
    given = {
        "a": date(2020, 1, 2),
        "b": Decimal("3.00"),
        "c": Decimal("2.5"),
        "d": Fraction(1, 4),
        "e": (1, None, True),
    }
    assert plain(given) == {"a": "2020-01-02", "b": 3, "c": 2.5, "d": 0.25, "e": [1, None, True]}
    assert isinstance(plain(Decimal("3.00")), int)
    assert plain(datetime(2020, 1, 2, 3, tzinfo=UTC)) == "2020-01-02T03:00:00+00:00"


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1200, "1.200", "1,200"),
        (Decimal("29.70"), "29,70", "29.70"),
        (Decimal("1200.5"), "1.200,5", "1,200.5"),
        (Decimal("7.00"), "7", "7"),
        (None, "", ""),
    ],
)
def test_numbers(value: Any, vi: str, en: str) -> None:
    assert (number(value), number(value, "en")) == (vi, en)


def test_days() -> None:
    assert day(date(2020, 6, 1)) == "01/06/2020"
    assert day("2020-06-01") == "01/06/2020"
    assert day("2020-06-01", "en") == "2020-06-01"
    assert day(None) == ""


def test_an_instant_is_told_in_vietnams_time() -> None:
    late = datetime(2020, 6, 1, 23, 30, tzinfo=UTC)
    assert (day(late), moment(late), moment(late, "en")) == ("02/06/2020", "06:30 02/06/2020", "06:30 2020-06-02")
    assert moment(None) == ""


ITEM = {
    "code": "CB-0001",
    "unit": "chi-bo-truong-thcs",
    "clock": "admission_decision_wd",
    "label": "Cấp ủy có thẩm quyền xem xét, ra quyết định kết nạp đảng viên",
    "due_on": date(2020, 7, 3),
    "days_left": -2,
    "actor": "cấp ủy có thẩm quyền",
    "ground": "Điều lệ Đảng, Điều 4; 29-QĐ/TW, mục 3.8",
}


def test_a_piped_table_keeps_a_row_on_a_line(ketnap: Callable[..., Any], stand_in: Callable[..., None]) -> None:
    stand_in("due", due=lambda *_, **__: {"items": [ITEM], "gaps": [{"code": "CB-0002", "what": "ngày sinh"}]})
    out = ketnap("due").out
    assert "\x1b" not in out
    row = next(line for line in out.splitlines() if line.startswith("03/07/2020"))
    for word in (ITEM["code"], ITEM["label"], ITEM["ground"], "quá 2"):
        assert word in row
    assert not any(line != line.rstrip() for line in out.splitlines())
    assert "CB-0002" in out


def test_the_business_day_is_shown_when_it_is_another(
    ketnap: Callable[..., Any], stand_in: Callable[..., None]
) -> None:
    stand_in("due", due=lambda *_, **__: {"items": [], "gaps": []})
    assert ketnap("due").out.startswith("Ngày làm việc: 30/06/2020\n")


def test_human_output_survives_a_narrow_code_page() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "-m", "console.cli", "--help"], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert "Cách dùng" in done.stdout.decode("utf-8")
