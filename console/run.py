"""One run of one command: where its options come from, the office it works in, and how it answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from states.errors import BadInput
from states.wording import Text

if TYPE_CHECKING:
    from console.output import Screen
    from procedures.office import Office

LANGUAGES = ("vi", "en")


def environment(name: str) -> str | None:
    """KETNAP_… from the environment; an empty one counts as not set."""
    return os.environ.get(f"KETNAP_{name}") or None


@dataclass
class Run:
    """The common options as typed; each goes over its environment variable, and that over config.yaml."""

    json: bool = False
    today: str | None = None
    lang: str | None = None
    config: str | None = None

    def __post_init__(self) -> None:
        if self.lang is not None and self.lang not in LANGUAGES:
            raise BadInput(
                Text("Ngôn ngữ chỉ có vi và en, không có “{word}”.", "Languages: vi, en; not “{word}”."), word=self.lang
            )

    @property
    def config_path(self) -> Path | None:
        """The config file that was asked for; None leaves the choice to config.load."""
        chosen = self.config or environment("CONFIG")
        return Path(chosen) if chosen else None

    @cached_property
    def office(self) -> Office:
        """The open office: settings, database, business day, user."""
        from procedures.office import Office

        return Office.open(
            config_path=self.config_path,
            today=self.day(self.today or environment("TODAY")),
            database_url=environment("DATABASE_URL"),
            user=environment("USER"),
            lang=self.lang or environment("LANG"),
        )

    @property
    def language(self) -> str:
        """The language to answer in, known even when no office could be opened."""
        if self.lang:
            return self.lang
        if "office" in self.__dict__:
            return str(self.office.lang)
        chosen = environment("LANG")
        return chosen if chosen in LANGUAGES else "vi"

    def say(self, text: Text, **values: object) -> str:
        """A sentence in the language of this run."""
        return text.say(self.language, **values)

    @staticmethod
    def day(typed: str | None) -> date | None:
        """A day as people type it (dd/mm/yyyy or ISO); None stays None."""
        if typed is None:
            return None
        from states.calendar import parse_day

        return parse_day(typed)

    @cached_property
    def screen(self) -> Screen:
        """Where human answers go."""
        from console.output import Screen

        return Screen(self)

    def answer(self, result: Any, show: Callable[[Screen], None]) -> None:
        """The result as one JSON document, or shown to a person."""
        if self.json:
            from console.output import print_json

            print_json(result, self.language)
        else:
            if "office" in self.__dict__:
                self.screen.business_day()
            show(self.screen)
