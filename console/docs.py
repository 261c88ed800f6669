"""The generated part of the documentation: commands, settings, process and rules, each from the one place it is declared.

`python -m console.docs` (make docs) writes it; a test fails when a file is not what this program would write.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.cli import build
from console.command import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- process diagram: written by `make docs` -->", "<!-- end of the process diagram -->"
ROLES_BEGIN, ROLES_END = "<!-- roles: written by `make docs` -->", "<!-- end of roles -->"
WRITTEN = "<!-- Written by `make docs`. Change the place it comes from, not this file. -->\n"


def rendered() -> dict[Path, str]:
    """Every generated file with its content."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return {
        ROOT / "README.md": with_diagram(readme),
        ROOT / "docs" / "commands.md": commands(),
        ROOT / "docs" / "settings.md": settings_page((ROOT / "config.yaml").read_text(encoding="utf-8")),
        ROOT / "docs" / "process.md": process(),
        ROOT / "docs" / "rules.md": rules(),
        ROOT / "docs" / "ban-lam-viec.md": with_roles((ROOT / "docs" / "ban-lam-viec.md").read_text(encoding="utf-8")),
    }


def with_diagram(readme: str) -> str:
    """The README with the diagram between its two marks."""
    return between(readme, BEGIN, END, diagram())


def between(page: str, begin: str, end: str, written: str) -> str:
    """A page with what is written between its two marks."""
    before, _, rest = page.partition(begin)
    _, mark, after = rest.partition(end)
    if not mark:
        raise ValueError(f"the page needs the marks {begin} and {end}")
    return f"{before}{begin}\n\n{written}\n{end}{after}"


# Roles -----------------------------------------------------------------------------------------------------------


def with_roles(page: str) -> str:
    """The desk's guide with the table of states.roles."""
    from states.roles import PERMISSION_LABELS, PERMISSIONS, ROLES

    rows = [f"| Việc | {' | '.join(label.vi for label in ROLES.values())} |", "|---" * (len(ROLES) + 1) + "|"]
    for permission, roles in PERMISSIONS.items():
        marks = " | ".join("có" if role in roles else "–" for role in ROLES)
        rows.append(f"| {PERMISSION_LABELS[permission].vi} | {marks} |")
    return between(page, ROLES_BEGIN, ROLES_END, "\n".join(rows))


# Commands --------------------------------------------------------------------------------------------------------


def commands() -> str:
    """The help of every command, as `ketnap … --help` prints it."""
    os.environ["COLUMNS"] = "80"
    group = build("vi")
    parts = [
        WRITTEN,
        "# Các lệnh\n",
        "Thứ tự ưu tiên: tùy chọn, rồi biến môi trường (`KETNAP_CONFIG`, `KETNAP_DATABASE_URL`, `KETNAP_USER`, "
        "`KETNAP_TODAY`, `KETNAP_LANG`), rồi `config.yaml`. Có `--json` thì stdout là đúng một tài liệu JSON, kể cả "
        "khi lỗi; tiến độ và nhật ký ra stderr.\n",
        "Mã kết thúc: 0 xong · 1 câu lệnh hoặc dữ liệu sai · 2 quy định không cho phép (hoặc `verify` thấy hỏng) · "
        "3 không có mã, đơn vị, mục ấy · 4 người khác vừa sửa hoặc cơ sở dữ liệu đang bận · 5 lỗi cài đặt.\n",
    ]
    names = sorted(COMMANDS, key=lambda name: list(group.commands).index(name.split()[0]))
    for name in names:
        node = group
        with group.make_context("ketnap", [], resilient_parsing=True) as context:
            for word in name.split():
                node = node.commands[word]
                context = type(context)(node, parent=context, info_name=word)
            parts.append(f"## ketnap {name}\n\n```text\n{node.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


# Settings --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """One line of config.yaml: where it stands, its default, its sentence."""

    path: str
    default: str
    sentence: str


def settings(text: str) -> Iterator[Setting]:
    """Every setting of the shipped config.yaml with the sentence in its comment."""
    above: list[tuple[int, str]] = []
    before: list[str] = []
    for line in text.splitlines():
        if comment := re.fullmatch(r"\s*# (.*)", line):
            before.append(comment[1])
            continue
        found = re.fullmatch(r"( *)(?:- )?([\w/.-]+):(?: ([^ #].*?))?(?: +# (.*))?", line)
        if not found:
            before = []
            continue
        indent, key, value, sentence = len(found[1]), found[2], found[3] or "", found[4] or ""
        while above and above[-1][0] >= indent:
            above.pop()
        above.append((indent, key))
        yield Setting(".".join(name for _, name in above), value.strip(), " ".join([*before, sentence]).strip())
        before = []


def settings_page(text: str) -> str:
    """The reference of config.yaml."""
    parts = [
        WRITTEN,
        "# Cấu hình\n",
        "Các mục của `config.yaml`, giá trị mặc định và ý nghĩa. Tệp của đơn vị chỉ cần ghi những dòng muốn đổi: "
        "bảng được ghép theo khóa, danh sách và giá trị đơn thay hẳn giá trị gốc.\n",
    ]
    for one in settings(text.split("\n\n", 1)[1]):
        cell = one.default.replace("|", "\\|")
        if "." not in one.path:
            default = f" Mặc định: `{one.default}`." if one.default else ""
            parts.append(f"\n## {one.path}\n\n{one.sentence}{default}")
            continue
        if parts[-1].startswith("\n## "):
            parts.append("\n| Mục | Mặc định | Ý nghĩa |\n|---|---|---|")
        parts.append(f"| `{one.path}` | {f'`{cell}`' if cell else ''} | {one.sentence} |")
    return "\n".join(parts).rstrip() + "\n"


# Process ---------------------------------------------------------------------------------------------------------


def diagram() -> str:
    """The way of a candidate as a mermaid diagram: every arrow that leads on or back; the ends stand in docs/process.md."""
    from states.membership import STAY, TABLE
    from states.steps import ENDS, STAGE_LABELS, STAGES, STEP_LABELS

    arrows: dict[tuple[str, str], list[str]] = {}
    for row in TABLE:
        for branch in row.branches:
            for source in branch.sources:
                if branch.destination != STAY and not {source, branch.destination} & set(ENDS):
                    arrows.setdefault((source, branch.destination), []).append(row.trigger)
    lines = ["```mermaid", "stateDiagram-v2"]
    for stage, steps in STAGES.items():
        if stage == "ket_thuc":
            continue
        lines.append(f'    state "{STAGE_LABELS[stage].vi}" as nhom_{stage} {{')
        lines += [f'        state "{STEP_LABELS[step].vi}" as {step}' for step in steps]
        lines.append("    }")
    lines += [f"    {source} --> {to}: {', '.join(dict.fromkeys(names))}" for (source, to), names in arrows.items()]
    return "\n".join([*lines, "```"])


def process() -> str:
    """Steps and triggers as tables."""
    from states.membership import STAY, TABLE
    from states.steps import STAGE_LABELS, STAGES, STEP_LABELS

    parts = [WRITTEN, "# The candidate's process\n", "From `states/membership.py`, which runs it.\n", "## Steps\n"]
    parts += ["| stage | step | label |", "|---|---|---|"]
    for stage, steps in STAGES.items():
        parts += [f"| {STAGE_LABELS[stage].vi} | `{step}` | {STEP_LABELS[step].vi} |" for step in steps]
    parts += [
        "\n## Triggers\n",
        "| trigger | label | who | from → to | asks | records | clocks |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in TABLE:
        ways = {}
        for branch in row.branches:
            ways.setdefault(branch.destination, []).extend(branch.sources)
        led = "<br>".join(
            f"{', '.join(f'`{s}`' for s in dict.fromkeys(sources))} → {'stays' if to == STAY else f'`{to}`'}"
            for to, sources in ways.items()
        )
        clocks = [f"starts `{key}`" for key in row.starts] + [f"stops `{key}`" for key in row.stops]
        asks = ", ".join(guard.__name__ for guard in row.asks)
        parts.append(
            f"| `{row.trigger}` | {row.label.vi} | {row.who.vi} | {led} | {asks} | {', '.join(row.records)} | {'<br>'.join(clocks)} |"
        )
    parts += ["\n## What is asked\n"]
    asked = {guard.__name__: guard for row in TABLE for guard in row.asks}
    parts += [f"- `{name}`: {(guard.__doc__ or '').splitlines()[0]}" for name, guard in sorted(asked.items())]
    return "\n".join(parts) + "\n"


# Rules -----------------------------------------------------------------------------------------------------------


def rules() -> str:
    """Every limit under every regulation, with its source."""
    import config
    from procedures.law import NO_LIMIT, UNITS

    law = config.load(ROOT / "config.yaml").law()
    parts = [
        WRITTEN,
        "# Thời hạn và mức theo từng văn bản\n",
        "Từ `states/regulations.yaml`. `verified`: đã đối chiếu văn bản gốc · `reported`: theo nguồn tin · "
        "`carried_over`: tiếp nối văn bản trước. Đơn vị xác nhận hoặc thay một mục ở `regulations` trong `config.yaml`.\n",
    ]
    for key in law.keys():  # noqa: SIM118  (a method of ours)
        parts += [
            f"## {key}\n",
            f"{law.label(key).vi}\n",
            "| Văn bản | Từ ngày | Mức | Căn cứ | Độ tin cậy |",
            "|---|---|---|---|---|",
        ]
        for profile in law.profiles:
            found = law.limit(key, profile.since)
            value = (NO_LIMIT if found.value is None else UNITS[found.unit]).say("vi", n=found.value)
            since = f"{profile.since:%d/%m/%Y}"
            parts.append(f"| {profile.title.vi} | {since} | {value} | {found.citation} | `{found.status}` |")
        parts.append("")
    for key in law.choice_keys():
        parts += [
            f"## {key}\n",
            f"{law.label(key).vi}\n",
            "| Văn bản | Từ ngày | Giá trị | Căn cứ | Độ tin cậy |",
            "|---|---|---|---|---|",
        ]
        for profile in law.profiles:
            chosen = law.choice(key, profile.since)
            parts.append(
                f"| {profile.title.vi} | {profile.since:%d/%m/%Y} | {choice_words(chosen.value)} | {chosen.citation} | `{chosen.status}` |"
            )
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def choice_words(value: Any) -> str:
    """A word, a ratio, a list of codes or of introducers."""
    if isinstance(value, str):
        return f"`{value}`"
    return ", ".join(f"`{getattr(one, 'code', one)}`" for one in value)


def main() -> None:
    """Write every generated file."""
    for path, content in rendered().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
