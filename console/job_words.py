"""What the jobs that run by themselves did, in words: for the command line and the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.output import number
from procedures.count_words import WORDS
from states.wording import Text

JOBS = {
    "mature": Text("Hết 12 tháng dự bị", "Probation over"),
    "recompute_clocks": Text("Tính lại thời hạn", "Clocks reckoned anew"),
    "remind": Text("Lập nhắc việc", "Reminders planned"),
    "target_rules": Text("Chỉ tiêu theo quy tắc", "Targets by rule"),
    "escalate": Text("Đôn đốc đơn vị", "Units behind"),
    "silent_units": Text("Đơn vị im lặng", "Silent units"),
    "deliver": Text("Gửi thư", "Letters"),
    "roll_up": Text("Tổng hợp số liệu", "Roll-up"),
    "seal": Text("Niêm phong sổ", "Seal"),
}


def counts(lang: str, result: Mapping[str, Any]) -> str:
    """What was done, in words: "tạo mới 10, giữ nguyên 3"; what is nothing is left out."""
    told = [f"{WORDS[key].say(lang) if key in WORDS else key} {number(value, lang)}" for key, value in done(result)]
    return ", ".join(told) or Text("không có gì mới", "nothing new").say(lang)


def done(result: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The counts that are not nothing."""
    return [(key, value) for key, value in result.items() if isinstance(value, int) and value]
