"""Makes examples/tay_ho_2024/tay_ho_2024.xlsx: a district steering committee whose member bodies are far above target.

The totals and the printed percentages are those of a public report; numerators, units, names and documents are invented.
The seed is fixed: the same workbook comes out every time. `python examples/make_tay_ho_2024.py [FILE.xlsx]`
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sheets import Book, Names

from states.calendar import Calendar

DISTRICT = "BCD-TH"
DECISION = ("12-KH/BCĐ", date(2024, 2, 19))
NEXT_YEAR = ("96-KH/BCĐ", date(2024, 12, 27))
DISSOLVED_ON, FOUNDED_ON = date(2024, 5, 31), date(2024, 6, 1)
CALENDAR = Calendar()


@dataclass(frozen=True)
class Body:
    """A member body: targets of 2024 and what it is credited with; None = takes part without figures."""

    code: str
    name: str
    kind: str
    officer: str
    unions: tuple[int, int] | None = None  # founded, target
    members: tuple[int, int] | None = None  # recruited, target
    next_year: tuple[int, int] | None = None  # targets of 2025


# 29/19, 56/31, 71/23 and 126/73 scaled by 59, 8, 4 and 2, so that what is credited adds up to the district's 2.695.
BODIES = [
    Body("LDLD-TH", "Liên đoàn Lao động quận Tây Hồ", "ldld", "Nguyễn Hồng Quân", (44, 9), (1711, 1121), (12, 1200)),
    Body("CCT-TH", "Chi cục Thuế quận Tây Hồ", "co_quan", "Trần Thu Thảo", (4, 1), (448, 248), (2, 250)),
    Body("LDXH-TH", "Phòng Lao động – Thương binh và Xã hội", "co_quan", "Đỗ Minh Tuấn", (8, 1), (284, 92), (2, 100)),
    Body("BHXH-TH", "Bảo hiểm xã hội quận Tây Hồ", "co_quan", "Lê Thị Phương", (8, 8), (252, 146), (8, 150)),
    Body("DUK-TH", "Đảng ủy Khối Doanh nghiệp quận Tây Hồ", "dang_uy_co_so", "Hoàng Văn Dũng"),
    Body("PGD-TH", "Phòng Giáo dục và Đào tạo quận Tây Hồ", "co_quan", "Phan Khánh Hà"),
]
FEDERATION = BODIES[0].code
# The two unions that were dissolved: code, name, members at the end of 2023, how many came out of it.
OLD = [("CD-MN1", "Công đoàn cơ sở Mầm non ngoài công lập số 1", 655, 16),
       ("CD-MN2", "Công đoàn cơ sở Mầm non ngoài công lập số 2", 607, 15)]  # fmt: skip
CRAFT = [("Xe ôm Hồ Tây", 52), ("Giúp việc gia đình Quảng An", 41), ("Trồng đào Nhật Tân", 36), ("Bốc xếp Tứ Liên", 28)]
SCHOOLS = ["Ánh Dương", "Bình Minh", "Cầu Vồng", "Chim Non", "Đồng Xanh", "Hoa Cúc", "Hoa Đào", "Hoa Hồng", "Hoa Sen", "Hoa Sữa", "Hướng Dương", "Kim Đồng", "Măng Non", "Mặt Trời Nhỏ", "Mây Hồng", "Ngôi Sao", "Nụ Cười", "Ong Vàng", "Phượng Hồng", "Sao Mai", "Sóc Nâu", "Sơn Ca", "Thiên Nga", "Tổ Ong", "Trăng Non", "Tuổi Thơ", "Vàng Anh", "Vườn Xuân", "Xứ Sở Thần Tiên", "Búp Măng", "Thỏ Ngọc"]  # fmt: skip
ENTERPRISES = ["CP Du lịch Sóng Hồ", "CP Nhà hàng Sen Tây", "TNHH Trà Ướp Sen", "CP Khách sạn Bến Trúc", "TNHH May Nhật Chiêu", "CP Phần mềm Trúc Bạch", "TNHH Thiết kế Phố Hồ", "CP Giáo dục Sao Khuê", "TNHH Y khoa Thụy Khuê", "CP In Bưởi", "TNHH Nội thất Yên Phụ", "CP Vận tải Lạc Long", "TNHH Siêu thị Võng Thị", "CP Xây dựng Xuân La", "TNHH Hoa Tươi Quảng Bá", "CP Thực phẩm Phú Gia", "TNHH Điện lạnh Phú Thượng", "CP Truyền thông Hồ Gươm Xanh", "TNHH Tư vấn Luật An Dương", "CP Kiến trúc Nghi Tàm", "TNHH Dược Bạch Mai Hồ", "CP Thể thao Đạp Vịt", "TNHH Bánh cốm Thu", "CP Viễn thông Gió", "TNHH Ô tô Trích Sài", "CP Bảo vệ Thăng Long Bắc", "TNHH Vệ sinh Sạch Trong", "CP Chứng khoán Lộc Vừng", "TNHH Dịch thuật Việt Á", "CP Mỹ thuật Đống Cát", "TNHH Thú y Cá Koi", "CP Năng lượng Mái Xanh", "TNHH Gốm Hồ Khẩu"]  # fmt: skip


def share(total: int, parts: int, least: int, chance: random.Random) -> list[int]:
    """`total` in so many parts, each at least `least`, none alike by rule."""
    weights = [chance.randint(2, 9) for _ in range(parts)]
    rest = total - least * parts
    shares = [least + rest * weight // sum(weights) for weight in weights]
    for i in range(total - sum(shares)):
        shares[i] += 1
    return shares


class District:
    """The steering committee, its bodies, the unions founded in the year and to whom each is credited."""

    def __init__(self) -> None:
        self.chance = random.Random(20241231)
        self.names = Names(self.chance)
        self.book = Book()

    def unit(self, ma: str, ten: str, loai: str, cap_tren: str | None, **cells: str | int | date | None) -> None:
        self.book.add("don_vi", ma=ma, ten=ten, loai=loai, cap_tren=cap_tren, **cells)

    def tell(self, unit: str, role: str, name: str) -> None:
        address = f"{role.replace('_', '')}.{unit.lower()}@example.org"
        self.book.add("nguoi_nhan", don_vi=unit, vai_tro=role, ho_ten=name, dia_chi=address)

    def figure(self, unit: str, indicator: str, on: date, value: int, credited: str | None = None) -> None:
        """A unit's number of one month, reported on a working day soon after."""
        reported = min(CALENDAR.add_working_days(on, 3), date(2024, 12, 31))
        self.book.add("so_lieu", don_vi=unit, chi_so=indicator, ky=f"{on:%Y-%m}", gia_tri=value, ngay_bao_cao=reported,
                      don_vi_ghi_nhan=credited)  # fmt: skip

    def bodies(self) -> None:
        self.unit(
            DISTRICT, "Ban Chỉ đạo phát triển đoàn viên, thành lập công đoàn cơ sở quận Tây Hồ", "ban_chi_dao", None
        )
        for role in ("bi_thu", "can_bo_to_chuc", "thuong_vu"):
            self.tell(DISTRICT, role, self.names.pick(self.chance.choice(("Nam", "Nữ"))))
        for body in BODIES:
            self.unit(body.code, body.name, body.kind, DISTRICT)
            self.tell(body.code, "bi_thu", body.officer)
            for which, (number, signed), year in [(0, DECISION, "2024"), (1, NEXT_YEAR, "2025")]:
                if body.unions is None or body.members is None or body.next_year is None:
                    continue
                floors = body.next_year if which else (body.unions[1], body.members[1])
                for indicator, floor in zip(("unions_founded", "members_recruited"), floors, strict=True):
                    self.book.add("chi_tieu", don_vi=body.code, chi_so=indicator, ky=year, toi_thieu=floor,
                                  so_van_ban=number, ngay_van_ban=signed,
                                  phu_trach=f"{body.name}: {body.officer}")  # fmt: skip

    def out_of_the_dissolved(self) -> None:
        """31 unions take over from 2, with their 1.262 members, and recruit some more; the Federation is credited."""
        schools = iter(SCHOOLS)
        enrolled = iter(share(541, 31, 4, self.chance))  # of the Federation's 1.711
        number = 0
        for code, name, members, successors in OLD:
            self.unit(code, name, "cong_doan_co_so", FEDERATION, den_ngay=DISSOLVED_ON)
            self.figure(code, "union_members", date(2023, 12, 29), members)
            for carried in share(members, successors, 12, self.chance):
                number += 1
                new, recruited = f"CD-{number:02d}", next(enrolled)
                self.unit(new, f"Công đoàn cơ sở Trường Mầm non {next(schools)}", "cong_doan_co_so", FEDERATION,
                          so_lao_dong=carried + recruited + self.chance.randint(0, 6), thay_the=code,
                          tu_ngay=FOUNDED_ON)  # fmt: skip
                self.founded(new, FOUNDED_ON, "unions_from_dissolution", FEDERATION)
                self.figure(new, "members_recruited", date(2024, 9, 30), recruited, FEDERATION)
                self.figure(new, "union_members", date(2024, 6, 28), carried, FEDERATION)
                self.figure(new, "union_members", date(2024, 12, 27), carried + recruited, FEDERATION)

    def in_enterprises(self) -> None:
        """33 unions founded in enterprises, each credited to the body that brought it about."""
        places, number = iter(ENTERPRISES), len(SCHOOLS)
        for body in BODIES:
            if body.unions is None or body.members is None:
                continue
            parts = body.unions[0] - (len(SCHOOLS) if body.code == FEDERATION else 0)
            recruits = body.members[0] - (541 if body.code == FEDERATION else 0)
            for recruited in share(recruits, parts, 11, self.chance):
                number += 1
                code = f"CD-{number:02d}"
                on = CALENDAR.next_working_day(date(2024, self.chance.randint(3, 11), self.chance.randint(1, 27)))
                self.unit(code, f"Công đoàn cơ sở Công ty {next(places)}", "cong_doan_co_so", FEDERATION,
                          khu_vuc="ngoài nhà nước", so_lao_dong=recruited + self.chance.randint(3, 60), tu_ngay=on)  # fmt: skip
                self.founded(code, on, "unions_in_enterprises", body.code)
                later = recruited // 4  # some join after the founding
                self.figure(code, "members_recruited", on, recruited - later, body.code)
                self.figure(code, "members_recruited", date(2024, 12, 20), later, body.code)
                self.figure(code, "union_members", date(2024, 12, 27), recruited, body.code)

    def founded(self, code: str, on: date, way: str, credited: str) -> None:
        self.figure(code, "unions_founded", on, 1, credited)
        self.figure(code, way, on, 1, credited)

    def craft_unions(self) -> None:
        for number, (name, members) in enumerate(CRAFT, start=1):
            code, on = f"ND-{number}", date(2024, 2 * number + 2, 12)
            self.unit(code, f"Nghiệp đoàn cơ sở {name}", "nghiep_doan", FEDERATION, tu_ngay=on)
            self.figure(code, "craft_unions_founded", on, 1, FEDERATION)
            self.figure(code, "craft_union_members", on, members, FEDERATION)

    def make(self) -> Book:
        self.bodies()
        self.out_of_the_dissolved()
        self.in_enterprises()
        self.craft_unions()
        return self.book


if __name__ == "__main__":
    default = Path(__file__).parent / "tay_ho_2024" / "tay_ho_2024.xlsx"
    District().make().save(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
