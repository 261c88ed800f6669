"""report -o and letters on the command line: the file, the answer, and what is said of a wrong place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import command_line
from tests.command_line import Ended

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`ketnap WORDS` in an office of its own with the six people of the example."""
    folder = tmp_path_factory.mktemp("office")
    environment = {
        "KETNAP_CONFIG": str(ROOT / "examples" / "chi_bo_2025" / "config.yaml"),
        "KETNAP_DATABASE_URL": f"sqlite:///{folder}/x.db",
        "KETNAP_USER": "test",
    }

    def ketnap(*words: str, code: int = 0) -> Ended:
        done = command_line.ketnap(*words, folder=folder, environment=environment)
        assert done.code == code, f"{done.code}\n{done.out}\n{done.err}"
        return done

    ketnap("init")
    ketnap("import", str(ROOT / "examples" / "chi_bo_2025" / "chi_bo_2025.xlsx"))
    ketnap.folder = folder  # type: ignore[attr-defined]
    return ketnap


REPORT = ("report", "--unit", "XA-PL", "--period", "2025")


def test_the_file_says_what_the_screen_says(office: Any) -> None:
    office(*REPORT, "-o", "bao-cao.txt")
    shown = office(*REPORT).out.splitlines()[1:]  # the first line names the business day
    assert (office.folder / "bao-cao.txt").read_text(encoding="utf-8").splitlines() == shown


@pytest.mark.parametrize(
    ("suffix", "begins"), [("xlsx", b"PK"), ("docx", b"PK"), ("md", b"# "), ("TXT", "Đảng".encode())]
)
def test_every_form_is_written(office: Any, suffix: str, begins: bytes) -> None:
    answer = office(*REPORT, "-o", f"bao-cao.{suffix}", "--json").document
    assert (answer["file"], answer["unit"]) == (f"bao-cao.{suffix}", "XA-PL")
    assert (office.folder / f"bao-cao.{suffix}").read_bytes().startswith(begins)
    (line,) = office("access", "--action", "export", "--json").document["items"][:1]
    assert (line["about"], line["unit"]) == ("báo cáo", "XA-PL")
    assert f"dạng tệp: {suffix.lower()}" in line["told"]


@pytest.mark.parametrize("place", ["bao-cao.pdf", "khong-co/bao-cao.xlsx", "."])
def test_a_wrong_place_is_bad_input(office: Any, place: str) -> None:
    before = sorted(office.folder.iterdir())
    told = office(*REPORT, "-o", place, "--json", code=1).document
    assert told["error"]["kind"] == "bad_input"
    assert sorted(office.folder.iterdir()) == before


def test_letters_to_all_and_the_word_of_warning(office: Any) -> None:
    answer = office("letters", "-o", "thu", "--all", "--json").document
    assert {one["file"] for one in answer["letters"]} == {file.name for file in (office.folder / "thu").iterdir()}
    assert answer["recorded"] == 0
    assert "họ tên" in office("letters", "--help").out
    assert "Không có đơn vị nào cần thư giấy." in office("letters", "-o", "thu").out
