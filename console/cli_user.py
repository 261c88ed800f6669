"""user add|list|disable|enable|password: the accounts of the desk. No password is ever typed here; one is told once."""

from __future__ import annotations

from typing import Annotated, Any

from console.command import argument, command, option
from console.options import Unit
from console.output import Screen, column, day
from console.run import Run
from states.wording import Text

Username = Annotated[
    str, argument("TÊN", vi="Tên đăng nhập, ví dụ lan.nguyen.", en="The username, such as lan.nguyen.")
]


@command(
    "user add",
    vi="Thêm tài khoản; in ra một lần mật khẩu dùng lần đầu.",
    en="Add an account; prints its first password, once.",
)
def user_add(
    run: Run,
    username: Username,
    role: Annotated[
        str,
        option(
            "--role",
            vi="Vai trò: quan_tri, can_bo, bi_thu, theo_doi.",
            en="The role: quan_tri, can_bo, bi_thu, theo_doi.",
            metavar="VAI_TRÒ",
        ),
    ],
    unit: Unit = None,
    name: Annotated[str | None, option("--name", vi="Họ tên.", en="The person's name.", metavar="HỌ_TÊN")] = None,
) -> None:
    from procedures.accounts import add_account

    added = add_account(run.office, username, role=role, unit=unit, name=name)
    run.answer(_told(added), lambda screen: show_password(screen, added))


@command("user list", vi="Danh sách tài khoản.", en="All accounts.")
def user_list(run: Run) -> None:
    from procedures.accounts import list_accounts

    result = list_accounts(run.office)
    run.answer(result, lambda screen: show_accounts(screen, result["items"]))


@command(
    "user disable",
    vi="Khóa tài khoản; người đang dùng phải ra ngay.",
    en="Disable an account; whoever uses it is out at once.",
)
def user_disable(run: Run, username: Username) -> None:
    from procedures.accounts import disable_account

    result = disable_account(run.office, username)
    run.answer(result, lambda screen: show_accounts(screen, [result]))


@command("user enable", vi="Mở lại tài khoản đã khóa.", en="Enable a disabled account.")
def user_enable(run: Run, username: Username) -> None:
    from procedures.accounts import enable_account

    result = enable_account(run.office, username)
    run.answer(result, lambda screen: show_accounts(screen, [result]))


@command(
    "user password",
    vi="Đặt lại mật khẩu: in ra một lần mật khẩu mới, mở khóa tạm, mọi phiên đang mở đều hết.",
    en="Give a new password: printed once; lifts a lock, ends every session.",
)
def user_password(run: Run, username: Username) -> None:
    from procedures.accounts import reset_password

    reset = reset_password(run.office, username)
    run.answer(_told(reset), lambda screen: show_password(screen, reset))


def _told(account: dict[str, Any]) -> dict[str, Any]:
    return {part: account[part] for part in ("username", "role", "unit", "password")}


def show_password(screen: Screen, account: dict[str, Any]) -> None:
    """The password, this once."""
    screen.line(Text("Tài khoản: {username}", "Account: {username}"), username=account["username"])
    screen.line(Text("Mật khẩu dùng lần đầu: {password}", "First password: {password}"), password=account["password"])
    screen.line(
        Text(
            "Chỉ in ra lần này, dùng được trong {days} ngày. Đăng nhập xong phải chọn mật khẩu riêng.",
            "It is printed this once and holds for {days} days. At the first sign-in a password of one's own must be chosen.",
        ),
        days=screen.run.office.settings.desk.one_time_password_days,
    )


def show_accounts(screen: Screen, items: list[dict[str, Any]]) -> None:
    """An account a line."""
    screen.table(
        (
            column("Tên đăng nhập", "Username"),
            column("Họ tên", "Name", wrap=True),
            column("Vai trò", "Role"),
            column("Đơn vị", "Unit"),
            column("Tình trạng", "State"),
            column("Lần cuối", "Last here"),
        ),
        [
            (
                item["username"],
                item["name"],
                item["role_label"],
                item["unit"] or Text("toàn cơ quan", "whole office"),
                state_words(item, screen.lang),
                item["last_seen_at"],
            )
            for item in items
        ],
        empty=Text(
            "Chưa có tài khoản nào. Thêm: ketnap user add TÊN --role quan_tri",
            "No accounts yet. Add one: ketnap user add NAME --role quan_tri",
        ),
    )


def state_words(item: dict[str, Any], lang: str) -> str:
    """How an account stands; of a password that was given, until when it holds."""
    if item["state"] != "waiting":
        return str(item["state_label"])
    said = Text("{state} đến {day}", "{state} until {day}")
    return said.say(lang, state=item["state_label"], day=day(item["one_time_until"], lang))
