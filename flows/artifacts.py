"""The cards a run leaves on Prefect's page, in Vietnamese: codes, names of units and counts, never a person."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from flows.server import DESK_URL
from procedures.count_words import WORDS

NOTHING = "Không có gì phải làm."


def key(code: str) -> str:
    """A unit's code as part of an artifact's key, which takes lower-case letters, digits and dashes only."""
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in code.lower()).strip("-") or "goc"


def numbers(parts: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, Any]]:
    """(part, what in Vietnamese, number), only what is not zero."""
    return [
        (part, WORDS[name].vi if name in WORDS else name, value)
        for part, done in parts.items()
        for name, value in done.items()
        if value
    ]


def sentence(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """What the run did, in one line."""
    told: dict[str, list[str]] = {}
    for part, what, value in numbers(parts):
        told.setdefault(part, []).append(f"{what} {value}")
    return "; ".join(f"{part}: {', '.join(each)}" for part, each in told.items()) + "." if told else NOTHING


class Progress:
    """One bar on the run's page."""

    def __init__(self, key: str, text: str = "Tiến độ của lượt chạy") -> None:
        self.id: UUID = create_progress_artifact(progress=0.0, key=key, description=text)  # type: ignore[assignment]

    def reach(self, percent: float) -> None:
        update_progress_artifact(artifact_id=self.id, progress=percent)


def counts(key: str, title: str, parts: Mapping[str, Mapping[str, Any]]) -> None:
    """A table of what each part did: one row a number."""
    rows = [{"Việc": part, "Kết quả": what, "Số lượng": value} for part, what, value in numbers(parts)]
    table(key, title, rows, empty=NOTHING)


def table(key: str, title: str, rows: Sequence[Mapping[str, Any]], empty: str) -> None:
    """A table as it is, its columns named in Vietnamese; `empty` is said when there is no row."""
    create_table_artifact(key=key, table=[dict(row) for row in rows] or [{"": empty}], description=title)


def note(key: str, title: str, text: str) -> None:
    create_markdown_artifact(key=key, markdown=text, description=title)


def desk_link(key: str) -> None:
    """The way back to the officers' desk of this machine."""
    if address := os.environ.get(DESK_URL):
        create_link_artifact(key=key, link=address, link_text="Bàn làm việc", description="Việc hôm nay")


def failure(name: str, run_name: str, message: str) -> None:
    note(
        f"{name}-khong-xong",
        "Lượt chạy không xong",
        f"## {run_name} không xong\n\n{message}\n\n"
        "Không có gì bị ghi dở dang. Lượt sau tự làm lại tất cả việc còn thiếu; "
        f"muốn làm ngay, hãy chạy `{name}` một lần từ trang này.",
    )
