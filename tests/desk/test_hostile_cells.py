"""Script and formulas in every column of the template: words on every page, text in every file that goes out."""

import io
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook

from procedures.export import export
from procedures.import_workbook import import_workbook
from procedures.waiting_file import list_files
from procedures.workbook import SHEETS
from states.errors import BadInput
from tests.procedures.books import content

MARKS = {"script": '<script>alert("{place}")</script>', "formula": '=HYPERLINK("http://x.example/{place}")'}
# Columns that hold what somebody wrote; every other one takes nothing but days, numbers, our words and known codes.
OWN_WORDS = {
    "don_vi": {"ma", "ten", "cap_tren", "khu_vuc", "thay_the"},
    "ung_vien": {"ma", "ho_ten", "dan_toc", "ton_giao", "nghe_nghiep", "don_vi"},
    "su_kien": {
        "ung_vien", "so_van_ban", "ghi_chu", "ly_do_ngoai_le", "noi_gioi_thieu", "nguoi_giup_do", "noi_cap",
        "nguoi_gioi_thieu", "van_ban_dong_y", "don_vi_moi",
    },
    "chi_tieu": {"don_vi", "so_van_ban", "don_vi_ghi_nhan", "phu_trach"},
    "so_lieu": {"don_vi", "don_vi_ghi_nhan"},
    "nguoi_nhan": {"don_vi", "ho_ten", "dia_chi"},
}  # fmt: skip


def as_text(made):
    """What begins like a formula is what somebody typed into a cell of text."""
    for page in made:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"


def table(*rows):
    """Rows given by column, as a sheet."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    return [head, *([row.get(name) for name in head] for row in rows)]


def written_everywhere(mark):
    """A lawful workbook in which every column for one's own words has the mark of its place."""

    def m(place):
        return mark.format(place=place)

    above, cell, gone, person, other = (m(f"ma-{what}") for what in ("tren", "duoi", "cu", "nguoi", "khac"))
    units = [
        {"ma": "00", "ten": "Quận ủy Mẫu", "loai": "huyen_uy"},
        {"ma": above, "ten": m("ten"), "loai": "Đảng ủy cơ sở", "cap_tren": "00", "chuoi_duyet": "co_so"},
        {"ma": gone, "ten": "Chi bộ Cũ", "loai": "chi_bo", "cap_tren": above, "den_ngay": date(2020, 6, 29)},
        {"ma": cell, "ten": m("ten-duoi"), "loai": "chi_bo", "cap_tren": above, "khu_vuc": m("khu_vuc"),
         "thay_the": gone, "tu_ngay": date(2020, 6, 30)},
    ]  # fmt: skip
    people = [
        {"ma": person, "ho_ten": m("ho_ten"), "ngay_sinh": "1990", "hoc_van": "12/12", "don_vi": cell,
         "dan_toc": m("dan_toc"), "ton_giao": m("ton_giao"), "nghe_nghiep": m("nghe_nghiep")},
        {"ma": other, "ho_ten": "Người Khác", "ngay_sinh": "1991", "hoc_van": "12/12", "don_vi": cell},
    ]  # fmt: skip
    events = [
        {"su_kien": "nominate", "ngay": date(2025, 1, 6), "so_van_ban": m("so_van_ban"), "ghi_chu": m("ghi_chu"),
         "noi_gioi_thieu": m("noi_gioi_thieu")},
        {"su_kien": "list", "ngay": date(2025, 2, 3), "nguoi_giup_do": m("nguoi_giup_do")},
        {"su_kien": "send_to_class", "ngay": date(2025, 3, 3)},
        {"su_kien": "certify_class", "ngay": date(2025, 4, 1), "so_van_ban": "1/GCN", "noi_cap": m("noi_cap")},
        {"su_kien": "open_file", "ngay": date(2025, 5, 5), "so_van_ban": "2"},
        {"su_kien": "complete_file", "ngay": date(2025, 6, 2), "tai_lieu": "đủ",
         "nguoi_gioi_thieu": m("nguoi_gioi_thieu"), "cung_sinh_hoat_tu": date(2020, 7, 1)},
        {"su_kien": "cell_vote", "ngay": date(2025, 7, 1), "so_van_ban": "3-NQ", "trieu_tap": 9, "tan_thanh": 8,
         "van_ban_dong_y": m("van_ban_dong_y"), "ly_do_ngoai_le": m("ly_do_ngoai_le")},
    ]  # fmt: skip
    events = [{"ung_vien": person} | one for one in events]
    events += [
        {"ung_vien": other, "su_kien": "nominate", "ngay": date(2025, 1, 6), "so_van_ban": "4", "noi_gioi_thieu": "x"},
        {"ung_vien": other, "su_kien": "transfer", "ngay": date(2025, 2, 3), "don_vi_moi": above},
    ]
    target = {"don_vi": cell, "chi_so": "admitted", "ky": "2025", "toi_thieu": 5, "so_van_ban": m("so_van_ban-giao"),
              "ngay_van_ban": date(2025, 1, 2), "don_vi_ghi_nhan": above, "phu_trach": m("phu_trach")}  # fmt: skip
    figure = {"don_vi": cell, "chi_so": "members_recruited", "ky": "2025-Q1", "gia_tri": 12, "don_vi_ghi_nhan": above}
    recipient = {"don_vi": cell, "vai_tro": "bi_thu", "ho_ten": m("ho_ten-nhan"), "dia_chi": m("dia_chi")}
    rows = {"don_vi": units, "ung_vien": people, "su_kien": events, "chi_tieu": [target], "so_lieu": [figure],
            "nguoi_nhan": [recipient]}  # fmt: skip
    for sheet, own in OWN_WORDS.items():  # each of them really has a mark
        assert own == {k for row in rows[sheet] for k, v in row.items() if str(v)[:3] in ("<sc", "=HY")}, sheet
    return {sheet: table(*those) for sheet, those in rows.items()}, (person, cell, above, gone)


def marks_in(sheets):
    return {v for rows in sheets.values() for row in rows[1:] for v in row if str(v)[:3] in ("<sc", "=HY")}


def taken_in(desk, sheets):
    """The page that looks at the workbook, and the waiting file."""
    file = {"tep": ("so.xlsx", content(sheets, as_text), "application/octet-stream")}
    answer = desk.post("/nhap", files=file)
    assert answer.status_code == 303, answer.text
    return desk.get(answer.headers["location"]), list_files(desk.office)[0].token


class Reading(HTMLParser):
    """What a browser makes of a page: its words with the values of attributes, and what would run."""

    def __init__(self, page):
        super().__init__()
        self.words, self.running, self.at_script = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.at_script = tag == "script"
        for name, value in attributes:
            self.words.append(value or "")
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.running.append(f"{name}={value}")

    def handle_endtag(self, tag):
        self.at_script = False

    def handle_data(self, data):
        (self.running if self.at_script else self.words).append(data)


def said(answer):
    """The words of a page, once no mark is more than that."""
    assert answer.status_code in (200, 422), answer.url  # 422: a refusal with its verdicts
    page = Reading(answer.text)
    assert not [code for code in page.running if "alert(" in code or "HYPERLINK" in code]
    return "\n".join(page.words)


def assert_text(book):
    """Every cell that begins like a formula is text, and marked so for whoever edits it."""
    found = set()
    for page in load_workbook(io.BytesIO(book)):
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":  # a report's own sums
                    assert re.fullmatch(r"=[A-Z0-9/+:()-]+", cell.value)
                elif isinstance(cell.value, str):
                    found.add(cell.value)
                    assert cell.value[:1] != "=" or cell.quotePrefix, cell.value
    return found


@pytest.mark.parametrize("kind", MARKS)
def test_every_column_of_ones_own_words(desk_on_sqlite, tmp_path, kind):
    desk = desk_on_sqlite.sit("quan_tri")
    sheets, (person, cell, above, gone) = written_everywhere(MARKS[kind])
    seen, token = taken_in(desk, sheets)
    said(seen)
    done = desk.post("/nhap/ghi", {"tep": token})
    assert done.status_code == 303, done.text
    pages = [
        desk.get(done.headers["location"]), desk.get("/"), desk.get("/nguoi/list"), desk.get("/nguoi/ho-so", ma=person),
        desk.post("/nguoi/ho-so/xem-rieng", {"ma": person, "ly_do": "đối chiếu"}),
        desk.get("/don-vi"), desk.get("/don-vi", ma=cell), desk.get("/don-vi", ma=cell, phan="nguoi-nhan"), desk.get("/don-vi", ma=above), desk.get("/don-vi", ma=gone), desk.get("/don-vi/im-lang"),
        desk.get("/don-vi/sua", ma=cell), desk.get("/don-vi/ket-thuc", ma=cell),
        desk.get("/chi-tieu", don_vi=cell, ky="2025"), desk.get("/chi-tieu/giao", don_vi=cell),
        desk.get("/ky-bao-cao", don_vi=cell, ky="2025"), desk.get("/leo-thang"), desk.get("/thong-bao"),
        desk.get("/thieu-du-lieu"),
        desk.get("/nhieu-nguoi/chon", viec="base_vote"), desk.get("/nguoi/ho-so/buoc", ma=person, viec="base_vote"),
        desk.get("/nguoi/ho-so/dinh-chinh", ma=person, muc=f"{person}:2"), desk.get("/nguoi/du-lieu", ma=person),
        desk.get("/nguoi/xoa", ma=person), desk.get("/nhat-ky-truy-cap"),
    ]  # fmt: skip
    words = "\n".join(said(page) for page in pages)
    marks = marks_in(sheets)
    unseen = {mark for mark in marks if mark not in words}
    assert unseen == set()
    vote = {"viec": "base_vote", "on": "01/08/2025", "summoned": "9"}
    taken = [
        desk.post("/nhieu-nguoi/tai", vote | {"ma": [person], f"o:in_favour:{person}": MARKS[kind].format(place="o")}),
        desk.post("/nhat-ky-truy-cap/xuat"),
        desk.get("/ky-bao-cao/tai", don_vi=cell, ky="2025", dang="xlsx"),
        desk.post("/nguoi/du-lieu", {"ma": person, "ly_do": "đơn của đương sự"}),
    ]  # fmt: skip
    for one in taken:
        assert one.status_code == 200, one.text
        assert_text(one.content)
    export(desk.office, tmp_path / "ra.xlsx")
    assert marks <= assert_text((tmp_path / "ra.xlsx").read_bytes())
    again, _ = taken_in(desk, sheets)
    assert "không có gì để ghi" in again.text


@pytest.mark.parametrize("kind", MARKS)
def test_every_column_that_takes_no_words_of_ones_own_says_so_in_words(desk_on_sqlite, tmp_path, kind):
    desk = desk_on_sqlite.sit("can_bo")
    everywhere = written_everywhere(MARKS["script"])[0]
    for sheet in SHEETS:
        for column in sheet.columns:
            if column.name not in OWN_WORDS[sheet.name]:
                sheets = written_everywhere(MARKS["script"])[0]
                for rows in (sheets[sheet.name], everywhere[sheet.name]):
                    if column.name not in rows[0]:
                        for row in rows:
                            row.append(None)
                        rows[0][-1] = column.name
                    rows[1][rows[0].index(column.name)] = MARKS[kind].format(place=column.name)
                (tmp_path / "so.xlsx").write_bytes(content(sheets, as_text))
                with pytest.raises(BadInput) as refused:
                    import_workbook(desk.office, tmp_path / "so.xlsx", dry_run=True)
                assert sheet.name in {one["sheet"] for one in refused.value.details["errors"]}, column.name
    seen, token = taken_in(desk, everywhere)
    assert "chỗ cần sửa" in said(seen)
    assert desk.post("/nhap/ghi", {"tep": token}).status_code == 400
