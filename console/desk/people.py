"""Người: the list of people: searched without accents, filtered, sorted, exported; starlette-admin's list, our data.

Nothing here creates, edits, deletes or imports: what the gate owns has no generic way in (ADR 0017).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.actions import ActionSelection, action
from starlette_admin.exceptions import ActionFailed
from starlette_admin.fields import BaseField, BooleanField, DateField, EnumField, StringField
from starlette_admin.filters.base import FilterGroup
from starlette_admin.i18n import lazy_gettext
from starlette_admin.types import ListParams, RequestAction
from starlette_admin.views import BaseModelView, build_export_form

from console.desk.page import STATUS, Label
from console.desk.people_exports import CsvForExcel, Workbook
from console.desk.people_filters import DATES, ENUM, TEXT, UNIT, YES_NO, read_filters
from console.desk.words import lang, t
from procedures import access_log
from procedures.office import Office
from procedures.people import find_listed, list_people
from procedures.people_conditions import cells_of
from states.errors import KetnapError
from states.steps import STAGE_LABELS, STEP_LABELS
from states.wording import Text

SHOWN = ("name", "code", "step", "due_on", "clock_label", "unit_name")
SORTS = {"unit_name": "unit", "due_on": "due", "name": "name", "code": "code", "step": "step", "since": "since"}
MANY_AT_MOST = 500  # people of one address


def _label(vi: str, en: str) -> Any:
    return Label(Text(vi, en))


class PeopleView(BaseModelView):
    """Everybody the account may see."""

    key = "nguoi"
    needs: ClassVar[str] = "see_people"
    pk_attr = "code"
    label: ClassVar[Text] = Text("Người", "People")
    menu_label = _label("Người", "People")
    display_name = _label("Người", "People")
    icon = "fa-solid fa-user"
    list_template = "desk/people.html"
    fields: Sequence[BaseField] = [
        StringField("name", label=_label("Họ và tên", "Name"), filters=TEXT, list_template="desk/cell_person.html"),
        StringField("code", label=_label("Mã", "Code"), filters=TEXT, list_template="desk/cell_code.html"),
        EnumField("step", label=_label("Bước", "Step"), filters=ENUM, choices_loader=lambda _: _said(STEP_LABELS)),
        EnumField(
            "stage", label=_label("Giai đoạn", "Stage"), filters=ENUM, choices_loader=lambda _: _said(STAGE_LABELS)
        ),
        DateField(
            "due_on",
            label=_label("Hạn gần nhất", "Next due day"),
            filters=DATES,
            output_format="dd/MM/yyyy",
            list_template="desk/cell_due.html",
        ),
        StringField("left", label=_label("Còn", "Left"), filters=[]),
        StringField("clock_label", label=_label("Thời hạn", "Limit"), filters=[]),
        StringField("unit_name", label=_label("Đơn vị", "Unit"), filters=UNIT, list_template="desk/cell_unit.html"),
        StringField("unit", label=_label("Mã đơn vị", "Unit's code"), filters=UNIT, orderable=False),
        BooleanField("overdue", label=_label("Quá hạn", "Overdue"), filters=YES_NO),
        DateField("since", label=_label("Ở bước từ", "At the step since"), filters=DATES, output_format="dd/MM/yyyy"),
    ]
    sortable_fields = tuple(SORTS)
    fields_default_sort = ("name",)
    page_size = 50
    page_size_options = (25, 50, 100, 200)
    show_goto_page = True
    search_highlight = False
    row_actions = ()
    actions = ("many", "export")
    exporters = (Workbook(), CsvForExcel())
    action_select_all_limit = MANY_AT_MOST

    # --- who may what

    def is_accessible(self, request: Request) -> bool:
        actor = getattr(request.state, "actor", None)
        return actor is not None and actor.may(self.needs)

    def can_view_detail(self, request: Request) -> bool:
        return False

    def can_create(self, request: Request) -> bool:
        return False

    def can_edit(self, request: Request) -> bool:
        return False

    def can_delete(self, request: Request) -> bool:
        return False

    def can_import(self, request: Request) -> bool:
        return False

    def can_export(self, request: Request) -> bool:
        return bool(request.state.actor.may("export_people"))

    async def is_action_allowed(self, request: Request, name: str) -> bool:
        if name == "many":
            return bool(request.state.actor.may("act_for_many"))
        return name == "export" and self.can_export(request)

    def is_active(self, request: Request) -> bool:
        return str(request.scope["path"]).startswith("/nguoi/")

    # --- the columns: those of everybody, and one for each breakdown of the office that says nothing sensitive

    def get_fields_list(
        self, request: Request, *, include_nested: bool = False, action: RequestAction | None = None
    ) -> Sequence[BaseField]:
        key = (include_nested, action or request.state.action)
        if not hasattr(request.state, "fields_of_people"):
            request.state.fields_of_people = {}
        known: dict[Any, Sequence[BaseField]] = request.state.fields_of_people
        if key not in known:  # asked for again for every row
            own = super().get_fields_list(request, include_nested=include_nested, action=action)
            known[key] = [*own, *_breakdown_fields(request)]
        return known[key]

    def _parse_list_params(self, request: Request, query_params: Any = None) -> ListParams:
        found = super()._parse_list_params(request, query_params)
        if found.visible_cols is None and not (query_params or request.query_params).get("cols"):
            found.visible_cols = list(SHOWN)
        return found

    # --- the rows

    async def find_all(
        self, request: Request, skip: int = 0, limit: int = 100, q: str | None = None,
        sorts: Sequence[tuple[str, str]] | None = None, filters: FilterGroup | None = None,
    ) -> Sequence[Any]:  # fmt: skip
        field, way = next(iter(sorts or [("name", "asc")]))
        taken = limit if limit > 0 else None
        found = await _listed(
            request, q, filters, sort=SORTS.get(field, "name"), descending=way == "desc",
            page=skip // taken + 1 if taken else 1, size=taken,
        )  # fmt: skip
        request.state.people_total = (q, repr(filters), found["total"])
        if found["page"] != (skip // taken + 1 if taken else 1):
            return []  # a page beyond the last
        return [_Row(one) for one in found["items"]]

    async def count(self, request: Request, q: str | None = None, filters: FilterGroup | None = None) -> int:
        known = getattr(request.state, "people_total", None)
        if known is not None and known[:2] == (q, repr(filters)):
            return int(known[2])
        return int((await _listed(request, q, filters, only_count=True))["total"])

    async def find_by_pk(self, request: Request, pk: Any) -> Any:
        return next(iter(await self.find_by_pks(request, [pk])), None)

    async def find_by_pks(self, request: Request, pks: list[Any]) -> Sequence[Any]:
        office: Office = request.state.office
        return [_Row(one) for one in await _asked(find_listed, office, [str(pk) for pk in pks])]

    async def serialize_field_value(self, value: Any, field: BaseField, request: Request) -> Any:
        if request.state.action == RequestAction.EXPORT and hasattr(value, "isoformat"):
            return value  # a day stays a day until it stands in the file
        if isinstance(field, EnumField):  # in a file too by its words
            return dict(field._get_choices(request)).get(value, value)
        return await super().serialize_field_value(value, field, request)

    async def serialize(self, obj: Any, request: Request, *_: Any, **__: Any) -> dict[str, Any]:
        """The columns, and what a row's links and colours need besides."""
        row = {
            field.name: await self.serialize_field_value(getattr(obj, field.name, None), field, request)
            for field in self.get_fields_list(request)
        }
        return (
            row
            | {name: getattr(obj, name) for name in ("code", "unit", "band", "left")}
            | {"_meta": {"repr": obj.code}}
        )

    async def create(self, request: Request, data: dict[str, Any]) -> Any:
        raise HTTPException(403)

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Any:
        raise HTTPException(403)

    async def delete(self, request: Request, pks: list[Any]) -> int | None:
        raise HTTPException(403)

    async def repr(self, obj: Any, request: Request) -> str:
        return str(obj.code)

    # --- what is done with those chosen

    @action(
        name="many",
        text=_label("Ghi cho những người đã chọn", "Record for those chosen"),
        icon_class="fa-solid fa-users-gear",
        custom_response=True,
    )
    async def many(self, request: Request, selection: ActionSelection) -> Response:
        codes = await selection.pks()
        if len(codes) > MANY_AT_MOST:
            raise ActionFailed(
                t("Chọn nhiều nhất {most} người một lần.", "At most {most} people at once.", most=MANY_AT_MOST)
            )
        return RedirectResponse(f"/nhieu-nguoi?{urlencode([('ma', code) for code in codes])}", 303)

    @action(
        name="export",
        text=lazy_gettext("Export"),
        confirmation="",
        header=lazy_gettext("Configure your export"),
        icon_class="list.export",
        submit_btn_text=lazy_gettext("Export"),
        form=build_export_form,
        custom_response=True,
        allow_empty_selection=True,
        dedicated_button=True,
        modal_size="lg",
    )
    async def export_action(self, request: Request, selection: ActionSelection) -> Response:
        return await super().export_action(request, selection)

    async def before_export(self, request: Request, ctx: Any) -> None:
        """Logged before the file leaves; where it cannot be logged there is no file."""
        office: Office = request.state.office
        detail = {"rows": len(ctx.rows), "fields": [field.name for field in ctx.fields]}
        await _asked(lambda: access_log.record(office, "export", subject="people", detail=detail))


class _Row:
    """One person as starlette-admin reads rows: by attribute."""

    def __init__(self, item: dict[str, Any]) -> None:
        self.__dict__.update(item)
        self.overdue = item["band"] == "overdue"
        self.__dict__.update({f"cell_{name}": label for name, label in item.get("cells", {}).items()})


async def _listed(request: Request, q: str | None, filters: FilterGroup | None, **more: Any) -> dict[str, Any]:
    office: Office = request.state.office
    shown = _columns(request)
    told = [name for name in cells_of(office) if f"cell_{name}" in shown]
    return await _asked(  # type: ignore[no-any-return]
        lambda: list_people(office, search=q or "", filters=read_filters(filters), told=told, **more)
    )


def _columns(request: Request) -> frozenset[str]:
    """The columns asked for besides the usual ones: in the address, or among the fields of an export."""
    asked = request.query_params.get("cols", "") + "," + request.query_params.get("_list_query", "").replace("%2C", ",")
    return frozenset(part.rpartition("=")[2] for piece in asked.split(",") for part in piece.split("&"))


async def _asked(does: Any, *given: Any) -> Any:
    """A procedure's answer, asked for in a thread; what it refuses becomes a page."""
    try:
        return await run_in_threadpool(does, *given)
    except KetnapError as error:
        raise HTTPException(STATUS.get(error.kind, 400), error.say(lang())) from None


def _said(labels: Any) -> list[tuple[str, str]]:
    return [(word, text.say(lang())) for word, text in labels.items()]


def _breakdown_fields(request: Request) -> list[BaseField]:
    office: Office = request.state.office
    made = []
    for name, breakdown in cells_of(office).items():
        choices = [(cell, label) for cell, label in breakdown.items() if cell]
        field = EnumField(f"cell_{name}", label=breakdown[""], filters=ENUM, choices=choices, orderable=False)
        field._name = field.name
        field.list_template = "fields/list/text.html"
        made.append(field)
    return made


PAGES = (PeopleView,)
