"""The district of Long Biên 2020 in tables: its units, the targets of the year, the figures of the half-year.

The sums are those of a public report; how they are split, and every name, is invented.
"""

from datetime import date

DISTRICT = "LDLD-LB"
DECISION = ("161/QĐ-LĐLĐ", date(2020, 3, 25))

# --- units: code, name, kind, parent; an officer's portfolio is a unit of its own, so targets can be split by officer
OFFICES = [
    ("LB-VP", "Văn phòng", "Đinh Thị Hồng Vân"),
    ("LB-TC", "Ban Tổ chức – Kiểm tra", "Tạ Quang Khải"),
    ("LB-TG", "Ban Tuyên giáo – Nữ công", "Ngô Thị Bích Liên"),
    ("LB-CS", "Ban Chính sách – Pháp luật", "Lương Xuân Hòa"),
    ("LB-D1", "Cán bộ phụ trách địa bàn Sài Đồng – Phúc Lợi", "Mai Anh Tú"),
    ("LB-D2", "Cán bộ phụ trách địa bàn Ngọc Lâm – Bồ Đề", "Trịnh Thị Thu Hoài"),
    ("LB-D3", "Cán bộ phụ trách địa bàn Đức Giang – Việt Hưng", "Chu Đình Lâm"),
]
# Per office: (kind of place, names). An asterisk: no chi bộ there yet.
PLACES = {
    "LB-TC": ("co_quan", "cơ quan Khối chính quyền quận|Trung tâm Y tế|Trung tâm Văn hóa – Thể thao|phường Hồng Tiến|"
              "phường Gia Phú|phường Sông Hồng|Ban Quản lý chợ*"),
    "LB-TG": ("truong", "Trường Mầm non Hoa Phượng|Trường Mầm non Sơn Ca|Trường Mầm non Nắng Mai|"
              "Trường Mầm non Hoa Mai|Trường Tiểu học Phù Sa|Trường Tiểu học Sông Đuống|Trường Tiểu học Cầu Mây|"
              "Trường Tiểu học Bến Nước|Trường THCS Bờ Đê|Trường THCS Bãi Dâu|Trường THCS Cầu Vồng|"
              "Trường Mầm non Tư thục Họa Mi*"),
    "LB-CS": ("cong_ty", "Công ty TNHH Điện tử Hạ Long Xanh|Công ty CP May Phù Đổng|Công ty CP Vận tải Sông Cái|"
              "Công ty TNHH Cơ khí Ngọc Thạch"),
    "LB-D1": ("cong_ty", "Công ty CP Bao bì Tân Việt|Công ty TNHH Nhựa Đại Phát|Công ty CP Dược Bình Nguyên|"
              "Công ty TNHH In Hồng Ngọc*|Công ty CP Xây dựng Lam Sơn*|Công ty TNHH Thực phẩm Đông Đô*"),
    "LB-D2": ("cong_ty", "Công ty CP Thương mại Bồ Câu|Công ty CP Du lịch Cầu Mới|Công ty TNHH Siêu thị Gia Đình*|"
              "Công ty CP Phần mềm Sao Khuê*|Nghiệp đoàn Xe ôm Bến Xe*|Nghiệp đoàn Bốc xếp Chợ Đầu Mối*"),
    "LB-D3": ("cong_ty", "Công ty CP Gạch Việt Hồng|Công ty CP Kim khí Đức Thành|Công ty TNHH Nội thất Mộc Lan|"
              "Công ty TNHH Giày Thăng Tiến*|Công ty CP Ô tô Bắc Đuống*|Công ty CP Logistics Cửa Đông*"),
}  # fmt: skip
TRADES = {
    "co_quan": ["chuyên viên", "cán bộ phường", "bác sĩ", "điều dưỡng", "kế toán"],
    "truong": ["giáo viên", "giáo viên", "giáo viên", "nhân viên thư viện", "kế toán"],
    "cong_ty": [
        "công nhân may",
        "công nhân vận hành máy",
        "thợ cơ khí",
        "kỹ sư",
        "tổ trưởng sản xuất",
        "nhân viên kho",
    ],
}

# --- targets of the year and figures of the half-year, split over those who answer for them; the sums are the report's
DISTRICT_TARGETS = {
    "unions_founded": (24, "Ban Tổ chức – Kiểm tra: Tạ Quang Khải"),
    "unions_founded_over_25": (21, "Ban Tổ chức – Kiểm tra: Tạ Quang Khải"),
    "members_recruited": (1200, "Ban Tổ chức – Kiểm tra: Tạ Quang Khải"),
    "civil_servant_conferences": (101, "Ban Tuyên giáo – Nữ công: Ngô Thị Bích Liên"),
    "worker_conferences": (100, "Ban Chính sách – Pháp luật: Lương Xuân Hòa"),
    "dialogues": (100, "Ban Chính sách – Pháp luật: Lương Xuân Hòa"),
    "agreements_signed": (25, "Ban Chính sách – Pháp luật: Lương Xuân Hòa"),
    "accounts_opened": (50, "Văn phòng: Đinh Thị Hồng Vân"),
    "fund_payers": (25, "Văn phòng: Đinh Thị Hồng Vân"),
}
SPLIT = {
    "unions_founded": {"LB-CS": 3, "LB-D1": 8, "LB-D2": 6, "LB-D3": 7},
    "unions_founded_over_25": {"LB-CS": 3, "LB-D1": 7, "LB-D2": 5, "LB-D3": 6},
    "members_recruited": {"LB-CS": 200, "LB-D1": 400, "LB-D2": 250, "LB-D3": 350},
    "civil_servant_conferences": {"LB-TC": 27, "LB-TG": 74},
    "worker_conferences": {"LB-CS": 25, "LB-D1": 27, "LB-D2": 22, "LB-D3": 26},
    "dialogues": {"LB-CS": 25, "LB-D1": 27, "LB-D2": 22, "LB-D3": 26},
    "agreements_signed": {"LB-CS": 8, "LB-D1": 6, "LB-D2": 5, "LB-D3": 6},
    "accounts_opened": {"LB-CS": 10, "LB-D1": 15, "LB-D2": 10, "LB-D3": 15},
    "fund_payers": {"LB-VP": 25},
}
FIGURES = {
    "unions_founded": [
        ("LB-D3", "2020-01", 1), ("LB-D1", "2020-02", 1), ("LB-D1", "2020-05", 1), ("LB-D1", "2020-06", 1),
        ("LB-D2", "2020-06", 1), ("LB-D3", "2020-06", 1), ("LB-CS", "2020-06", 1),
    ],
    "unions_founded_over_25": [
        ("LB-D3", "2020-01", 1), ("LB-D1", "2020-02", 1), ("LB-D1", "2020-06", 1), ("LB-D3", "2020-06", 1),
        ("LB-CS", "2020-06", 1),
    ],
    "members_recruited": [
        ("LB-CS", "2020-Q1", 20), ("LB-CS", "2020-Q2", 30), ("LB-D1", "2020-Q1", 58), ("LB-D1", "2020-Q2", 92),
        ("LB-D2", "2020-Q1", 31), ("LB-D2", "2020-Q2", 40), ("LB-D3", "2020-Q1", 39), ("LB-D3", "2020-Q2", 56),
    ],
    "civil_servant_conferences": [("LB-TC", "2020-01", 27), ("LB-TG", "2020-01", 52), ("LB-TG", "2020-02", 22)],
    "worker_conferences": [
        ("LB-CS", "2020-Q1", 12), ("LB-CS", "2020-Q2", 8), ("LB-D1", "2020-Q1", 11), ("LB-D1", "2020-Q2", 9),
        ("LB-D2", "2020-Q1", 9), ("LB-D2", "2020-Q2", 6), ("LB-D3", "2020-Q1", 12), ("LB-D3", "2020-Q2", 7),
    ],
    "dialogues": [
        ("LB-CS", "2020-Q1", 7), ("LB-CS", "2020-Q2", 12), ("LB-D1", "2020-Q1", 8), ("LB-D1", "2020-Q2", 13),
        ("LB-D2", "2020-Q1", 6), ("LB-D2", "2020-Q2", 9), ("LB-D3", "2020-Q1", 8), ("LB-D3", "2020-Q2", 11),
    ],
    "agreements_signed": [
        ("LB-CS", "2020-Q1", 2), ("LB-CS", "2020-Q2", 5), ("LB-D1", "2020-Q1", 1), ("LB-D1", "2020-Q2", 3),
        ("LB-D2", "2020-Q1", 1), ("LB-D2", "2020-Q2", 2), ("LB-D3", "2020-Q1", 2), ("LB-D3", "2020-Q2", 3),
    ],
    "accounts_opened": [
        ("LB-CS", "2020-Q2", 2), ("LB-D1", "2020-Q1", 2), ("LB-D1", "2020-Q2", 3), ("LB-D2", "2020-Q1", 1),
        ("LB-D2", "2020-Q2", 2), ("LB-D3", "2020-Q1", 2), ("LB-D3", "2020-Q2", 3),
    ],
    "fund_payers": [("LB-VP", "2020-Q1", 3), ("LB-VP", "2020-Q2", 5)],
    "officers_trained": [("LB-TC", "2020-06", 180), ("LB-TG", "2020-06", 120)],
}  # fmt: skip
REPORTED_ON = {"2020-01": date(2020, 2, 5), "2020-02": date(2020, 3, 5), "2020-Q1": date(2020, 4, 6)}
