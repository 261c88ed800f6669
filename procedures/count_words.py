"""What jobs count, in words: for their runs, the command line and the desk."""

from states.wording import Text

WORDS = {
    "created": Text("tạo mới", "created"),
    "sent": Text("đã gửi", "sent"),
    "failed": Text("gửi hỏng", "failed"),
    "passed_over": Text("bỏ qua mốc cũ", "passed over"),
    "withdrawn": Text("rút lại", "withdrawn"),
    "unchanged": Text("giữ nguyên", "unchanged"),
    "opened": Text("mở vụ việc", "opened"),
    "rose": Text("lên bậc", "moved up"),
    "closed": Text("đóng", "closed"),
    "nobody_to_tell": Text("không có người nhận", "nobody to tell"),
    "notices": Text("nhắc việc", "notices"),
    "matured": Text("chuyển bước", "matured"),
    "moved": Text("dời hạn", "moved"),
    "restated": Text("ghi lại căn cứ", "restated"),
    "units": Text("đơn vị", "units"),
    "stored": Text("số đã ghi", "figures written"),
    "sealed": Text("mục mới niêm phong", "sealed"),
    "entries": Text("mục sổ đã kiểm", "entries checked"),
    "rows": Text("dòng", "rows"),
    "kept": Text("bản giữ lại", "copies kept"),
    "deleted": Text("bản đã dọn", "copies deleted"),
}
