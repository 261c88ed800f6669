"""The fixed words of the help: Typer knows them in English only, and our placeholders are Vietnamese."""

from __future__ import annotations

import re

METAVARS = {
    "BƯỚC": "STEP",
    "CÁCH": "MANNER",
    "CHỈ_SỐ": "INDICATOR",
    "CHUỖI": "CHAIN",
    "GHI_CHÚ": "NOTE",
    "KỲ": "PERIOD",
    "LÝ_DO": "REASON",
    "LOẠI": "KIND",
    "MÃ": "CODE",
    "MỤC": "ENTRY",
    "NGÀY": "DAY",
    "NGƯỜI": "PERSON",
    "SỐ": "NUMBER",
    "TÊN": "NAME",
    "TÊN=GIÁ_TRỊ": "KEY=VALUE",
    "TỆP": "FILE",
    "THỜI_HẠN": "KEY",
    "THƯ_MỤC": "FOLDER",
    "TỶ_LỆ": "PERCENT",
    "VIỆC": "WHAT",
    "ĐƠN_VỊ": "UNIT",
}
HELP_WORDS = (
    (re.compile(r"^Usage: ", re.M), "Cách dùng: "),
    (re.compile(r"^Arguments:$", re.M), "Tham số:"),
    (re.compile(r"^Options:$", re.M), "Tùy chọn:"),
    (re.compile(r"^Commands:$", re.M), "Lệnh:"),
    (re.compile(r"Show this message and exit\."), "Hiện phần hướng dẫn này."),
    (re.compile(r"\[required\]"), "[bắt buộc]"),
)


def spoken_metavar(metavar: str | None, lang: str) -> str | None:
    """A placeholder in the language: NGÀY or DAY."""
    return METAVARS.get(metavar or "", metavar) if lang == "en" else metavar


def spoken_help(text: str, lang: str) -> str:
    """Typer's help with its own words in the language, and without the types of words."""
    text = text.replace(" <str>", "")
    for pattern, word in HELP_WORDS if lang == "vi" else ():
        text = pattern.sub(word, text)
    return text
