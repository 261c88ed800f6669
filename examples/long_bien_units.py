"""The units of Long Biên 2020 and the officers who are told."""

from __future__ import annotations

import random
from datetime import date

from long_bien_tables import DISTRICT, OFFICES, PLACES
from sheets import Book, Cell, Names, Row, Way


class Units:
    """The tree: the federation, its offices, the unions each looks after, and the chi bộ beside them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.names = Names(self.chance)
        self.book = Book()
        self.unions: list[str] = []  # công đoàn cơ sở that have a chi bộ
        self.alone: list[str] = []  # those that have none yet
        self.cell_of: dict[str, str] = {}
        self.units: dict[str, Row] = {}
        self.trade_of: dict[str, str] = {}
        self.members: dict[str, list[str]] = {}
        self.chain_of: dict[str, str] = {}
        self.ways: list[Way] = []
        self.born: dict[str, date] = {}  # by code: the sheet may say less than the day

    def unit(self, ma: str, ten: str, loai: str, cap_tren: str | None, **cells: Cell) -> None:
        self.units[ma] = {"ma": ma, "ten": ten, "loai": loai, "cap_tren": cap_tren, **cells}
        self.book.rows["don_vi"].append(self.units[ma])

    def tell(self, unit: str, role: str, name: str) -> None:
        address = f"{role.replace('_', '')}.{unit.lower()}@example.org"
        self.book.add("nguoi_nhan", don_vi=unit, vai_tro=role, ho_ten=name, dia_chi=address)

    def build_units(self) -> None:
        self.unit(DISTRICT, "Liên đoàn Lao động quận Long Biên", "ldld", None, co_cong_doan=1)
        self.tell(DISTRICT, "bi_thu", "Vũ Thị Thanh Tâm")
        self.tell(DISTRICT, "can_bo_to_chuc", "Tạ Quang Khải")
        self.tell(DISTRICT, "thuong_vu", "Phạm Thị Ngân")
        for code, name, officer in OFFICES:
            self.unit(code, name, "co_quan", DISTRICT)
            self.tell(code, "bi_thu", officer)
        number = 0
        for office, (kind, names) in PLACES.items():
            for name in names.split("|"):
                number += 1
                self.build_union(office, kind, name.rstrip("*"), f"{number:03d}", with_cell=not name.endswith("*"))

    def build_union(self, office: str, kind: str, name: str, number: str, *, with_cell: bool) -> None:
        union, cell = f"CD-{number}", f"CB-{number}"
        private = kind == "cong_ty" or "Tư thục" in name
        youth = 1 if with_cell and number not in ("023", "025", "031") else 0
        members = self.chance.randint(9, 26)
        shared: Row = {"co_to_chuc_dang": int(with_cell), "co_doan": youth, "co_cong_doan": 1,
                       "khu_vuc": "ngoài nhà nước" if private else "nhà nước"}  # fmt: skip
        craft = name.startswith("Nghiệp đoàn")
        workers = self.chance.randint(90, 900) if private else self.chance.randint(28, 95)
        self.unit(
            union, name if craft else f"Công đoàn cơ sở {name}", "nghiep_doan" if craft else "cong_doan_co_so", office,
            **shared, so_lao_dong=workers,
        )  # fmt: skip
        self.trade_of[union] = self.trade_of[cell] = kind
        self.members[union] = self.members[cell] = [
            self.names.pick(self.chance.choice(("Nam", "Nữ"))) for _ in range(5)
        ]
        if not with_cell:
            self.alone.append(union)
            return
        # A chi bộ cơ sở of an enterprise has no base committee above it; two base committees decide by delegation.
        chain = (
            "truc_tiep"
            if number in ("024", "026", "030", "031", "036")
            else "uy_quyen"
            if number in ("001", "020")
            else ""
        )
        kind_of_cell = "chi_bo_co_so" if chain == "truc_tiep" else "chi_bo"
        self.unit(
            cell, f"Chi bộ {name}", kind_of_cell, union, chuoi_duyet=chain or None, **shared, so_dang_vien=members
        )
        self.cell_of[union], self.chain_of[cell] = cell, chain or "co_so"
        self.unions.append(union)
        self.tell(cell, "bi_thu", self.members[cell][0])
        self.tell(cell, "cap_uy_phu_trach", self.members[cell][1])
        if workers > 700:
            for group in (1, 2):
                self.unit(
                    f"{union}-T{group}", f"Tổ công đoàn số {group} – {name}", "to_cong_doan", union, so_lao_dong=60
                )
