"""The forms of a page as a browser has them: where each goes, what it holds before anything is typed, its buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form that is posted. `buttons`: (name, value, address) of each, the form's own address unless it has another."""

    address: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)  # those of the fields that nobody types
    empty: list[str] = field(default_factory=list)  # names that hold nothing yet: radios, boxes, files
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.fields} | set(self.empty)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form" and at.get("method") == "post":
            self.form = Form(at.get("action", ""))
        if self.form is None:
            return
        name = at.get("name", "")
        if tag == "button" and at.get("type") != "button":
            self.form.buttons.append((name, at.get("value", ""), at.get("formaction", self.form.address)))
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select is not None:
            self.options.append((at.get("value", ""), "selected" in at))
        elif tag == "textarea":
            self.area = (name, [])
        elif tag == "input" and at.get("type") in ("checkbox", "radio", "file") and "checked" not in at:
            self.form.empty.append(name)
        elif tag == "input" and name:
            self.form.fields.append((name, at.get("value", "")))
            if at.get("type") == "hidden":
                self.form.hidden[name] = at.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if self.form is None:
            return
        if tag == "form":
            self.forms.append(self.form)
            self.form = None
        elif tag == "select" and self.select is not None:
            chosen = [value for value, is_chosen in self.options if is_chosen] or [self.options[0][0]]
            self.form.fields += [(self.select, value) for value in chosen]
            self.select = None
        elif tag == "textarea" and self.area is not None:
            self.form.fields.append((self.area[0], "".join(self.area[1]).removeprefix("\n")))
            self.area = None


def forms_of(html: str) -> list[Form]:
    """Every form of a page that is posted."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


@dataclass(frozen=True)
class Filled:
    """A form as it is sent: its address and all that stands in it."""

    address: str
    data: dict[str, list[str]]


def fill(html: str, path: str, **typed: str) -> Filled:
    """The page's form whose button sends it to `path` and that has every field in `typed`, filled in.

    A hidden field or a button in `typed` must hold that very value: it tells forms of one address apart.
    """
    seen = forms_of(html)
    for form in seen:
        for name, value, address in form.buttons:
            pressed = {name: value} if name else {}
            if address.partition("?")[0] == path and _fits(form, pressed, typed):
                data: dict[str, list[str]] = {}
                for one, holds in form.fields:
                    data.setdefault(one, []).append(holds)
                data |= {one: [said] for one, said in (typed | pressed).items()}
                return Filled(address, data)
    raise AssertionError(f"no form to {path} with {sorted(typed)}; there are {[(f.address, f.names) for f in seen]}")


def _fits(form: Form, pressed: dict[str, str], typed: dict[str, str]) -> bool:
    held = form.hidden | pressed
    return all(held.get(name, said) == said and name in form.names | set(pressed) for name, said in typed.items())
