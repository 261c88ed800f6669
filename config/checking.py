"""What may stand in a file: pydantic checks it, this says in plain words what is wrong, where, and the fix."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from config.reading import Keys, Written
from states.errors import Installation
from states.wording import Text

Word = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """A mapping whose keys are all known and whose values are exactly of their kind."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def check(kind: Any, written: Written, under: Keys = ()) -> Any:
    """The part of `written` below `under` as a `kind`; every mistake in it is told with file and line."""
    data: Any = written.data
    for key in under:
        data = data[key]
    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        found = [_explain(kind, written, under, data, e) for e in error.errors()[:10]]
    raise Installation(
        Text("\n".join(e.say("vi") for e in found), "\n".join(e.say("en") for e in found)), details=found[0].details
    )


def nearest(word: object, known: Iterable[str]) -> Text:
    """ "; gần nhất là «…»" when one of `known` looks like `word`, and the list of all of them."""
    known = list(known)
    near = get_close_matches(str(word), known, 1, 0.6)
    listed = ", ".join(known)
    return Text(
        (f"gần nhất là «{near[0]}»; " if near else "") + f"được dùng: {listed}",
        (f"the nearest is {near[0]!r}; " if near else "") + f"allowed: {listed}",
    )


def among(words: Iterable[str], known: Collection[str], written: Written, path: Keys) -> None:
    """Raise errors.Installation at the first of `words` that is not `known`."""
    for word in words:
        if word not in known:
            text = Text("không có «{word}»; {near}.", "{word!r} is not known; {near}.")
            raise written.wrong((*path, word), text, word=word, near=nearest(word, known))


_KINDS = {
    "decimal": Text("số, ví dụ 2 hoặc 50%", "a number such as 2 or 50%"),
    "int": Text("số nguyên", "a whole number"),
    "string": Text("chữ (nếu cần thì trong ngoặc kép)", "a word (in quotes where needed)"),
    "bool": Text("true hoặc false", "true or false"),
    "date": Text("ngày, ví dụ 2020-06-30", "a day such as 2020-06-30"),
    "list": Text("danh sách, ví dụ [a, b]", "a list such as [a, b]"),
    "dict": Text("các dòng «khóa: giá trị»", "lines of key: value"),
    "model": Text("các dòng «khóa: giá trị»", "lines of key: value"),
}

_EXAMPLES = {"cron": '"30 7 * * *"', "value": '"2/3", "more than 1/2"'}


def _explain(kind: Any, written: Written, under: Keys, data: Any, error: Any) -> Installation:
    loc, path, value = error["loc"], [], data
    for place, part in enumerate(loc):
        if part == "[key]":
            break
        if isinstance(value, dict) and (found := next((k for k in value if str(k) == str(part)), None)) is not None:
            path.append(found)
            value = value[found]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            path.append(part)
            value = value[part]
        elif place == len(loc) - 1:
            path.append(part)  # a missing key; other unknown parts are names of kinds that pydantic puts in
    at = (*under, *path)
    name = ".".join(str(part) for part in at) or "?"
    code, given, limits = error["type"], error["input"], error.get("ctx", {})
    if limits.get("class") == "Decimal":  # what pydantic calls any other kind where only a Decimal is taken
        code = "decimal_type"
    if code == "extra_forbidden":
        return written.wrong(
            at,
            Text("không có khóa «{key}» ở đây; {near}.", "the key {key!r} is not known here; {near}."),
            key=at[-1],
            near=nearest(at[-1], _allowed(kind, loc[:-1])),
        )
    if code in ("missing", "union_tag_not_found"):
        key = at[-1] if code == "missing" else str(limits.get("discriminator", "")).strip("'")
        parent = ".".join(str(part) for part in (at[:-1] if code == "missing" else at))
        return written.wrong(
            at,
            Text(
                "thiếu «{key}»{where}; thêm dòng «{key}: …».",
                "{key!r} is missing{where}; add a line {key}: …",
            ),
            key=key,
            where=Text(f" trong «{parent}»", f" in {parent!r}") if parent else "",
        )
    if code in ("literal_error", "union_tag_invalid"):
        expected = limits.get("expected") or limits.get("expected_tags") or ""
        given = given if code == "literal_error" else limits.get("tag")
        words = [word.strip(" '") for word in str(expected).replace(" or ", ", ").split(",")]
        return written.wrong(
            at,
            Text("«{name}» không nhận «{given}»; {near}.", "{name!r} does not take {given!r}; {near}."),
            name=name,
            given=given,
            near=nearest(given, words),
        )
    if code in ("greater_than_equal", "less_than_equal"):
        bound = limits.get("ge", limits.get("le"))
        least = code == "greater_than_equal"
        return written.wrong(
            at,
            Text("«{name}» phải {side} {bound}, không phải {given}.", "{name!r} must be {side} {bound}, not {given}."),
            name=name,
            side=Text("từ", "at least") if least else Text("không quá", "at most"),
            bound=bound,
            given=given,
        )
    if code in ("string_too_short", "too_short"):
        return written.wrong(at, Text("«{name}» để trống; xin điền.", "{name!r} is empty; fill it in."), name=name)
    if code == "string_pattern_mismatch":
        text = Text("«{name}» viết như {example}, không phải «{given}».", "{name!r} is like {example}, not {given!r}.")
        return written.wrong(at, text, name=name, given=given, example=_EXAMPLES.get(str(at[-1]), limits["pattern"]))
    wanted = _KINDS.get(code.removesuffix("_type").removesuffix("_attributes").partition("_")[0])
    if wanted and code.endswith("_type"):
        text = Text("«{name}» phải là {wanted}, không phải {given}.", "{name!r} must be {wanted}, not {given}.")
        return written.wrong(at, text, name=name, wanted=wanted, given=_spoken(given))
    return written.wrong(
        at,
        Text("«{name}» không nhận «{given}»: {why}.", "{name!r} does not take {given!r}: {why}."),
        name=name,
        given=given,
        why=error["msg"],
    )


def _spoken(value: object) -> Text | str:
    """A wrong value as its writer sees it."""
    if value is None:
        return Text("để trống (null)", "nothing (null)")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _KINDS["dict"]
    if isinstance(value, list):
        return Text("danh sách", "a list")
    if isinstance(value, str):
        return Text(f"chữ «{value}»", f"the word {value!r}")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int | Decimal) else repr(value)


def _allowed(kind: Any, loc: Sequence[Any]) -> list[str]:
    """The keys allowed where `loc` leads, walking the annotations of `kind`."""
    for part in loc:
        kind = _within(kind, part)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [f.alias or name for name, f in kind.model_fields.items()]
    return []


def _within(kind: Any, part: Any) -> Any:
    while hasattr(kind, "__metadata__"):
        kind = get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return next((f.annotation for name, f in kind.model_fields.items() if (f.alias or name) == part), None)
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return arguments[1]
    if get_origin(kind) is list:
        return arguments[0]
    for member in arguments:  # a union told apart by its kind, whose name pydantic puts into the path
        if isinstance(member, type) and issubclass(member, BaseModel):
            tag = member.model_fields.get("kind")
            if tag is not None and part in get_args(tag.annotation):
                return member
    return None
