"""The documentation says what the program does: generated files are current, and nothing goes without a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console import docs
from console.command import COMMANDS
from states.membership import PROCESS
from states.steps import STEPS

ROOT = docs.ROOT
OPEN = (
    "unit_kinds.",
    "indicators.",
    "breakdowns.by.",
    "roles.",
    "escalation.ladder.rungs",
)  # an installation's own words
TEXTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


def test_generated_files_are_current() -> None:
    stale = [
        str(path.relative_to(ROOT))
        for path, content in docs.rendered().items()
        if path.read_text(encoding="utf-8") != content
    ]
    assert stale == [], "run `make docs`"


def test_every_setting_has_a_sentence() -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    bare = [one.path for one in docs.settings(text) if not one.sentence and not one.path.startswith(OPEN)]
    assert bare == []


def test_every_setting_the_program_reads_is_in_the_page() -> None:
    from config.settings import Settings

    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    names = [field.alias or name for name, field in Settings.model_fields.items()]
    assert [name for name in names if f"\n## {name}\n" not in page] == []


def test_every_command_trigger_step_and_limit_has_its_place() -> None:
    import config

    commands = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    process = (ROOT / "docs" / "process.md").read_text(encoding="utf-8")
    rules = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"\n## ketnap {name}\n" not in commands] == []
    assert [name for name in (*PROCESS, *STEPS) if f"| `{name}` |" not in process] == []
    law = config.load(ROOT / "config.yaml").law()
    assert [key for key in (*law.keys(), *law.choice_keys()) if f"\n## {key}\n" not in rules] == []


@pytest.mark.parametrize("path", TEXTS, ids=[str(path.relative_to(ROOT)) for path in TEXTS])
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_commands_in_the_texts_exist() -> None:
    for path in (ROOT / "README.md", ROOT / "docs" / "bat-dau.md"):
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r"(?m)^(?:\$ )?(?:[A-Z_]+=\S+ )*ketnap (.+)$", text):
            words = line.split()
            assert words[0] in COMMANDS or " ".join(words[:2]) in COMMANDS, f"{path.name}: ketnap {line}"
