"""Importing a workbook: once, again, changed, with history, and lawfully or not at all."""

from datetime import date

import pytest
from sqlalchemy import text

from procedures.export import export
from procedures.import_workbook import import_workbook
from procedures.show import show_candidate
from procedures.units import show_unit
from states.errors import BadInput
from tests.procedures.books import TODAY, lawful, office_on, save


@pytest.fixture
def office(sqlite_database):
    return office_on(sqlite_database)


def take(office, tmp_path, sheets, **more):
    return import_workbook(office, save(tmp_path / "so.xlsx", sheets), **more)


def errors_of(office, tmp_path, sheets):
    with pytest.raises(BadInput) as caught:
        take(office, tmp_path, sheets)
    return caught.value.details["errors"]


def rows(office, query):
    with office.database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_everything_is_written_and_the_same_file_again_changes_nothing(database, tmp_path):
    office = office_on(database)
    first = take(office, tmp_path, lawful())
    assert first["created"] == {
        "don_vi": 3,
        "ung_vien": 2,
        "su_kien": 4,
        "chi_tieu": 1,
        "so_lieu": 1,
        "nguoi_nhan": 1,
    }
    assert first["errors"] == []
    again = take(office, tmp_path, lawful())
    assert set(again["created"].values()) == {0}
    assert set(again["updated"].values()) == {0}
    assert again["unchanged"] == 12
    assert show_candidate(office, "007")["step"] == "cam_tinh"


def test_a_dry_run_judges_and_writes_nothing(office, tmp_path):
    assert take(office, tmp_path, lawful(), dry_run=True)["created"]["su_kien"] == 4
    assert rows(office, "SELECT count(*) FROM units") == [(0,)]
    assert rows(office, "SELECT count(*) FROM journal") == [(0,)]


def test_progress_is_told_in_rows(office, tmp_path):
    told = []
    take(office, tmp_path, lawful(), progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 12)
    assert told[-1] == (12, 12)


def test_rows_before_the_opening_are_history_and_start_its_clocks(office, tmp_path):
    take(office, tmp_path, lawful())
    shown = show_candidate(office, "008")
    assert shown["step"] == "da_hoc"
    assert [(c["key"], str(c["starts_on"])) for c in shown["clocks"]] == [("certificate_valid_months", "2019-11-05")]


def test_a_trigger_may_be_written_by_its_label_and_headings_in_any_dress(office, tmp_path):
    sheets = lawful()
    sheets["Sự Kiện"] = sheets.pop("su_kien")
    sheets["Sự Kiện"][0] = ["Ứng viên", "SU KIEN", "Ngày", "Số văn bản", "noi-gioi-thieu", "Người giúp đỡ", "Nơi cấp"]
    from states.membership import PROCESS

    sheets["Sự Kiện"][1][1] = PROCESS["nominate"].label.vi.upper()
    assert take(office, tmp_path, sheets)["created"]["su_kien"] == 4


def test_the_day_of_receipt_on_a_decision_is_an_event_of_its_own(office, tmp_path):
    sheets = lawful()
    sheets["ung_vien"].append(["009", "Phạm Mẫu", 1988, None, None, "001", "cho_quyet_dinh", date(2020, 4, 1)])
    sheets["su_kien"][0] += ["ket_qua", "ngay_nhan"]
    decided = ["009", "decide", date(2020, 5, 4), "9-QĐ", None, None, None, "đồng ý", date(2020, 5, 11)]
    sheets["su_kien"].append(decided)
    assert take(office, tmp_path, sheets)["created"]["su_kien"] == 5
    shown = show_candidate(office, "009")
    assert [one["trigger"] for one in shown["timeline"]] == ["open_at", "decide", "receive_decision"]
    assert take(office, tmp_path, sheets)["unchanged"] == 14


def test_the_same_event_with_other_data_names_correct(office, tmp_path):
    sheets = lawful()
    take(office, tmp_path, sheets)
    sheets["su_kien"][1][4] = "Đoàn thanh niên"
    (error,) = errors_of(office, tmp_path, sheets)
    assert (error["sheet"], error["row"], error["column"]) == ("su_kien", 2, "su_kien")
    assert "ketnap correct 007:2" in error["message"]


def test_all_problems_of_all_people_are_listed_and_nothing_is_written(office, tmp_path):
    sheets = lawful()
    sheets["su_kien"].append(["007", "hold_ceremony", date(2019, 4, 1)])
    sheets["su_kien"].append(["008", "decide", date(2020, 4, 1)])
    errors = errors_of(office, tmp_path, sheets)
    assert [(one["sheet"], one["row"], one["column"]) for one in errors] == [
        ("su_kien", 6, "su_kien"),
        ("su_kien", 7, "su_kien"),
    ]
    assert rows(office, "SELECT count(*) FROM people") == [(0,)]


def test_what_changed_about_a_person_holds_from_its_day(office, tmp_path):
    sheets = lawful()
    take(office, tmp_path, sheets)
    sheets["ung_vien"][2][3] = "1"  # 008 has become a Youth Union member: from the business day
    sheets["ung_vien"][1][4] = "cao đẳng"
    sheets["ung_vien"][1][7] = date(2020, 5, 1)  # 007, with a day of its own
    changed = take(office, tmp_path, sheets)
    assert (changed["updated"]["ung_vien"], changed["created"]["ung_vien"]) == (2, 0)
    dated = "SELECT key, value, from_on FROM person_attributes WHERE from_on > '0001-01-01' ORDER BY key"
    assert rows(office, dated) == [("doan_vien", "1", "2020-06-30"), ("hoc_van", "cao_dang", "2020-05-01")]
    assert take(office, tmp_path, sheets)["updated"]["ung_vien"] == 0


def test_a_column_that_is_not_there_says_nothing_an_empty_yes_no_says_no(office, tmp_path):
    sheets = lawful()
    take(office, tmp_path, sheets)
    known = rows(office, "SELECT key, value FROM person_attributes WHERE key IN ('doan_vien', 'cong_doan_vien')")
    assert sorted(known) == [("doan_vien", "0"), ("doan_vien", "1")]


def test_a_unit_changes_from_its_day_and_ends(office, tmp_path):
    sheets = lawful()
    take(office, tmp_path, sheets)
    sheets["don_vi"][0] += ["tu_ngay", "den_ngay"]
    sheets["don_vi"][3] = ["001", "Chi bộ Một mới", "chi_bo", "00", "truc_tiep", date(2020, 6, 1), None]
    changed = take(office, tmp_path, sheets)
    assert (changed["updated"]["don_vi"], changed["unchanged"]) == (1, 11)
    versions = show_unit(office, "001")["versions"]
    assert [(v["from"], v["name"], v["parent"]) for v in versions] == [
        (None, "Chi bộ Một", "01"),
        (date(2020, 6, 1), "Chi bộ Một mới", "00"),
    ]
    assert take(office, tmp_path, sheets)["updated"]["don_vi"] == 0
    sheets["don_vi"][3][6] = date(2020, 6, 20)
    assert take(office, tmp_path, sheets)["updated"]["don_vi"] == 1
    assert show_unit(office, "001")["active"] is False
    assert take(office, tmp_path, sheets)["updated"]["don_vi"] == 0


def test_several_rows_of_a_unit_are_its_dated_versions(office, tmp_path):
    sheets = lawful()
    sheets["don_vi"][0] += ["tu_ngay"]
    sheets["don_vi"].append(["001", "Chi bộ Hai", "chi_bo", "01", None, date(2020, 2, 1)])
    assert take(office, tmp_path, sheets)["created"]["don_vi"] == 4
    assert [v["name"] for v in show_unit(office, "001")["versions"]] == ["Chi bộ Một", "Chi bộ Hai"]
    assert take(office, tmp_path, sheets)["unchanged"] == 13


def test_an_earlier_file_again_changes_nothing_about_a_dated_unit(office, tmp_path):
    first = lawful()
    first["don_vi"][0] += ["tu_ngay"]
    first["don_vi"][3] = [*first["don_vi"][3], date(2020, 2, 1)]
    take(office, tmp_path, first)
    second = {
        "don_vi": [first["don_vi"][0], [*first["don_vi"][3][:1], "Chi bộ Mới", "chi_bo", "01", None, date(2020, 6, 1)]]
    }
    assert take(office, tmp_path, second)["updated"]["don_vi"] == 1
    assert take(office, tmp_path, first)["updated"]["don_vi"] == 0
    assert show_unit(office, first["don_vi"][3][0])["name"] == "Chi bộ Mới"


def test_a_unit_that_replaces_others_is_their_successor(office, tmp_path):
    sheets = lawful()
    sheets["don_vi"][0] += ["thay_the", "tu_ngay"]
    sheets["don_vi"].append(["002", "Chi bộ Hợp nhất", "chi_bo", "01", None, "001", date(2020, 6, 1)])
    take(office, tmp_path, sheets)
    assert show_unit(office, "001")["successors"] == [{"code": "002", "on": date(2020, 6, 1)}]
    assert take(office, tmp_path, sheets)["updated"]["don_vi"] == 0


def test_another_step_in_the_row_of_somebody_known_is_no_move(office, tmp_path):
    sheets = lawful()
    take(office, tmp_path, sheets)
    sheets["ung_vien"][1][6] = "cam_tinh"  # where 007 stands by now: fine
    assert take(office, tmp_path, sheets)["updated"]["ung_vien"] == 0
    sheets["ung_vien"][1][6] = "du_bi"
    (error,) = errors_of(office, tmp_path, sheets)
    assert (error["row"], error["column"]) == (2, "buoc_hien_tai")
    assert "su_kien" in error["message"]


def test_a_number_reported_again_replaces_the_earlier(office, tmp_path):
    sheets = lawful()
    take(office, tmp_path, sheets)
    sheets["so_lieu"][1][3] = 13
    assert take(office, tmp_path, sheets)["updated"]["so_lieu"] == 1
    assert take(office, tmp_path, sheets)["updated"]["so_lieu"] == 0


def test_a_target_of_a_later_decision_is_a_revision(office, tmp_path):
    sheets = lawful()
    take(office, tmp_path, sheets)
    sheets["chi_tieu"][1][3] = 6
    (error,) = errors_of(office, tmp_path, sheets)
    assert "ngày quyết định mới" in error["message"]
    sheets["chi_tieu"][1][5] = date(2020, 5, 5)
    assert take(office, tmp_path, sheets)["created"]["chi_tieu"] == 1


def test_a_number_counted_from_people_cannot_be_reported_too(office, tmp_path):
    sheets = lawful()
    sheets["so_lieu"].append(["001", "introduced", "2019", 3, None])
    (error,) = errors_of(office, tmp_path, sheets)
    assert (error["sheet"], error["row"], error["column"]) == ("so_lieu", 3, "gia_tri")
    assert "hồ sơ được 1" in error["message"]


def test_only_the_sheets_present_are_read(office, tmp_path):
    sheets = lawful()
    assert take(office, tmp_path, {"don_vi": sheets["don_vi"]})["created"] == {"don_vi": 3}
    people = {"ung_vien": sheets["ung_vien"], "su_kien": sheets["su_kien"]}
    assert take(office, tmp_path, people)["created"] == {"ung_vien": 2, "su_kien": 4}


def test_a_hundred_thousand_empty_rows_are_nothing(office, tmp_path):
    def touch(book):
        page = book["ung_vien"]
        for row in range(4, 100_004):
            page.cell(row, 1).number_format = "@"
        page.row_dimensions[1_048_576].height = 20

    path = save(tmp_path / "so.xlsx", lawful(), touch)
    assert import_workbook(office, path)["created"]["ung_vien"] == 2


def test_text_that_looks_like_a_formula_stays_text_both_ways(office, tmp_path):
    sheets = lawful()

    def touch(book):
        cell = book["su_kien"]["E2"]
        cell.value, cell.data_type = "=1+1", "s"

    import_workbook(office, save(tmp_path / "so.xlsx", sheets, touch))
    export(office, tmp_path / "ra.xlsx")
    from openpyxl import load_workbook

    page = load_workbook(tmp_path / "ra.xlsx")["su_kien"]
    cell = next(cell for row in page.iter_rows() for cell in row if cell.value == "=1+1")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert import_workbook(office, tmp_path / "ra.xlsx")["unchanged"] == 12


def test_days_after_the_business_day_are_refused(sqlite_database, tmp_path):
    office = office_on(sqlite_database, date(2019, 2, 1))
    errors = errors_of(office, tmp_path, lawful())
    told = {(one["sheet"], one["row"], one["column"]) for one in errors if "ở sau ngày làm việc" in one["message"]}
    assert told >= {
        ("su_kien", 3, "ngay"),
        ("su_kien", 4, "ngay"),
        ("su_kien", 5, "ngay"),
        ("ung_vien", 3, "tu_ngay"),
        ("chi_tieu", 2, "ngay_van_ban"),
        ("so_lieu", 2, "ngay_bao_cao"),
    }
    assert office.today < TODAY
