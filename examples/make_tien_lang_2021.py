"""Makes the workbooks of examples/tien_lang_2021, one a year: a district's plan for non-state enterprises, 2021–2023.

What each union is held to follows from what it is (config.yaml: target_rules); enterprises, people, days and results are
invented. The seed is fixed: the same workbooks come out every time. `python examples/make_tien_lang_2021.py [FOLDER]`
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from journeys import Class, Journeys
from sheets import Book, Cell

TODAY = date(2023, 12, 31)
DISTRICT, PLAN = "LDLD-TL", ("05-KH/LĐLĐ", date(2021, 1, 18))
GAINS, FOUNDED_ON = "CD-08", date(2022, 7, 1)  # this union's enterprise gains a Party organisation mid-way
OUTSIDE = "nhà nước", "ngoài nhà nước"
# Enterprises that have a Party organisation, that one which gains it, and those that have none; (members there already).
WITH = ["Công ty CP May Đại Thắng", "Công ty TNHH Giày Toàn Thắng", "Công ty CP Thủy sản Vinh Quang",
        "Công ty TNHH Nhựa Quyết Tiến", "Công ty CP Xây dựng Khởi Nghĩa", "Công ty TNHH Cơ khí Cấp Tiến",
        "Công ty CP Dệt Bạch Đằng"]  # fmt: skip
WITHOUT = [("Công ty TNHH Bao bì Đoàn Lập", 3), ("Công ty TNHH Điện tử Kiến Thiết", 1), ("Công ty CP Gỗ Tiên Cường", 0),
           ("Công ty TNHH Chế biến Tự Cường", 4), ("Công ty CP Thuốc lào Vĩnh Phong", 2),
           ("Công ty TNHH Đồ chơi Nam Hưng", 0), ("Công ty TNHH In Hùng Thắng", 1),
           ("Công ty CP Vận tải Tây Hưng", 0)]  # fmt: skip
CLASSES: list[Class] = [
    (date(2021, 4, 12), date(2021, 4, 21)), (date(2021, 9, 13), date(2021, 9, 22)),
    (date(2022, 4, 11), date(2022, 4, 20)), (date(2022, 9, 12), date(2022, 9, 21)),
    (date(2023, 4, 10), date(2023, 4, 19)), (date(2023, 9, 11), date(2023, 9, 20)),
]  # fmt: skip
# By enterprise: the class each person went through, and the ceremony (None: still on the way).
WAYS: dict[str, list[tuple[int, date | None]]] = {
    "CD-01": [(0, date(2021, 10, 22)), (0, date(2021, 11, 19)), (0, None), (2, date(2022, 10, 20)),
              (2, date(2022, 12, 16)), (4, date(2023, 11, 7)), (4, None)],
    "CD-02": [(0, date(2021, 12, 17)), (0, date(2022, 2, 18)), (2, date(2022, 11, 18)), (3, None),
              (4, date(2023, 10, 20)), (4, date(2023, 12, 15)), (5, None)],
    "CD-03": [(1, date(2022, 3, 25)), (1, date(2022, 5, 19)), (3, date(2023, 3, 24)), (3, None), (5, None), (5, None)],
    "CD-04": [(0, date(2021, 11, 5)), (2, date(2022, 10, 7)), (2, None), (4, date(2023, 11, 24))],
    "CD-05": [(0, date(2021, 10, 15)), (1, date(2022, 4, 29)), (2, None), (2, None), (4, None), (5, None)],
    "CD-06": [(0, date(2021, 12, 3)), (1, None), (3, date(2023, 5, 19)), (3, date(2023, 6, 16)), (5, None)],
    "CD-07": [(1, date(2022, 6, 24)), (1, None), (3, None), (3, date(2023, 7, 28))],
    "CD-08": [(0, date(2021, 12, 22)), (3, date(2023, 2, 3)), (3, None), (4, date(2023, 12, 1)), (5, None)],
    "CD-09": [(0, date(2021, 12, 10)), (2, date(2022, 11, 11)), (2, None), (4, None), (4, date(2023, 12, 8))],
    "CD-10": [(1, None), (3, date(2023, 3, 31)), (5, None)],
    "CD-11": [(0, None), (2, None), (4, date(2023, 12, 22))],
    "CD-12": [(0, date(2021, 11, 26)), (2, None), (2, date(2022, 12, 9)), (4, None)],
    "CD-13": [(1, None), (4, None)],
}  # fmt: skip
# Introduced lately and not yet sent: those who can be sent to the next class.
WAITING = [("CD-01", date(2023, 11, 13)), ("CD-03", date(2023, 11, 20)), ("CD-07", date(2023, 12, 4)),
           ("CD-09", date(2023, 11, 27)), ("CD-16", date(2023, 12, 11))]  # fmt: skip
SURVEYED, CELLS_FOUNDED = {2021: 9, 2022: 14, 2023: 16}, {2022: 1}


class District(Journeys):
    """The district's federation, its unions in enterprises, and the chi bộ beside those that have one."""

    def build_units(self) -> None:
        self.unit(DISTRICT, "Liên đoàn Lao động huyện Tiên Lãng", "ldld", None, co_cong_doan=1)
        for role in ("bi_thu", "can_bo_to_chuc", "thuong_vu"):
            self.tell(DISTRICT, role, self.name())
        for number, name in enumerate(WITH, start=1):
            self.with_party(f"CD-{number:02d}", name)
        number = len(WITH)
        for name, members in WITHOUT:
            number += 1
            code = f"CD-{number:02d}"
            begun = date(2021, 1, 1) if code == GAINS else None  # so that reading this year again never undoes the next
            self.union(code, name, co_to_chuc_dang=0, co_doan=0, so_dang_vien=members, tu_ngay=begun)
            if code == GAINS:
                row = self.units[code] | {
                    "co_to_chuc_dang": 1,
                    "co_doan": 1,
                    "so_dang_vien": None,
                    "tu_ngay": FOUNDED_ON,
                }
                self.book.add("don_vi", **row)
                self.cell(code, name, tu_ngay=FOUNDED_ON)
        # Not surveyed yet: nobody knows whether there is a Party organisation. And one that is the State's.
        self.union("CD-16", "Công ty TNHH Thương mại Quang Phục", co_to_chuc_dang="?", co_doan=0)
        self.with_party("CD-17", "Trường THPT Tiên Lãng", OUTSIDE[0])

    def with_party(self, code: str, name: str, sector: str = OUTSIDE[1]) -> None:
        self.union(code, name, sector, co_to_chuc_dang=1, co_doan=1)
        self.cell(code, name, sector)

    def union(self, code: str, name: str, sector: str = OUTSIDE[1], **cells: Cell) -> None:
        workers = self.chance.randint(60, 1400)
        self.unit(code, f"Công đoàn cơ sở {name}", "cong_doan_co_so", DISTRICT, chain="truc_tiep",
                  chuoi_duyet="truc_tiep", co_cong_doan=1, khu_vuc=sector, so_lao_dong=workers, **cells)  # fmt: skip
        self.tell(code, "bi_thu", self.name())

    def cell(self, code: str, name: str, sector: str = OUTSIDE[1], tu_ngay: date | None = None) -> None:
        cell = self.unit(code.replace("CD", "CB"), f"Chi bộ {name}", "chi_bo_co_so", code, chain="truc_tiep",
                         chuoi_duyet="truc_tiep", co_to_chuc_dang=1, co_doan=1, co_cong_doan=1, khu_vuc=sector,
                         so_dang_vien=self.chance.randint(4, 15), tu_ngay=tu_ngay)  # fmt: skip
        self.tell(cell, "bi_thu", self.members[cell][0])

    def place(self, union: str, on: date) -> str:
        """Where somebody is followed: the chi bộ, or the union while the enterprise has none."""
        has = union in ("CD-17", *(f"CD-{n + 1:02d}" for n in range(len(WITH)))) or (
            union == GAINS and on >= FOUNDED_ON
        )
        return union.replace("CD", "CB") if has else union

    def people(self) -> None:
        trades = ["công nhân may", "công nhân vận hành máy", "tổ trưởng sản xuất", "thợ cơ khí", "kỹ thuật viên"]
        for union, ways in WAYS.items():
            for taken, ceremony in ways:
                days = self.plan_ceremony(ceremony, CLASSES[taken]) if ceremony else self.plan_class(CLASSES[taken])
                unit = self.place(union, days["nominate"])
                study = self.chance.choice(["12/12", "12/12", "trung cấp", "cao đẳng"])
                self.emit(self.person(unit, days["nominate"], self.chance.choice(trades), study), days)
        for union, on in WAITING:
            self.emit(self.person(self.place(union, on), on, self.chance.choice(trades), "12/12"), {"nominate": on})

    def targets_and_figures(self) -> None:
        """The whole of the plan: what the rules ask of the unions adds up to these, year by year."""
        for year in (2021, 2022, 2023):
            gained = year > 2021  # the union that gains a Party organisation counts among them from 2022
            wholes = {"introduced_with_party": 2 * (len(WITH) + gained), "sent_without_party": len(WITHOUT) - gained}
            for indicator, floor in wholes.items():
                self.book.add("chi_tieu", don_vi=DISTRICT, chi_so=indicator, ky=str(year), toi_thieu=floor,
                              so_van_ban=PLAN[0], ngay_van_ban=PLAN[1],
                              phu_trach=f"Ban Tổ chức: {self.members[DISTRICT][0]}")  # fmt: skip
            for indicator, figures in (("enterprises_surveyed", SURVEYED), ("cells_founded", CELLS_FOUNDED)):
                if year in figures:
                    self.book.add("so_lieu", don_vi=DISTRICT, chi_so=indicator, ky=str(year), gia_tri=figures[year],
                                  ngay_bao_cao=date(year, 12, 20))  # fmt: skip

    def make(self) -> dict[int, Book]:
        """A workbook a year: what was new in it."""
        self.build_units()
        self.people()
        self.targets_and_figures()
        whole = self.finish("HU")
        first = {way.person["ma"]: way.events[0]["ngay"] for way in self.ways}
        began = {row["ma"]: row.get("tu_ngay") for row in reversed(whole.rows["don_vi"])}
        books = {year: Book() for year in (2021, 2022, 2023)}
        for sheet, rows in whole.rows.items():
            for row in rows:
                days = {"don_vi": row.get("tu_ngay"), "ung_vien": first.get(row.get("ma")), "su_kien": row.get("ngay"),
                        "nguoi_nhan": began.get(row.get("don_vi"))}  # fmt: skip
                day = days.get(sheet)
                books[day.year if isinstance(day, date) else int(row.get("ky") or 2021)].rows[sheet].append(row)
        return books


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "tien_lang_2021"
    for year, book in District(20210118, "TL", TODAY, "Trung tâm Chính trị huyện").make().items():
        book.save(folder / f"{year - 2020}_nam_{year}.xlsx")
