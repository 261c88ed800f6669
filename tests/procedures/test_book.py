"""The workbook of a report: real numbers, formulas that say the same as the print, text that is never a formula."""

from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from procedures.printing import write_book
from procedures.printing.percents import AS_IT_IS, CUT, NUMBER, shown_as
from procedures.series import series
from tests.procedures.printed import column, line, make_district, parts_of, report_of, sheet


@pytest.fixture
def book(tmp_path):
    made = make_district()

    def write(change=None, **asked):
        office, result = report_of(made, **asked)
        if change:
            change(result)
        path = tmp_path / "bao-cao.xlsx"
        write_book(office, result, path)
        return path

    return write


def test_numbers_are_numbers_and_percentages_formulas(book):
    path = book()
    formulas, values = sheet(path, "Báo cáo"), sheet(path, "Báo cáo", values=True)
    founded = line(formulas, "Công đoàn cơ sở thành lập mới")
    assert founded[column(formulas, "Thực hiện") :][:2] == [7, 24]
    percent = column(formulas, "Tỷ lệ đạt")
    assert founded[percent].startswith("=D")
    assert line(values, "Công đoàn cơ sở thành lập mới")[percent] == pytest.approx(7 / 24)
    number_format = load_workbook(path)["Báo cáo"].cell(formulas.index(founded) + 1, percent + 1).number_format
    assert number_format.endswith("#,##0.00%")


def test_a_ratio_is_the_quotient_of_its_two_lines(book):
    path = book()
    formulas = sheet(path, "Báo cáo")
    labels = [row[1] for row in formulas]
    admitted, introduced = (
        labels.index("Kết nạp đảng viên") + 1,
        labels.index("Quần chúng ưu tú được giới thiệu cho Đảng") + 1,
    )
    assert line(formulas, "Tỷ lệ kết nạp trên số được giới thiệu")[3] == f"=D{admitted}/D{introduced}"
    assert line(sheet(path, "Báo cáo", values=True), "Tỷ lệ kết nạp trên số được giới thiệu")[3] == pytest.approx(1 / 3)


def test_units_sum_to_the_whole_by_formulas(book):
    path = book()
    formulas, values = sheet(path, "Đơn vị"), sheet(path, "Đơn vị", values=True)
    together, whole = line(formulas, "Cộng các đơn vị"), line(formulas, "Đơn vị LB")
    assert together[3].startswith("=SUM(D")
    assert together[4].startswith("=SUM(E")
    assert line(values, "Cộng các đơn vị")[3:5] == [7, 24]
    assert whole[3].startswith("=SUM(D")
    assert line(values, "Đơn vị LB")[3] == 7
    own = [row[2] for row in values].index("Do cơ quan cấp này thực hiện")
    assert 300 in values[own]


def test_what_units_that_are_no_more_did_is_in_the_sum(tmp_path):
    made = make_district()
    made.unit("C", "LB")
    made.figure("C", "unions_founded", "2020-Q1", 4)
    made.unit("C", "LB", date(2020, 5, 1), ended=True)
    office, result = report_of(made)
    ended = [child for child in result["children"] if child["unit"] == "C"]
    result["children"] = [child for child in result["children"] if child["unit"] != "C"]
    write_book(office, result, tmp_path / "x.xlsx")
    rows = sheet(tmp_path / "x.xlsx", "Đơn vị", values=True)
    assert line(rows, "Đơn vị không còn hoạt động")[3] == 4
    assert line(rows, "Đơn vị LB")[3] == 11
    for child in ended:
        result["children"].append(child | {"active": False})
        write_book(office, result, tmp_path / "x.xlsx")
        rows = sheet(tmp_path / "x.xlsx", "Đơn vị", values=True)
        assert line(rows, "Đơn vị C (không còn hoạt động)")[3] == 4
        assert line(rows, "Cộng các đơn vị")[3] == line(rows, "Đơn vị LB")[3] == 11
        assert not [row for row in rows if "Đơn vị không còn hoạt động" in row]


def test_a_name_like_a_formula_is_text(book):
    def rename(result):
        for child in result["children"]:
            child["name"] = "=1+1"
        result["name"] = "=cmd|' /C calc'!A0"
        result["rows"][0]["label"] = "@SUM(A1)"

    path = book(rename)
    opened = load_workbook(path)
    cells = [cell for page in opened for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    dangerous = [cell for cell in cells if cell.value.startswith(("=1+1", "=cmd", "=CMD", "@SUM"))]
    assert dangerous
    assert all(cell.data_type == "s" for cell in dangerous)
    assert all(cell.quotePrefix for cell in dangerous)
    xml = b"".join(parts_of(path).values())
    assert b"<f>1+1" not in xml
    assert b"<f>cmd" not in xml


def test_headings_stay_and_the_paper_is_set_up(book):
    page = load_workbook(book())["Báo cáo"]
    assert page.freeze_panes == "C7"
    assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("landscape", 9)
    assert page.print_title_rows == "$6:$6"
    assert "&P/&N" in page.oddFooter.right.text
    assert {cell.font.name for row in page.iter_rows() for cell in row if cell.value} == {"Times New Roman"}


def test_sheets_are_there_when_there_is_something_for_them(book):
    assert load_workbook(book()).sheetnames == [
        "Báo cáo",
        "Đơn vị",
        "Chậm và vượt",
        "Chuyển hóa",
        "Biểu đồ",
        "Số liệu biểu đồ",
    ]
    names = load_workbook(book(people="introduced", breakdown="all", movement=True)).sheetnames
    assert {"Cơ cấu", "Biến động", "Người"} <= set(names)


def test_people_stand_there_with_real_days(book):
    rows = sheet(book(people="introduced"), "Người")
    assert [row[3].date() for row in rows[4:]] == [date(2020, 2, 3), date(2020, 2, 3), date(2020, 5, 3)]


def test_the_period_beside_and_its_change(book):
    path = book(beside="2019-H1")
    rows, values = sheet(path, "Báo cáo"), sheet(path, "Báo cáo", values=True)
    place = column(rows, "Tăng (+), giảm (–) so với 2019-H1")
    label = "Quần chúng ưu tú được giới thiệu cho Đảng"
    assert line(rows, label)[place].startswith("=D")
    assert line(values, label)[place] == 2


def test_the_same_report_is_the_same_bytes(book):
    first = book(breakdown="all", movement=True).read_bytes()
    assert book(breakdown="all", movement=True).read_bytes() == first


def test_small_counts_kept_back_are_in_no_sum_and_no_chart(book):
    path = book(may_see_people=False)
    assert "Số người đang ở từng bước" not in [row[0] for row in sheet(path, "Số liệu biểu đồ")]


def test_charts_are_drawn_from_the_data_sheet(book):
    path = book()
    charts = [part.decode() for name, part in parts_of(path).items() if name.startswith("xl/charts/chart")]
    assert len(charts) == 5  # attained, two by unit, funnel, eight quarters
    assert all("Số liệu biểu đồ" in chart for chart in charts)
    assert line(sheet(path, "Số liệu biểu đồ"), "Quý I/2020")[1:3] == [2, 0]


def test_eight_quarters_and_the_funnel():
    office, _ = report_of(make_district())
    found = series(office, "LB", "2020-H1", office.today)
    assert found["quarters"]["codes"] == [
        "2018-Q3", "2018-Q4", "2019-Q1", "2019-Q2", "2019-Q3", "2019-Q4", "2020-Q1", "2020-Q2",
    ]  # fmt: skip
    lines = {one["indicator"]: one["values"] for one in found["quarters"]["lines"]}
    assert lines == {"introduced": [0, 0, 1, 0, 0, 0, 2, 1], "admitted": [0, 0, 0, 0, 0, 0, 0, 1]}
    assert {one["step"]: one["count"] for one in found["funnel"] if one["count"]} == {"du_bi": 5}
    assert series(office, "A", "2020-Q1", date(2020, 3, 31))["quarters"]["codes"][-1] == "2020-Q1"


@pytest.mark.parametrize(
    ("actual", "whole", "text", "how"),
    [
        (7, 24, "29,17%", AS_IT_IS),
        (44, 9, "488,8%", CUT),
        (44, 9, "488,9%", AS_IT_IS),
        (8, 8, "100%", AS_IT_IS),
        (23, 30, "76%", CUT),
        (125, 10, "1.250%", AS_IT_IS),
        (1, 16, "6,3%", AS_IT_IS),  # 6,25 exactly: half goes up
        (1, 16, "6,2%", CUT),
        (Decimal("12.5"), 100, "12,50%", AS_IT_IS),
        (7, 24, "30%", NUMBER),  # what neither gives is put as it is printed
        (None, None, "29,17%", NUMBER),
        (0, 5, "0%", AS_IT_IS),
        (-1, 8, "-12,50%", AS_IT_IS),
    ],
)
def test_what_is_seen_is_what_is_printed(actual, whole, text, how):
    shown = shown_as(actual, whole, text)
    assert shown.how == how
    seen = Decimal(text.rstrip("%").replace(".", "").replace(",", ".")) / 100
    assert float(seen) == pytest.approx(shown.value, abs=0.5 * 10 ** -(shown.decimals + 2) + 1e-12)
