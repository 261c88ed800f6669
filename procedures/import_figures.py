"""The sheets chi_tieu and so_lieu: targets by decisions, and the numbers units report."""

from __future__ import annotations

from collections.abc import Mapping

from procedures.double_sources import DoubleSource
from procedures.figures import find_double_sources
from procedures.indicators import indicators_of
from procedures.intake import SAME_KEY, Intake
from procedures.record_targets import Recording
from procedures.sheet_rows import Row
from procedures.workbook import FIGURES, TARGETS
from states.errors import BadInput, KetnapError
from states.targets import MEMBERS, NO_DECISION, Target
from states.wording import Text
from store.figures_recorded import RecordedFigure, insert_figures, load_recorded_figures
from store.targets import load_targets

INDICATOR = Text("chỉ số", "indicator")
ALREADY_A_RATIO = Text(
    "Chỉ số «{name}» là tỷ lệ, máy tự tính; xin ghi số liệu của tử số và mẫu số.",
    "The indicator {name!r} is a ratio and is computed; report its two parts instead.",
)
TWO_SOURCES = Text(
    "Đơn vị {unit}, chỉ số {indicator}, kỳ {period}: đếm từ hồ sơ được {counted}, số báo cáo là {reported}. "
    "Mỗi đơn vị chỉ dùng một nguồn cho một kỳ: xin bỏ số báo cáo hoặc bỏ hồ sơ.",
    "Unit {unit}, {indicator}, {period}: counted from people {counted}, reported as a number {reported}. "
    "A unit has one source for a period: drop the reported number or the people.",
)


def take_targets(intake: Intake) -> None:
    """Record targets; the same decision date with other numbers is a mistake, a later one a revision.

    The targets of one decision for a unit and those right below it are one allocation: its parts sum to its whole.
    """
    indicators = indicators_of(intake.office)
    labels = {name: Text(one.label, name) for name, one in indicators.items()}
    bases = labels | {MEMBERS: Text("số đảng viên", "Party members")}
    rows = intake.rows(TARGETS.name)
    known = load_targets(intake.connection) if rows else []
    recording = Recording(intake.office, intake.connection, known, intake.units.code)
    seen: dict[object, Row] = {}
    for row in rows:
        intake.refuse_future(row, "ngay_van_ban")
        unit_id = intake.find_unit(row, "don_vi")
        indicator = intake.find_word(row, "chi_so", INDICATOR, labels)
        period = intake.find_period(row)
        base = intake.find_word(row, "cua", INDICATOR, bases)
        credited = intake.find_unit(row, "don_vi_ghi_nhan")
        if period is not None:
            intake.refuse_ended(row, period, "don_vi", "don_vi_ghi_nhan")
        if unit_id is None or indicator is None or period is None or not row.sound:
            continue
        target = Target(
            unit_id,
            indicator,
            period,
            floor=row.get("toi_thieu"),
            ceiling=row.get("toi_da"),
            ratio=row.get("ty_le"),
            base=base,
            decision_number=row.get("so_van_ban"),
            decision_date=row.get("ngay_van_ban") or NO_DECISION,
            credited_unit_id=None if credited == unit_id else credited,
            responsible=row.get("phu_trach"),
        )
        first = seen.setdefault((target.key, target.decision_date), row)
        if first is not row:
            what = f"{row.get('don_vi')}, {indicator}, {period}"
            row.wrong("ngay_van_ban" if row.says("ngay_van_ban") else "ky", SAME_KEY, row=first.number, what=what)
            continue
        try:
            fresh = recording.take(target)
        except KetnapError as failure:
            row.wrong_as(next(one for one in TARGETS.one_of if row.get(one) is not None), failure)
            continue
        if fresh:
            said = next((target[place] for place in (3, 4, 5) if target[place] is not None), None)
            intake.differ(row, row.get("don_vi"), f"{indicator} {period}", None, said)
        intake.count(TARGETS.name, created=int(fresh), unchanged=int(not fresh))
    _check_allocations(intake, recording, seen)
    recording.write(intake.recorded_at, intake.office.user)


def _check_allocations(intake: Intake, recording: Recording, rows: Mapping[object, Row]) -> None:
    """Note every allocation whose parts are not its whole: at the whole's row, or at the first part the file has."""
    for allocation, whose in recording.allocated():
        try:
            allocation.check(whose)
        except BadInput as failure:
            told = (allocation.whole, *allocation.parts)
            row = next((rows[key] for t in told if (key := (t.key, t.decision_date)) in rows), None)
            intake.note(TARGETS.name, row, "toi_thieu", failure.sentence, failure.values)


Places = dict[tuple[int, str, str], Row]  # unit, indicator, period -> where the file reports it


def take_figures(intake: Intake) -> Places:
    """Record reported numbers; another number for the same key replaces the earlier."""
    indicators = indicators_of(intake.office)
    labels = {name: Text(one.label, name) for name, one in indicators.items()}
    rows = intake.rows(FIGURES.name)
    known = {one.key: one for one in load_recorded_figures(intake.connection)} if rows else {}
    seen: dict[tuple[int, str, str, int], Row] = {}
    new: list[RecordedFigure] = []
    places: Places = {}
    for row in rows:
        intake.refuse_future(row, "ngay_bao_cao")
        unit_id = intake.find_unit(row, "don_vi")
        indicator = intake.find_word(row, "chi_so", INDICATOR, labels)
        period = intake.find_period(row)
        credited = intake.find_unit(row, "don_vi_ghi_nhan")
        if indicator is not None and indicators[indicator].is_ratio:
            row.wrong("chi_so", ALREADY_A_RATIO, name=indicator)
        if period is not None:
            intake.refuse_ended(row, period, "don_vi", "don_vi_ghi_nhan")
        if unit_id is None or indicator is None or period is None or not row.sound:
            continue
        figure = RecordedFigure(
            unit_id, indicator, period, credited or unit_id, row.get("gia_tri"), row.get("ngay_bao_cao")
        )
        first = seen.setdefault(figure.key, row)
        if first is not row:
            row.wrong("gia_tri", SAME_KEY, row=first.number, what=f"{row.get('don_vi')}, {indicator}, {period}")
            continue
        places[unit_id, indicator, period] = places[figure.credited_unit_id, indicator, period] = row
        there = known.get(figure.key)
        if there != figure:
            new.append(figure)
            what = f"{indicator} {period}"
            intake.differ(row, row.get("don_vi"), what, there.value if there else None, figure.value)
        intake.count(
            FIGURES.name,
            created=int(there is None),
            updated=int(there is not None and there != figure),
            unchanged=int(there == figure),
        )
    insert_figures(intake.connection, new, intake.recorded_at, intake.office.user)
    return places


def double_sources(intake: Intake) -> set[DoubleSource]:
    """Every unit, indicator and period that has both a counted and a reported number by now."""
    return set(find_double_sources(intake.office, intake.connection))


def refuse_double_sources(intake: Intake, before: set[DoubleSource], places: Places) -> None:
    """A unit's number for a period comes from its people or from a report, never from both; asked once all is written.

    What stood doubled `before` this file is for the report to name; it must not bar every further import.
    """
    keys = {one[:3] for one in before}
    for double in sorted(double_sources(intake)):
        if double[:3] not in keys:
            row = places.get((double.unit_id, double.indicator, double.period))
            values = {**double._asdict(), "unit": intake.units.code(double.unit_id)}
            intake.note(FIGURES.name, row, "gia_tri", TWO_SOURCES, values)
