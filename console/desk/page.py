"""The base of our pages: a permission declared with each route, one procedure called in a thread, one answer."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote, urlsplit

from markupsafe import escape
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.flash import flash, get_flashed_messages
from starlette_admin.views import CustomView

from console.desk.security import read_form
from console.desk.words import lang, without_command
from procedures.access import require
from procedures.access_log import record
from procedures.office import Office
from states.errors import BadInput, KetnapError
from states.roles import Actor
from states.wording import Text

STATUS = {"unknown": 404, "forbidden": 403, "conflict": 409, "bad_input": 400, "refused": 422, "installation": 503}
SIGNED_IN = ""  # `needs` of a page that every account may open
MISSING = Text("Địa chỉ trang thiếu «{name}».", "The page's address lacks “{name}”.")
NO_NUMBER = Text("«{value}» không phải là số trang.", "{value!r} is no page number.")
FILES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
Handler = TypeVar("Handler", bound=Callable[..., Any])


def page(path: str = "", *, needs: str | None = None, methods: Sequence[str] = ("GET",)) -> Callable[[Handler], Any]:
    """A route of a Page: `def name(self, request, office[, form])`, run in a thread after the permission was asked.

    `needs` is a permission of states.roles (SIGNED_IN for every account); without it the class's own. A POST gets its
    Form. A KetnapError becomes a page with the fitting status.
    """

    def wrap(handler: Handler) -> Any:
        posted = "POST" in methods

        @functools.wraps(handler)
        async def answer(self: Page, request: Request) -> Response:
            form = (Form(await read_form(request)),) if request.method == "POST" and posted else ()
            office: Office = request.state.office

            def work() -> Response:
                try:
                    if wanted := self.needs if needs is None else needs:
                        require(office, wanted)
                    return handler(self, request, office, *form)  # type: ignore[no-any-return]
                except KetnapError as error:
                    return self.failed(request, error)

            return await run_in_threadpool(work)

        answer._route_path = path  # type: ignore[attr-defined]
        answer._route_methods = list(methods)  # type: ignore[attr-defined]
        answer._route_name = None  # type: ignore[attr-defined]
        answer._needs = needs  # type: ignore[attr-defined]
        return answer

    return wrap


class Form:
    """What was posted: texts stripped of the blanks around them, files by name."""

    def __init__(self, posted: FormData) -> None:
        self._posted = posted

    def get(self, name: str, default: str = "") -> str:
        value = self._posted.get(name)
        return value.strip() if isinstance(value, str) else default

    def all(self, name: str) -> list[str]:
        """Every value of a name that stands several times (checkboxes, rows of a grid)."""
        return [value.strip() for value in self._posted.getlist(name) if isinstance(value, str)]

    def file(self, name: str) -> UploadFile | None:
        """An uploaded file; None where none was chosen."""
        value = self._posted.get(name)
        return value if isinstance(value, UploadFile) and value.filename else None

    def texts(self) -> dict[str, str]:
        """Every text but the token against forgery; of a name that stands twice the last."""
        return {k: v.strip() for k, v in self._posted.multi_items() if isinstance(v, str) and k != "csrftoken"}


class Page(CustomView):
    """One of our pages. `needs`: the permission its routes ask for unless they name another."""

    needs: ClassVar[str] = SIGNED_IN
    label: ClassVar[Text | None] = None  # its words in the menu; None = not in the menu
    index: Any = None  # a page has the routes it declares and no others

    def __init__(self) -> None:
        name = "index" if self.path == "/" else type(self).__name__
        super().__init__(route_name=name, add_to_menu=self.label is not None)
        if self.label is not None:
            self.menu_label = Label(self.label)  # type: ignore[assignment]

    def is_accessible(self, request: Request) -> bool:
        """Whether the menu shows it; the routes ask for themselves."""
        actor: Actor | None = getattr(request.state, "actor", None)
        return actor is not None and (not self.needs or actor.may(self.needs))

    def is_active(self, request: Request) -> bool:
        here = request.scope["path"]
        return here == self.path or (self.path != "/" and here.startswith(self.path + "/"))

    def asked(self, request: Request, name: str) -> str:
        """A value of the address that must be there; BadInput names it."""
        value = request.query_params.get(name, "").strip()
        if not value:
            raise BadInput(MISSING, name=name)
        return value

    def render(
        self, request: Request, template: str, *, status: int = 200, looked: Mapping[str, Any] | None = None,
        **context: Any,
    ) -> Response:  # fmt: skip
        """The page from its template. One about a `person`, whichever way it is reached, is a look at them and goes
        into the access log; `looked`: at what of theirs, without names."""
        assert self.templates is not None
        office: Office | None = getattr(request.state, "office", None)
        if office is not None and "person" in context:
            record(office, "open_person", subject=context["person"]["code"], detail=looked)
        shown = {
            "flashed_messages": get_flashed_messages(request),
            "title": self.title(request),
            "office": office,
            "actor": getattr(request.state, "actor", None),
        }
        return self.templates.TemplateResponse(
            request=request, name=template, context=shown | context, status_code=status
        )

    def done(self, request: Request, message: str, where: str) -> Response:
        """It was done: say so on the page that comes next."""
        flash(request, message, "success")
        return RedirectResponse(where, 303)

    def again(self, request: Request, template: str, error: KetnapError, **context: Any) -> Response:
        """The form once more, with the reason and everything that was typed."""
        return self.render(request, template, status=STATUS.get(error.kind, 400), **explained(error), **context)

    def failed(self, request: Request, error: KetnapError) -> Response:
        """A page that says what went wrong and where to go on."""
        return self.render(
            request, "desk/error.html", status=STATUS.get(error.kind, 400), back=way_back(request), **explained(error)
        )


def asked_of(request: Request, *names: str) -> dict[str, str]:
    """These values of the address; "" for one that is not there."""
    return {name: request.query_params.get(name, "").strip() for name in names}


def whole_number(written: str) -> int | None:
    """A number as our pages write it: digits alone, no more than a database holds; None for anything else."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 18 else None


def page_number(request: Request) -> int:
    """Which page of a list: 1 unless asked."""
    asked = request.query_params.get("trang", "").strip() or "1"
    if len(asked) > 7 or (number := whole_number(asked)) is None:
        raise BadInput(NO_NUMBER, value=asked)
    return number


def download(name: str, content: bytes) -> Response:
    """A file for the reader's disk, its kind told by its name, never shown in the browser."""
    told = f'filename="{name}"' if quote(name) == name else f"filename*=UTF-8''{quote(name)}"
    headers = {"Content-Disposition": f"attachment; {told}"}
    return Response(content, media_type=FILES[name.rpartition(".")[2]], headers=headers)


class Label(str):
    """A menu's words, said anew in every reader's language."""

    def __new__(cls, text: Text) -> Label:
        made = super().__new__(cls, text.vi)
        made.text = text  # type: ignore[attr-defined]
        return made

    def __str__(self) -> str:
        return str(self.text.say(lang()))  # type: ignore[attr-defined]

    def __html__(self) -> str:
        return str(escape(str(self)))


def explained(error: KetnapError) -> Mapping[str, Any]:
    """An error as templates show it: the sentence and, where rules refused, every verdict."""
    verdicts = [verdict.as_dict(lang()) for verdict in getattr(error, "verdicts", ())]
    return {
        "error": without_command(error.say(lang())),
        "error_kind": error.kind,
        "verdicts": verdicts,
        "details": error.details,
    }


def way_back(request: Request) -> str:
    """The page of ours the reader came from, else the first page."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.url.netloc or (came.path == request.url.path and request.method == "GET"):
        return "/"
    return came.path + (f"?{came.query}" if came.query else "")
