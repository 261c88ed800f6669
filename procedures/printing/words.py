"""The figures in sentences, as offices write them: every number comes out of the report, none is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from procedures.printing.sections import Row, all_beside, day_of, number_of, telling, tells_something
from states.errors import BadInput
from states.pace import (
    BEHIND,
    CHAM,
    CHUA_CO_NGUON,
    DAT,
    DUNG_TIEN_DO,
    NGUY_CO,
    STATUSES,
    VUOT,
    percent_of,
    print_number,
    print_percent,
)
from states.periods import parse_period
from states.wording import Text

if TYPE_CHECKING:
    from procedures.office import Office

ORDER = (VUOT, DAT, DUNG_TIEN_DO, CHAM, NGUY_CO, CHUA_CO_NGUON)
MOST_NAMED = 8  # units named in one sentence


def opening(result: Mapping[str, Any], lang: str = "vi") -> str:
    """How many targets there are and how they stand."""
    judged = [row for row in result["rows"] if row.get("status")]
    day = day_of(result["as_of"], lang)
    if not judged:
        text = Text(
            "Tính đến ngày {day}, {name} báo cáo kết quả {period} như sau:",
            "As of {day}, {name} reports on {period}:",
        )
        return text.say(lang, day=day, name=result["name"], period=period_in_words(result, lang))
    counts = [(status, sum(row["status"] == status for row in judged)) for status in ORDER]
    said = ", ".join(f"{count} {_lower(STATUSES[status].say(lang))}" for status, count in counts if count)
    text = Text(
        "Tính đến ngày {day}, trong {n} chỉ tiêu được giao của {name} có {said}. Kết quả cụ thể {period}:",
        "As of {day}, of {n} targets of {name} there are {said}. In detail, {period}:",
    )
    return text.say(lang, day=day, n=len(judged), name=result["name"], said=said, period=period_in_words(result, lang))


def period_in_words(result: Mapping[str, Any], lang: str = "vi") -> str:
    """The period's name inside a sentence."""
    return _lower(str(result.get("period_label") or result["period"]))


def sentences(office: Office, result: Mapping[str, Any]) -> list[str]:
    """A sentence for every indicator that tells something; parts of one stand in its sentence."""
    said: list[str] = []
    others = [
        (of_one, comparable(office, str(result["period"]), code), _lower(period_label(office, code)))
        for one, of_one in all_beside(result)
        if (code := str(one["period"]))
    ]
    for row in telling(result):
        sentence = _figure(office, result, row)
        for of_one, alike, label in others:
            if (other := of_one.get(row["indicator"])) and tells_something(other):
                sentence += _compared(office, row, other, label) if alike else _set_beside(office, other, label)
        if row.get("part_of") and said:
            said[-1] += f"; {sentence}"
        else:
            said.append(sentence[:1].upper() + sentence[1:])
    return [f"{one}." for one in said]


def comparable(office: Office, period: str, other: str) -> bool:
    """Whether two periods are of one kind, so that more or less can be said of them; a year in its term is not."""
    try:
        return parse_period(period, office.terms).kind == parse_period(other, office.terms).kind
    except BadInput:
        return False


def _set_beside(office: Office, other: Row, period: str) -> str:
    """ " (quý I năm 2020: 2/24, đạt 8,33%)"."""
    return f" ({period}: {_reaching(str(other['text']), office.lang)})"


def standing(office: Office, result: Mapping[str, Any]) -> list[str]:
    """What is above its target, what is behind and why."""
    lang, found = office.lang, []
    rows = [row for row in result["rows"] if not row.get("part_of")]
    ahead = [row for row in rows if row.get("status") in (VUOT, DAT)]
    if ahead:
        text = Text("Các chỉ tiêu đã đạt hoặc vượt: {names}.", "Targets reached or passed: {names}.")
        found.append(text.say(lang, names="; ".join(_named(row, lang) for row in ahead)))
    behind = [row for row in rows if row.get("status") in BEHIND]
    if behind:
        text = Text(
            "Các chỉ tiêu chậm hoặc có nguy cơ không đạt, cần tập trung thực hiện: {names}.",
            "Targets behind or at risk, to be worked on: {names}.",
        )
        found.append(text.say(lang, names="; ".join(_named(row, lang) for row in behind)))
        found += [
            f"{row['label']}: {_lower(str(row['explanation'])).rstrip('.')}."
            for row in behind
            if row.get("explanation")
        ]
    return found


def below(office: Office, result: Mapping[str, Any]) -> list[str]:
    """For each indicator the units that are behind and those above their targets, by name."""
    lang, said = office.lang, []
    for row in result["rows"]:
        if row.get("part_of"):
            continue
        units = [
            (child, one)
            for child in result.get("children") or ()
            for one in child["rows"]
            if one["indicator"] == row["indicator"] and one.get("status")
        ]
        if not units:
            continue
        counts = [(status, [one for one in units if one[1]["status"] == status]) for status in ORDER]
        parts = []
        for status, those in counts:
            if not those:
                continue
            part = f"{len(those)} {_lower(STATUSES[status].say(lang))}"
            if status in (VUOT, *BEHIND):
                part += f" ({_units(those, lang)})"
            parts.append(part)
        if len(parts) == 1:
            text = (
                Text("{label}: cả {n} đơn vị có chỉ tiêu đều{said}.", "{label}: all {n} units with a target{said}.")
                if len(units) > 1
                else Text("{label}: đơn vị có chỉ tiêu{said}.", "{label}: the one unit with a target{said}.")
            )
            said.append(text.say(lang, label=row["label"], n=len(units), said=parts[0].removeprefix(str(len(units)))))
            continue
        text = Text("{label}: {n} đơn vị có chỉ tiêu, trong đó {parts}.", "{label}: {n} units with a target, {parts}.")
        said.append(text.say(lang, label=row["label"], n=len(units), parts=", ".join(parts)))
    return said


def _figure(office: Office, result: Mapping[str, Any], row: Row) -> str:
    """ "Thành lập mới 7/24 công đoàn cơ sở, đạt 29,17% chỉ tiêu năm 2020"."""
    lang = office.lang
    if row.get("suppressed"):
        return f"{row['label']}: {row['text']}"
    if "numerator" in row:
        text = row.get("percent_text") or "–"
        said = f"{row['label']}: {text} ({number_of(row['numerator'])}/{number_of(row['denominator'])})"
        if row.get("floor") is not None or row.get("ceiling") is not None:
            said += Text(", chỉ tiêu {target}", ", target {target}").say(lang, target=row["text"].partition("/")[2])
        return said
    if row.get("floor") is None and row.get("ceiling") is None:
        figure = number_of(row.get("actual") or 0)
    else:
        figure = str(row["text"]).partition(" (")[0]
    said = _in_words(office, row, figure)
    if row.get("percent_text"):
        text = Text(", đạt {percent} chỉ tiêu {period}", ", {percent} of the target of {period}")
        target_period = row.get("target_period") or result["period"]
        period = _lower(period_label(office, target_period))
        said += text.say(lang, percent=row["percent_text"], period=period)
    return said


def _in_words(office: Office, row: Row, figure: str) -> str:
    indicator = office.settings.indicators.get(row["indicator"])
    if indicator is not None and indicator.in_words and office.lang == "vi":
        return indicator.in_words.replace("{figure}", figure)
    measure = indicator.unit_of_measure if indicator else None
    return f"{row['label']}: {figure}{f' {measure}' if measure else ''}"


def _compared(office: Office, row: Row, other: Row, period: str) -> str:
    """ ", tăng 5 so với quý I năm 2020 (2)"."""
    lang = office.lang
    if "numerator" in row:
        return f" ({period}: {other.get('percent_text') or '–'})"
    if row.get("actual") is None or other.get("actual") is None:
        return ""
    now, before = Fraction(Decimal(str(row["actual"]))), Fraction(Decimal(str(other["actual"])))
    if now == before:
        return Text(", bằng {period}", ", as in {period}").say(lang, period=period)
    text = (
        Text(", tăng {change}{share} so với {period} ({before})", ", {change}{share} more than in {period} ({before})")
        if now > before
        else Text(
            ", giảm {change}{share} so với {period} ({before})", ", {change}{share} less than in {period} ({before})"
        )
    )
    share = percent_of(abs(now - before), before)
    printing = office.settings.percent
    percent = f" ({print_percent(share, printing.decimals, printing.rounding)})" if share is not None else ""
    values = {"change": print_number(abs(now - before)), "share": percent, "before": print_number(before)}
    return text.say(lang, period=period, **values)


def _named(row: Row, lang: str) -> str:
    told = str(row.get("percent_text") or row["text"])
    if so_far := row.get("done_text"):
        told = Text("lũy kế {done}", "{done} so far").say(lang, done=_reaching(so_far, lang))
    return f"{_lower(str(row['label']))} ({told})"


def _reaching(text: str, lang: str) -> str:
    """ "7/24 (29,17%)" as it stands inside brackets: "7/24, đạt 29,17%"."""
    return text.replace(" (", ", đạt " if lang == "vi" else ", ").rstrip(")")


def _units(those: Sequence[tuple[Mapping[str, Any], Row]], lang: str) -> str:
    """Names with their figures, the lowest first (of those above their target the highest); the rest as a number."""
    ahead = those[0][1]["status"] == VUOT
    ordered = sorted(those, key=lambda one: (-_share(one[1]) if ahead else _share(one[1]), one[0]["unit"]))
    said = "; ".join(
        f"{child['name']} {_reaching(str(row.get('done_text') or row['text']), lang)}"
        for child, row in ordered[:MOST_NAMED]
    )
    if len(ordered) > MOST_NAMED:
        said += Text(" và {n} đơn vị khác", " and {n} others").say(lang, n=len(ordered) - MOST_NAMED)
    return said


def _share(row: Row) -> Decimal:
    return Decimal(str(row.get("percent") or 0))


def period_label(office: Office, code: str) -> str:
    """What people call a period."""
    try:
        return parse_period(code, office.terms).label(office.lang)
    except BadInput:  # a term that config.yaml no longer declares
        return str(code)


def _lower(text: str) -> str:
    """The words as they stand inside a sentence; an abbreviation keeps its capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
