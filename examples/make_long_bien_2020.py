"""Makes examples/long_bien_2020/long_bien_2020.xlsx: a district Federation of Labour, first half of 2020.

The figures are those of a public report; every person, enterprise, school, document and address is invented.
The seed is fixed: the same workbook comes out every time. `python examples/make_long_bien_2020.py [FILE.xlsx]`
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

from long_bien_people import CALENDAR, CLASSES, DISTANCING, TODAY, Days, People, introduced_before, working
from long_bien_tables import DECISION, DISTRICT, DISTRICT_TARGETS, FIGURES, OFFICES, REPORTED_ON, SPLIT
from sheets import Book, Row, Way

SEED = 20200630
TAKEN_OVER_MEETING = date(2020, 1, 10)  # the first meeting after the book was opened on 31 December 2019
NEW_MEMBER_CLASSES = [date(2019, 4, 12), date(2019, 8, 16), date(2019, 12, 6), date(2020, 5, 29)]
# Ceremonies of the half-year: around 3 February, 26 March and 19 May as everywhere, none while distancing lasted.
CEREMONIES = [
    *[date(2020, 1, d) for d in (8, 10, 14, 16, 17)], *[date(2020, 2, 3)] * 9,
    *[date(2020, 2, d) for d in (12, 14, 20, 24, 27)], date(2020, 3, 6), date(2020, 3, 12), date(2020, 3, 18),
    *[date(2020, 3, 26)] * 5, date(2020, 4, 24), date(2020, 4, 28), date(2020, 4, 28), date(2020, 4, 29),
    date(2020, 5, 7), date(2020, 5, 8), date(2020, 5, 15), *[date(2020, 5, 19)] * 4, date(2020, 5, 27),
    *[date(2020, 6, d) for d in (3, 5, 10, 12, 17, 22)],
]  # fmt: skip
# Received on 5 March, so 30 working days ended within distancing; held late with the superior's consent.
LATE_RECEIVED, LATE_CEREMONY = date(2020, 3, 5), date(2020, 5, 7)
FAST = [date(2020, 5, 19), date(2020, 5, 19), date(2020, 6, 11), date(2020, 6, 24)]


class District(People):
    """The half-year: 165 introduced, 49 admitted, and the rest of the house."""

    def cell(self) -> str:
        return self.cell_of[self.chance.choice(self.unions)]

    def admitted(self) -> None:
        """45 introduced before the half-year and admitted in it, one of them late with consent; 4 wholly within it."""
        for ceremony in CEREMONIES:
            late = ceremony == LATE_CEREMONY
            anchor = ("receive_decision", LATE_RECEIVED) if late else ("hold_ceremony", ceremony)
            days = self.plan(*anchor, introduced_before)
            days["hold_ceremony"] = ceremony
            way = self.emit(self.person(self.cell(), days["nominate"]), days)
            if late:
                way.events[-1]["van_ban_dong_y"] = "Công văn 218-CV/QU"
                way.events[-1]["ghi_chu"] = "Lễ kết nạp lùi lại do giãn cách xã hội theo Chỉ thị 16/CT-TTg."
        first = [self.chance.choice(self.unions) for _ in range(3)]
        for number, ceremony in enumerate(FAST):
            days = self.within_the_half_year(ceremony)
            self.emit(self.person(self.cell_of[first[number % 3]], days["nominate"]), days)

    def within_the_half_year(self, ceremony: date | None) -> Days:
        days = {"nominate": date(2020, 1, 2), "list": date(2020, 1, 3), "send_to_class": date(2020, 1, 6),
                "certify_class": date(2020, 1, 15), "open_file": date(2020, 2, 4), "complete_file": date(2020, 2, 19),
                "cell_vote": date(2020, 2, 28), "base_vote": date(2020, 3, 10)}  # fmt: skip
        if ceremony:
            days["decide"] = date(2020, 4, 27) if ceremony.month == 5 else date(2020, 5, 19)
            days["receive_decision"] = working(days["decide"], 4)
            days["hold_ceremony"] = ceremony
        return days

    def introduced(self) -> None:
        """The other 161 introduced in the half-year, by how far they have come."""
        year = date(2020, 1, 1)
        for step, number, first, last in [
            ("base_vote", 3, None, None),
            ("complete_file", 3, None, None),
            ("open_file", 6, date(2020, 1, 6), date(2020, 3, 6)),
            ("certify_class", 14, date(2020, 1, 6), date(2020, 3, 20)),
            ("send_to_class", 22, date(2020, 2, 3), date(2020, 5, 15)),
            ("list", 51, date(2020, 2, 3), date(2020, 5, 29)),
            ("nominate", 55, date(2020, 3, 2), date(2020, 6, 30)),
            ("delist", 4, date(2020, 1, 6), date(2020, 3, 13)),
            ("withdraw", 3, date(2020, 1, 6), date(2020, 3, 13)),
        ]:
            while number > 0:
                group = min(number, self.chance.choice([2, 3, 3, 4, 5]))
                number -= group
                if first is None or last is None:
                    self.group_since_january(step, group)
                else:
                    on = CALENDAR.next_working_day(
                        first + timedelta(days=self.chance.randint(0, (last - first).days) - 1)
                    )
                    self.group(step, group, max(on, year) if on <= TODAY else TODAY)

    def group_since_january(self, step: str, size: int) -> None:
        unit = self.cell()
        for _ in range(size):
            days = self.within_the_half_year(None)
            if step == "complete_file":
                del days["cell_vote"], days["base_vote"]
                days["complete_file"] = date(2020, 5, 28)
                days["open_file"] = date(2020, 5, 8)
            else:
                days |= {"open_file": date(2020, 4, 24), "complete_file": date(2020, 5, 14),
                         "cell_vote": date(2020, 5, 29), "base_vote": date(2020, 6, 12)}  # fmt: skip
            self.emit(self.person(unit, days["nominate"]), days)

    def group(self, step: str, size: int, nominated: date) -> None:
        """Some people of one unit introduced by one resolution."""
        chance = self.chance
        union = chance.choice(self.alone if step == "nominate" and chance.random() < 0.5 else self.unions)
        moves = step == "list" and chance.random() < 0.15
        if moves:
            union = chance.choice(self.alone)
        unit = union if moves else self.cell_of.get(union, union)
        nomination: Row = {}
        if DISTANCING[0] <= nominated <= DISTANCING[1]:
            nomination["ghi_chu"] = "Ban Chấp hành lấy ý kiến bằng văn bản trong thời gian giãn cách xã hội."
        for place in range(size):
            days: Days = {"nominate": nominated}
            if step in ("list", "send_to_class", "certify_class", "open_file", "delist") and not (
                step == "delist" and place == 0
            ):
                days["list"] = self.listed_after(
                    nominated, date(2020, 6, 19) if step != "certify_class" else date(2020, 5, 8)
                )
            if step == "send_to_class":
                days["send_to_class"] = working(max(days["list"], date(2020, 6, 19)), chance.randint(1, 6))
            elif step == "certify_class":
                days["send_to_class"], days["certify_class"] = chance.choice(CLASSES[-2:])
            elif step == "open_file":
                days["send_to_class"], days["certify_class"] = CLASSES[-2]
                days["open_file"] = working(CLASSES[-2][1], chance.randint(8, 26))
            way = self.person(unit, nominated)
            if moves:
                self.emit_moved(way, days, union)
            else:
                self.emit(way, days, **nomination)
            if step == "delist":
                reason = chance.choice(
                    ["Vi phạm nội quy lao động, chi bộ đưa ra khỏi danh sách.", "Chưa đủ điều kiện, cần phấn đấu thêm."]
                )
                way.add("delist", date(2020, 6, chance.choice([5, 10, 12])), so_van_ban=f"06-NQ/{unit}", ghi_chu=reason)
            elif step == "withdraw":
                way.add(
                    "withdraw", date(2020, 5, chance.choice([6, 12, 20])), ghi_chu="Có đơn xin rút vì lý do gia đình."
                )

    def listed_after(self, nominated: date, last: date) -> date:
        """The chi bộ lists at a meeting, one to four weeks later, after distancing where it lay between."""
        on = min(working(nominated, self.chance.randint(5, 20)), last)
        return working(DISTANCING[1], self.chance.randint(1, 5)) if DISTANCING[0] <= on <= DISTANCING[1] else on

    def emit_moved(self, way: Way, days: Days, union: str) -> None:
        """Introduced where there is no chi bộ: handed to the chi bộ of the nearest enterprise, which lists."""
        cell = self.cell_of[min(self.unions, key=lambda other: abs(int(other[-3:]) - int(union[-3:])))]
        self.emit_step(way, "nominate", days, union, "co_so", {})
        helper = self.helper(cell)
        way.add("transfer", working(days["nominate"], 3), don_vi_moi=cell, nguoi_giup_do=helper,
                ghi_chu="Nơi làm việc chưa có chi bộ; chuyển về chi bộ gần nhất theo dõi.")  # fmt: skip
        way.add("list", days["list"], so_van_ban=f"{days['list'].month:02d}-NQ/{cell}", nguoi_giup_do=helper)

    # --- the rest of the house: on the way since 2018–2019, and some whose time is running out on 30 June 2020

    def on_the_way(self) -> None:
        for back, received in [(-28, True), (-30, True), (-9, True), (-3, False)]:
            day = working(TODAY, back)
            days = self.plan("receive_decision" if received else "decide", day, introduced_before)
            self.emit(self.person(self.cell(), days["nominate"]), days)
        base_cells = [cell for cell in self.cell_of.values() if self.chain_of[cell] == "co_so"]
        waiting = [
            date(2020, 3, 31),
            date(2020, 3, 27),
            date(2020, 4, 23),
            date(2020, 5, 6),
            date(2020, 5, 14),
            date(2020, 5, 20),
        ]
        for number, voted in enumerate(waiting):
            days = self.plan("cell_vote", voted, introduced_before, until="base_vote")
            way = self.emit(self.person(self.chance.choice(base_cells), days["nominate"]), days)
            if number == 1:
                way.add("extend", date(2020, 6, 18), so_van_ban="305-CV/BTCQU",
                        thoi_han="admission_decision_wd", so_ngay=30,
                        ghi_chu="Chờ phúc đáp thẩm tra lý lịch chậm do dịch bệnh.")  # fmt: skip
        for voted in (date(2020, 6, 17), date(2020, 6, 22), date(2020, 6, 25)):
            days = self.plan("cell_vote", voted, introduced_before)
            self.emit(self.person(self.chance.choice(base_cells), days["nominate"]), days)
        for made in (date(2019, 7, 15), date(2020, 6, 9), date(2020, 6, 15), date(2020, 6, 24)):
            days = self.plan("complete_file", made, introduced_before)
            self.emit(self.person(self.cell(), days["nominate"]), days)
        for allowed in (date(2020, 5, 12), date(2020, 5, 25), date(2020, 6, 8), date(2020, 6, 15)):
            days = self.plan("open_file", allowed, introduced_before)
            self.emit(self.person(self.cell(), days["nominate"]), days)
        for _ in range(3):
            days = self.plan("certify_class", CLASSES[8][1], introduced_before)
            self.emit(self.person(self.cell(), days["nominate"]), days)
        # In the list since 2015, taken over with the opening of this book: the certificate ends on 10 July 2020.
        old = self.person(self.cell(), date(2015, 3, 2), opened=("da_hoc", date(2019, 12, 31)))
        old.add("assign_helper", TAKEN_OVER_MEETING, nguoi_giup_do=self.helper(str(old.person["don_vi"])))
        old.add("certify_class", date(2015, 7, 10), so_van_ban="GCN", noi_cap="Trung tâm Bồi dưỡng chính trị quận")

    def members_on_probation(self) -> None:
        """Admitted in 2019: recognised, being recognised, or still on probation."""
        recognised = [date(2019, 1, d) for d in (10, 15, 18, 22)] + [date(2019, 2, d) for d in (1, 13, 15)]
        recognised += [date(2019, 3, d) for d in (8, 12)] + [date(2019, 3, 26), date(2019, 4, 12), date(2019, 4, 19)]
        for ceremony in recognised:
            self.recognise(self.probationer(ceremony), ceremony, until="decide_recognition")
        base_cells = [cell for cell in self.cell_of.values() if self.chain_of[cell] == "co_so"]
        for ceremony, until in [(date(2019, 5, 7), "recognition_base_vote"),
                                (date(2019, 5, 14), "recognition_base_vote"),
                                (date(2019, 5, 17), "recognition_cell_vote"), (date(2019, 5, 20), ""),
                                (date(2019, 5, 31), ""), (date(2019, 6, 14), "")]:  # fmt: skip
            way = self.probationer(ceremony, self.chance.choice(base_cells))
            self.recognise(way, ceremony, until=until)
        for ceremony in [date(2019, 7, 8), date(2019, 8, 19), date(2019, 9, 20), date(2019, 10, 15)]:
            self.new_member_class(self.probationer(ceremony), ceremony)
        # Taken over with the opening of this book on 31 December 2019: only the ceremony is known.
        for ceremony in [date(2019, 7, 19), date(2019, 8, 30), date(2019, 9, 3), date(2019, 10, 18),
                         date(2019, 11, 7), date(2019, 11, 22), date(2019, 12, 3), date(2019, 12, 20)]:  # fmt: skip
            way = self.person(self.cell(), ceremony, opened=("du_bi", date(2019, 12, 31)))
            way.add("hold_ceremony", ceremony)
            if ceremony < date(2019, 12, 1):  # of the last two nobody noted who helps: listed as gaps
                way.add("assign_helper", TAKEN_OVER_MEETING, nguoi_giup_do=self.helper(str(way.person["don_vi"])))
            way.add(
                "certify_new_member",
                NEW_MEMBER_CLASSES[-1],
                so_van_ban="GCN-ĐVM",
                noi_cap="Trung tâm Bồi dưỡng chính trị quận",
            )

    def probationer(self, ceremony: date, unit: str | None = None) -> Way:
        days = self.plan("hold_ceremony", ceremony, introduced_before)
        return self.emit(self.person(unit or self.cell(), days["nominate"]), days)

    def new_member_class(self, way: Way, ceremony: date) -> None:
        on = next(day for day in NEW_MEMBER_CLASSES if day > ceremony)
        way.add("certify_new_member", on, so_van_ban="GCN-ĐVM", noi_cap="Trung tâm Bồi dưỡng chính trị quận")

    def recognise(self, way: Way, ceremony: date, until: str) -> None:
        unit = str(way.person["don_vi"])
        chain = self.chain_of[unit]
        self.new_member_class(way, ceremony)
        if not until:
            return
        voted = working(ceremony.replace(year=2020), self.chance.randint(5, 20))
        if DISTANCING[0] <= voted <= DISTANCING[1]:
            voted = working(DISTANCING[1], self.chance.randint(1, 3))
        if until != "decide_recognition":
            voted = date(2020, 5, 19) if ceremony < date(2019, 5, 10) else date(2020, 6, 8)
        way.add("recognition_cell_vote", voted, so_van_ban=f"{voted.month:02d}-NQ/{unit}", **self.votes(unit))
        if chain == "co_so" and until != "recognition_cell_vote":
            based = working(voted, self.chance.randint(4, 8))
            way.add("recognition_base_vote", based, so_van_ban=f"{based:%d%m}-NQ/ĐU", **self.votes(unit, base=True))
        if until == "decide_recognition":
            signed = working(voted, self.chance.randint(14, 26))
            delegated = self.votes(unit, base=True) if chain == "uy_quyen" else {}
            way.add("decide_recognition", signed, so_van_ban="QĐ", ket_qua="đồng ý", **delegated)

    def left_the_way(self) -> None:
        """Introduced in 2019 and off the list in 2020, or refused by the district committee."""
        for step, on, note in [
            ("delist", date(2020, 1, 14), "Chuyển công tác, nơi mới chưa có nhu cầu theo dõi tiếp."),
            ("delist", date(2020, 3, 10), "Vi phạm kỷ luật lao động."),
            ("delist", date(2020, 6, 11), "Chưa đủ điều kiện, cần phấn đấu thêm."),
            ("withdraw", date(2020, 2, 17), "Có đơn xin rút vì lý do sức khỏe."),
            ("withdraw", date(2020, 5, 25), "Có đơn xin rút."),
            ("transfer_out", date(2020, 3, 2), "Chuyển về quê, giới thiệu chi bộ nơi cư trú theo dõi."),
        ]:
            days = self.plan("certify_class", CLASSES[8][1], introduced_before)
            way = self.emit(self.person(self.cell(), days["nominate"]), days)
            way.add(step, on, ghi_chu=note)
        days = self.plan("cell_vote", date(2020, 1, 9), introduced_before, until="decide")
        way = self.emit(self.person(self.cell(), days["nominate"]), days)
        way.events[-1]["ket_qua"] = "không đồng ý"
        way.events[-1]["ghi_chu"] = "Lý lịch cần thẩm tra bổ sung."

    def number_documents(self) -> None:
        """Numbers of certificates and decisions grow with the days of their year."""
        counts: dict[tuple[str, int], int] = {}
        forms = {"GCN": "{:03d}/GCN-TTCT", "GCN-ĐVM": "{:03d}/GCN-ĐVM", "QĐ": "{:03d}-QĐ/QU"}
        events = [event for way in self.ways for event in way.events if event.get("so_van_ban") in forms]
        for event in sorted(events, key=lambda event: (event["ngay"], event["ung_vien"])):
            kind = str(event["so_van_ban"])
            key = kind, event["ngay"].year
            counts[key] = counts.get(key, 0) + 1
            event["so_van_ban"] = forms[kind].format(counts[key])

    def targets_and_figures(self) -> None:
        number, signed = DECISION
        officers = {code: f"{name}: {officer}" for code, name, officer in OFFICES}
        for indicator, (floor, responsible) in DISTRICT_TARGETS.items():
            if sum(SPLIT[indicator].values()) != floor:
                raise ValueError(f"the split of {indicator} does not add up")
            shares = [(DISTRICT, floor, responsible)]
            shares += [(code, share, officers[code]) for code, share in SPLIT[indicator].items()]
            for unit, share, officer in shares:
                self.book.add("chi_tieu", don_vi=unit, chi_so=indicator, ky="2020", toi_thieu=share, so_van_ban=number,
                              ngay_van_ban=signed, phu_trach=officer)  # fmt: skip
        for indicator, figures in FIGURES.items():
            for unit, period, value in figures:
                reported = REPORTED_ON.get(period, date(2020, 6, 26))
                self.book.add("so_lieu", don_vi=unit, chi_so=indicator, ky=period, gia_tri=value, ngay_bao_cao=reported)

    def make(self) -> Book:
        self.build_units()
        self.admitted()
        self.introduced()
        self.on_the_way()
        self.members_on_probation()
        self.left_the_way()
        self.number_documents()
        self.targets_and_figures()
        self.book.add_ways(self.ways)
        return self.book


if __name__ == "__main__":
    default = Path(__file__).parent / "long_bien_2020" / "long_bien_2020.xlsx"
    District(SEED).make().save(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
