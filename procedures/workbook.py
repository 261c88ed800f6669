"""The workbook: its sheets, columns, kinds of values and which of them are required, declared once.

Reading, export and the template are all made from this declaration.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from states.events import FIELDS
from states.wording import Text, fold

LISTS = "danh_muc"  # the template's sheet of drop-down words; not read
BEGIN_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # words that begin so stay text even when their cell is edited


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `kind` says how its cells are read (procedures.cells), `label` what it is for, in a few words."""

    name: str
    kind: str
    label: Text
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `one_of` columns of which each row needs at least one."""

    name: str
    label: Text
    columns: tuple[Column, ...]
    one_of: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        """The column of that very name."""
        return next(column for column in self.columns if column.name == name)

    def find_column(self, heading: str) -> Column | None:
        """The column a heading means, without regard to case, accents, spaces and underscores."""
        wanted = fold(heading)
        return next((column for column in self.columns if fold(column.name) == wanted), None)


UNITS = Sheet(
    "don_vi",
    Text("Đơn vị", "Units"),
    (
        Column("ma", "code", Text("Mã đơn vị, giữ số 0 ở đầu", "Code, leading zeros kept"), required=True),
        Column("ten", "text", Text("Tên đơn vị", "Name"), required=True),
        Column("loai", "kind", Text("Loại đơn vị, chọn trong danh mục", "Kind, from the list"), required=True),
        Column("cap_tren", "code", Text("Mã cấp trên; trống = cấp cao nhất", "Code of the unit above; empty = root")),
        Column("chuoi_duyet", "chain", Text("Chuỗi duyệt; trống = như cấp trên", "Approval chain; empty = as above")),
        Column("co_to_chuc_dang", "yes_no", Text("Có tổ chức đảng", "Has a Party organisation")),
        Column("co_doan", "yes_no", Text("Có Đoàn Thanh niên", "Has a Youth Union")),
        Column("co_cong_doan", "yes_no", Text("Có công đoàn", "Has a trade union")),
        Column("khu_vuc", "text", Text("Khu vực", "Area or sector")),
        Column("so_dang_vien", "count", Text("Số đảng viên", "Party members")),
        Column("so_lao_dong", "count", Text("Số lao động", "Workers")),
        Column("thay_the", "codes", Text("Mã các đơn vị được thay thế", "Codes of the units it replaces")),
        Column("tu_ngay", "day", Text("Từ ngày; trống = từ trước đến nay", "From; empty = since ever")),
        Column("den_ngay", "day", Text("Ngày cuối cùng còn hoạt động", "Last day")),
    ),
)
PEOPLE = Sheet(
    "ung_vien",
    Text("Ứng viên", "Candidates"),
    (
        Column("ma", "code", Text("Mã người, giữ số 0 ở đầu", "Code, leading zeros kept"), required=True),
        Column("ho_ten", "text", Text("Họ và tên", "Full name"), required=True),
        Column("ngay_sinh", "birth", Text("Ngày sinh: dd/mm/yyyy, mm/yyyy hoặc yyyy", "Birth date")),
        Column("gioi_tinh", "sex", Text("Nam hoặc nữ", "Nam or nữ")),
        Column("dan_toc", "text", Text("Dân tộc", "Ethnicity")),
        Column("ton_giao", "text", Text("Tôn giáo", "Religion")),
        Column("nghe_nghiep", "text", Text("Nghề nghiệp", "Occupation")),
        Column("doan_vien", "yes_no", Text("Là đoàn viên thanh niên", "Youth Union member")),
        Column("cong_doan_vien", "yes_no", Text("Là đoàn viên công đoàn", "Trade union member")),
        Column("truc_tiep_san_xuat", "yes_no", Text("Lao động trực tiếp sản xuất", "In direct production")),
        Column("hoc_van", "education", Text("Học vấn: 9/12, THPT, đại học …", "Education: 9/12, THPT, đại học …")),
        Column("don_vi", "code", Text("Mã đơn vị lúc mở sổ", "Code of the unit at the opening"), required=True),
        Column(
            "buoc_hien_tai",
            "step",
            Text("Bước lúc mở sổ; trống = quần chúng", "Step at the opening"),
        ),
        Column("tu_ngay", "day", Text("Ngày mở sổ; trống = không rõ ngày", "Day of the opening; empty = undated")),
    ),
)
RECEIVED = Column("ngay_nhan", "day", Text("Ngày nhận quyết định (dòng decide)", "Day the decision was received"))
EVENTS = Sheet(
    "su_kien",
    Text("Sự kiện", "Events"),
    (
        Column("ung_vien", "code", Text("Mã người", "Code of the person"), required=True),
        Column("su_kien", "text", Text("Tên hoặc nhãn sự kiện", "Name or label of the event"), required=True),
        Column("ngay", "day", Text("Ngày xảy ra", "The day it happened"), required=True),
        Column("so_van_ban", "text", Text("Số văn bản", "Document number")),
        Column("ngay_van_ban", "day", Text("Ngày văn bản", "Document date")),
        Column("ghi_chu", "words", Text("Ghi chú, lý do", "Note, reason")),
        Column("ly_do_ngoai_le", "words", Text("Lý do ghi ngoài quy định", "Why it is recorded against a rule")),
        *(Column(f.column, "day" if f.kind == "day" else "words", f.label) for f in FIELDS.values()),
        RECEIVED,
    ),
)
TARGETS = Sheet(
    "chi_tieu",
    Text("Chỉ tiêu", "Targets"),
    (
        Column("don_vi", "code", Text("Mã đơn vị", "Code of the unit"), required=True),
        Column("chi_so", "text", Text("Chỉ số", "Indicator"), required=True),
        Column("ky", "period", Text("2020, 2020-H1, 2020-Q2, 2020-06, 2020/2025", "Period"), required=True),
        Column("toi_thieu", "number", Text("Mức tối thiểu", "Floor")),
        Column("toi_da", "number", Text("Mức tối đa", "Ceiling")),
        Column("ty_le", "ratio", Text("Tỷ lệ, ví dụ 50%", "Ratio, such as 50%")),
        Column("cua", "text", Text("Tỷ lệ của chỉ số nào", "The indicator it is a ratio of")),
        Column("so_van_ban", "text", Text("Số quyết định giao", "Decision number")),
        Column("ngay_van_ban", "day", Text("Ngày quyết định giao", "Decision date")),
        Column("don_vi_ghi_nhan", "code", Text("Mã đơn vị được ghi nhận", "Credited unit")),
        Column("phu_trach", "text", Text("Người, bộ phận phụ trách", "Person or office in charge")),
    ),
    one_of=("toi_thieu", "toi_da", "ty_le"),
)
FIGURES = Sheet(
    "so_lieu",
    Text("Số liệu báo cáo", "Reported figures"),
    (
        Column("don_vi", "code", Text("Mã đơn vị", "Code of the unit"), required=True),
        Column("chi_so", "text", Text("Chỉ số", "Indicator"), required=True),
        Column("ky", "period", Text("2020, 2020-H1, 2020-Q2, 2020-06, 2020/2025", "Period"), required=True),
        Column("gia_tri", "number", Text("Giá trị", "Value"), required=True),
        Column("ngay_bao_cao", "day", Text("Ngày báo cáo", "Day of the report")),
        Column("don_vi_ghi_nhan", "code", Text("Mã đơn vị được ghi nhận", "Credited unit")),
    ),
)
RECIPIENTS = Sheet(
    "nguoi_nhan",
    Text("Người nhận nhắc việc", "Recipients"),
    (
        Column("don_vi", "code", Text("Mã đơn vị", "Code of the unit"), required=True),
        Column("vai_tro", "text", Text("Vai trò: bí thư …", "Role: bí thư …"), required=True),
        Column("ho_ten", "text", Text("Họ và tên", "Name")),
        Column("dia_chi", "text", Text("Địa chỉ thư", "Address"), required=True),
    ),
)
SHEETS = (UNITS, PEOPLE, EVENTS, TARGETS, FIGURES, RECIPIENTS)

UNIT_ATTRIBUTES = ("co_to_chuc_dang", "co_doan", "co_cong_doan", "khu_vuc", "so_dang_vien", "so_lao_dong")
PERSON_ATTRIBUTES = tuple(
    column.name for column in PEOPLE.columns[3:] if column.name not in ("don_vi", "buoc_hien_tai", "tu_ngay")
)
YES_NO = frozenset(column.name for sheet in SHEETS for column in sheet.columns if column.kind == "yes_no")


def find_sheet(name: str) -> Sheet | None:
    """The sheet a name means, without regard to case, accents, spaces and underscores."""
    wanted = fold(name)
    return next((sheet for sheet in SHEETS if fold(sheet.name) == wanted), None)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like `word`; None when none does."""
    by_fold = {fold(one): one for one in known}
    close = get_close_matches(fold(word), by_fold, n=1, cutoff=0.5)
    return by_fold[close[0]] if close else None
