"""Wrong workbooks: one mistake each, where it is said to stand, and the words its error must say."""

import io
import zipfile
from datetime import date
from time import monotonic

import pytest

from procedures.import_workbook import import_workbook
from states.errors import BadInput
from tests.procedures.books import lawful, office_on, save


def put(sheet, row, column, value):
    """Put a value into a cell of the lawful workbook; rows as a spreadsheet counts them, columns by heading."""

    def change(sheets):
        rows = sheets[sheet]
        if column not in rows[0]:
            for one in rows:
                one += [None] * (len(rows[0]) - len(one))
            rows[0].append(column)
            for one in rows[1:]:
                one.append(None)
        rows[row - 1][rows[0].index(column)] = value

    return change


def add(sheet, *values):
    return lambda sheets: sheets[sheet].append(list(values))


def rename_sheet(old, new):
    return lambda sheets: sheets.update({new: sheets.pop(old)})


def rename_column(sheet, old, new):
    return lambda sheets: sheets[sheet][0].__setitem__(sheets[sheet][0].index(old), new)


def without(sheet, column):
    def change(sheets):
        place = sheets[sheet][0].index(column)
        for row in sheets[sheet]:
            del row[place]

    return change


DAY = date(2020, 1, 2)
# name: (change, sheet, row, column, words the message must say)
WRONG = {
    "sheet đổi tên": (rename_sheet("ung_vien", "ung_vein"), "ung_vein", None, None, ["«ung_vein»", "ung_vien"]),
    "sheet lạ": (lambda s: s.update({"ghi chép": [["a"]]}), "ghi chép", None, None, ["Không có sheet"]),
    "tiêu đề lạ": (
        rename_column("ung_vien", "hoc_van", "hoc_vans"), "ung_vien", 1, "hoc_vans", ["«hoc_vans»", "hoc_van"]),
    "tiêu đề hai lần": (rename_column("ung_vien", "hoc_van", "Họ tên"), "ung_vien", 1, "ho_ten", ["hai lần", "B", "E"]),
    "thiếu cột bắt buộc": (without("don_vi", "ten"), "don_vi", 1, "ten", ["bắt buộc", "«ten»"]),
    "cột không tiêu đề": (add("nguoi_nhan", "001", "bi_thu", "A", "a@b.vn", "thừa"), "nguoi_nhan", 3, "E", ["tiêu đề"]),
    "ô bắt buộc để trống": (put("ung_vien", 2, "don_vi", None), "ung_vien", 2, "don_vi", ["F2", "để trống"]),
    "31 tháng 2": (put("su_kien", 2, "ngay", "31/02/2019"), "su_kien", 2, "ngay", ["31/02/2019", "28 ngày"]),
    "tháng 13": (put("su_kien", 2, "ngay", "01/13/2019"), "su_kien", 2, "ngay", ["tháng 13"]),
    "ngày là số": (put("su_kien", 2, "ngay", 43475), "su_kien", 2, "ngay", ["là số", "ngày/tháng/năm"]),
    "ngày là chữ": (put("su_kien", 2, "ngay", "hôm qua"), "su_kien", 2, "ngay", ["không phải là ngày"]),
    "ngày sau ngày làm việc": (
        put("su_kien", 4, "ngay", date(2020, 7, 1)), "su_kien", 4, "ngay", ["01/07/2020", "30/06/2020"]),
    "ngày sinh không có": (put("ung_vien", 2, "ngay_sinh", "31/02/1990"), "ung_vien", 2, "ngay_sinh", ["mm/yyyy"]),
    "ngày sinh sau hôm nay": (put("ung_vien", 2, "ngay_sinh", 2030), "ung_vien", 2, "ngay_sinh", ["ngày làm việc"]),
    "mã người trùng": (
        add("ung_vien", "007", "Trần Thị Mẫu", None, None, None, "001"), "ung_vien", 4, "ma", ["dòng 2", "007"]),
    "mã người trùng, khác tên": (
        add("ung_vien", "007", "Người Khác", None, None, None, "001"), "ung_vien", 4, "ma", ["dòng 2", "khác tên"]),
    "mã đơn vị trùng": (add("don_vi", "001", "Chi bộ Hai", "chi_bo", "01"), "don_vi", 5, "ma", ["dòng 4", "001"]),
    "đơn vị lạ": (put("ung_vien", 2, "don_vi", "999"), "ung_vien", 2, "don_vi", ["«999»", "don_vi"]),
    "mất số 0 ở đầu": (put("ung_vien", 2, "don_vi", 1), "ung_vien", 2, "don_vi", ["«1»", "01", "Text"]),
    "cấp trên lạ": (put("don_vi", 4, "cap_tren", "77"), "don_vi", 4, "cap_tren", ["«77»"]),
    "đơn vị là cấp trên của mình": (put("don_vi", 3, "cap_tren", "01"), "don_vi", 3, "cap_tren", ["01 → 01"]),
    "vòng tròn": (put("don_vi", 2, "cap_tren", "001"), "don_vi", 2, "cap_tren", ["00 → 001 → 01 → 00"]),
    "loại đơn vị lạ": (put("don_vi", 4, "loai", "chi_bô_x"), "don_vi", 4, "loai", ["chi_bô_x", "chi_bo"]),
    "chuỗi duyệt lạ": (put("don_vi", 4, "chuoi_duyet", "nhanh"), "don_vi", 4, "chuoi_duyet", ["«nhanh»", "ủy quyền"]),
    "kết thúc trước bắt đầu": (
        lambda s: (put("don_vi", 4, "tu_ngay", DAY)(s), put("don_vi", 4, "den_ngay", date(2019, 1, 1))(s)),
        "don_vi", 4, "den_ngay", ["01/01/2019", "02/01/2020"]),
    "thay thế chính mình": (put("don_vi", 4, "thay_the", "001"), "don_vi", 4, "thay_the", ["chính mình"]),
    "thay thế đơn vị lạ": (put("don_vi", 4, "thay_the", "01, 55"), "don_vi", 4, "thay_the", ["«55»"]),
    "có không lạ": (put("ung_vien", 2, "doan_vien", "có lẽ"), "ung_vien", 2, "doan_vien", ["có lẽ", "x"]),
    "học vấn lạ": (put("ung_vien", 2, "hoc_van", "khá"), "ung_vien", 2, "hoc_van", ["«khá»", "THPT"]),
    "bước lạ": (put("ung_vien", 2, "buoc_hien_tai", "cam_tình_x"), "ung_vien", 2, "buoc_hien_tai", ["cam_tinh"]),
    "mở sổ ở bước kết thúc": (put("ung_vien", 2, "buoc_hien_tai", "rut"), "ung_vien", 2, "buoc_hien_tai", ["kết thúc"]),
    "sự kiện lạ": (put("su_kien", 2, "su_kien", "kết nạp nhanh"), "su_kien", 2, "su_kien", ["«kết nạp nhanh»", "nominate"]),
    "sự kiện của máy": (put("su_kien", 2, "su_kien", "mature"), "su_kien", 2, "su_kien", ["«mature»"]),
    "người lạ": (put("su_kien", 2, "ung_vien", "0077"), "su_kien", 2, "ung_vien", ["«0077»", "007"]),
    "sự kiện lặp": (
        add("su_kien", "007", "nominate", date(2019, 1, 10), "01-NQ", "Công đoàn"), "su_kien", 6, "su_kien", ["dòng 2"]),
    "sự kiện ghi cột của sự kiện khác": (
        put("su_kien", 2, "nguoi_giup_do", "Đảng viên A"), "su_kien", 2, "su_kien", ["nguoi_giup_do", "noi_gioi_thieu"]),
    "ngày nhận không phải dòng quyết định": (
        put("su_kien", 2, "ngay_nhan", DAY), "su_kien", 2, "ngay_nhan", ["decide"]),
    "sự kiện trái quy định": (
        add("su_kien", "007", "hold_ceremony", date(2019, 5, 1)), "su_kien", 6, "su_kien", ["Cảm tình Đảng"]),
    "chỉ số lạ": (put("chi_tieu", 2, "chi_so", "admited"), "chi_tieu", 2, "chi_so", ["«admited»", "admitted"]),
    "kỳ lạ": (put("chi_tieu", 2, "ky", "2020-Q5"), "chi_tieu", 2, "ky", ["2020-Q5", "không phải là kỳ"]),
    "nhiệm kỳ chưa khai báo": (put("chi_tieu", 2, "ky", "2017/2022"), "chi_tieu", 2, "ky", ["config.yaml", "2017-07-01"]),
    "tối thiểu trên tối đa": (put("chi_tieu", 2, "toi_da", 4), "chi_tieu", 2, "toi_thieu", ["lớn hơn mức tối đa"]),
    "không có mức nào": (put("chi_tieu", 2, "toi_thieu", None), "chi_tieu", 2, "toi_thieu", ["toi_thieu, toi_da, ty_le"]),
    "hai chỉ tiêu một ngày quyết định": (
        add("chi_tieu", "00", "admitted", 2020, 6, "162/QĐ", date(2020, 3, 25)),
        "chi_tieu", 3, "ngay_van_ban", ["dòng 2"]),
    "tỷ lệ không rõ": (
        lambda s: (put("chi_tieu", 2, "toi_thieu", None)(s), put("chi_tieu", 2, "ty_le", 50)(s)),
        "chi_tieu", 2, "ty_le", ["50%"]),
    "chỉ tiêu không phải số": (put("chi_tieu", 2, "toi_thieu", "năm"), "chi_tieu", 2, "toi_thieu", ["«năm»", "số"]),
    "số kiểu nửa nghìn nửa lẻ": (put("so_lieu", 2, "gia_tri", "1.200"), "so_lieu", 2, "gia_tri", ["1.200", "không phải là số"]),
    "số âm": (put("so_lieu", 2, "gia_tri", -3), "so_lieu", 2, "gia_tri", ["âm"]),
    "số liệu hai lần": (add("so_lieu", "01", "members_recruited", "2020-Q1", 9, None), "so_lieu", 3, "gia_tri", ["dòng 2"]),
    "số liệu của tỷ lệ": (put("so_lieu", 2, "chi_so", "conversion"), "so_lieu", 2, "chi_so", ["tỷ lệ"]),
    "vai trò lạ": (put("nguoi_nhan", 2, "vai_tro", "thủ quỹ"), "nguoi_nhan", 2, "vai_tro", ["thủ quỹ", "bi_thu"]),
    "công thức": (put("so_lieu", 2, "gia_tri", "=6*2"), "so_lieu", 2, "gia_tri", ["D2", "công thức", "giá trị"]),
    "ô lỗi": (put("so_lieu", 2, "gia_tri", "#N/A"), "so_lieu", 2, "gia_tri", ["#N/A"]),
    "mã bị đổi thành ngày": (put("su_kien", 2, "so_van_ban", DAY), "su_kien", 2, "so_van_ban", ["ngày tháng", "Text"]),
    "mã là số lẻ": (put("ung_vien", 2, "don_vi", 1.5), "ung_vien", 2, "don_vi", ["số lẻ", "Text"]),
}  # fmt: skip


@pytest.fixture
def office(sqlite_database):
    return office_on(sqlite_database)


def refused(office, path):
    with pytest.raises(BadInput) as caught:
        import_workbook(office, path)
    details = caught.value.details
    assert (details["created"], details["updated"], details["unchanged"]) == ({}, {}, 0)
    with office.database.reading() as connection:
        for table in ("units", "people", "candidates", "journal", "targets", "reported_figures", "recipients"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0
    return caught.value, details["errors"]


@pytest.mark.parametrize("name", list(WRONG))
def test_a_mistake_is_told_where_it_stands_and_nothing_is_written(office, tmp_path, name):
    change, sheet, row, column, words = WRONG[name]
    sheets = lawful()
    change(sheets)
    _, errors = refused(office, save(tmp_path / "sai.xlsx", sheets))
    found = [one for one in errors if (one["sheet"], one["row"], one["column"]) == (sheet, row, column)]
    assert found, errors
    assert any(all(word in one["message"] for word in words) for one in found), found


def test_merged_cells_are_named(office, tmp_path):
    path = save(tmp_path / "sai.xlsx", lawful(), lambda book: book["don_vi"].merge_cells("D3:D4"))
    _, errors = refused(office, path)
    assert [(one["sheet"], one["row"], one["column"]) for one in errors] == [("don_vi", 3, "cap_tren")]
    assert "D3:D4" in errors[0]["message"]


def test_a_number_with_a_format_of_its_own_is_no_code(office, tmp_path):
    sheets = lawful()
    sheets["su_kien"] = sheets["su_kien"][:1]

    def touch(book):
        book["ung_vien"]["A2"].value = 7
        book["ung_vien"]["A2"].number_format = '"NV-"000'

    _, errors = refused(office, save(tmp_path / "sai.xlsx", sheets, touch))
    assert [(one["row"], one["column"]) for one in errors] == [(2, "ma")]
    assert "Text" in errors[0]["message"]


def test_all_mistakes_are_told_at_once(office, tmp_path):
    sheets = lawful()
    for change in ("31 tháng 2", "loại đơn vị lạ", "chỉ số lạ", "vai trò lạ", "học vấn lạ"):
        WRONG[change][0](sheets)
    _, errors = refused(office, save(tmp_path / "sai.xlsx", sheets))
    assert [one["sheet"] for one in errors] == ["don_vi", "ung_vien", "su_kien", "chi_tieu", "nguoi_nhan"]


def test_files_that_are_no_workbook(office, tmp_path):
    def written(name, data):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    good = save(tmp_path / "tot.xlsx", lawful()).read_bytes()
    for path, words in (
        (tmp_path / "khong-co.xlsx", "Không có tệp"),
        (tmp_path, "Không có tệp"),
        (written("so.csv", b"ma,ten"), ".xlsx"),
        (written("so.ods", good), ".xlsx"),
        (written("chu.xlsx", b"ma,ten"), ".xlsx"),
        (written("rong.xlsx", b""), ".xlsx"),
        (written("cu.xls", b"\xd0\xcf\x11\xe0" + bytes(600)), "mật khẩu"),
        (written("khoa.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600)), "mật khẩu"),
        (written("cut.xlsx", good[:900]), "hỏng"),
        (written("hong.xlsx", good[:1000] + bytes(len(good) - 3000) + good[-2000:]), "hỏng"),
    ):
        failure, errors = refused(office, path)
        assert words in failure.say("vi"), path
        assert [one["message"] for one in errors] == [failure.say("vi")]


def zipped(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_file_that_unpacks_to_too_much_is_not_opened(office, tmp_path):
    parts = parts_of(save(tmp_path / "tot.xlsx", lawful()).read_bytes())
    parts["xl/media/bomb.bin"] = bytes(300 << 20)
    started = monotonic()
    failure, _ = refused(office, zipped(tmp_path / "bom.xlsx", parts))
    assert "quá lớn" in failure.say("vi")
    assert monotonic() - started < 20


def test_entities_are_not_unfolded(office, tmp_path):
    parts = parts_of(save(tmp_path / "tot.xlsx", lawful()).read_bytes())
    name = "xl/worksheets/sheet1.xml"
    parts[name] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts[name].split(b"?>", 1)[-1]
    failure, _ = refused(office, zipped(tmp_path / "thuc-the.xlsx", parts))
    assert "hỏng" in failure.say("vi")


def test_another_zip_is_no_workbook(office, tmp_path):
    failure, _ = refused(office, zipped(tmp_path / "anh.xlsx", {"anh.txt": b"x"}))
    assert "hỏng" in failure.say("vi")
