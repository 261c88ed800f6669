"""What letters say of cases, silent units and duties, what `why` tells of them, and what is held back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import insert

from procedures.case_acts import acknowledge_case, close_case, silence_case
from procedures.deliver import deliver
from procedures.escalate import escalate
from procedures.list_cases import list_cases
from procedures.notices import list_notices
from procedures.remind import remind
from procedures.silent_units import tell_silent_units
from procedures.why import why
from states.targets import Target
from store.figures import ReportedFigure
from store.targets import insert_targets
from tests.procedures.ledger_office import Ledger, text_of

DAY = "2020-06-30"
NOW = datetime(2020, 1, 1, tzinfo=UTC)
DUTY = """
indicators: {reviews: {label: Nhận xét, source: reported}}
duties:
  nhan_xet: {label: Nhận xét đảng viên, kinds: [chi_bo], every: year, due: "31/12", done_by: reviews, roles: [bi_thu], since: 2020-01-01}
"""


@pytest.fixture
def office(database, tmp_path):
    made = Ledger(database, tmp_path)
    made.unit("DU")
    made.unit("CB1", "DU")
    made.recipient("CB1", "cb1@example.test")
    made.recipient("DU", "du@example.test")
    with database.writing() as connection:
        insert_targets(connection, [Target(made.units["CB1"], "admitted", "2020", floor=Decimal(12))], NOW, "test")
    return made


def outbox(office):
    return [text_of(message) for message in office.outbox()]


def test_a_letter_says_the_figures_the_pace_and_what_is_to_be_done(office):
    escalate(office.on(DAY))
    assert deliver(office.on(DAY))["sent"] == 1
    (letter,) = outbox(office)
    for words in (
        "Đơn vị CB1 (CB1)", "case:1", "chậm chỉ tiêu «Kết nạp đảng viên» kỳ 2020", "0/12 (0%)",
        "đến 30/06/2020 theo tiến độ phải đạt 5,97, còn thiếu 5,97", "0 người đang trên đường",
        "tạo nguồn ngay", "cam kết ngày đạt tiến độ",
    ):  # fmt: skip
        assert words in letter
    escalate(office.on("2020-07-14"))
    deliver(office.on("2020-07-14"))
    assert "đề nghị cấp ủy cấp trên làm việc với đơn vị" in outbox(office)[1]


def test_why_tells_the_whole_story(office):
    escalate(office.on(DAY))
    acknowledge_case(office.on(DAY), "1", "kết nạp 6 người", date(2020, 7, 31))
    escalate(office.on("2020-08-03"))
    silence_case(office.on("2020-08-04"), "1", "dịch bệnh", date(2020, 8, 20))
    told = why(office.on("2020-08-05"), "case:1")
    assert (told["opened"]["expected"], told["opened"]["tolerance_percent"], told["opened"]["weeks"]) == (
        Decimal("5.97"), 10, 2,
    )  # fmt: skip
    assert told["next"]["step"] == "thuong_vu"
    assert (told["next"]["on"], told["next"]["told_unit"]) == (date(2020, 8, 31), "DU")
    story = "\n".join(told["explanation"])
    for words in (
        "đã làm 0/12; theo tiến độ phải đạt 5,97; cho phép thấp hơn 10%, dưới 5,373 là chậm",
        "30/06/2020 Đã nhắc đơn vị: 0/12, báo Bí thư của CB1 (cb1@example.test).",
        "30/06/2020 cam kết đến 31/07/2020: kết nạp 6 người (test ghi).",
        "03/08/2020 cam kết đến 31/07/2020 không giữ được: 0/12.",
        "03/08/2020 Đã báo cấp ủy cấp trên: 0/12, báo Bí thư, Cán bộ tổ chức của DU (du@example.test).",
        "Tạm dừng đến hết 20/08/2020: dịch bệnh.",
        "Tiếp theo: ngày 31/08/2020, nếu vẫn chậm, lên bậc «Đã báo ban thường vụ» (20 ngày làm việc sau bậc trước)",
    ):
        assert words in story
    close_case(office.on("2020-08-06"), "1", "giao lại chỉ tiêu")
    story = "\n".join(why(office.on("2020-08-06"), "case:1")["explanation"])
    assert "lý do: giao lại chỉ tiêu (test ghi)" in story
    assert "hoặc từ 04/11/2020 nếu vẫn chậm" in story


def test_a_bare_number_may_be_a_notice_and_a_case(office):
    escalate(office.on(DAY))
    told = why(office.on(DAY), "1")
    assert (told["what"], told["case"]["case"]) == ("notice", 1)
    assert "Vụ việc 1" in "\n".join(told["explanation"])


def test_nothing_planned_goes_out_during_a_silence(office):
    escalate(office.on(DAY))
    silence_case(office.on(DAY), "1", "dịch bệnh", date(2020, 7, 10))
    assert deliver(office.on(DAY))["sent"] == deliver(office.on("2020-07-10"))["sent"] == 0
    assert deliver(office.on("2020-07-13"))["sent"] == 1


@pytest.mark.parametrize("act", ["silence", "close"])
def test_a_letter_that_could_not_be_sent_is_taken_back(office, act):
    escalate(office.on(DAY))
    day = office.on(DAY)
    blocked = office.database.beside("outbox")
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("", encoding="utf-8")  # a file where the folder should be
    assert deliver(day)["failed"] == 1
    blocked.unlink()
    if act == "silence":
        silence_case(day, "1", "dịch bệnh", date(2020, 7, 10))
    else:
        close_case(day, "1", "xong")
    assert deliver(day)["sent"] == 0
    assert [state for (state,) in office.letters("state")] == ["withdrawn"]
    later = deliver(office.on("2020-07-13"))["sent"]
    assert later == (1 if act == "silence" else 0)


def test_silent_units_and_duties_are_told_in_the_same_letter(office):
    with office.database.writing() as connection:
        row = {"unit_id": office.units["DU"], "indicator": "dialogues", "period": "2018", "value": 1}
        row |= {"credited_unit_id": office.units["DU"], "recorded_at": NOW, "recorded_by": "test"}
        connection.execute(insert(ReportedFigure), [row])
    day = office.on("2020-12-01", DUTY)
    assert tell_silent_units(day)["notices"] == 1
    assert remind(day)["created"] == 1
    assert deliver(day)["sent"] == 2
    said = "\n".join(outbox(office))
    assert "đơn vị im lặng (Quý IV năm 2020)" in said
    assert "trong 6 tháng qua" in said
    assert "Nhận xét đảng viên, Năm 2020 · hạn 31/12/2020 · còn 30 ngày" in said
    labels = [one["label"] for one in list_notices(day)["items"]]
    assert labels == ["Nhận xét đảng viên, Năm 2020", "Đơn vị im lặng, Quý IV năm 2020"]
    for number in (1, 2):
        assert why(day, f"notice:{number}")["explanation"]


def test_the_list_shows_what_holds_a_case(office):
    escalate(office.on(DAY))
    acknowledge_case(office.on(DAY), "1", "kết nạp 6 người", date(2020, 7, 31))
    (case,) = list_cases(office.on(DAY), unit="DU")["items"]
    assert case["code"] == "case:1"
    assert case["commitment"]["until"] == date(2020, 7, 31)
    assert list_cases(office.on(DAY), unit="CB1")["items"] == [case]
