"""Makes examples/hoang_mai_2017/hoang_mai_2017.xlsx: a grass-roots union of a tax office, its term 2017–2022.

The targets, the last term's figures and the city's quarter are those of public reports; every person, group, day, document
and address is invented. The seed is fixed: the same workbook comes out every time.
`python examples/make_hoang_mai_2017.py [FILE.xlsx]`
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from journeys import AFTER_CLASS, BEFORE_CLASS, Class, Days, Journeys, working
from sheets import Book, Way

TODAY = date(2022, 6, 30)
CITY, DISTRICT, UNION, CELL, TERM = "LDLD-HN", "LDLD-HM", "CD-CCT", "CB-CCT", "2017/2022"
RESOLUTION = ("02-NQ/ĐH", date(2017, 8, 18))
GROUPS = [
    ("TO-1", "Tổ công đoàn Hành chính – Nhân sự", "chuyên viên"),
    ("TO-2", "Tổ công đoàn Kê khai – Kế toán thuế", "kế toán"),
    ("TO-3", "Tổ công đoàn Kiểm tra thuế", "kiểm tra viên thuế"),
    ("TO-4", "Tổ công đoàn Trước bạ và thu khác", "chuyên viên"),
    ("TO-5", "Tổ công đoàn Đội thuế liên phường", "cán bộ thuế"),
]
# First day and certificates of the classes; the term began on 1 August 2017.
CLASSES: list[Class] = [
    (date(2013, 4, 8), date(2013, 4, 17)), (date(2014, 4, 7), date(2014, 4, 16)),
    (date(2015, 4, 6), date(2015, 4, 15)), (date(2016, 4, 11), date(2016, 4, 20)),
    (date(2017, 4, 10), date(2017, 4, 19)), (date(2018, 4, 9), date(2018, 4, 18)),
    (date(2019, 4, 8), date(2019, 4, 17)), (date(2019, 10, 7), date(2019, 10, 16)),
    (date(2020, 9, 14), date(2020, 9, 23)), (date(2021, 4, 5), date(2021, 4, 14)),
    (date(2022, 6, 20), date(2022, 7, 1)),
]  # fmt: skip
# Who was sent: group, class, and the ceremony, or why there is none (a side way), or None: still on the way.
LAST_TERM: list[tuple[str, int, date | str]] = [
    ("TO-1", 0, date(2014, 2, 3)), ("TO-3", 0, date(2014, 5, 19)), ("TO-2", 1, date(2015, 2, 3)),
    ("TO-5", 1, date(2015, 9, 1)), ("TO-4", 1, "withdraw"), ("TO-3", 2, date(2016, 3, 25)),
    ("TO-5", 2, "transfer_out"), ("TO-2", 3, date(2017, 2, 3)), ("TO-1", 3, "delist"),
    ("TO-4", 4, date(2018, 2, 2)),  # sent in the last term, admitted in this one
]  # fmt: skip
THIS_TERM: list[tuple[str, int, date | None]] = [
    ("TO-1", 5, date(2019, 2, 1)), ("TO-3", 5, date(2019, 5, 17)), ("TO-2", 5, date(2020, 9, 1)),
    ("TO-3", 6, date(2020, 1, 17)), ("TO-4", 6, date(2020, 7, 27)), ("TO-1", 6, None),
    ("TO-2", 7, date(2020, 11, 6)), ("TO-3", 7, date(2021, 2, 3)),
    ("TO-4", 8, date(2021, 12, 22)), ("TO-5", 8, date(2022, 1, 28)), ("TO-2", 8, None),
    ("TO-1", 9, date(2022, 5, 19)), ("TO-3", 9, None), ("TO-4", 10, None),
]  # fmt: skip
INTRODUCED_ONLY = [("TO-5", date(2022, 4, 21)), ("TO-3", date(2022, 5, 26))]
LEAVING = {
    "withdraw": (date(2015, 3, 16), "Có đơn xin rút vì lý do gia đình."),
    "transfer_out": (date(2016, 5, 9), "Chuyển công tác về Chi cục Thuế quận khác."),
    "delist": (date(2017, 3, 6), "Chưa đủ điều kiện, cần phấn đấu thêm."),
}
TITLE_KEPT = {2018: 1, 2019: 1, 2020: 1, 2021: 1}  # a yearly yes or no
MEMBERS = {2018: 32, 2019: 33, 2020: 35, 2021: 39, 2022: 39}  # Party members on 1 January
# Admitted in the first quarter of 2018 as reported to the city by unions that keep no people here; with the one admitted
# in this union, whom the engine counts, 77.
QUARTER, REPORTED = "2018-Q1", {
    "LDLD-HM": (None, 7), "LDLD-BD": ("Liên đoàn Lao động quận Ba Đình", 9),
    "LDLD-CG": ("Liên đoàn Lao động quận Cầu Giấy", 11), "LDLD-DD": ("Liên đoàn Lao động quận Đống Đa", 12),
    "LDLD-HBT": ("Liên đoàn Lao động quận Hai Bà Trưng", 10), "LDLD-HDG": ("Liên đoàn Lao động quận Hà Đông", 13),
    "LDLD-TX": ("Liên đoàn Lao động quận Thanh Xuân", 8), "CDN-HN": ("Các công đoàn ngành, công đoàn tổng công ty", 6),
}  # fmt: skip


class Union(Journeys):
    """The union, its groups, the chi bộ beside it, and the city above."""

    def build_units(self) -> None:
        self.unit(CITY, "Liên đoàn Lao động thành phố Hà Nội", "ldld", None, co_cong_doan=1)
        self.tell(CITY, "can_bo_to_chuc", self.name())
        self.unit(DISTRICT, "Liên đoàn Lao động quận Hoàng Mai", "ldld", CITY, co_cong_doan=1)
        for role in ("bi_thu", "can_bo_to_chuc", "thuong_vu"):
            self.tell(DISTRICT, role, self.name())
        for code, (name, _) in REPORTED.items():
            if name:
                self.unit(code, name, "ldld", CITY, co_cong_doan=1)
        described = {"co_to_chuc_dang": 1, "co_doan": 1, "co_cong_doan": 1}
        self.unit(UNION, "Công đoàn cơ sở Chi cục Thuế quận Hoàng Mai", "cong_doan_co_so", DISTRICT, **described)
        for role in ("bi_thu", "can_bo_to_chuc", "thuong_vu"):
            self.tell(UNION, role, self.name())
        # A chi bộ cơ sở: no base committee votes above it.
        cell = {"ma": CELL, "ten": "Chi bộ Chi cục Thuế quận Hoàng Mai", "loai": "chi_bo_co_so", "cap_tren": UNION}
        self.unit(*cell.values(), chain="truc_tiep", chuoi_duyet="truc_tiep", so_dang_vien=28, **described)
        for year, members in MEMBERS.items():
            self.book.add("don_vi", **cell, chuoi_duyet="truc_tiep", so_dang_vien=members, tu_ngay=date(year, 1, 1),
                          **described)  # fmt: skip
        self.tell(CELL, "bi_thu", self.members[CELL][0])
        self.tell(CELL, "cap_uy_phu_trach", self.members[CELL][1])
        for code, name, _ in GROUPS:
            self.unit(code, name, "to_cong_doan", UNION, **described)
            self.tell(code, "uy_vien_phu_trach", self.members[code][0])

    def sent(self, group: str, number: int, ceremony: date | str | None) -> None:
        """One person: in the group until the certificate, then handed over to the chi bộ."""
        taken = CLASSES[number]
        days = self.plan_ceremony(ceremony, taken) if isinstance(ceremony, date) else self.plan_class(taken)
        if ceremony is None and number == 6:  # his file is being prepared
            days["open_file"] = date(2022, 5, 10)
        elif ceremony is None and number == 8:  # his file waits for the chi bộ
            days |= {"open_file": date(2022, 3, 7), "complete_file": date(2022, 4, 28)}
        way = self.person(group, days["nominate"], next(trade for code, _, trade in GROUPS if code == group))
        self.emit(way, days, unit=CELL, steps=BEFORE_CLASS)
        self.hand_over(way, days)
        if isinstance(ceremony, str):
            on, why = LEAVING[ceremony]
            way.add(ceremony, on, ghi_chu=why)
        self.emit(way, days, unit=CELL, steps=AFTER_CLASS)

    def hand_over(self, way: Way, days: Days) -> None:
        on = working(days["certify_class"], 3)
        if on <= self.today:
            way.add("transfer", on, don_vi_moi=CELL, nguoi_giup_do=self.chance.choice(self.members[CELL]),
                    ghi_chu="Đã học lớp nhận thức; tổ công đoàn chuyển chi bộ theo dõi.")  # fmt: skip

    def people(self) -> None:
        for each in LAST_TERM:
            self.sent(*each)
        for group, number, ceremony in THIS_TERM:
            self.sent(group, number, ceremony)
        for group, on in INTRODUCED_ONLY:
            self.emit(self.person(group, on, "cán bộ thuế"), {"nominate": on}, unit=CELL)

    def target(self, unit: str, indicator: str, period: str, who: str, **numbers: int | float | str) -> None:
        number, signed = RESOLUTION
        self.book.add("chi_tieu", don_vi=unit, chi_so=indicator, ky=period, **numbers, so_van_ban=number,
                      ngay_van_ban=signed, phu_trach=who)  # fmt: skip

    def targets_and_figures(self) -> None:
        chair = f"Chủ tịch công đoàn: {self.members[UNION][0]}"
        self.target(UNION, "sent", TERM, chair, toi_thieu=10, toi_da=15)
        self.target(UNION, "admitted", TERM, chair, toi_thieu=7, toi_da=10)
        for code, name, _ in GROUPS:  # 5 × 2–3 make 10–15
            who = f"{name.removeprefix('Tổ công đoàn ')}: {self.members[code][0]}"
            self.target(code, "sent", TERM, who, toi_thieu=2, toi_da=3)
        for year in MEMBERS:
            self.target(UNION, "strong_union_title", str(year), chair, toi_thieu=1)
            self.target(UNION, "members_reviewed", str(year), chair, ty_le=1, cua="so_dang_vien")
        for year, kept in TITLE_KEPT.items():
            told = date(year, 12, 10)
            self.figure("strong_union_title", str(year), kept, date(year + 1, 1, 15))
            self.figure("members_reviewed", str(year), MEMBERS[year], told)
        for code, (_, admitted) in REPORTED.items():
            self.figure("admitted", QUARTER, admitted, date(2018, 4, 5), unit=code)

    def figure(self, indicator: str, period: str, value: int, on: date, unit: str = UNION) -> None:
        self.book.add("so_lieu", don_vi=unit, chi_so=indicator, ky=period, gia_tri=value, ngay_bao_cao=on)

    def make(self) -> Book:
        self.build_units()
        self.people()
        self.targets_and_figures()
        return self.finish("QU")


if __name__ == "__main__":
    default = Path(__file__).parent / "hoang_mai_2017" / "hoang_mai_2017.xlsx"
    made = Union(20170801, "HM", TODAY, "Trung tâm Bồi dưỡng chính trị quận").make()
    made.save(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
