"""The documentation says what the program does: generated files are current, and nothing goes without a word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from console import docs
from console.command import COMMANDS, GROUPS, build
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
ROOMS = "states|config|store|procedures|flows|console|examples|benchmarks|tests|docs"
TEXTS = sorted(
    path for folder in (".", "docs", "docs/adr", "examples/*") for path in ROOT.glob(f"{folder}/*.md")
)  # every page


@pytest.fixture(scope="module")
def group() -> Any:
    """The whole command line."""
    return build("vi")


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


def anchors(path: Path) -> set[str]:
    """What `#…` may say of a page, as Markdown readers make it of headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", TEXTS, ids=[str(path.relative_to(ROOT)) for path in TEXTS])
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        page = path.parent / file if file else path
        assert page.exists(), target
        assert not anchor or anchor in anchors(page), target


@pytest.mark.parametrize("path", TEXTS, ids=[str(path.relative_to(ROOT)) for path in TEXTS])
def test_commands_in_the_texts_exist_with_their_options(path: Path, group: Any) -> None:
    text = path.read_text(encoding="utf-8")
    for said in re.findall(r"(?m)(?:^|^\$ |`|&& |· )(?:[A-Z_]+=\S+ )*ketnap ([^`#·&;|\n]+)", text):
        words = said.split("   ")[0].split()
        name = next((name for name in (" ".join(words[:2]), words[0]) if name in COMMANDS), None)
        if name is None:
            assert words[0] in {*GROUPS, "LỆNH", "…", "--help"}, said
            continue
        node = group
        for word in name.split():
            node = node.commands[word]
        known = {option for one in node.params for option in one.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, said


def test_what_make_is_told_and_the_places_that_are_named_exist() -> None:
    goals = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for path in TEXTS:
        text = path.read_text(encoding="utf-8")
        for words in re.findall(r"(?m)(?:^|`)make ([a-z]+(?: [a-z]+)*)", text):
            assert set(words.split()) <= goals, f"{path.name}: make {words}"
        for place in re.findall(rf"`((?:{ROOMS})/[\w./*-]*)`", text):
            assert next(ROOT.glob(place.rstrip("/")), None), f"{path.name}: {place}"


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in (ROOT / "docs").glob("*.md") if path.name != "README.md"]
    assert [name for name in pages if f"]({name})" not in index] == []


def test_every_decision_is_listed_in_order_by_its_title() -> None:
    folder = ROOT / "docs" / "adr"
    decisions = sorted(path for path in folder.glob("0*.md") if not path.name.startswith("0000"))
    titles = [path.read_text(encoding="utf-8").partition("\n")[0].partition(". ")[2] for path in decisions]
    listed = re.findall(r"(?m)^- \[(\d{4})\]\(([^)]+)\) (.+)$", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == [(path.name[:4], path.name, title) for path, title in zip(decisions, titles, strict=True)]
