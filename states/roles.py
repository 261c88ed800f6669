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
PERMISSION_LABELS: dict[str, Text] = {
    "see_figures": Text("Xem số liệu, báo cáo, đơn vị, vụ việc", "See figures, reports, units, cases"),
    "see_people": Text("Xem danh sách và hồ sơ người", "See people and their ways"),
    "reveal": Text("Xem dân tộc, tôn giáo, ghi chú (nêu lý do)", "See ethnicity, religion, notes (with a reason)"),
    "advance": Text("Ghi bước cho một người", "Take a person a step"),
    "act_for_many": Text("Ghi cho nhiều người cùng lúc", "Act for many at once"),
    "correct": Text("Đính chính, hủy mục đã ghi", "Correct or void an entry"),
    "import": Text("Nhập Excel, hủy một lần nhập", "Import, and take an import back"),
    "export_people": Text("Tải danh sách có tên người", "Download lists with names"),
    "set_target": Text("Giao, sửa chỉ tiêu", "Set targets"),
    "close_period": Text("Chốt, mở lại kỳ báo cáo", "Close and reopen periods"),
    "act_on_case": Text("Nhận việc, tạm lặng, đóng vụ việc", "Acknowledge, silence, close cases"),
    "edit_units": Text("Sửa đơn vị và người nhận tin", "Edit units and who is told"),
    "confirm_law": Text("Xác nhận, thay một mục quy định", "Confirm or override a limit"),
    "run_jobs": Text("Chạy việc tự động bằng tay", "Run jobs by hand"),
    "see_access_log": Text("Xem nhật ký truy cập", "See the access log"),
    "erase": Text("Xóa hồ sơ, cấp dữ liệu cho chính người đó", "Erase, and tell people of their data"),
    "manage_accounts": Text("Quản lý tài khoản", "Manage accounts"),
}


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
