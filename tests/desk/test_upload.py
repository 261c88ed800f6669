"""Nhập Excel through the real application: looking, mapping, mistakes, differences, writing, taking back; hostile files."""

import io
import re
import secrets
import subprocess
import sys
import tracemalloc
import zipfile
from contextlib import suppress
from http.client import HTTPConnection

import pytest
from openpyxl import load_workbook

from console.desk import upload
from procedures.show import list_candidates, show_candidate
from procedures.undo_import import show_imports
from procedures.verify import verify
from procedures.waiting_file import keep_file
from states.errors import BadInput
from tests.full_disk import counts, full
from tests.procedures.books import content as book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def at(desk_on_sqlite):
    desk_on_sqlite.sit("can_bo")
    return desk_on_sqlite


def send(at, content, name="so.xlsx", **more):
    return at.post("/nhap", more, files={"tep": (name, content, XLSX)})


def looked(at, content, name="so.xlsx", **more):
    """The page of a file that was taken in, and its token."""
    answer = send(at, content, name, **more)
    assert answer.status_code == 303, answer.text
    token = re.search(r"tep=([0-9a-f]{32})", answer.headers["location"])[1]
    return at.get(answer.headers["location"]), token


def waiting(at):
    folder = at.office.database.beside("uploads")
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def newcomers(*codes, unit="CB-01"):
    head = ["ma", "ho_ten", "ngay_sinh", "hoc_van", "don_vi"]
    return {"ung_vien": [head, *([code, f"Người {code}", "1995", "12/12", unit] for code in codes)]}


def test_a_file_is_looked_at_written_and_taken_back(desk):
    desk.sit("can_bo")
    seen, token = looked(desk, book(newcomers("N-1", "N-2")))
    assert seen.status_code == 200
    assert "N-1" in seen.text
    assert "mới" in seen.text
    assert list_candidates(desk.office)["items"] == [
        one for one in list_candidates(desk.office)["items"] if not one["code"].startswith("N-")
    ]
    done = desk.post("/nhap/ghi", {"tep": token})
    assert done.status_code == 303
    assert "/nhap/xong?so=" in done.headers["location"]
    assert waiting(desk) == []
    assert "Hoàn tác" in desk.get(done.headers["location"]).text
    assert show_candidate(desk.office, "N-1")["name"] == "Người N-1"
    number = done.headers["location"].rpartition("=")[2]
    before = desk.get("/nhap/hoan-tac", so=number)
    assert "2" in before.text
    assert desk.post("/nhap/hoan-tac", {"so": number, "ly_do": ""}).status_code == 400
    assert desk.post("/nhap/hoan-tac", {"so": number, "ly_do": "nhầm tệp"}).status_code == 303
    assert not [one for one in list_candidates(desk.office)["items"] if one["code"].startswith("N-")]
    assert "nhầm tệp" in desk.get("/nhap/xong", so=number).text
    assert desk.post("/nhap/hoan-tac", {"so": number, "ly_do": "lại"}).status_code == 409


def test_mistakes_are_shown_by_cell_with_the_rows_around(at):
    sheets = newcomers("N-1", "N-2", "N-3")
    sheets["ung_vien"][2][4] = "KHONG-CO"
    seen, token = looked(at, book(sheets))
    assert "KHONG-CO" in seen.text
    assert 'href="#ung_vien-3"' in seen.text
    assert 'id="ung_vien-3"' in seen.text
    assert "Người N-1" in seen.text
    assert at.post("/nhap/ghi", {"tep": token}).status_code == 400
    assert show_imports(at.office)["items"][0]["import"] == 1
    assert at.post("/nhap/bo", {"tep": token}).status_code == 303
    assert waiting(at) == []


def test_headings_of_ones_own_are_asked_once_and_remembered(at):
    rows = [["Mã số", "Họ và tên", "Ngày tháng năm sinh", "Thuộc chi bộ", "Ghi linh tinh"]]
    rows += [["N-9", "Người Chín", "02/03/1996", "CB-01", "bỏ"]]
    content = book({"Danh sách ứng viên": rows})
    seen, token = looked(at, content)
    assert "Tiêu đề nào là cột nào?" in seen.text
    assert re.search(r'<option value="ngay_sinh" selected>', seen.text)
    assert "Người Chín" in seen.text
    sheet = "Danh sách ứng viên"
    said = {"tep": token, f"sheet:{sheet}": "ung_vien"}
    for letter, column in zip("ABCDE", ("ma", "ho_ten", "ngay_sinh", "don_vi", ""), strict=True):
        said[f"cot:{letter}:{sheet}"] = column
    twice = at.post("/nhap/ghep", said | {f"cot:E:{sheet}": "ma"})
    assert twice.status_code == 400
    assert "cùng chỉ cột" in twice.text
    assert at.post("/nhap/ghep", said).status_code == 303
    assert "Ghi vào sổ" in at.get("/nhap/xem", tep=token).text
    assert at.post("/nhap/ghi", {"tep": token}).status_code == 303
    assert show_candidate(at.office, "N-9")["birth"] == "1996-03-02"
    again, _ = looked(at, content)
    assert "Tiêu đề nào là cột nào?" not in again.text
    assert "không có gì để ghi" in again.text


def test_a_pasted_table_and_a_csv(at):
    table = "ma\tho_ten\tngay_sinh\tdon_vi\r\nN-1\tNgười Một\t1990\tCB-01\r\n"
    assert at.post("/nhap", {"bang": table}).status_code == 400
    assert "Người Một" in at.post("/nhap", {"bang": table}).text
    answer = at.post("/nhap", {"bang": table, "sheet": "ung_vien"})
    assert answer.status_code == 303
    assert "N-1" in at.get(answer.headers["location"]).text
    csv = "ma;ho_ten;don_vi\nN-2;Người Hai;CB-01\n".encode("utf-8-sig")
    assert send(at, csv, "ds.csv").status_code == 400
    seen, token = looked(at, csv, "ds.csv", sheet="ung_vien")
    assert "N-2" in seen.text
    assert at.post("/nhap/ghi", {"tep": token}).status_code == 303
    assert show_imports(at.office)["items"][0]["file"] == "ds.csv"


def test_what_stands_is_told_against_what_the_file_says(at):
    shown = show_candidate(at.office, "PL-01")
    head = ["ma", "ho_ten", "don_vi", "nghe_nghiep"]
    seen, _ = looked(at, book({"ung_vien": [head, ["PL-01", "Tên Mới Hẳn", shown["unit"], "kỹ sư"]]}))
    assert shown["name"] in seen.text
    assert "Tên Mới Hẳn" in seen.text
    assert "kỹ sư" in seen.text


def test_only_its_sender_sees_a_waiting_file(at):
    _, token = looked(at, book(newcomers("N-1")))
    at.sit("can_bo", user="hoa")
    assert at.get("/nhap/xem", tep=token).status_code == 404
    assert at.post("/nhap/ghi", {"tep": token}).status_code == 404
    assert at.post("/nhap/bo", {"tep": token}).status_code == 303
    at.sit("bi_thu", "CB-01")
    assert at.get("/nhap").status_code == 403
    at.sit("can_bo")
    assert at.get("/nhap/xem", tep=token).status_code == 200
    assert at.get("/nhap/xem", tep="../../etc/passwd").status_code == 404
    folder = at.office.database.beside("uploads")
    assert oct(folder.stat().st_mode)[-3:] == "700"
    assert {oct(path.stat().st_mode)[-3:] for path in folder.iterdir()} == {"600"}


def test_files_nobody_came_back_for_go_after_a_day(at):
    import os
    import time

    _, token = looked(at, book(newcomers("N-1")))
    folder = at.office.database.beside("uploads")
    for path in folder.iterdir():
        os.utime(path, (time.time() - 25 * 3600,) * 2)
    assert "so.xlsx" not in at.get("/nhap").text
    assert waiting(at) == []
    assert at.get("/nhap/xem", tep=token).status_code == 404


# Hostile files --------------------------------------------------------------------------------------------------------


def repacked(content, change):
    """The same workbook with its parts changed: change(name, bytes) -> bytes or None (left out); then more parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return out.getvalue()


def refused(at, content, name="so.xlsx", words="", **more):
    """The file is not taken, its sender reads why; nothing of it is left and nothing is written."""
    answer = send(at, content, name, **more)
    assert answer.status_code == 400, answer.text[:2000]
    assert words in answer.text
    assert str(at.office.database.beside("uploads")) not in answer.text
    assert waiting(at) == []
    assert len(show_imports(at.office)["items"]) == 1


def test_a_password_an_old_kind_and_something_else(at):
    refused(at, b"\xd0\xcf\x11\xe0" + bytes(4000), words="mật khẩu")
    refused(at, b"\x89PNG\r\n" + bytes(4000), words="không phải là .xlsx")
    refused(at, b"MZ" + bytes(100), "virus.exe", words="không phải dạng đọc được")
    refused(at, b"", words="trống")
    refused(at, bytes(range(256)) * 20, "ds.csv", words="UTF-8", sheet="ung_vien")
    refused(at, b"PK\x03\x04" + bytes(3000), words="hỏng")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", "<x/>")
    refused(at, out.getvalue(), words="hỏng")


def with_strings(part):
    """A workbook whose shared strings are these bytes."""
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    told = b'<Relationship Id="strings" Type="%s" Target="/xl/sharedStrings.xml"/></Relationships>' % kind

    def change(name, data):
        if name == "xl/_rels/workbook.xml.rels":
            return re.sub(rb"<Relationship [^>]*sharedStrings[^>]*>", b"", data).replace(b"</Relationships>", told)
        return None if name == "xl/sharedStrings.xml" else data

    out = io.BytesIO(repacked(book(newcomers("N-1")), change))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/sharedStrings.xml", part)
    return out.getvalue()


def with_part(wanted, change):
    """A workbook one part of which is changed."""

    def changed(name, data):
        if wanted not in name:
            return data
        after = change(data)
        assert after != data
        return after

    return repacked(book(newcomers("N-1")), changed)


def many(unit, megabytes):
    """The same many times with something of its own in between: it packs as honest files may."""
    block = unit * (8192 // len(unit))
    return b"".join(
        block + b"<!--%s-->" % secrets.token_hex(40).encode() for _ in range((megabytes << 20) // len(block))
    )


BOMBS = {
    "a sheet of zeros": lambda: with_part("sheet1", lambda _: bytes(300 << 20)),
    "a text without end": lambda: with_strings(b"<sst><si><t>" + b"a" * (20 << 20) + b"</t></si></sst>"),
    "a cell without end": lambda: with_part(
        "sheet1", lambda data: data.replace(b"N-1</t>", b"a" * (20 << 20) + b"</t>")
    ),
    "a tag without end": lambda: with_part(
        "sheet1", lambda data: data.replace(b"<row", b"<row " + b"a" * (20 << 20), 1)
    ),
    "styles": lambda: with_part("styles", lambda _: b"<styleSheet>" + many(b"<a/>", 20) + b"</styleSheet>"),
}
READ = """
import resource, sys
from pathlib import Path
from procedures.sheet_rows import Issues, read_workbook
from states.errors import BadInput
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_workbook(Path(sys.argv[1]), Issues())
    said = "read"
except BadInput as failure:
    said = failure.say("vi")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10, said)
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb(at, tmp_path, name):
    bomb = BOMBS[name]()
    assert len(bomb) < 20 << 20
    (tmp_path / "bomb.xlsx").write_bytes(bomb)
    ran = subprocess.run(
        [sys.executable, "-c", READ, tmp_path / "bomb.xlsx"], capture_output=True, text=True, check=True, timeout=120
    )
    megabytes, _, said = ran.stdout.partition(" ")
    assert "quá lớn" in said
    assert int(megabytes) < 500
    refused(at, bomb, words="quá lớn")


def test_more_texts_than_any_sheet(at, monkeypatch):
    monkeypatch.setattr("procedures.shared_strings.MOST", 15_000)
    refused(at, with_strings(b"<sst>" + b"<si><t>ab</t></si>" * 20_000 + b"</sst>"), words="quá lớn")


def test_rows_without_end(at, monkeypatch):
    monkeypatch.setattr("procedures.sheet_reader.MOST_ROWS", 15_000)
    rows = b'<row><c t="b"><v>1</v></c></row>' * 20_000
    bomb = with_part("sheet1", lambda data: data.replace(b"</sheetData>", rows + b"</sheetData>"))
    seen, token = looked(at, bomb)  # the first rows are as they should be
    assert seen.status_code == 400
    assert "quá lớn" in seen.text
    assert at.post("/nhap/ghi", {"tep": token}).status_code == 400
    assert at.post("/nhap/bo", {"tep": token}).status_code == 303
    assert waiting(at) == []


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_entities(at, part):
    laugh = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    reads = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for declared in (laugh, reads, "<!--" + " " * 9000 + "-->" + laugh):

        def change(name, data, declared=declared):
            if name != part:
                return data
            _, _, rest = data.decode().partition("?>") if data.startswith(b"<?xml") else ("", "", data.decode())
            return f"{declared}{rest}".encode()

        refused(at, repacked(book(newcomers("N-1")), change), words="hỏng")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<c r="A2"', b'<c s="x" r="A2"'),
        (b'<c r="A2" t="inlineStr"><is><t>N-1</t></is></c>', b'<c r="A2" t="s"><v>x</v></c>'),
        (b'<c r="A2" t="inlineStr"><is><t>N-1</t></is></c>', b'<c r="A2" t="d"><v>x</v></c>'),
        (b'<row r="2"', b'<row r="x"'),
        (b"<worksheet", b'<?xml version="1.0" encoding="GB2312"?><worksheet'),
        (b"<worksheet", b'<?xml version="1.0" encoding="x-none"?><worksheet'),
    ],
)
def test_numbers_that_are_none_and_encodings_nobody_reads(at, old, new):
    def change(data):
        if b"encoding" in new and data.startswith(b"<?xml"):
            data = data.partition(b"?>")[2]
        return data.replace(old, new, 1)

    refused(at, with_part("sheet1", change), words="hỏng")


def test_an_entity_in_another_encoding(at):
    def change(name, data):
        if name != "xl/workbook.xml":
            return data
        text = data.decode().partition("?>")[2] if data.startswith(b"<?xml") else data.decode()
        return f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "ha">]>{text}'.encode("utf-16")

    refused(at, repacked(book(newcomers("N-1")), change), words="hỏng")


def test_macros_and_links_to_elsewhere_are_left_where_they_are(at):
    made = load_workbook(io.BytesIO(book(newcomers("N-1"))))
    out = io.BytesIO()
    made.save(out)
    content = repacked(out.getvalue(), lambda name, data: data)
    with zipfile.ZipFile(buffer := io.BytesIO(content), "a") as more:
        more.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 macros")
        more.writestr("xl/externalLinks/externalLink1.xml", '<externalLink xmlns="x"/>')
        more.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", '<Relationships xmlns="x"/>')
        more.writestr("../../../../tmp/ketnap-was-here", b"x")
    seen, _ = looked(at, buffer.getvalue(), "so.xlsm")
    assert seen.status_code == 200
    assert "N-1" in seen.text


def test_a_relation_that_leads_out_of_the_file(at):
    def change(name, data):
        return data.replace(b"/xl/worksheets/sheet1.xml", b"file:///etc/passwd") if name.endswith(".rels") else data

    refused(at, repacked(book(newcomers("N-1")), change), words="hỏng")


def test_a_formula_gives_what_was_computed_last(at):
    def change(name, data):
        if "sheet1" not in name:
            return data
        return data.replace(b'<c r="B2" t="inlineStr"><is><t>', b'<c r="B2" t="str"><f>A2</f><v>').replace(
            b"</t></is></c>", b"</v></c>", 1
        )

    def computed(name, data):
        if "sheet1" not in name:
            return data
        return re.sub(rb'<c r="B2"[^>]*>.*?</c>', b'<c r="B2" t="str"><f>CONCAT("a")</f><v>Tinh San</v></c>', data)

    def never(name, data):
        if "sheet1" not in name:
            return data
        return re.sub(rb'<c r="B2"[^>]*>.*?</c>', b'<c r="B2"><f>CONCAT("a")</f></c>', data)

    whole = book(newcomers("N-1"))
    seen, _ = looked(at, repacked(whole, computed))
    assert "Tinh San" in seen.text
    seen, _ = looked(at, repacked(whole, never))
    assert "công thức" in seen.text


def test_a_million_empty_rows(at):
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(10, 1_000_010))

    def change(name, data):
        return data.replace(b"</sheetData>", rows + b"</sheetData>") if "sheet1" in name else data

    seen, _ = looked(at, repacked(book(newcomers("N-1")), change))
    assert seen.status_code == 200
    assert "N-1" in seen.text


def test_two_hundred_megabytes(at, serve):
    at.get("/")
    answer = at.client.post("/nhap", headers={"content-length": str(200 << 20)}, content=b"x", follow_redirects=False)
    assert answer.status_code == 413
    assert "quá lớn (nhiều nhất 20 MB)" in answer.text
    address = serve(at.app).removeprefix("http://")
    connection = HTTPConnection(address, timeout=30)
    piece = bytes(1 << 20)
    sent = 0
    tracemalloc.start()
    connection.putrequest("POST", "/nhap")
    connection.putheader("Transfer-Encoding", "chunked")  # without a word on how much is coming
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.endheaders()
    with suppress(OSError):  # the server hangs up
        for _ in range(200):
            connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            sent += 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 120 << 20, peak
    with suppress(OSError):
        assert connection.getresponse().status == 413
    connection.close()
    assert waiting(at) == []
    with pytest.raises(BadInput, match="MB"):
        keep_file(at.office, "so.xlsx", io.BytesIO(bytes(21 << 20)))
    assert waiting(at) == []


def test_a_full_disk(at, monkeypatch):
    import builtins

    real = builtins.open

    class Full:
        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def write(self, data):
            self.file.write(data[:10])
            raise OSError(28, "No space left on device")

    def opened(file, mode="r", *args, **more):
        found = real(file, mode, *args, **more)
        return Full(found) if isinstance(file, int) and "w" in mode else found

    monkeypatch.setattr("procedures.waiting_file.open", opened, raising=False)
    answer = send(at, book(newcomers("N-1")))
    assert answer.status_code == 503
    assert "đã đầy" in answer.text
    assert waiting(at) == []


def test_no_room_for_the_database_when_a_file_is_applied(at):
    _, token = looked(at, book(newcomers(*(f"N-{n}" for n in range(300)))))
    database = at.office.database
    before = counts(database)
    with full(database):
        answer = at.post("/nhap/ghi", {"tep": token})
        assert answer.status_code == 503
        assert "Hết chỗ trên đĩa" in answer.text
        assert "Chưa ghi gì" in answer.text
        assert counts(database) == before
        assert at.get("/nhap").status_code == 200
        assert len(waiting(at)) == 2  # the file and whose it is: it need not be sent again
    assert at.post("/nhap/ghi", {"tep": token}).status_code == 303
    after = counts(database)
    assert (after["people"], after["journal"]) == (before["people"] + 300, before["journal"] + 300)
    assert waiting(at) == []
    assert verify(at.office)["ok"]


def test_no_room_where_uploads_are_spooled(at, monkeypatch):
    """Starlette keeps what is longer than a megabyte in the machine's temporary folder while it comes in."""
    monkeypatch.setenv("KETNAP_LOG", "")
    content = book(newcomers("N-1")) + bytes(2 << 20)
    before = counts(at.office.database)
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: open("/dev/full", "w+b", buffering=0))  # noqa: SIM115
    answer = send(at, content)
    assert answer.status_code in (503, 507)
    assert "chưa ghi gì" in answer.text
    assert counts(at.office.database) == before
    assert waiting(at) == []


def test_names_and_cells_with_script_are_words(at):
    bad = "<script>alert(1)</script>"
    sheets = newcomers("N-1")
    sheets["ung_vien"][1][1] = bad
    sheets["ung_vien"][0].append(bad)
    sheets[bad.replace("/", "").replace("<", "_")] = [[bad], ["x"]]
    seen, token = looked(at, book(sheets), f"{bad}.xlsx")
    assert "<script>alert" not in seen.text
    assert "&lt;script&gt;" in seen.text
    only = newcomers("N-2")
    only["ung_vien"][1][1] = bad
    seen, token = looked(at, book(only), '"><img src=x onerror=alert(1)>.xlsx')
    assert "<img" not in seen.text
    assert "<script>alert" not in seen.text
    done = at.post("/nhap/ghi", {"tep": token})
    assert done.status_code == 303
    for path in (done.headers["location"], "/nhap"):
        assert "<img src=x" not in at.get(path).text


def test_the_template_can_be_had(at):
    answer = at.get("/nhap/mau")
    assert load_workbook(io.BytesIO(answer.content)).sheetnames[0] == "don_vi"
    assert upload.PAGES[0].needs == "import"
