"""ladder check: whether every rung of every unit reaches somebody."""

from __future__ import annotations

from typing import Any

from console.command import command
from console.output import Screen, column
from console.run import Run
from states.errors import Refused
from states.wording import Text


@command(
    "ladder check",
    vi="Kiểm tra thang đôn đốc: bậc nào của đơn vị nào chưa có ai để báo.",
    en="Check the ladder of escalation: which rung of which unit has nobody to tell.",
)
def ladder_check(run: Run) -> int:
    from procedures.ladder import check_ladder

    result = check_ladder(run.office)
    run.answer(result, lambda screen: show_ladder(screen, result))
    return 0 if result["ok"] else Refused.exit_code


def show_ladder(screen: Screen, result: dict[str, Any]) -> None:
    """Every hole a line; what is assumed of roots below."""
    from states.escalation import LABELS  # it builds the machine: not for the help

    if result["ok"]:
        screen.line(
            Text(
                "Thang {version}: {rungs} bậc của {units} đơn vị đều có người nhận.",
                "Ladder {version}: {rungs} rungs of {units} units all reach somebody.",
            ),
            **{key: result[key] for key in ("version", "rungs", "units")},
        )
    else:
        roles = screen.run.office.settings.roles
        screen.table(
            (
                column("Đơn vị", "Unit"),
                column("Bậc", "Rung", wrap=True),
                column("Phải báo", "To be told"),
                column("Vai trò", "Roles", wrap=True),
                column("Thiếu", "What is missing", wrap=True),
            ),
            [
                (
                    one["unit"],
                    LABELS[one["step"]],
                    one["told_unit"],
                    ", ".join(roles.get(role, role) for role in one["roles"]),
                    one["why"],
                )
                for one in result["problems"]
            ],
        )
    for note in result["notes"]:
        screen.line(note)
