"""The committed workbooks are what their generators make, cell by cell."""

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = sorted(config.parent.name for config in EXAMPLES.glob("*/config.yaml"))


def cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(path)}


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_workbook_is_what_its_generator_makes(name: str, tmp_path: Path) -> None:
    made = tmp_path / "made.xlsx"
    subprocess.run([sys.executable, str(EXAMPLES / f"make_{name}.py"), str(made)], check=True)
    assert cells(made) == cells(EXAMPLES / name / f"{name}.xlsx")


@pytest.mark.parametrize("name", NAMES)
def test_every_address_is_of_a_reserved_domain(name: str) -> None:
    _, *rows = cells(EXAMPLES / name / f"{name}.xlsx")["nguoi_nhan"]
    assert rows
    assert all(str(row[3]).endswith("@example.org") for row in rows)
