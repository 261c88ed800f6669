"""What can go wrong, as classes: each carries its message in both languages, its kind, its exit code and its details."""

from __future__ import annotations

from typing import Any, ClassVar

from states.wording import Text


class KetnapError(Exception):
    """Something the user can put right. `details` goes to machines beside the message; no personal data in either."""

    kind: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    text: ClassVar[Text] = Text("Có lỗi.", "Something went wrong.")

    def __init__(self, text: Text | None = None, *, details: dict[str, Any] | None = None, **values: object) -> None:
        self.sentence = text or self.text
        self.values = values
        self.details = details or {}
        super().__init__(self.say("en"))

    def say(self, lang: str = "vi") -> str:
        """The message in `lang`."""
        return self.sentence.say(lang, **self.values)


class BadInput(KetnapError):
    """What was typed or handed in cannot be read: a day that does not exist, an unknown trigger, a wrong file."""

    kind = "bad_input"
    exit_code = 1


class Refused(KetnapError):
    """A rule refuses; `verdicts` (states.guards.Verdict) carries every reason with clause and earliest day."""

    kind = "refused"
    exit_code = 2
    text = Text("Chưa làm được bước này.", "This step is refused.")

    def __init__(self, verdicts: Any = (), text: Text | None = None, **values: Any) -> None:
        self.verdicts = tuple(verdicts)
        super().__init__(text, **values)


class Unknown(KetnapError):
    """No such code, unit, key or entry."""

    kind = "unknown"
    exit_code = 3


class Conflict(KetnapError):
    """Somebody moved it meanwhile, or the database is held by another."""

    kind = "conflict"
    exit_code = 4


class Installation(KetnapError):
    """The installation is not right: config, a newer schema, a port taken, a server that does not answer."""

    kind = "installation"
    exit_code = 5
