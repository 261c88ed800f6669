"""The steps of the way into the Party, their stages, and what people call them."""

from __future__ import annotations

from collections.abc import Mapping

from states.way import (
    CAM_TINH,
    CHINH_THUC,
    CHO_CHI_BO,
    CHO_CO_SO,
    CHO_LE,
    CHO_QUYET_DINH,
    CT_CHO_CO_SO,
    CT_CHO_QUYET_DINH,
    DA_HOC,
    DU_BI,
    DUOC_GIOI_THIEU,
    LAP_HO_SO,
    PROBATION_STEPS,
    QUAN_CHUNG,
    XET_CHINH_THUC,
)
from states.wording import Text

OUT_OF_LIST, WITHDRAWN, CANCELLED = "dua_khoi_danh_sach", "rut", "huy_ket_nap"
REMOVED, EXPELLED, MOVED_AWAY, DEAD = "xoa_ten", "khai_tru", "chuyen_di", "tu_tran"

STAGES: Mapping[str, tuple[str, ...]] = {
    "quan_chung": (QUAN_CHUNG, DUOC_GIOI_THIEU),
    "cam_tinh": (CAM_TINH, DA_HOC, LAP_HO_SO, CHO_CHI_BO, CHO_CO_SO, CHO_QUYET_DINH, CHO_LE),
    "du_bi": PROBATION_STEPS,
    "chinh_thuc": (CHINH_THUC,),
    "ket_thuc": (OUT_OF_LIST, WITHDRAWN, CANCELLED, REMOVED, EXPELLED, MOVED_AWAY, DEAD),
}
STAGE_OF = {step: stage for stage, steps in STAGES.items() for step in steps}
ENDS = STAGES["ket_thuc"]
STEPS = tuple(STAGE_OF)
GOING = tuple(step for step in STEPS if step not in ENDS)
ON_THE_WAY = tuple(stage for stage in STAGES if stage not in ("chinh_thuc", "ket_thuc"))

STAGE_LABELS = {
    "quan_chung": Text("Quần chúng", "Not yet in view"),
    "cam_tinh": Text("Cảm tình Đảng", "Sympathiser"),
    "du_bi": Text("Đảng viên dự bị", "Probationary member"),
    "chinh_thuc": Text("Đảng viên chính thức", "Official member"),
    "ket_thuc": Text("Kết thúc", "Ended"),
}
STEP_LABELS = {
    QUAN_CHUNG: Text("Quần chúng", "Not yet introduced"),
    DUOC_GIOI_THIEU: Text("Được giới thiệu", "Introduced"),
    CAM_TINH: Text("Cảm tình Đảng", "Listed as sympathiser"),
    DA_HOC: Text("Đã học lớp nhận thức về Đảng", "Awareness class done"),
    LAP_HO_SO: Text("Đang lập hồ sơ", "Preparing the file"),
    CHO_CHI_BO: Text("Chờ chi bộ xét kết nạp", "Waiting for the cell's vote"),
    CHO_CO_SO: Text("Chờ đảng ủy cơ sở xét kết nạp", "Waiting for the base committee's vote"),
    CHO_QUYET_DINH: Text("Chờ quyết định kết nạp", "Waiting for the decision"),
    CHO_LE: Text("Chờ lễ kết nạp", "Waiting for the ceremony"),
    DU_BI: Text("Đảng viên dự bị", "Probationary member"),
    XET_CHINH_THUC: Text("Đến hạn xét chính thức", "Due for recognition"),
    CT_CHO_CO_SO: Text("Chờ đảng ủy cơ sở xét chính thức", "Recognition waits for the base committee"),
    CT_CHO_QUYET_DINH: Text("Chờ quyết định chính thức", "Waiting for the recognition decision"),
    CHINH_THUC: Text("Đảng viên chính thức", "Official member"),
    OUT_OF_LIST: Text("Đưa khỏi danh sách", "Taken off the list"),
    WITHDRAWN: Text("Rút", "Withdrawn"),
    CANCELLED: Text("Hủy quyết định kết nạp", "Admission cancelled"),
    REMOVED: Text("Xóa tên", "Removed"),
    EXPELLED: Text("Khai trừ", "Expelled"),
    MOVED_AWAY: Text("Chuyển đi", "Moved away"),
    DEAD: Text("Từ trần", "Died"),
}
