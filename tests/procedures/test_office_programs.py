"""An office program opens what is printed and shows what the report says: LibreOffice, by its own PDF."""

import os
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from procedures.printing import write_book, write_document
from tests.procedures.printed import make_district, report_of

PROGRAM = shutil.which("soffice")


def missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report whose names try to break it, printed, opened and printed again by LibreOffice."""
    if PROGRAM is None:
        missing("no LibreOffice on this machine (Debian: apt install libreoffice-calc libreoffice-writer)")
    folder = tmp_path_factory.mktemp("opened")
    office, result = report_of(make_district(), beside="2019-H1", breakdown="all", movement=True)
    result["children"][0]["name"] = "=1+1"
    for row in result["children"][1]["rows"]:
        if row["indicator"] == "unions_founded":  # as an installation that cuts off would print 44/9
            row |= {"actual": 44, "floor": 9, "percent_text": "488,8%", "text": "44/9 (488,8%)"}
    write_book(office, result, folder / "bao-cao.xlsx")
    write_document(office, result, folder / "van-ban.docx")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    done = subprocess.run(
        [str(PROGRAM), profile, "--headless", "--convert-to", "pdf", "bao-cao.xlsx", "van-ban.docx"],
        cwd=folder, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def shown(folder: Path, name: str) -> str:
    """The words of a PDF, set as they stand on the page."""
    program = shutil.which("pdftotext")
    if program is None:
        missing("no pdftotext on this machine (Debian: apt install poppler-utils)")
    told = subprocess.run([str(program), "-layout", name, "-"], cwd=folder, capture_output=True, check=True)
    return unicodedata.normalize("NFC", told.stdout.decode())


def line(text: str, *words: str) -> list[str]:
    """The words of the first line with all of these in it."""
    return next(one for one in text.splitlines() if all(word in one for word in words)).split()


def test_both_become_pdf(opened: Path) -> None:
    for name in ("bao-cao.pdf", "van-ban.pdf"):
        assert (opened / name).read_bytes().startswith(b"%PDF-")


def test_what_is_seen_is_what_is_printed(opened: Path) -> None:
    text = shown(opened, "bao-cao.pdf")
    assert {"7", "24", "29,17%"} <= set(line(text, "Công đoàn cơ sở thành lập mới", "29,17%"))
    assert {"366", "1.200", "30,50%"} <= set(line(text, "Đoàn viên công đoàn kết nạp mới", "30,50%"))
    assert {"44", "9", "488,8%"} <= set(line(text, "Đơn vị B", "488,8%"))
    assert line(text, "=1+1")
    assert "Tám quý gần nhất" in text
    for wrong in ("###", "#DIV/0!", "#NAME?", "Err:"):  # no column too narrow, no formula that comes to nothing
        assert wrong not in text


def test_the_paper_says_it_in_words(opened: Path) -> None:
    said = " ".join(shown(opened, "van-ban.pdf").split())
    assert "Thành lập mới 7/24 công đoàn cơ sở, đạt 29,17% chỉ tiêu năm 2020" in said
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in said
