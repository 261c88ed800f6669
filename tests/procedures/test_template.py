"""The empty workbook: its example rows import as they stand, its drop-downs offer what the import knows."""

from datetime import date

from openpyxl import load_workbook

from procedures.import_workbook import import_workbook
from procedures.sheet_rows import Issues, read_workbook
from procedures.template import template
from procedures.workbook import LISTS, SHEETS
from tests.procedures.books import office_on


def test_the_example_rows_import_cleanly(sqlite_database, tmp_path):
    office = office_on(sqlite_database, date(2016, 8, 2))
    template(tmp_path / "mau.xlsx", office.settings)
    assert import_workbook(office, tmp_path / "mau.xlsx")["created"] == {sheet.name: 1 for sheet in SHEETS}


def test_every_heading_has_a_word_and_every_list_its_drop_down(tmp_path):
    template(tmp_path / "mau.xlsx")
    book = load_workbook(tmp_path / "mau.xlsx")
    assert book.sheetnames == [*(sheet.name for sheet in SHEETS), LISTS]
    assert book[LISTS].sheet_state == "hidden"
    for sheet in SHEETS:
        page = book[sheet.name]
        assert [cell.value for cell in page[1]] == [column.name for column in sheet.columns]
        assert all(cell.comment and cell.comment.text for cell in page[1])
        assert page.freeze_panes == "A2"
    offered = {column[0].value: len([c for c in column[1:] if c.value]) for column in book[LISTS].columns}
    assert offered["su_kien.su_kien"] > 25
    validations = sum(len(page.data_validations.dataValidation) for page in book)
    assert validations == len(offered)


def test_every_word_offered_is_understood(sqlite_database, tmp_path):
    """A row for every word of every drop-down; what else such a row lacks may be wrong, the word may not."""
    office = office_on(sqlite_database)
    template(tmp_path / "mau.xlsx", office.settings)
    book = load_workbook(tmp_path / "mau.xlsx")
    offered = {}
    for column in book[LISTS].columns:
        sheet, _, heading = column[0].value.partition(".")
        offered[sheet, heading] = [cell.value for cell in column[1:] if cell.value]
    for (sheet, heading), words in offered.items():
        page = book[sheet]
        place = next(cell.column for cell in page[1] if cell.value == heading)
        for row, word in enumerate(words, 3):
            page.cell(row, place, word)
    book.save(tmp_path / "moi-tu.xlsx")
    issues = Issues()
    read_workbook(tmp_path / "moi-tu.xlsx", issues)
    wrong = [one for one in issues.listed("vi") if (one["sheet"], one["column"]) in offered]
    assert [one for one in wrong if "trống" not in one["message"]] == []
