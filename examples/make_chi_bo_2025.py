"""Makes examples/chi_bo_2025/chi_bo_2025.xlsx: a commune's six people on 1 December 2025, each in one telling place.

All people, units and addresses are invented. `python examples/make_chi_bo_2025.py [FILE.xlsx]`
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from sheets import Book, Cell, Way

from states.calendar import Calendar, add_months

TODAY = date(2025, 12, 1)
CALENDAR = Calendar()
COMMUNE, BASE = "XA-PL", "DU-HTX"
CENTRE = "Trung tâm Chính trị khu vực"

UNITS = [
    (COMMUNE, "Đảng ủy xã Phúc Lâm", "dang_uy_xa", None, None),
    (BASE, "Đảng ủy Hợp tác xã Dịch vụ nông nghiệp Phúc Lâm", "dang_uy_co_so", COMMUNE, "co_so"),
    ("CB-01", "Chi bộ Tổ sản xuất số 1", "chi_bo", BASE, None),
    ("CB-02", "Chi bộ Xưởng chế biến", "chi_bo", BASE, None),
    ("CB-03", "Chi bộ Trường Tiểu học Phúc Lâm", "chi_bo_co_so", COMMUNE, "truc_tiep"),
]
RECIPIENTS = [
    (COMMUNE, "bi_thu", "Hoàng Minh Trí"),
    (COMMUNE, "can_bo_to_chuc", "Phan Thị Diệp"),
    (COMMUNE, "thuong_vu", "Hoàng Minh Trí"),
    (BASE, "bi_thu", "Đỗ Quang Vinh"),
    ("CB-01", "bi_thu", "Lê Văn Thực"),
    ("CB-01", "cap_uy_phu_trach", "Bùi Thị Sen"),
    ("CB-02", "bi_thu", "Trần Đình Khôi"),
    ("CB-02", "cap_uy_phu_trach", "Vũ Thị Mơ"),
    ("CB-03", "bi_thu", "Ngô Thị Lý"),
    ("CB-03", "cap_uy_phu_trach", "Dương Văn Bảo"),
]


def person(ma: str, ho_ten: str, ngay_sinh: date, gioi_tinh: str, nghe_nghiep: str, hoc_van: str, don_vi: str) -> Way:
    youth = 1 if ngay_sinh > date(1994, 6, 1) else 0
    return Way(
        {
            "ma": ma,
            "ho_ten": ho_ten,
            "ngay_sinh": ngay_sinh,
            "gioi_tinh": gioi_tinh,
            "dan_toc": "Kinh",
            "ton_giao": "Không",
            "nghe_nghiep": nghe_nghiep,
            "doan_vien": youth,
            "cong_doan_vien": 0,
            "truc_tiep_san_xuat": 0 if don_vi == "CB-03" else 1,
            "hoc_van": hoc_van,
            "don_vi": don_vi,
        }
    )


def begin(way: Way, nominated: date, listed: date, helper: str, sent: date, certified: date, certificate: str) -> None:
    """From the introduction to the certificate of the awareness class."""
    unit = way.person["don_vi"]
    way.add("nominate", nominated, so_van_ban=f"{nominated:%d%m}-NQ/ĐTN", noi_gioi_thieu="Ban Chấp hành Đoàn xã")
    way.add("list", listed, so_van_ban=f"{listed:%m}-NQ/{unit}", nguoi_giup_do=helper)
    way.add("send_to_class", sent)
    way.add("certify_class", certified, so_van_ban=certificate, noi_cap=CENTRE)


def make_file(way: Way, opened: date, made: date, helper: str) -> None:
    """Permission and the file itself; Đoàn's committee and one official member introduce."""
    way.add("open_file", opened, so_van_ban=f"{opened:%d%m}-TB/ĐU")
    introducers = f"Ban Chấp hành Đoàn xã; {helper}"
    way.add("complete_file", made, tai_lieu="đủ", nguoi_gioi_thieu=introducers, cung_sinh_hoat_tu=add_months(made, -30))


def vote(way: Way, trigger: str, on: date, summoned: int, in_favour: int, body: str, **cells: Cell) -> None:
    number = f"{on:%d%m}-NQ/{body}"
    way.add(trigger, on, so_van_ban=number, trieu_tap=summoned, tan_thanh=in_favour, **cells)


def certificate_ends() -> Way:
    """The certificate of 8 December 2020 ends on 8 December 2025; the chi bộ has to consider by then."""
    way = person("PL-01", "Nguyễn Thị Thu Hiên", date(1996, 4, 11), "Nữ", "xã viên trồng rau", "THPT", "CB-01")
    begin(
        way, date(2020, 9, 14), date(2020, 10, 5), "Lê Văn Thực", date(2020, 11, 30), date(2020, 12, 8), "217/GCN-2020"
    )
    note = "Đi làm xa từ năm 2021, đã trở về; chi bộ phân công lại đảng viên giúp đỡ."
    way.add("assign_helper", date(2025, 10, 6), nguoi_giup_do="Bùi Thị Sen", ghi_chu=note)
    way.add("open_file", date(2025, 11, 10), so_van_ban="1011-TB/ĐU")
    return way


def file_goes_stale() -> Way:
    """The file of 5 December 2024 is good until 5 December 2025, and the chi bộ has not considered it."""
    way = person("PL-02", "Phạm Văn Khải", date(1997, 8, 23), "Nam", "lái máy nông nghiệp", "12/12", "CB-01")
    begin(way, date(2024, 1, 15), date(2024, 2, 5), "Bùi Thị Sen", date(2024, 5, 6), date(2024, 5, 17), "064/GCN-2024")
    make_file(way, date(2024, 9, 9), date(2024, 12, 5), "Bùi Thị Sen")
    return way


def decision_is_awaited() -> Way:
    """The chi bộ resolved 43 working days ago; 45 are allowed."""
    way = person("PL-03", "Lương Thị Hoài An", date(1998, 1, 30), "Nữ", "công nhân chế biến", "trung cấp", "CB-02")
    begin(way, date(2024, 9, 16), date(2024, 10, 7), "Vũ Thị Mơ", date(2025, 3, 10), date(2025, 3, 21), "031/GCN-2025")
    make_file(way, date(2025, 7, 14), date(2025, 9, 8), "Vũ Thị Mơ")
    vote(way, "cell_vote", CALENDAR.add_working_days(TODAY, -43), 12, 11, "CB-02")
    vote(way, "base_vote", date(2025, 10, 15), 11, 11, BASE)
    return way


def ceremony_is_due() -> Way:
    """The decision was received 28 working days ago; the ceremony is due within 30."""
    way = person("PL-04", "Tạ Minh Đức", date(1995, 11, 5), "Nam", "giáo viên", "đại học", "CB-03")
    begin(
        way,
        date(2024, 10, 14),
        date(2024, 11, 4),
        "Dương Văn Bảo",
        date(2025, 3, 10),
        date(2025, 3, 21),
        "032/GCN-2025",
    )
    make_file(way, date(2025, 6, 16), date(2025, 8, 11), "Dương Văn Bảo")
    vote(way, "cell_vote", date(2025, 9, 8), 9, 9, "CB-03")
    received = CALENDAR.add_working_days(TODAY, -28)
    way.add("decide", date(2025, 10, 17), so_van_ban="88-QĐ/ĐU", ket_qua="đồng ý", ngay_nhan=received)
    return way


def admit(way: Way, decided: date, received: date, ceremony: date, number: str) -> None:
    """Decision, ceremony and the class for new members."""
    way.add("decide", decided, so_van_ban=number, ket_qua="đồng ý", ngay_nhan=received)
    way.add("hold_ceremony", ceremony)
    way.add("certify_new_member", date(2025, 6, 20), so_van_ban=f"{ceremony:%d%m}/GCN-ĐVM", noi_cap=CENTRE)


def probation_ends() -> Way:
    """Admitted on 9 December 2024: the twelve months end on Tuesday of next week."""
    way = person("PL-05", "Bùi Thanh Trà", date(1996, 2, 19), "Nữ", "kế toán hợp tác xã", "cao đẳng", "CB-02")
    begin(
        way, date(2023, 9, 11), date(2023, 10, 2), "Trần Đình Khôi", date(2024, 3, 4), date(2024, 3, 15), "019/GCN-2024"
    )
    make_file(way, date(2024, 5, 20), date(2024, 7, 15), "Trần Đình Khôi")
    vote(way, "cell_vote", date(2024, 9, 9), 12, 12, "CB-02")
    vote(way, "base_vote", date(2024, 9, 23), 11, 10, BASE)
    admit(way, date(2024, 11, 14), date(2024, 11, 20), date(2024, 12, 9), "412-QĐ/HU")
    return way


def voted_down_twice() -> Way:
    """Probation ended on 28 October 2025; recognition failed on 12 and on 26 November. A third failure goes up."""
    way = person("PL-06", "Đặng Hữu Phước", date(1995, 7, 2), "Nam", "tổ trưởng sản xuất", "12/12", "CB-01")
    begin(
        way, date(2023, 5, 15), date(2023, 6, 5), "Lê Văn Thực", date(2023, 10, 9), date(2023, 10, 20), "088/GCN-2023"
    )
    make_file(way, date(2024, 2, 26), date(2024, 5, 6), "Lê Văn Thực")
    vote(way, "cell_vote", date(2024, 7, 8), 14, 12, "CB-01")
    vote(way, "base_vote", date(2024, 7, 22), 11, 10, BASE)
    admit(way, date(2024, 9, 25), date(2024, 10, 1), date(2024, 10, 28), "355-QĐ/HU")
    vote(way, "recognition_cell_vote", date(2025, 11, 12), 14, 8, "CB-01", ghi_chu="Chưa đạt 2/3, chi bộ xem xét lại.")
    vote(way, "recognition_cell_vote", date(2025, 11, 26), 14, 9, "CB-01", ghi_chu="Lần thứ hai chưa đạt 2/3.")
    return way


def make() -> Book:
    book = Book()
    for ma, ten, loai, cap_tren, chain in UNITS:
        book.add("don_vi", ma=ma, ten=ten, loai=loai, cap_tren=cap_tren, chuoi_duyet=chain,
                 co_to_chuc_dang=1, co_doan=1, co_cong_doan=0)  # fmt: skip
    for unit, role, name in RECIPIENTS:
        address = f"{role.replace('_', '')}.{unit.lower()}@example.org"
        book.add("nguoi_nhan", don_vi=unit, vai_tro=role, ho_ten=name, dia_chi=address)
    book.add("chi_tieu", don_vi=COMMUNE, chi_so="admitted", ky="2025", toi_thieu=2, so_van_ban="07-NQ/ĐU",
             ngay_van_ban=date(2025, 7, 15), phu_trach="Ban Xây dựng Đảng: Phan Thị Diệp")  # fmt: skip
    six = [certificate_ends, file_goes_stale, decision_is_awaited, ceremony_is_due, probation_ends, voted_down_twice]
    book.add_ways(tell() for tell in six)
    return book


if __name__ == "__main__":
    default = Path(__file__).parent / "chi_bo_2025" / "chi_bo_2025.xlsx"
    make().save(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
