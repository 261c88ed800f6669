"""Targets on the command line: set, allocate, by rule, and the list for commendation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.procedures.books import save

CONFIG = """
business_day: 2021-05-01
database: k.db
target_rules:
  co_dang:
    {label: Có tổ chức đảng, kinds: [doanh_nghiep], where: {co_to_chuc_dang: true}, indicator: introduced, floor: 2,
     decision_number: 15/KH, decision_date: 2021-03-01}
"""


@pytest.fixture
def office(ketnap: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    assert ketnap("init").code == 0
    for unit, above in (("TL", None), ("A", "TL"), ("B", "TL")):
        words = ["--parent", above] if above else []
        added = ketnap("unit", "add", unit, "--name", f"Đơn vị {unit}", "--kind", "doanh_nghiep", *words)
        assert added.code == 0, added.err
    decision = ["--doc", "161/QĐ", "--doc-date", "25/03/2021"]
    set_one = ("target", "set", "--unit", "TL", "--indicator", "admitted", "--period", "2021", "--floor", "24")
    assert ketnap(*set_one, *decision).code == 0
    return ketnap


def allocate(ketnap: Callable[..., Any], *words: str) -> Any:
    return ketnap("target", "allocate", "--unit", "TL", "--indicator", "admitted", "--period", "2021", *words)


def test_a_target_is_allocated(office: Callable[..., Any]) -> None:
    done = allocate(office, "--to", "A=10", "B=14", "--json")
    assert done.code == 0
    assert [(part["unit"], part["floor"]) for part in done.document["parts"]] == [("A", 10), ("B", 14)]
    said = allocate(office, "--to", "A=10", "--to", "B=14")
    assert "Đã phân bổ 24 của TL cho 2 đơn vị: 0 mới, 2 giữ nguyên." in said.out
    listed = office("target", "list", "--period", "2021")
    assert "161/QĐ, 25/03/2021" in listed.out
    items = office("target", "list", "--json").document["items"]
    assert {item["unit"]: item["unallocated"] for item in items} == {"TL": 0, "A": None, "B": None}


def test_parts_that_do_not_sum_are_bad_input(office: Callable[..., Any]) -> None:
    refused = allocate(office, "--to", "A=10", "B=13", "--json")
    assert (refused.code, refused.document["error"]["kind"]) == (1, "bad_input")
    assert refused.document["error"]["message"].endswith("toàn bộ 24 mà các phần cộng lại 23, thiếu 1.")
    assert len(office("target", "list", "--json").document["items"]) == 1
    assert allocate(office, "--to", "A").code == 1
    assert allocate(office, "--to", "X=24").code == 3


def test_rules_are_previewed_and_applied(office: Callable[..., Any], tmp_path: Path) -> None:
    preview = office("target", "rules")
    assert "Không có gì thay đổi." in preview.out
    assert "TL (co_to_chuc_dang)" in preview.out
    head = ["ma", "ten", "loai", "cap_tren", "co_to_chuc_dang"]
    save(tmp_path / "don_vi.xlsx", {"don_vi": [head, ["A", "Đơn vị A", "doanh_nghiep", "TL", 1]]})
    assert office("import", "don_vi.xlsx").code == 0
    shown = office("target", "rules")
    assert "Đây là xem trước. Ghi: thêm --apply." in shown.out
    applied = office("target", "rules", "--apply", "--json", "--period", "2021").document
    assert applied["counts"] == {"new": 1, "changed": 0, "gone": 0, "same": 0}
    (item,) = applied["items"]
    assert {key: item[key] for key in ("unit", "rule", "indicator", "period", "floor", "change", "from")} == {
        "unit": "A",
        "rule": "co_dang",
        "indicator": "introduced",
        "period": "2021",
        "floor": 2,
        "change": "new",
        "from": "2021-05-01",  # an attribute that changes without a day changes on the business day
    }
    assert office("tick", "--json").document["target_rules"] == {"new": 0, "changed": 0, "gone": 0, "unchanged": 1}
    said = office("target", "list", "--unit", "A").out
    assert "15/KH, 01/03/2021, quy tắc co_dang, từ 01/05/2021" in said
    assert "rule co_dang, from 2021-05-01" in office("target", "list", "--unit", "A", "--lang", "en").out


def test_the_lists_for_commendation_are_shown(office: Callable[..., Any]) -> None:
    allocate(office, "--to", "A=10", "B=14")
    result = office("commend", "--unit", "TL", "--period", "2021", "--json").document
    assert [row["unit"] for row in result["no_source"]] == ["A", "B"]
    assert result["commend"] == result["behind"] == []
    said = office("commend", "--unit", "TL", "--period", "2021")
    assert "Đề nghị khen thưởng: 0" in said.out
    assert "Chưa có nguồn: 2" in said.out
    assert "Without any source: 2" in office("commend", "--unit", "TL", "--period", "2021", "--lang", "en").out
