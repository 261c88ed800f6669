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
def test_the_committed_workbooks_are_what_their_generator_makes(name: str, tmp_path: Path) -> None:
    committed = sorted((EXAMPLES / name).glob("*.xlsx"))
    alone = [path.stem for path in committed] == [name]
    target = tmp_path / f"{name}.xlsx" if alone else tmp_path  # a file, or a folder for several
    subprocess.run([sys.executable, str(EXAMPLES / f"make_{name}.py"), str(target)], check=True)
    assert [path.name for path in sorted(tmp_path.iterdir())] == [path.name for path in committed]
    for path in committed:
        assert cells(tmp_path / path.name) == cells(path)


@pytest.mark.parametrize("name", NAMES)
def test_every_address_is_of_a_reserved_domain(name: str) -> None:
    told = [cells(path).get("nguoi_nhan", [()]) for path in sorted((EXAMPLES / name).glob("*.xlsx"))]
    addresses = [str(row[3]) for _, *rows in told for row in rows]
    assert addresses
    assert all(address.endswith("@example.org") for address in addresses)
