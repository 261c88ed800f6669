"""The people of Long Biên 2020: who they are, on which days their ways may run lawfully, and the events of a way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from long_bien_tables import TRADES
from long_bien_units import Units
from sheets import Cell, Row, Way

from states.calendar import Calendar, age_months

TODAY = date(2020, 6, 30)
CALENDAR = Calendar()
# Directive 16: three weeks of distancing, in which nobody met. Clocks ran on.
DISTANCING = (date(2020, 4, 1), date(2020, 4, 22))
# --- the political centre's classes: (first day, day of the certificates)
CLASSES = [
    (date(2018, 3, 12), date(2018, 3, 21)), (date(2018, 6, 11), date(2018, 6, 20)),
    (date(2018, 9, 10), date(2018, 9, 19)), (date(2018, 11, 5), date(2018, 11, 14)),
    (date(2019, 3, 11), date(2019, 3, 20)), (date(2019, 5, 13), date(2019, 5, 22)),
    (date(2019, 7, 8), date(2019, 7, 17)), (date(2019, 9, 9), date(2019, 9, 18)),
    (date(2019, 11, 4), date(2019, 11, 13)), (date(2020, 1, 6), date(2020, 1, 15)),
    (date(2020, 5, 11), date(2020, 5, 20)), (date(2020, 6, 8), date(2020, 6, 17)),
]  # fmt: skip
# The way in order, with the working days from the step before (fewest, most).
ORDER = ["nominate", "list", "send_to_class", "certify_class", "open_file", "complete_file", "cell_vote", "base_vote",
         "decide", "receive_decision", "hold_ceremony"]  # fmt: skip
GAPS = {"list": (5, 20), "send_to_class": (8, 40), "open_file": (8, 25), "complete_file": (10, 22),
        "cell_vote": (6, 14), "base_vote": (4, 10), "decide": (12, 30), "receive_decision": (2, 5),
        "hold_ceremony": (3, 18)}  # fmt: skip
MEETINGS = {"list", "send_to_class", "cell_vote", "hold_ceremony"}
Days = dict[str, date]


def working(day: date, days: int) -> date:
    return CALENDAR.add_working_days(day, days)


def introduced_before(day: date) -> bool:
    return date(2018, 1, 2) <= day <= date(2019, 12, 27)


def met_while_distancing(days: Days) -> bool:
    return any(DISTANCING[0] <= day <= DISTANCING[1] for step, day in days.items() if step in MEETINGS)


class People(Units):
    """People of the units, planned backwards or forwards from one day of their way."""

    def person(self, unit: str, on: date, *, opened: tuple[str, date] | None = None) -> Way:
        """A new person of `unit`, 21 to 38 years old on `on`."""
        chance = self.chance
        sex = "Nữ" if chance.random() < (0.8 if self.trade_of[unit] == "truong" else 0.5) else "Nam"
        age = chance.choice([*range(21, 31), *range(22, 30), *range(31, 39)])
        birth = on - timedelta(days=round(age * 365.25) + chance.randint(10, 340))
        trade = chance.choice(TRADES[self.trade_of[unit]])
        worker = trade.startswith(("công nhân", "thợ", "tổ trưởng"))
        study = ["12/12", "12/12", "trung cấp", "cao đẳng"] if worker else ["cao đẳng", "đại học", "đại học", "thạc sĩ"]
        young = age_months(birth.isoformat(), on) <= 32 * 12
        dice = chance.random()
        person: Row = {
            "ma": f"LB-{len(self.ways) + 1:04d}",
            "ho_ten": self.names.pick(sex),
            "ngay_sinh": birth if dice < 0.93 else f"{birth:%m/%Y}" if dice < 0.99 else str(birth.year),
            "gioi_tinh": sex,
            "dan_toc": "Kinh" if chance.random() < 0.95 else chance.choice(["Tày", "Mường", "Nùng"]),
            "ton_giao": "Không" if chance.random() < 0.95 else chance.choice(["Phật giáo", "Công giáo"]),
            "nghe_nghiep": trade,
            "doan_vien": 1 if young and self.units[unit]["co_doan"] else 0,
            "cong_doan_vien": 1,
            "truc_tiep_san_xuat": 1 if worker else None,
            "hoc_van": chance.choice(study) if chance.random() < 0.99 else None,
            "don_vi": unit,
        }
        if opened:
            person["buoc_hien_tai"], person["tu_ngay"] = opened
        self.born[str(person["ma"])] = birth
        way = Way(person)
        self.ways.append(way)
        return way

    def helper(self, unit: str) -> str:
        return self.chance.choice(self.members[unit])

    def votes(self, unit: str, *, base: bool = False) -> Row:
        """A vote in favour: everybody summoned, or one or two short."""
        summoned = self.chance.choice([9, 11, 13]) if base else int(self.units[unit]["so_dang_vien"] or 9)
        return {"trieu_tap": summoned, "tan_thanh": summoned - self.chance.choice([0, 0, 0, 1, 1, 2])}

    def plan(self, anchor: str, day: date, nominated: Callable[[date], bool], until: str | None = None) -> Days:
        """Days of the whole way up to `until` (or the anchor), with `anchor` on `day`: tried until they are lawful."""
        for _ in range(2000):
            days = self.try_plan(anchor, day, until or anchor)
            if days and nominated(days["nominate"]) and not met_while_distancing(days) and max(days.values()) <= TODAY:
                return days
        raise ValueError(f"no way leads to {anchor} on {day}")

    def try_plan(self, anchor: str, day: date, until: str) -> Days | None:
        gap = {step: self.chance.randint(*span) for step, span in GAPS.items()}
        days: Days = {anchor: day}
        at = ORDER.index(anchor)
        for step, later in reversed(list(pairwise(ORDER[4 : at + 1]))):
            days[step] = working(days[later], -gap[later])
        for before, step in pairwise(ORDER[max(at, 4) : ORDER.index(until) + 1]):
            days[step] = working(days[before], gap[step])
        latest = days[anchor] if at == 3 else working(days["open_file"], -GAPS["open_file"][0])
        fitting = [c for c in CLASSES if c[1] <= latest and (latest - c[1]).days < 330]
        if not fitting:
            return None
        # open_file follows the class that was attended, so its gap is as long as it came out.
        days["send_to_class"], days["certify_class"] = self.chance.choice(fitting[-2:]) if at != 3 else fitting[-1]
        days["list"] = working(days["send_to_class"], -gap["send_to_class"])
        days["nominate"] = working(days["list"], -gap["list"])
        return days

    def emit(self, way: Way, days: Days, **nomination: Cell) -> Way:
        """The events of a way on their days."""
        unit = str(way.person["don_vi"])
        chain = self.chain_of.get(unit, "co_so")
        for step in ORDER:
            if step in days:
                self.emit_step(way, step, days, unit, chain, nomination)
        return way

    def emit_step(self, way: Way, step: str, days: Days, unit: str, chain: str, nomination: Row) -> None:
        on = days[step]
        resolution = f"{on.month:02d}-NQ/{unit}"
        if step == "nominate":
            from_union = {"noi_gioi_thieu": f"Công đoàn cơ sở ({unit.replace('CB', 'CD')})"}
            way.add(step, on, **({"so_van_ban": f"{on:%d%m}-NQ/CĐCS"} | from_union | nomination))
        elif step == "list":
            way.add(step, on, so_van_ban=resolution, nguoi_giup_do=self.helper(unit))
        elif step == "send_to_class":
            way.add(step, on)
        elif step == "certify_class":
            way.add(step, on, so_van_ban="GCN", noi_cap="Trung tâm Bồi dưỡng chính trị quận")
        elif step == "open_file":
            way.add(step, on, so_van_ban=f"{on:%d%m}-TB/ĐU")
        elif step == "complete_file":
            member = self.helper(unit)
            other = self.chance.choice([name for name in self.members[unit] if name != member])
            first = other
            # Of youth age Đoàn introduces beside one member, or the union where there is no Đoàn; later two members do.
            if age_months(self.born[str(way.person["ma"])].isoformat(), on) <= 30 * 12:
                youth = self.units[unit]["co_doan"]
                first = "Ban Chấp hành Đoàn cơ sở" if youth else "Ban Chấp hành công đoàn cơ sở"
            since = days["list"] - timedelta(days=self.chance.randint(400, 1500))
            way.add(step, on, tai_lieu="đủ", nguoi_gioi_thieu=f"{first}; {member}", cung_sinh_hoat_tu=since)
        elif step == "cell_vote":
            way.add(step, on, so_van_ban=resolution, **self.votes(unit))
        elif step == "base_vote" and chain == "co_so":
            way.add(step, on, so_van_ban=f"{on:%d%m}-NQ/ĐU", **self.votes(unit, base=True))
        elif step == "decide":
            delegated = self.votes(unit, base=True) if chain == "uy_quyen" else {}
            received = days.get("receive_decision")
            way.add(step, on, so_van_ban="QĐ", ket_qua="đồng ý", ngay_nhan=received, **delegated)
        elif step == "hold_ceremony":
            way.add(step, on)
