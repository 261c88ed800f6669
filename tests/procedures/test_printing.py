"""Text, Markdown and the file a report is written to."""

import errno
import os
from pathlib import Path

import pytest

from procedures.printing import check_output, print_markdown, print_report, print_text
from procedures.printing.markdown import escaped
from states.errors import BadInput, Installation
from tests.procedures.printed import make_district, report_of


@pytest.fixture(scope="module")
def made():
    return make_district()


def test_text_says_the_figures(made):
    office, result = report_of(made, beside="2019-H1")
    text = print_text(office, result)
    first, second = text.splitlines()[:2]
    assert (first, second) == ("Đơn vị LB · 6 tháng đầu năm 2020", "Tính đến 30/06/2020")
    assert "Công đoàn cơ sở thành lập mới" in text
    assert "7/24 (29,17%)" in text
    assert "2019-H1" in text
    assert "A · Đơn vị A" in text


def test_columns_stand_under_each_other(made):
    office, result = report_of(made)
    lines = print_text(office, result).splitlines()
    head = next(line for line in lines if line.startswith("Chỉ số"))
    founded = next(line for line in lines if line.startswith("Công đoàn cơ sở thành lập mới"))
    assert head.index("Trạng thái") == founded.index("Chậm tiến độ")


def test_markdown_is_tables_and_no_name_is_markup(made):
    office, result = report_of(made)
    result["children"][0]["name"] = "<b>A</b> | *B* [x](http://y) & `c`"
    text = print_markdown(office, result)
    assert text.startswith("# Đơn vị LB · 6 tháng đầu năm 2020\n")
    assert "| Công đoàn cơ sở thành lập mới | 7/24 (29,17%) | Chậm tiến độ |" in text
    assert "## A · \\<b\\>A\\</b\\> \\| \\*B\\* \\[x\\](http://y) & \\`c\\`" in text
    assert "&amp;" not in text


def test_markdown_shows_an_ampersand_as_it_is_and_begins_no_entity():
    assert escaped("A & B; R&D, C&T;") == "A & B; R&D, C\\&T;"
    assert escaped("&amp; &lt;b&gt; &#60; &#x3c;") == "\\&amp; \\&lt;b\\&gt; \\&\\#60; \\&\\#x3c;"


def test_markdown_sets_in_a_part_of_the_row_above_with_a_dash(made):
    office, result = report_of(made)
    part = next(row for row in result["rows"] if row["part_of"] == "unions_founded")
    part |= {"actual": 2, "text": "2"}
    text = print_markdown(office, result)
    assert f"\n| – {part['label']} | 2 |" in text
    assert "&emsp;" not in text


def test_english_behind_a_switch(made):
    office, result = report_of(made)
    office.lang = "en"
    assert "As of 2020-06-30" in print_text(office, result)


def test_everything_asked_for_is_there(made):
    office, result = report_of(made, breakdown="all", movement=True, people="introduced")
    text = print_text(office, result)
    for words in ("Chuyển hóa từng bước", "Biến động đảng viên", "Những người đứng sau con số: 3", "chia theo"):
        assert words in text


@pytest.mark.parametrize("suffix", ["txt", "md", "xlsx", "docx"])
def test_a_report_is_written_whole_and_the_same_each_time(made, tmp_path, suffix):
    office, result = report_of(made)
    path = tmp_path / f"bao-cao.{suffix}"
    print_report(office, result, path)
    first = path.read_bytes()
    print_report(office, result, path)
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bao-cao.pdf", "phải có đuôi .xlsx"),
        ("bao-cao", "phải có đuôi"),
        ("khong-co/bao-cao.xlsx", "không có thư mục"),
        ("thu-muc.xlsx", "là thư mục"),
    ],
)
def test_a_wrong_place_is_refused_before_anything_is_computed(tmp_path, name, words):
    (tmp_path / "thu-muc.xlsx").mkdir()
    with pytest.raises(BadInput) as refused:
        check_output(tmp_path / name)
    assert words in refused.value.say("vi")


@pytest.mark.parametrize(
    ("number", "error", "words"),
    [
        (errno.ENOSPC, Installation, "hết chỗ trên đĩa"),
        (errno.EACCES, BadInput, "không có quyền"),
        (errno.EROFS, BadInput, "không có quyền"),
        (errno.EINVAL, BadInput, "Không ghi được"),
    ],
)
@pytest.mark.parametrize("suffix", ["txt", "xlsx", "docx"])
def test_what_cannot_be_written_leaves_what_was_there(made, tmp_path, monkeypatch, number, error, words, suffix):
    office, result = report_of(made)
    path = tmp_path / f"bao-cao.{suffix}"
    path.write_bytes(b"as before")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(error) as refused:
        print_report(office, result, path)
    assert words in refused.value.say("vi")
    assert path.read_bytes() == b"as before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_name_too_long_is_said(made, tmp_path):
    office, result = report_of(made)
    with pytest.raises(BadInput, match="too long"):
        print_report(office, result, tmp_path / f"{'x' * 300}.txt")
    assert not list(Path(tmp_path).iterdir())
