"""Makes examples/can_tho_2015/can_tho_2015.xlsx: a Party committee half-way through its term of five years.

The totals are those of a public report; every person, the split among the chi bộ, documents and addresses are invented.
The seed is fixed: the same workbook comes out every time. `python examples/make_can_tho_2015.py [FILE.xlsx]`
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from journeys import Class, Journeys
from sheets import Book

TODAY = date(2017, 12, 31)
COMMITTEE, TERM = "DU-LDLD", "2015/2020"
RESOLUTION = ("01-NQ/ĐH", date(2015, 7, 10))
PLAN = {"2016": ("04-KH/ĐU", date(2016, 1, 15)), "2017": ("03-KH/ĐU", date(2017, 1, 13))}

# code, name, trade, members when the term began, share of the term's target (30), admitted by year
CELLS = [
    ("CB-VP", "Chi bộ Văn phòng", "chuyên viên", 8, 6, {2015: 1, 2016: 3, 2017: 2}),
    ("CB-TC", "Chi bộ Ban Tổ chức – Kiểm tra", "chuyên viên", 6, 5, {2016: 2, 2017: 3}),
    ("CB-TG", "Chi bộ Ban Tuyên giáo – Nữ công", "chuyên viên", 6, 5, {2015: 1, 2016: 2, 2017: 2}),
    ("CB-CS", "Chi bộ Ban Chính sách – Pháp luật", "luật sư", 6, 5, {2015: 1, 2016: 1, 2017: 1}),
    ("CB-NVH", "Chi bộ Nhà Văn hóa Lao động", "giáo viên năng khiếu", 7, 5, {2016: 2, 2017: 1}),
    ("CB-DN", "Chi bộ Trung tâm Dạy nghề", "giáo viên dạy nghề", 6, 4, {2016: 1}),
]  # fmt: skip
# First day and certificates of the classes: two before the term, the others in it.
CLASSES: list[Class] = [
    (date(2014, 9, 15), date(2014, 9, 24)), (date(2015, 3, 9), date(2015, 3, 18)),
    (date(2015, 8, 10), date(2015, 8, 19)), (date(2016, 3, 14), date(2016, 3, 23)),
    (date(2016, 9, 12), date(2016, 9, 21)), (date(2017, 3, 13), date(2017, 3, 22)),
    (date(2017, 9, 11), date(2017, 9, 20)),
]  # fmt: skip
# Ceremonies and the class before each: three people had been through it before the term began, twenty in the term.
CEREMONIES = {
    2015: [(date(2015, 9, 1), 0), (date(2015, 11, 6), 1), (date(2015, 12, 22), 1)],
    2016: [(date(2016, 2, 3), 2), (date(2016, 2, 3), 2), (date(2016, 3, 25), 2), (date(2016, 5, 19), 2),
           (date(2016, 5, 19), 2), (date(2016, 7, 27), 2), (date(2016, 9, 1), 3), (date(2016, 9, 1), 3),
           (date(2016, 10, 20), 3), (date(2016, 11, 7), 3), (date(2016, 12, 22), 3)],
    2017: [(date(2017, 2, 3), 3), (date(2017, 3, 24), 4), (date(2017, 5, 19), 4), (date(2017, 5, 19), 4),
           (date(2017, 7, 27), 4), (date(2017, 9, 1), 5), (date(2017, 10, 20), 5), (date(2017, 11, 7), 5),
           (date(2017, 12, 22), 5)],
}  # fmt: skip
# Eight more went through the class in the term and are on the way to ceremonies that will be held in 2018, if all goes well.
TO_COME = [("CB-VP", date(2018, 1, 26), 5), ("CB-VP", date(2018, 2, 2), 5), ("CB-TC", date(2018, 2, 2), 5),
           ("CB-NVH", date(2018, 3, 26), 6), ("CB-NVH", date(2018, 5, 18), 6), ("CB-TG", date(2018, 5, 18), 6),
           ("CB-DN", date(2018, 5, 18), 6), ("CB-DN", date(2018, 7, 27), 6)]  # fmt: skip
INTRODUCED_ONLY = [("CB-CS", date(2017, 10, 16)), ("CB-CS", date(2017, 11, 20)), ("CB-CS", date(2017, 11, 20)),
                   ("CB-DN", date(2017, 11, 27)), ("CB-DN", date(2017, 12, 4)), ("CB-TG", date(2017, 12, 11)),
                   ("CB-NVH", date(2017, 12, 18))]  # fmt: skip


class Committee(Journeys):
    """The committee, its six chi bộ and those on the way since the term began."""

    def build_units(self) -> None:
        self.unit(COMMITTEE, "Đảng ủy cơ quan Liên đoàn Lao động thành phố Cần Thơ", "dang_uy_co_so", None, co_doan=1,
                  co_cong_doan=1, co_to_chuc_dang=1)  # fmt: skip
        for role in ("bi_thu", "can_bo_to_chuc", "thuong_vu"):
            self.tell(COMMITTEE, role, self.name())
        for code, name, _, members, _, admitted in CELLS:
            described = {"co_doan": 1, "co_cong_doan": 1, "co_to_chuc_dang": 1}
            self.unit(code, name, "chi_bo", COMMITTEE, so_dang_vien=members, **described)
            for year, number in admitted.items():  # the base of members grows with those admitted: 62 at the review
                members += number
                row = {"ma": code, "ten": name, "loai": "chi_bo", "cap_tren": COMMITTEE, **described}
                self.book.add("don_vi", **row, so_dang_vien=members, tu_ngay=date(year, 12, 31))
            self.tell(code, "bi_thu", self.members[code][0])
            self.tell(code, "cap_uy_phu_trach", self.members[code][1])

    def people(self) -> None:
        trade = {code: trade for code, _, trade, *_ in CELLS}
        for year, ceremonies in CEREMONIES.items():
            places = [code for code, *_, admitted in CELLS for _ in range(admitted.get(year, 0))]
            self.chance.shuffle(places)
            for code, (ceremony, taken) in zip(places, ceremonies, strict=True):
                days = self.plan_ceremony(ceremony, CLASSES[taken])
                self.emit(self.person(code, days["nominate"], trade[code]), days)
        for code, ceremony, taken in TO_COME:
            days = self.plan_ceremony(ceremony, CLASSES[taken])
            self.emit(self.person(code, days["nominate"], trade[code]), days)
        for code, on in INTRODUCED_ONLY:
            self.emit(self.person(code, on, trade[code]), {"nominate": on})

    def targets(self) -> None:
        secretary = f"Bí thư Đảng ủy: {self.members[COMMITTEE][0]}"
        shares = [(COMMITTEE, 30, secretary)]
        shares += [(code, share, f"Bí thư chi bộ: {self.members[code][0]}") for code, _, _, _, share, _ in CELLS]
        for unit, share, responsible in shares:
            decisions = {TERM: (share, RESOLUTION)}
            decisions |= {year: (6 if unit == COMMITTEE else 1, decision) for year, decision in PLAN.items()}
            for period, (floor, (number, signed)) in decisions.items():
                self.book.add("chi_tieu", don_vi=unit, chi_so="admitted", ky=period, toi_thieu=floor, so_van_ban=number,
                              ngay_van_ban=signed, phu_trach=responsible)  # fmt: skip

    def make(self) -> Book:
        self.build_units()
        self.people()
        self.targets()
        return self.finish("ĐUK")


if __name__ == "__main__":
    default = Path(__file__).parent / "can_tho_2015" / "can_tho_2015.xlsx"
    made = Committee(20171231, "CT", TODAY, "Trường Chính trị thành phố").make()
    made.save(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
