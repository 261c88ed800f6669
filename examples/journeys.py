"""Invented people and lawful ways for them, planned back from one day; what lies after the business day is left out."""

from __future__ import annotations

import random
from datetime import date, timedelta

from sheets import Book, Cell, Names, Row, Way

from states.calendar import Calendar, add_months, age_months

CALENDAR = Calendar()
Days = dict[str, date]
Class = tuple[date, date]  # first day of an awareness class, day of its certificates
BEFORE_CLASS = ("nominate", "list", "send_to_class", "certify_class")
AFTER_CLASS = ("open_file", "complete_file", "cell_vote", "base_vote", "decide", "receive_decision",
       "hold_ceremony", "certify_new_member", "recognition_cell_vote", "recognition_base_vote",
       "decide_recognition")  # fmt: skip
WAY = BEFORE_CLASS + AFTER_CLASS
# Working days to the step before, fewest and most, from the ceremony back to the permission of the file.
BACK = {"receive_decision": (4, 14), "decide": (2, 4), "base_vote": (12, 25), "cell_vote": (4, 8),
        "complete_file": (8, 14), "open_file": (25, 45)}  # fmt: skip


def working(day: date, days: int) -> date:
    return CALENDAR.add_working_days(day, days)


class Journeys:
    """The units, people and ways of one example; `prefix` begins each person's code."""

    def __init__(self, seed: int, prefix: str, today: date, centre: str) -> None:
        self.chance = random.Random(seed)
        self.names = Names(self.chance)
        self.book = Book()
        self.prefix, self.today, self.centre = prefix, today, centre
        self.units: dict[str, Row] = {}
        self.members: dict[str, list[str]] = {}  # official members who help and introduce
        self.chain: dict[str, str] = {}
        self.ways: list[Way] = []
        self.born: dict[str, date] = {}

    # --- units and those who are told

    def unit(self, ma: str, ten: str, loai: str, cap_tren: str | None, *, chain: str = "co_so", **cells: Cell) -> str:
        self.units[ma] = {"ma": ma, "ten": ten, "loai": loai, "cap_tren": cap_tren, **cells}
        self.book.rows["don_vi"].append(self.units[ma])
        self.chain[ma] = chain
        self.members[ma] = [self.name() for _ in range(4)]
        return ma

    def name(self) -> str:
        return self.names.pick(self.chance.choice(("Nam", "Nữ")))

    def tell(self, unit: str, role: str, name: str) -> str:
        address = f"{role.replace('_', '')}.{unit.lower()}@example.org"
        self.book.add("nguoi_nhan", don_vi=unit, vai_tro=role, ho_ten=name, dia_chi=address)
        return name

    # --- people

    def person(self, unit: str, on: date, trade: str, study: str = "đại học") -> Way:
        """A new person of `unit`, 22 to 38 years old on `on`."""
        chance = self.chance
        sex = chance.choice(("Nam", "Nữ"))
        birth = on - timedelta(
            days=round(chance.choice([*range(22, 31), *range(24, 39)]) * 365.25) + chance.randint(10, 340)
        )
        youth = self.units[unit].get("co_doan") and age_months(birth.isoformat(), on) <= 32 * 12
        person: Row = {
            "ma": f"{self.prefix}-{len(self.ways) + 1:03d}",
            "ho_ten": self.names.pick(sex),
            "ngay_sinh": birth,
            "gioi_tinh": sex,
            "dan_toc": "Kinh" if chance.random() < 0.95 else chance.choice(["Tày", "Khmer", "Hoa"]),
            "ton_giao": "Không" if chance.random() < 0.95 else "Phật giáo",
            "nghe_nghiep": trade,
            "doan_vien": 1 if youth else 0,
            "cong_doan_vien": 1,
            "truc_tiep_san_xuat": 1 if trade.startswith(("công nhân", "thợ", "tổ trưởng")) else 0,
            "hoc_van": study,
            "don_vi": unit,
        }
        self.born[str(person["ma"])] = birth
        way = Way(person)
        self.ways.append(way)
        return way

    # --- days

    def plan_class(self, taken: Class) -> Days:
        """From the introduction to the certificate of that class."""
        listed = working(taken[0], -self.chance.randint(8, 25))
        return {"nominate": working(listed, -self.chance.randint(5, 15)), "list": listed,
                "send_to_class": taken[0], "certify_class": taken[1]}  # fmt: skip

    def plan_ceremony(self, ceremony: date, taken: Class) -> Days:
        """The whole way to a ceremony on that day after that class, and on to recognition."""
        days = {"hold_ceremony": ceremony}
        day = ceremony
        for step, gap in BACK.items():
            days[step] = day = working(day, -self.chance.randint(*gap))
        if taken[1] >= day:
            raise ValueError(f"the class of {taken[1]} comes too late for a ceremony on {ceremony}")
        days |= self.plan_class(taken)
        days["certify_new_member"] = working(add_months(ceremony, 5), 1)
        days["recognition_cell_vote"] = working(add_months(ceremony, 12), self.chance.randint(5, 20))
        days["recognition_base_vote"] = working(days["recognition_cell_vote"], self.chance.randint(4, 8))
        days["decide_recognition"] = working(days["recognition_base_vote"], self.chance.randint(8, 16))
        return days

    # --- events

    def emit(self, way: Way, days: Days, *, unit: str | None = None, steps: tuple[str, ...] = WAY) -> Way:
        """The events of a way (of these steps) on their days, up to the business day, by the person's unit or `unit`."""
        place = unit or str(way.person["don_vi"])
        for step in steps:
            if step in days and days[step] <= self.today:
                self._emit_step(way, step, days, place)
        return way

    def votes(self, unit: str, *, base: bool = False) -> Row:
        """A vote in favour: everybody summoned, or one short."""
        summoned = self.chance.choice([9, 11]) if base else int(self.units[unit].get("so_dang_vien") or 9)
        return {"trieu_tap": summoned, "tan_thanh": summoned - self.chance.choice([0, 0, 0, 1])}

    def _emit_step(self, way: Way, step: str, days: Days, unit: str) -> None:
        on, chain, members = days[step], self.chain[unit], self.members[unit]
        resolution = f"{on:%m}-NQ/{unit}"
        if step == "nominate":
            way.add(step, on, so_van_ban=f"{on:%d%m}-NQ/CĐCS", noi_gioi_thieu="Ban Chấp hành công đoàn cơ sở")
        elif step == "list":
            way.add(step, on, so_van_ban=resolution, nguoi_giup_do=self.chance.choice(members))
        elif step in ("send_to_class", "hold_ceremony"):
            way.add(step, on)
        elif step == "certify_class":
            way.add(step, on, so_van_ban="GCN", noi_cap=self.centre)
        elif step == "open_file":
            way.add(step, on, so_van_ban=f"{on:%d%m}-TB/ĐU")
        elif step == "complete_file":
            since = add_months(days["list"], -self.chance.randint(14, 48))
            way.add(step, on, tai_lieu="đủ", nguoi_gioi_thieu=self._introducers(way, on, unit), cung_sinh_hoat_tu=since)
        elif step in ("cell_vote", "recognition_cell_vote"):
            way.add(step, on, so_van_ban=resolution, **self.votes(unit))
        elif step in ("base_vote", "recognition_base_vote"):
            if chain == "co_so":
                way.add(step, on, so_van_ban=f"{on:%d%m}-NQ/ĐU", **self.votes(unit, base=True))
        elif step == "decide":
            received = days.get("receive_decision")
            told = received if received and received <= self.today else None
            way.add(step, on, so_van_ban="QĐ", ket_qua="đồng ý", ngay_nhan=told)
        elif step == "decide_recognition":
            way.add(step, on, so_van_ban="QĐ", ket_qua="đồng ý")
        elif step == "certify_new_member":
            way.add(step, on, so_van_ban="GCN-ĐVM", noi_cap=self.centre)

    def _introducers(self, way: Way, on: date, unit: str) -> str:
        """Of youth age Đoàn introduces beside one member, or the union where there is no Đoàn; later two members do."""
        first, second = self.chance.sample(self.members[unit], 2)
        if age_months(self.born[str(way.person["ma"])].isoformat(), on) <= 30 * 12:
            youth = self.units[unit].get("co_doan")
            first = "Ban Chấp hành Đoàn cơ sở" if youth else "Ban Chấp hành công đoàn cơ sở"
        return f"{first}; {second}"

    def finish(self, decided_by: str) -> Book:
        """Numbers of certificates and decisions grow with the days of their year; then the book is whole."""
        forms = {"GCN": "{:03d}/GCN-TTCT", "GCN-ĐVM": "{:03d}/GCN-ĐVM", "QĐ": "{:03d}-QĐ/" + decided_by}
        counts: dict[tuple[str, int], int] = {}
        events = [event for way in self.ways for event in way.events if event.get("so_van_ban") in forms]
        for event in sorted(events, key=lambda event: (event["ngay"], event["ung_vien"])):
            kind = str(event["so_van_ban"])
            key = kind, event["ngay"].year  # type: ignore[union-attr]
            counts[key] = counts.get(key, 0) + 1
            event["so_van_ban"] = forms[kind].format(counts[key])
        self.book.add_ways(self.ways)
        return self.book
