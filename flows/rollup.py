"""Every quarter, every month, and whenever somebody asks: the figures of every unit and its subtree."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from flows import artifacts
from flows.job import job, open_office, shift, step
from procedures.closings import closing_state
from procedures.printing import print_markdown
from procedures.printing.sections import tells_something
from procedures.report import report
from procedures.roll_up import roll_up
from procedures.units import list_units

MOST_ROOTS = 3  # cards of figures for the first roots only; a table for each of hundreds helps nobody
MOST_BELOW = 40  # units in a Markdown card


def run_name() -> str:
    """ "Tổng hợp 2020-Q2 · Quận …": the period and the root it runs for."""
    given = flow_run.parameters
    office = open_office(given.get("today"))
    tops = roots(office)
    name = f"Tổng hợp {wanted(given.get('period') or 'open', office.today) or 'các kỳ đang mở'}"
    if tops:
        name += f" · {tops[0]['name']}" + (f" và {len(tops) - 1} nơi khác" if len(tops) > 1 else "")
    return name


@job("rollup", run_name)
def rollup(period: str = "open", today: date | None = None) -> State[Any]:
    """Tổng hợp số liệu: số của từng đơn vị và của cả cây bên dưới, mọi chỉ số.

    Chạy bao nhiêu lần cũng được: số không đổi thì không ghi gì.

    Args:
        period: open là mọi kỳ đang mở; last_quarter là quý vừa qua; hoặc một kỳ: 2020-06, 2020-Q2, 2020-H1, 2020-9M,
            2020, 2020/2025.
        today: Ngày làm việc; để trống thì theo cấu hình, nếu không có thì là hôm nay.
    """
    with shift("rollup", today, scope=period) as work:
        if not work.mine:
            return work.leave()
        asked = wanted(period, work.office.today)
        work.note("Tổng hợp", compute(today, asked), 60)
        work.show("Kết quả tổng hợp")
        for top in find_roots(today)[:MOST_ROOTS]:
            show_figures(today, top, asked or quarter_of(work.office.today))
        show_closings(today, asked or quarter_of(work.office.today, back=1))
        return work.end()


def wanted(period: str, today: date) -> str | None:
    """The period's code; None for the open ones."""
    if period == "last_quarter":
        return quarter_of(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), back=1)
    return None if period == "open" else period


def quarter_of(day: date, back: int = 0) -> str:
    """The code of the day's quarter, or of the one `back` quarters before."""
    number = day.year * 4 + (day.month - 1) // 3 - back
    return f"{number // 4}-Q{number % 4 + 1}"


def roots(office: Any) -> list[dict[str, Any]]:
    units = list_units(office)["items"]
    known = {unit["code"] for unit in units}
    return [unit for unit in units if unit["parent"] not in known]


@step("Tổng hợp mọi đơn vị")
def compute(today: date | None, period: str | None) -> dict[str, Any]:
    return roll_up(open_office(today), period)


@step("Tìm đơn vị gốc")
def find_roots(today: date | None) -> list[str]:
    return [unit["code"] for unit in roots(open_office(today))]


@step("Xem kỳ nào chốt được")
def show_closings(today: date | None, period: str) -> int:
    """Which roots have closed the period, and which could; returns the number of roots."""
    office = open_office(today)
    tops = {top["code"]: top["name"] for top in roots(office)}
    found = closing_state(office, tops, period)
    rows = [
        {
            "Đơn vị": f"{code} · {tops[code]}",
            "Tình trạng": one["label"],
            "Chốt ngày": str(one["closed_on"] or ""),
            "Chốt được": "có" if one["ready"] else "",
        }
        for code, one in found.items()
    ]
    artifacts.table(f"chot-ky-{artifacts.key(period)}", f"Chốt kỳ {period}", rows, empty="Chưa có đơn vị nào.")
    return len(rows)


@step("In số liệu của đơn vị")
def show_figures(today: date | None, unit: str, period: str) -> int:
    """The unit's figures as a table card and the whole report as a Markdown card; returns the number of rows.

    Nobody who opens Prefect's page is known to be allowed to see people: small counts are kept back, names never given.
    """
    office = open_office(today)
    shown = report(office, unit, period, may_see_people=False)
    rows = [
        {
            "Chỉ số": row["label"],
            "Kết quả": row["text"],
            "Tình trạng": row.get("status_label") or "–",
            "Diễn giải": row.get("explanation") or "",
        }
        for row in shown["rows"]
        if tells_something(row)
    ]
    title = f"{shown['name']} · {shown['period_label']}"
    artifacts.table(f"rollup-{artifacts.key(unit)}", title, rows, empty="Chưa có chỉ số nào.")
    below = shown["children"]
    text = print_markdown(office, shown | {"children": below[:MOST_BELOW]})
    if len(below) > MOST_BELOW:
        text += f"\n- Và {len(below) - MOST_BELOW} đơn vị khác: ketnap report --unit {unit} --period {period}\n"
    artifacts.note(f"bao-cao-{artifacts.key(unit)}", title, text)
    return len(rows)
