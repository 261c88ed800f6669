"""Người dùng: who may sign in, in which role and for which unit; a password given to them is shown once."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from console.desk.page import Form, Page, page
from console.desk.words import t, to
from procedures import accounts
from procedures.office import Office
from procedures.units import list_units
from states.errors import KetnapError
from states.roles import ROLES
from states.wording import Text

UNITS_AT_MOST = 1_000  # offered while a code is typed


class AccountsPage(Page):
    """Accounts within the administrator's own unit."""

    path = "/nguoi-dung"
    needs = "manage_accounts"
    label = Text("Người dùng", "Accounts")
    icon = "fa-solid fa-user-gear"

    @page()
    def all(self, request: Request, office: Office) -> Response:
        return self.render(request, "desk/accounts.html", **accounts.list_accounts(office))

    @page("/them")
    def new(self, request: Request, office: Office) -> Response:
        return self.render(request, "desk/account_new.html", typed={}, **self._choices(office))

    @page("/them", methods=["POST"])
    def add(self, request: Request, office: Office, form: Form) -> Response:
        typed = form.texts()
        given = {part: typed.get(part, "") for part in ("role", "unit", "name")}
        try:
            added = accounts.add_account(office, typed.get("username", ""), **given)
        except KetnapError as error:
            return self.again(request, "desk/account_new.html", error, typed=typed, **self._choices(office))
        return self._told(request, office, added, new=True)

    @page("/tai-khoan")
    def one(self, request: Request, office: Office) -> Response:
        account = accounts.show_account(office, self.asked(request, "ten"))
        return self.render(request, "desk/account.html", account=account, typed=account, **self._choices(office))

    @page("/tai-khoan", methods=["POST"])
    def change(self, request: Request, office: Office, form: Form) -> Response:
        account = accounts.show_account(office, self.asked(request, "ten"))
        typed = form.texts()
        own = {"name": typed.get("name", "")}
        parts = own if account["own"] else own | {part: typed.get(part, "") for part in ("role", "unit")}
        try:
            accounts.change_account(office, account["username"], **parts)
        except KetnapError as error:
            shown: dict[str, Any] = {"account": account, "typed": account | typed, **self._choices(office)}
            return self.again(request, "desk/account.html", error, **shown)
        return self.done(request, t("Đã lưu tài khoản.", "The account was saved."), self._address(account))

    @page("/mat-khau", methods=["POST"])
    def reset(self, request: Request, office: Office, form: Form) -> Response:
        return self._told(request, office, accounts.reset_password(office, self.asked(request, "ten")), new=False)

    @page("/khoa", methods=["POST"])
    def disable(self, request: Request, office: Office, form: Form) -> Response:
        account = accounts.disable_account(office, self.asked(request, "ten"))
        said = t(
            "Đã khóa tài khoản; ai đang dùng đều phải ra ngay.", "The account is disabled; whoever used it is out."
        )
        return self.done(request, said, self._address(account))

    @page("/mo", methods=["POST"])
    def enable(self, request: Request, office: Office, form: Form) -> Response:
        account = accounts.enable_account(office, self.asked(request, "ten"))
        said = t("Đã mở lại tài khoản, mật khẩu như cũ.", "The account is enabled, its password as before.")
        return self.done(request, said, self._address(account))

    @page("/ket-thuc", methods=["POST"])
    def end(self, request: Request, office: Office, form: Form) -> Response:
        ended = accounts.end_sessions(office, self.asked(request, "ten"))
        said = t("Đã kết thúc {n} phiên đang mở.", "{n} open sessions were ended.", n=ended["ended"])
        return self.done(request, said, self._address(ended))

    def _told(self, request: Request, office: Office, account: dict[str, Any], *, new: bool) -> Response:
        """The one answer that carries the password; it is kept nowhere, so it is no redirect."""
        days = office.settings.desk.one_time_password_days
        return self.render(request, "desk/account_password.html", account=account, new=new, days=days)

    def _address(self, account: dict[str, Any]) -> str:
        return to(f"{self.path}/tai-khoan", ten=account["username"])

    def _choices(self, office: Office) -> dict[str, Any]:
        units = list_units(office)["items"][:UNITS_AT_MOST]
        return {
            "roles": [(role, label.say(office.lang)) for role, label in ROLES.items()],
            "codes": [one["code"] for one in units if one["active"]],
        }


PAGES = [AccountsPage]
