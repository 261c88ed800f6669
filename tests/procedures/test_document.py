"""The report as a document: the figures in sentences, the form of its office, the same bytes each time."""

import re

import pytest
from docx import Document

from config.settings import PrintingSettings
from procedures.printing import words, write_document
from procedures.printing.letterhead import letterhead
from store.units import NewVersion, Version, insert_versions
from tests.procedures.printed import make_district, report_of, words_of


@pytest.fixture
def made():
    return make_district()


def write(made, tmp_path, **asked):
    office, result = report_of(made, **asked)
    path = tmp_path / "bao-cao.docx"
    write_document(office, result, path)
    return path


def of_kind(made, code, kind, name):
    """A unit becomes of a kind."""
    with made.database.writing() as connection:
        from datetime import date

        version = Version(date(2019, 1, 1), name, kind, None, None, {}, False)
        insert_versions(connection, [NewVersion(made.units[code], version)], made.moment(), "test")


def test_figures_stand_in_sentences(made, tmp_path):
    said = words_of(write(made, tmp_path))
    assert "- Thành lập mới 7/24 công đoàn cơ sở, đạt 29,17% chỉ tiêu năm 2020." in said
    assert "- Kết nạp mới 366/1200 đoàn viên công đoàn, đạt 30,50% chỉ tiêu năm 2020." in said
    assert "- Tập huấn 300 cán bộ công đoàn." in said
    assert "trong 2 chỉ tiêu được giao của Đơn vị LB có 2 chậm tiến độ" in said
    assert "Công đoàn cơ sở thành lập mới: 2 đơn vị có chỉ tiêu" in said
    assert "Đơn vị B 2/15, đạt 13,33%" in said


def test_every_number_of_a_sentence_comes_out_of_the_report(made):
    office, result = report_of(made, beside="2019-H1")
    told = repr(result)
    for sentence in words.sentences(office, result):
        for number in re.findall(r"\d+(?:[.,]\d+)*(?=%| |/|\))", sentence):
            assert number in told or number.replace(".", "") in told or number in ("2", "100", "50", "200")


def test_the_same_period_last_year_is_more_or_less_a_year_is_set_beside(made):
    office, result = report_of(made, beside="2019-H1")
    assert "Giới thiệu 3 quần chúng ưu tú cho Đảng, tăng 2 (200%) so với 6 tháng đầu năm 2019 (1)." in words.sentences(
        office, result
    )
    office, result = report_of(made, beside="2020-Q1")
    assert "Giới thiệu 3 quần chúng ưu tú cho Đảng (quý I năm 2020: 2)." in words.sentences(office, result)


def test_a_party_committee_writes_in_the_party_s_form(made, tmp_path):
    of_kind(made, "LB", "huyen_uy", "Quận ủy Long Biên")
    said = words_of(write(made, tmp_path))
    for part in ("ĐẢNG CỘNG SẢN VIỆT NAM", "QUẬN ỦY LONG BIÊN", "-BC/QU", "ngày 30 tháng 6 năm 2020", "BÁO CÁO", "-----",
                 "Nơi nhận:", "T/M BAN THƯỜNG VỤ", "BÍ THƯ"):  # fmt: skip
        assert part in said
    assert "CỘNG HÒA" not in said


def test_a_union_writes_in_the_union_s_form(made, tmp_path):
    of_kind(made, "LB", "ldld", "Liên đoàn Lao động quận Long Biên")
    said = words_of(write(made, tmp_path))
    for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "/BC-LĐLĐ", "CHỦ TỊCH"):
        assert part in said
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" not in said


def test_what_config_says_of_paper_is_printed(made, tmp_path):
    of_kind(made, "LB", "khac", "Đơn vị Long Biên")
    office, _ = report_of(made)
    said = PrintingSettings(place="Long Biên", above="Thành ủy Hà Nội", forms={"khac": "dang"}, symbols={"LB": "ĐB"}, copies=["Thường trực", "Lưu"])  # fmt: skip
    office.settings = office.settings.model_copy(update={"printing": said})
    head = letterhead(office, "LB", office.today)
    assert (head.form, head.above, head.copies) == ("dang", "Thành ủy Hà Nội", ("Thường trực", "Lưu"))
    assert head.number("BC").endswith("-BC/ĐB")
    assert head.dated(office.today) == "Long Biên, ngày 30 tháng 6 năm 2020"
    assert letterhead(office, "A", office.today).above == "Đơn vị Long Biên"


def test_a_closed_report_names_its_signer(made, tmp_path):
    office, result = report_of(made)
    result["closed"] = {"version": 1, "signer": "Nguyễn Văn Ký", "closed_on": "2020-07-05", "hash": "ab" * 32}
    write_document(office, result, tmp_path / "x.docx")
    said = words_of(tmp_path / "x.docx")
    assert "Nguyễn Văn Ký" in said
    assert "ngày 05 tháng 7 năm 2020" in said
    assert "mã kiểm abababababababab" in said


def test_the_paper_is_a4_with_the_margins_of_the_form(made, tmp_path):
    section = Document(str(write(made, tmp_path))).sections[0]
    sizes = (section.page_width, section.page_height, section.left_margin, section.right_margin, section.top_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 30, 15, 20]
    assert section.different_first_page_header_footer
    style = Document(str(tmp_path / "bao-cao.docx")).styles["Normal"]
    assert (style.font.name, style.font.size.pt) == ("Times New Roman", 14)


def test_tables_repeat_their_headings_and_are_not_cut(made, tmp_path):
    table = next(t for t in Document(str(write(made, tmp_path))).tables if "Chỉ số" in t.rows[0].cells[1].text)
    xml = table._tbl.xml
    assert "w:tblHeader" in xml
    assert xml.count("w:cantSplit") == len(table.rows)


def test_breakdowns_movement_and_people_where_given(made, tmp_path):
    said = words_of(write(made, tmp_path, breakdown="all", movement=True, people="introduced"))
    for part in ("CƠ CẤU", "BIẾN ĐỘNG ĐẢNG VIÊN", "NHỮNG NGƯỜI ĐỨNG SAU CON SỐ"):
        assert part in said
    assert "Người 1" not in said  # codes, no names


def test_marks_that_xml_does_not_take_do_no_harm(made, tmp_path):
    office, result = report_of(made)
    result["name"] = "Đơn vị\x0b\x00 <lạ> & \ufffe"
    write_document(office, result, tmp_path / "x.docx")
    assert "Đơn vị <lạ> & " in words_of(tmp_path / "x.docx")
