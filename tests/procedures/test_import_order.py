"""The order of rows in a workbook is nobody's fact: the reports of what was imported are the same."""

import random
from pathlib import Path

import pytest
from openpyxl import load_workbook

from procedures.import_workbook import import_workbook
from procedures.office import Office
from procedures.report import report
from tests.procedures.books import save

EXAMPLE = Path(__file__).parents[2] / "examples" / "chi_bo_2025"


def rows_of_example() -> dict[str, list[list[object]]]:
    book = load_workbook(EXAMPLE / "chi_bo_2025.xlsx")
    return {page.title: [list(row) for row in page.iter_rows(values_only=True)] for page in book.worksheets}


def printed(folder: Path, name: str, sheets: dict[str, list[list[object]]]) -> list[object]:
    office = Office.open(EXAMPLE / "config.yaml", database_url=f"sqlite:///{folder}/{name}.db")
    office.database.init()
    import_workbook(office, save(folder / f"{name}.xlsx", sheets))
    options = {"breakdown": "all", "movement": True, "beside": ["cung_ky", "nhiem_ky"], "people": "admitted"}
    found: list[object] = []
    for period in ("2024", "2025-H2"):
        for unit in ("XA-PL", "CB-02"):
            result = report(office, unit, period, **options)
            for one in result["people"]:  # CODE:sequence is the order of recording, not a figure
                one.pop("entry")
            found.append(result)
    office.database.close()
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_in_another_order_give_the_same_reports(tmp_path, seed):
    sheets = rows_of_example()
    chance = random.Random(seed)
    shuffled = {name: [rows[0], *chance.sample(rows[1:], len(rows) - 1)] for name, rows in sheets.items()}
    names = chance.sample(sorted(shuffled), len(shuffled))
    assert printed(tmp_path, "a", sheets) == printed(tmp_path, "b", {name: shuffled[name] for name in names})
