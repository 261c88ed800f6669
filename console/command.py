"""How a command is declared: once, with its words in both languages; Typer gets the ones that are spoken now."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from console.help_words import spoken_help, spoken_metavar
from console.run import Run
from states.wording import Text

ORDER = (
    "up",
    "console",
    "flows",
    "init",
    "backup",
    "restore",
    "verify",
    "seal",
    "template",
    "import",
    "export",
    "person-data",
    "erase",
    "access",
    "user",
    "unit",
    "candidate",
    "advance",
    "correct",
    "due",
    "limit",
    "indicator",
    "target",
    "report",
    "close",
    "closings",
    "bridge",
    "commend",
    "remind",
    "deliver",
    "escalate",
    "rollup",
    "tick",
    "notices",
    "letters",
    "why",
    "case",
    "ladder",
)  # fmt: skip  (the order of the help: as an office meets them)


@dataclass(frozen=True)
class Parameter:
    """One option or argument: its names (none = an argument), its sentence, and what else Typer is told."""

    names: tuple[str, ...]
    text: Text
    metavar: str | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def spoken(self, lang: str) -> Any:
        """Typer's own object in one language."""
        make = typer.Option if self.names else typer.Argument
        metavar = spoken_metavar(self.metavar, lang)
        return make(*self.names, help=self.text.say(lang), metavar=metavar, show_default=False, **self.more)


def option(*names: str, vi: str, en: str, metavar: str | None = None, **more: Any) -> Parameter:
    """An option of a command."""
    return Parameter(names, Text(vi, en), metavar, more)


def argument(metavar: str, *, vi: str, en: str, **more: Any) -> Parameter:
    """An argument of a command."""
    return Parameter((), Text(vi, en), metavar, more)


@dataclass(frozen=True)
class Command:
    """A declared command: its words ("candidate show"), its sentence, its function."""

    name: str
    text: Text
    function: Callable[..., int | None]
    more: Callable[[str], str] | None = None  # what its help adds, made in a language when it is asked for


COMMANDS: dict[str, Command] = {}
GROUPS: dict[str, Text] = {
    "flows": Text("Riêng phần chạy nền (Prefect).", "The scheduled part alone (Prefect)."),
    "user": Text(
        "Tài khoản của bàn làm việc: thêm, danh sách, khóa, mở, đặt lại mật khẩu.",
        "Accounts of the desk: add, list, disable, enable, give a new password.",
    ),
    "unit": Text("Đơn vị: danh sách, chi tiết, thêm mới, im lặng.", "Units: list, show, add, silent."),
    "candidate": Text("Người đang theo dõi: danh sách, chi tiết.", "Candidates: list, show."),
    "indicator": Text("Chỉ số.", "Indicators."),
    "target": Text("Chỉ tiêu: danh sách, giao, phân bổ, theo quy tắc.", "Targets: list, set, allocate, by rule."),
    "case": Text(
        "Vụ việc đôn đốc đơn vị chậm tiến độ: danh sách, cam kết, tạm dừng, đóng.",
        "Cases of units behind their pace: list, acknowledge, silence, close.",
    ),
    "ladder": Text("Thang đôn đốc.", "The ladder of escalation."),
}


def command(
    name: str, *, vi: str, en: str, more: Callable[[str], str] | None = None
) -> Callable[[Callable[..., int | None]], Callable[..., int | None]]:
    """Declare the function below as `ketnap NAME`; it gets a Run first and returns its exit code (None = 0)."""

    def declare(function: Callable[..., int | None]) -> Callable[..., int | None]:
        COMMANDS[name] = Command(name, Text(vi, en), function, more)
        return function

    return declare


COMMON = {
    "json": (bool, option("--json", vi="In ra một tài liệu JSON duy nhất.", en="Print one JSON document."), False),
    "today": (
        str | None,
        option(
            "--today",
            vi="Ngày làm việc, thay cho ngày trong cấu hình và ngày của máy.",
            en="The business day, instead of the configured one and the machine's.",
            metavar="NGÀY",
        ),
        None,
    ),
    "lang": (
        str | None,
        option("--lang", vi="Ngôn ngữ: vi hoặc en.", en="Language: vi or en.", metavar="vi|en"),
        None,
    ),
    "config": (
        str | None,
        option(
            "--config",
            vi="Tệp cấu hình (mặc định: ./config.yaml).",
            en="The config file (default: ./config.yaml).",
            metavar="TỆP",
        ),
        None,
    ),
}


def build(lang: str) -> TyperGroup:
    """The whole command line with its help in `lang`."""
    app = typer.Typer(cls=_Group, add_completion=False, rich_markup_mode=None, no_args_is_help=True)
    app.callback(help=_ABOUT.say(lang))(_root)
    groups: dict[str, typer.Typer] = {}
    for declared in sorted(COMMANDS.values(), key=lambda one: ORDER.index(one.name.split()[0])):
        *above, last = declared.name.split()
        place = app
        if above:
            if above[0] not in groups:
                groups[above[0]] = typer.Typer(cls=_Group, rich_markup_mode=None, no_args_is_help=True)
                app.add_typer(groups[above[0]], name=above[0], help=GROUPS[above[0]].say(lang))
            place = groups[above[0]]
        place.command(last, cls=_Command, help=declared.text.say(lang))(_callable(declared, lang))
    whole = typer.main.get_command(app)
    assert isinstance(whole, TyperGroup)
    whole.commands = {name: whole.commands[name] for name in ORDER if name in whole.commands}
    _speak(whole, lang)
    return whole


_ABOUT = Text(
    "Theo dõi từng người trên đường vào Đảng và chỉ tiêu của từng đơn vị: đúng quy định, đúng hạn, "
    "mọi câu trả lời đều có lý do và căn cứ.",
    "Follows every person's way into the Party and every unit's targets: exact law, exact days, "
    "every answer with its reason and its clause.",
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"ketnap {version('ketnap')}")
        raise typer.Exit


def _root(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", hidden=True)] = False,
    today: Annotated[str | None, typer.Option("--today", hidden=True)] = None,
    lang: Annotated[str | None, typer.Option("--lang", hidden=True)] = None,
    config: Annotated[str | None, typer.Option("--config", hidden=True)] = None,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_version, help="Phiên bản.")] = False,
) -> None:
    """The common options stand after a command's own; typed before the command they are taken all the same."""
    context.obj = {"json": json, "today": today, "lang": lang, "config": config}


def _callable(declared: Command, lang: str) -> Callable[..., int]:
    """The declared function as Typer wants to see it: its own parameters, then the common ones."""
    hints = get_type_hints(declared.function, include_extras=True)
    own = list(inspect.signature(declared.function).parameters.values())[1:]
    parameters = [inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    for parameter in own:
        kind, described = _described(hints[parameter.name])
        annotation = Annotated[kind, described.spoken(lang)]  # type: ignore[valid-type]
        parameters.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=annotation))
    for name, (kind, described, default) in COMMON.items():
        annotation = Annotated[kind, described.spoken(lang)]
        parameters.append(
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        )

    def call(context: typer.Context, **given: Any) -> int:
        before = context.obj or {}
        run = Run(**{name: given.pop(name) or before.get(name) for name in COMMON})
        try:
            return declared.function(run, **given) or 0
        except Exception as problem:
            problem.ketnap_run = run  # type: ignore[attr-defined]  # so that the message comes in the run's language
            raise

    functools.update_wrapper(call, declared.function)
    del call.__wrapped__  # type: ignore[attr-defined]
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return call


def _described(hint: Any) -> tuple[Any, Parameter]:
    if get_origin(hint) is Annotated:
        kind, *rest = get_args(hint)
        for one in rest:
            if isinstance(one, Parameter):
                return kind, one
    raise TypeError(f"a command's parameter needs option(…) or argument(…): {hint}")


class _Spoken:
    """Typer builds its help in English only; its few fixed words are put into Vietnamese here."""

    spoken = "vi"

    def get_help(self, ctx: Any) -> str:
        text = spoken_help(super().get_help(ctx), self.spoken)  # type: ignore[misc]
        asked = COMMANDS.get(" ".join(ctx.command_path.split()[1:]))
        return f"{text}\n\n{asked.more(self.spoken)}" if asked and asked.more else text

    def get_short_help_str(self, limit: int = 45) -> str:
        return (self.help or "").split("\n\n")[0]  # type: ignore[attr-defined]


class _Command(_Spoken, TyperCommand):
    pass


class _Group(_Spoken, TyperGroup):
    pass


def _speak(node: Any, lang: str) -> None:
    node.spoken = lang
    node.options_metavar = "[OPTIONS]" if lang == "en" else "[TÙY CHỌN]"
    if isinstance(node, TyperGroup):
        node.subcommand_metavar = "COMMAND …" if lang == "en" else "LỆNH …"
        for below in node.commands.values():
            _speak(below, lang)
