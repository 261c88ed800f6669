"""The five jobs of an officer, end to end: a real browser, a real server, a real account, a real database file.

Each job ends with pictures; KETNAP_PICTURES=docs/pictures (`make pictures`) keeps those that the documents show (SHOWN).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from playwright.sync_api import TimeoutError
from sqlalchemy import text

from console.desk.app import make_app
from procedures import accounts
from procedures.due import due
from procedures.import_workbook import import_workbook
from procedures.office import Office
from procedures.report import report
from procedures.show import show_candidate
from procedures.tick import tick
from store.database import Database
from tests.desk.conftest import PREFECT
from tests.desk.looking import against
from tests.example_offices import SIX
from tests.procedures.books import save

pytestmark = pytest.mark.browser

PATIENCE = 15_000  # ms; a page takes a fraction of a second, a loaded machine longer
PASSWORD = "nắng sớm trên đồi chè"
CERTIFY, SEND = "Cấp giấy chứng nhận", "Cử đi học"
RECOGNISE = "Chi bộ biểu quyết công nhận chính thức"

SHOWN = {"ngay-dau", "hom-nay", "ho-so", "xem-truoc", "nhieu-nguoi", "vu-viec", "don-vi", "ky-bao-cao", "dien-thoai"}


class Officer:
    """Somebody at a window of the desk, who reads labels and presses what is written on buttons."""

    def __init__(self, page: Any, url: str, pictures: Path) -> None:
        self.page, self.url, self.pictures = page, url, pictures
        page.set_default_timeout(PATIENCE)

    def open(self, path: str) -> Officer:
        self.page.goto(self.url + path)
        return self

    def sign_in(self, username: str, one_time: str) -> Officer:
        """The first time: with the password that was given, choosing one's own."""
        self.open("/")
        self.fill("Tên đăng nhập", username)
        self.fill("Mật khẩu", one_time)
        self.press("Đăng nhập")
        self.fill("Mật khẩu mới", PASSWORD)
        self.fill("Gõ lại mật khẩu mới", PASSWORD)
        self.press("Lưu mật khẩu")
        return self.sees("Đã đổi mật khẩu")

    def fill(self, label: str, words: Any) -> None:
        self.page.get_by_label(label, exact=True).locator("visible=true").fill(str(words))

    def choose(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=words)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).locator("visible=true").click()

    def follow(self, words: str) -> None:
        self.page.get_by_role("link", name=words).first.click()

    def unfold(self, words: str) -> None:
        self.page.locator("summary", has_text=words).click()

    def sees(self, words: str) -> Officer:
        """Wait until the words stand on the page."""
        try:
            self.page.get_by_text(words).locator("visible=true").first.wait_for()
        except TimeoutError as error:
            raise AssertionError(
                f"{words!r} is not on {self.page.url}: {self.page.inner_text('main')[:1500]}"
            ) from error
        return self

    def is_refused(self, words: str) -> Officer:
        """Wait for a refusal in these words; the browser's own complaint about its status is none of ours."""
        self.sees(words)
        self.page.wrong[:] = [one for one in self.page.wrong if "the server responded with a status of 4" not in one]
        return self

    def rows(self, table: str) -> list[list[str]]:
        """The cells of a table's rows, by its caption."""
        found = self.page.locator("table", has=self.page.locator("caption", has_text=table)).first
        found.wait_for()
        return [row.locator("th, td").all_inner_texts() for row in found.locator("tbody tr").all()]

    def picture(self, name: str) -> None:
        """What the window shows; nothing is to be said against it."""
        self.page.evaluate("document.activeElement.blur()")
        self.page.mouse.move(0, 0)
        self.page.evaluate("scrollTo(0, 0)")
        kept = os.environ.get("KETNAP_PICTURES")
        folder = Path(kept) if kept and name in SHOWN else self.pictures
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", animations="disabled")
        assert against(self.page) == []


@pytest.fixture
def officer(serve: Callable[[Any], str], window: Callable[..., Any], tmp_path: Path) -> Callable[..., Officer]:
    """`officer(office)`: Lan, who runs the whole office, at her desk."""

    def sit(office: Office) -> Officer:
        office.lang = "vi"
        given = accounts.add_account(office, "lan", role="quan_tri", name="Nguyễn Thị Lan")["password"]
        url = serve(make_app(lambda: office, PREFECT))
        return Officer(window(), url, tmp_path / "pictures").sign_in("lan", given)

    return sit


def sql(database: Database, query: str, **values: Any) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def test_a_first_start_to_the_list_of_today(
    sqlite_database: Database, serve: Callable[[Any], str], window: Callable[..., Any], tmp_path: Path
) -> None:
    office = SIX.open(f"sqlite:///{sqlite_database.path}")
    office.lang = "vi"
    first = accounts.first_admin(office)
    assert first is not None
    url = serve(make_app(lambda: office, PREFECT))
    lan = Officer(window(), url, tmp_path / "pictures").open("/").sees("Đăng nhập")
    lan.picture("dang-nhap")
    lan.sign_in(*first)
    lan.sees("Chưa có ai trong sổ")
    lan.follow("Nhập từ Excel")
    lan.page.get_by_label("Tệp .xlsx").set_input_files(SIX.workbook)
    lan.press("Xem trước")
    lan.sees("chưa ghi gì vào sổ")
    assert sql(office.database, "SELECT count(*) FROM candidates") == [(0,)]
    lan.picture("nhap-excel")
    lan.press("Ghi vào sổ")
    lan.sees("Đã nhập tệp «chi_bo_2025.xlsx».")
    lan.follow("Xem việc hôm nay")
    lan.sees("Việc phải làm, theo ngày hạn")
    shown = [(cells[0].split("\n")[0], cells[1]) for cells in lan.rows("Việc phải làm") if len(cells) > 1]
    expected = due(office)["items"]
    assert len(expected) == len(shown) == 6
    for (day, who), one in zip(shown, expected, strict=True):
        assert (day, one["code"] in who) == (f"{one['due_on']:%d/%m/%Y}", True)
    lan.picture("ngay-dau")


def vote(lan: Officer, link: str, on: str, in_favour: int, document: str) -> None:
    """Fill the form of a vote of nine, up to its preview."""
    lan.follow(link)
    lan.fill("Ngày họp", on)
    lan.fill("Số triệu tập", 9)
    lan.fill("Số tán thành", in_favour)
    lan.fill("Số nghị quyết, biên bản", document)
    lan.press("Xem trước")


def test_b_a_vote_that_fails_and_one_that_passes(six_on_sqlite: Office, officer: Callable[..., Officer]) -> None:
    office, code = six_on_sqlite, "PL-05"
    lan = officer(office)

    # An admission vote: form, preview, record.
    lan.follow("Chi bộ biểu quyết kết nạp")
    lan.fill("Ngày họp", "01/12/2025")
    lan.fill("Số triệu tập", 12)
    lan.fill("Số tán thành", 11)
    lan.fill("Số nghị quyết, biên bản", "31-NQ/CB")
    lan.press("Xem trước")
    lan.sees("Biểu quyết đạt tỷ lệ")
    assert show_candidate(office, "PL-02")["step"] == "cho_chi_bo"
    lan.picture("xem-truoc")
    lan.press("Ghi vào sổ")
    lan.sees("Đã ghi «Chi bộ biểu quyết kết nạp»")
    assert show_candidate(office, "PL-02")["step"] == "cho_co_so"
    lan.picture("ho-so-sau-bieu-quyet")

    # What does not come yet is told with its reason and its clause.
    refused = lan.page.locator(".kn-refused li", has_text="Quyết định kết nạp").inner_text()
    assert "Đảng ủy cơ sở phải biểu quyết trước" in refused
    assert "Điều lệ Đảng, Điều 4" in refused
    lan.open("/nguoi/ho-so/buoc?ma=PL-02&viec=decide").sees("Đảng ủy cơ sở phải biểu quyết trước")

    # Twelve months of probation are over. The cell votes: first too few, a day later enough.
    office.today = date(2025, 12, 12)
    lan.open(f"/nguoi/ho-so?ma={code}").sees("chính thức")

    vote(lan, RECOGNISE, "13/12/2025", 5, "32-NQ/CB")
    lan.is_refused("13/12/2025")
    assert lan.page.get_by_label("Số tán thành").input_value() == "5"
    lan.fill("Ngày họp", "11/12/2025")
    lan.press("Xem trước")
    lan.sees("Biểu quyết không đạt tỷ lệ")
    lan.sees("Vẫn ở bước:")
    lan.press("Ghi vào sổ")
    lan.sees(f"Đã ghi «{RECOGNISE}»")
    assert show_candidate(office, code)["step"] == "xet_chinh_thuc"

    vote(lan, RECOGNISE, "12/12/2025", 8, "33-NQ/CB")
    lan.sees("Biểu quyết đạt tỷ lệ")
    lan.press("Ghi vào sổ")
    lan.sees(f"Đã ghi «{RECOGNISE}»")
    shown = show_candidate(office, code)
    assert shown["step"] == "ct_cho_co_so"
    said = [(one["on"], one["document"]) for one in shown["timeline"] if one["trigger"] == "recognition_cell_vote"]
    assert said == [(date(2025, 12, 11), "32-NQ/CB"), (date(2025, 12, 12), "33-NQ/CB")]
    way = lan.page.locator(".kn-timeline > li").all_inner_texts()
    assert "33-NQ/CB" in way[0]
    assert "32-NQ/CB" in way[1]
    journal = sql(
        office.database,
        "SELECT recorded_by, document_number FROM journal WHERE trigger = 'recognition_cell_vote' AND document_number"
        " IN ('32-NQ/CB', '33-NQ/CB') ORDER BY sequence",
    )
    assert journal == [("lan", "32-NQ/CB"), ("lan", "33-NQ/CB")]
    lan.picture("ho-so")
    lan.page.set_viewport_size({"width": 390, "height": 844})
    lan.picture("dien-thoai")


# What the focus is on, in the words that stand there.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const words = one.labels && one.labels.length ? one.labels[0].innerText : one.getAttribute("aria-label") || one.innerText;
  return (words || "").replace(/\\s+/g, " ").trim();
}"""


class Hands(Officer):
    """An officer without a mouse: Tab, Enter and letters."""

    def tab_to(self, words: str, at_most: int = 150) -> None:
        seen: list[str | None] = []
        for _ in range(at_most):
            self.page.keyboard.press("Tab")
            if (here := self.page.evaluate(FOCUS)) == words:
                return
            seen.append(here)
        raise AssertionError(f"Tab does not come to {words!r} on {self.page.url}: {seen}")

    def fill(self, label: str, words: Any) -> None:
        self.tab_to(label)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(str(words))

    def press(self, words: str) -> None:
        self.tab_to(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follow(self, words: str) -> None:
        self.press(words)


def test_b_by_keyboard_alone(
    six_on_sqlite: Office, serve: Callable[[Any], str], window: Callable[..., Any], tmp_path: Path
) -> None:
    office, code = six_on_sqlite, "PL-05"
    office.lang, office.today = "vi", date(2025, 12, 12)
    given = accounts.add_account(office, "lan", role="can_bo", name="Nguyễn Thị Lan")["password"]
    page = window()
    lan = Hands(page, serve(make_app(lambda: office, PREFECT)), tmp_path / "pictures").sign_in("lan", given)

    lan.follow("Hôm nay")
    vote(lan, f"{RECOGNISE} – Bùi Thanh Trà", "11/12/2025", 5, "32-NQ/CB")
    lan.sees("Biểu quyết không đạt tỷ lệ")
    lan.press("Ghi vào sổ")
    lan.sees(f"Đã ghi «{RECOGNISE}»")
    assert show_candidate(office, code)["step"] == "xet_chinh_thuc"
    vote(lan, RECOGNISE, "12/12/2025", 8, "33-NQ/CB")
    lan.sees("Biểu quyết đạt tỷ lệ")
    lan.press("Ghi vào sổ")
    lan.sees(f"Đã ghi «{RECOGNISE}»")
    assert show_candidate(office, code)["step"] == "ct_cho_co_so"


FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
MIDDLE = (("Thị", "Văn"), ("Thu", "Đức"), ("Minh", "Hữu"), ("Ngọc", "Quang"), ("Thanh", "Xuân"))
GIVEN = ("Hà", "Sơn", "Mai", "Dũng", "Yến", "Tùng", "Hoa", "Khánh")


def _class_of_forty(office: Office, folder: Path) -> list[tuple[str, str]]:
    """Forty people on the list of the three cells, as a workbook brings them in: (code, name)."""
    people = [
        (f"HV-{n + 1:02d}", f"{FAMILY[n % 8]} {MIDDLE[n // 8][n % 2]} {GIVEN[(n + n // 8) % 8]}") for n in range(40)
    ]  # fmt: skip
    rows = [["ma", "ho_ten", "don_vi", "ngay_sinh", "hoc_van", "buoc_hien_tai", "tu_ngay"]]
    for n, (code, name) in enumerate(people):
        rows.append([code, name, f"CB-0{n % 3 + 1}", f"{n % 28 + 1:02d}/05/1998", "12/12", "cam_tinh", "03/03/2025"])
    import_workbook(office, save(folder / "lop.xlsx", {"ung_vien": rows}))
    return people


def test_c_the_results_of_a_class_of_forty(
    six_on_sqlite: Office, officer: Callable[..., Officer], tmp_path: Path
) -> None:
    office = six_on_sqlite
    people = _class_of_forty(office, tmp_path)
    lan = officer(office)

    # One decision sends all forty.
    lan.follow("Nhiều người")
    lan.follow(SEND)
    lan.press("Tiếp tục với những người đã chọn")
    lan.fill("Ngày", "03/11/2025")
    lan.fill("Số văn bản", "58-QĐ/ĐU")
    lan.press("Xét từng người")
    lan.press("Ghi những người hợp lệ (40)")
    lan.sees("Đã ghi cho 40 người.")
    sent = "SELECT count(*), min(document_number), max(document_number) FROM journal WHERE trigger = 'send_to_class'"
    assert sql(office.database, sent + " AND effective_on = '2025-11-03'") == [(40, "58-QĐ/ĐU", "58-QĐ/ĐU")]

    # The list comes back from the class: a code with a letter for a digit, and somebody who is far beyond a class.
    lines = [["TT", "Mã", "Họ và tên", "Số giấy chứng nhận"]]
    lines += [[str(n), code, name, f"{100 + n}/GCN"] for n, (code, name) in enumerate(people[:39], start=1)]
    lines += [["40", "PL-05", "", "140/GCN"]]
    lines[7][1] = "HV-O7"
    pasted = "\n".join("\t".join(line) for line in lines)
    lan.follow("Nhiều người")
    lan.follow(CERTIFY)
    lan.fill("Mỗi dòng một người", pasted)
    lan.press("Đọc bảng dán")
    lan.is_refused("Không có người mã «HV-O7»")
    assert [cells[0] for cells in lan.rows("Chỗ cần sửa")] == ["8"]
    lan.picture("dan-tu-excel")
    lan.fill("Mỗi dòng một người", pasted.replace("HV-O7", "HV-07"))
    lan.press("Đọc bảng dán")

    # A day that has not come is refused as a whole; then each has a verdict of their own.
    lan.fill("Ngày", "02/12/2025")
    lan.fill("Nơi cấp", "Trung tâm chính trị khu vực")
    lan.press("Xét từng người")
    lan.is_refused("02/12/2025")
    assert sql(office.database, "SELECT count(*) FROM journal WHERE document_number LIKE '%/GCN'") == [(0,)]
    lan.fill("Ngày", "28/11/2025")
    lan.press("Xét từng người")
    lan.is_refused("chưa ghi được")
    lan.page.locator(".kn-figure a").click()
    refused = lan.page.locator("#chua-ghi-duoc").inner_text()
    assert "PL-05" in refused
    assert "chỉ làm được từ: Cảm tình Đảng" in refused
    lan.picture("nhieu-nguoi")
    lan.press("Ghi những người hợp lệ (39)")
    lan.sees("Đã ghi cho 39 người.")
    left = lan.page.locator("table.kn-many tbody tr")
    assert left.count() == 1
    assert "PL-05" in left.inner_text()
    lan.picture("nhieu-nguoi-da-ghi")
    written = sql(
        office.database,
        "SELECT c.code, c.step, j.document_number, j.effective_on, j.recorded_by FROM journal j"
        " JOIN candidates c ON c.id = j.candidate_id WHERE j.document_number LIKE '%/GCN' ORDER BY c.code",
    )
    assert written == [
        (code, "da_hoc", f"{100 + n}/GCN", "2025-11-28", "lan") for n, (code, _) in enumerate(people[:39], start=1)
    ]
    assert sql(office.database, "SELECT step FROM candidates WHERE code IN ('HV-40', 'PL-05') ORDER BY code") == [
        ("cam_tinh",), ("du_bi",)
    ]  # fmt: skip


def test_d_a_unit_behind_until_its_case_closes(long_bien_on_sqlite: Office, officer: Callable[..., Officer]) -> None:
    office = long_bien_on_sqlite
    tick(office)
    lan = officer(office)
    lan.open("/").picture("hom-nay")
    lan.follow("vụ việc đang mở")
    lan.fill("Mã đơn vị (cả nhánh)", "LB-CS")
    lan.choose("Chỉ số", "Công đoàn cơ sở thành lập mới")
    lan.press("Lọc")
    lan.sees("Công đoàn cơ sở thành lập mới")
    lan.picture("leo-thang")
    lan.page.locator("td").get_by_role("link", name="Công đoàn cơ sở thành lập mới").click()
    lan.sees("Ban Chính sách – Pháp luật")
    lan.fill("Đơn vị hẹn xong ngày", "20/07/2020")
    lan.fill("Nội dung cam kết", "Thành lập thêm một công đoàn cơ sở tại cụm Phúc Lợi")
    lan.press("Ghi cam kết của đơn vị")
    lan.sees("Đã ghi cam kết của đơn vị.")
    lan.sees("Đơn vị cam kết đến hết 20/07/2020:")
    lan.picture("vu-viec")
    case = lan.page.url.partition("so=")[2]

    # Ten days later the unit reports another union: a row pasted into the import.
    office.today = date(2020, 7, 10)
    lan.follow("Nhập Excel")
    lan.unfold("Hoặc dán một bảng từ Excel")
    lan.choose("Bảng này (hoặc tệp .csv, .tsv) là", "Số liệu báo cáo")
    rows = [
        ("don_vi", "chi_so", "ky", "gia_tri", "ngay_bao_cao"),
        ("LB-CS", "unions_founded", "2020-07", "1", "10/07/2020"),
    ]
    lan.fill("Dán ở đây, có dòng tiêu đề", "\n".join("\t".join(row) for row in rows))
    lan.press("Xem trước")
    lan.press("Ghi vào sổ")
    lan.sees("Đã nhập tệp")

    lan.follow("Lượt chạy")
    lan.press("Làm ngay mọi việc đến hạn")
    lan.sees("Đã làm xong:")
    lan.open(f"/leo-thang/vu-viec?so={case}")
    lan.sees("Đã đóng ngày 10/07/2020: Đã bắt kịp tiến độ.")
    lan.picture("vu-viec-da-dong")
    closed = sql(office.database, "SELECT step, closed_on, result FROM cases WHERE id = :id", id=int(case))
    assert closed == [("da_dong", "2020-07-10", "caught_up")]
    lan.follow("Số liệu đơn vị")
    lan.sees("2/3")
    lan.picture("don-vi")


def test_e_the_quarter_is_closed_and_the_report_taken_along(
    long_bien_on_sqlite: Office, officer: Callable[..., Officer], tmp_path: Path
) -> None:
    office, unit, period = long_bien_on_sqlite, "LDLD-LB", "2020-Q2"
    office.today = date(2020, 7, 6)
    lan = officer(office)
    lan.follow("Kỳ báo cáo")
    lan.fill("Mã đơn vị", unit)
    lan.page.get_by_label("Kỳ", exact=True).select_option(period)
    lan.press("Xem báo cáo")

    def close() -> None:
        lan.press("Lập báo cáo chốt")
        lan.sees("Đã lập báo cáo để duyệt.")
        lan.fill("Người ký", "Nguyễn Thị Thanh Hương")
        lan.press("Duyệt và chốt")

    close()
    lan.is_refused("Kỳ 2020-Q1 của LDLD-LB chưa chốt")  # quarters are closed one after the other
    lan.follow("Đến kỳ 2020-Q1 để chốt trước")
    close()
    lan.sees("Đã chốt, bản 1.")
    lan.open(f"/ky-bao-cao?don_vi={unit}&ky={period}")
    lan.fill("Người ký", "Nguyễn Thị Thanh Hương")
    lan.press("Duyệt và chốt")
    lan.sees("Đã chốt, bản 1.")
    acts = sql(office.database, "SELECT event, hash, signer FROM closings WHERE period = :period", period=period)
    assert [(event, signer) for event, _, signer in acts] == [
        ("prepared", None),
        ("accepted", "Nguyễn Thị Thanh Hương"),
    ]
    frozen = acts[0][1][:16]  # of what was frozen; the paper carries it too
    lan.sees(f"mã kiểm {frozen}")
    lan.picture("ky-bao-cao")

    told = [row for row in report(office, unit, period)["rows"] if row["actual"]]
    assert len(told) > 10
    files = {}
    for words, form in (("Tải Excel", "xlsx"), ("Tải Word", "docx")):
        with lan.page.expect_download() as download:
            lan.follow(words)
        files[form] = tmp_path / f"bao-cao.{form}"
        download.value.save_as(files[form])
    book = openpyxl.load_workbook(files["xlsx"])
    lines = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    document = docx.Document(str(files["docx"]))
    printed = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    for row in told:
        there = [line for line in lines if row["label"] in line]
        if "numerator" in row:
            assert any(str(cell).startswith("=D") for line in there for cell in line), row  # made of the two above it
        else:
            assert any(row["actual"] in line for line in there), row
        assert any(row["label"] in line and row["text"] in line for line in printed), row
    assert any(f"mã kiểm {frozen}" in paragraph.text for paragraph in document.paragraphs)

    # Somebody was written down as sent to class who never was: the closed figure stays, the bridge tells.
    one = report(office, unit, period, people="sent")["people"][0]
    lan.open(f"/nguoi/ho-so/dinh-chinh?muc={one['entry']}")
    lan.unfold("Hủy hẳn mục này")
    lan.fill("Lý do hủy", "Ghi nhầm người cùng tên")
    lan.press("Xem trước khi hủy")
    lan.sees("số đã chốt giữ nguyên")
    lan.press("Hủy mục này")
    lan.sees("Đã ghi đính chính")
    lan.open(f"/ky-bao-cao?don_vi={unit}&ky={period}")
    lan.follow("Từ số đã chốt đến số hiện nay")
    moved = [cells for cells in lan.rows("Thay đổi từ khi chốt") if cells[1:] == ["42", "-1", "41"]]
    assert len(moved) == 1
    lan.picture("cau-noi")
