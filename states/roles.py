"""Who may do what: the roles of the desk, and the table of permissions. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from states.errors import KetnapError
from states.wording import Text

ROLES: dict[str, Text] = {
    "quan_tri": Text("Quản trị", "Administrator"),
    "can_bo": Text("Cán bộ", "Officer"),
    "bi_thu": Text("Bí thư chi bộ", "Cell secretary"),
    "theo_doi": Text("Theo dõi", "Observer"),
}
ALL = frozenset(ROLES)
WRITING = frozenset({"quan_tri", "can_bo"})
CELL = WRITING | {"bi_thu"}
ADMIN = frozenset({"quan_tri"})

# A permission, and the roles that have it; always within the account's own unit and what stands below it.
# fmt: off
PERMISSIONS: dict[str, frozenset[str]] = {
    "see_figures":      ALL,      # units, targets, reports, cases: numbers and names of units
    "see_people":       CELL,     # names and ways of people
    "reveal":           WRITING,  # religion, ethnicity, notes: shown for a reason, and logged
    "advance":          CELL,     # take a person a step
    "act_for_many":     WRITING,  # class results, votes of a meeting, one decision for many
    "correct":          WRITING,  # correct or void an entry
    "import":           WRITING,  # a workbook, and taking a whole import back
    "export_people":    WRITING,  # lists with names that leave the page
    "set_target":       WRITING,
    "close_period":     WRITING,
    "act_on_case":      CELL,     # acknowledge, silence, close
    "edit_units":       WRITING,  # units and who is told of them
    "confirm_law":      ADMIN,    # confirm or override a limit: for the whole office
    "run_jobs":         ADMIN,
    "see_access_log":   ADMIN,
    "erase":            ADMIN,    # erasure and what a person is told of their own data
    "manage_accounts":  ADMIN,
}
# fmt: on


class Forbidden(KetnapError):
    """The account's role does not allow this."""

    kind = "forbidden"
    exit_code = 2
    text = Text(
        "Tài khoản của bạn không được làm việc này. Cần thì xin liên hệ người quản trị.",
        "Your account may not do this. Please ask the administrator.",
    )


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at the desk: the role they hold, and the unit whose subtree is theirs (None = the whole office)."""

    user: str
    role: str
    unit: str | None = None

    def may(self, permission: str) -> bool:
        """Whether the role has it; KeyError for a permission there is not."""
        return self.role in PERMISSIONS[permission]


def at_the_machine(user: str) -> Actor:
    """Whoever holds the database itself, at the command line or as a flow: everything, everywhere."""
    return Actor(user, "quan_tri")
