"""Letters: one digest a recipient and working day, never lost, never doubled, whatever crashes in between."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from procedures import channels
from procedures import deliver as deliver_module
from procedures.deliver import deliver
from procedures.office import Office
from procedures.remind import remind
from states.errors import Conflict
from store import letters
from store.database import Database
from tests.procedures.ledger_office import Ledger, text_of

NOTHING = {"sent": 0, "failed": 0, "withdrawn": 0, "unchanged": 0}
DAY = "2025-11-25"  # a Tuesday; clocks of 01/10/2025 are due on 03/12/2025


@pytest.fixture
def ledger(database: Database, tmp_path: Path) -> Ledger:
    ledger = Ledger(database, tmp_path)
    ledger.unit("DU")
    ledger.unit("CB1", "DU")
    ledger.unit("CB2", "DU")
    ledger.recipient("CB1", "bithu@cb.vn")
    ledger.recipient("CB2", "bithu@cb.vn")
    ledger.recipient("CB2", "capuy@cb2.vn", "cap_uy_phu_trach")
    return ledger


@pytest.fixture
def three(ledger: Ledger) -> Ledger:
    ledger.clock("A", "CB1", "admission_decision_wd", "2025-10-01")
    ledger.clock("B", "CB2", "admission_decision_wd", "2025-09-23")
    ledger.clock("C", "CB2", "ceremony_wd", "2025-10-22", "cho_le")
    return ledger


def reminded(ledger: Ledger, today: str = DAY) -> Office:
    office = ledger.on(today)
    remind(office)
    return office


def test_one_digest_a_recipient_and_a_second_run_does_nothing(three: Ledger) -> None:
    office = reminded(three)
    assert deliver(office) == NOTHING | {"sent": 2}
    assert deliver(office) == NOTHING | {"unchanged": 2}
    assert sorted(mail["To"] for mail in three.outbox()) == ["bithu@cb.vn", "capuy@cb2.vn"]
    assert {state for _, state in three.notices("threshold", "state") if state != "passed_over"} == {"sent"}


def test_the_digest_goes_by_unit_the_most_urgent_first(three: Ledger) -> None:
    deliver(reminded(three))
    mail = next(mail for mail in three.outbox() if mail["To"] == "bithu@cb.vn")
    text = text_of(mail)
    assert mail["Subject"] == "Nhắc việc ngày 25/11/2025: 3 việc"
    order = [text.index(word) for word in ("1. Đơn vị CB2 (CB2)", "- B ·", "- C ·", "2. Đơn vị CB1 (CB1)", "- A ·")]
    assert order == sorted(order)
    assert "B · Cấp ủy có thẩm quyền quyết định kết nạp · hạn 25/11/2025 · hôm nay là ngày cuối" in text
    assert "căn cứ: 294-QĐ/TW, 4.1" in text
    html = mail.get_body(("html",))
    assert html is not None
    assert "<h3>Đơn vị CB2 (CB2)</h3>" in html.get_content()


def test_the_files_name_is_the_message_id(three: Ledger) -> None:
    deliver(reminded(three))
    files = sorted(three.database.beside("outbox").glob("*"))
    assert sorted(f"{row[0]}.eml" for row in three.letters("message_id")) == [file.name for file in files]
    for file in files:
        assert (
            message_from_bytes(file.read_bytes(), policy=default)["Message-ID"] == f"<{file.name.removesuffix('.eml')}>"
        )


def test_what_comes_up_later_on_the_same_day_goes_in_a_second_part(three: Ledger) -> None:
    deliver(reminded(three))
    three.clock("D", "CB1", "admission_decision_wd", "2025-10-01")
    assert deliver(reminded(three)) == NOTHING | {"sent": 1, "unchanged": 2}
    assert three.letters("recipient", "part")[-1] == ("bithu@cb.vn", 2)


def test_on_a_day_off_what_was_missed_goes_under_the_working_day_before(three: Ledger) -> None:
    deliver(reminded(three, "2025-11-29"))  # a Saturday
    assert {row[0] for row in three.letters("day")} == {date(2025, 11, 28)}


def test_a_notice_planned_for_a_later_day_waits_when_the_business_day_went_back(three: Ledger) -> None:
    reminded(three)
    assert deliver(three.on("2025-11-14")) == NOTHING | {"sent": 0}
    assert deliver(three.on(DAY))["sent"] == 2


def test_a_clock_that_stopped_before_the_letter_went_is_not_told(ledger: Ledger) -> None:
    clock = ledger.clock("A", "CB1", "admission_decision_wd", "2025-10-01")
    office = reminded(ledger)
    ledger.change(clock, state="met", stopped_on=date(2025, 11, 25))
    assert deliver(office) == NOTHING
    assert list(ledger.outbox()) == []


def test_channels_switched_off_leave_everything_planned(three: Ledger) -> None:
    office = reminded(three)
    off = three.on(DAY, "channels:\n  outbox: {enabled: false}\n")
    assert deliver(off) == NOTHING
    assert deliver(office)["sent"] == 2


def test_no_name_of_a_person_leaves_with_a_letter(ledger: Ledger) -> None:
    helper = "Trần Thị Giúp Đỡ"
    ledger.recipient("CB1", "giupdo@cb.vn", "nguoi_giup_do", helper)
    ledger.clock("A", "CB1", "admission_decision_wd", "2025-10-01")
    deliver(reminded(ledger))
    assert all(helper not in text_of(mail) for mail in ledger.outbox())


# Crashes ---------------------------------------------------------------------------------------------------------


class Crash(BaseException):
    """The process is gone."""


def crash(*args: object, **kwargs: object) -> Any:
    raise Crash


def after(function: Any) -> Any:
    def crashing(*args: object, **kwargs: object) -> Any:
        function(*args, **kwargs)
        raise Crash

    return crashing


POINTS = {
    "before reserving": (deliver_module, "_reserve", crash),
    "after reserving": (deliver_module, "_reserve", after(deliver_module._reserve)),
    "before the file": (channels, "write_whole", crash),
    "after the first file": (channels, "write_whole", after(channels.write_whole)),
    "before confirming": (deliver_module, "_confirm", crash),
    "after confirming": (deliver_module, "_confirm", after(deliver_module._confirm)),
}


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_any_point_neither_loses_nor_doubles(
    three: Ledger, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = reminded(three)
    with monkeypatch.context() as patch:
        patch.setattr(*POINTS[point])
        with pytest.raises(Crash):
            deliver(office)
    before = {file.name: file.read_bytes() for file in three.database.beside("outbox").glob("*.eml")}
    remind(office)
    deliver(office)
    files = {file.name: file.read_bytes() for file in three.database.beside("outbox").glob("*")}
    assert len(files) == 2
    assert before.items() <= files.items()
    assert three.letters("state") == [("sent",), ("sent",)]
    assert sum(text_of(mail).count(" · hạn ") for mail in three.outbox()) == 5
    assert deliver(office) == NOTHING | {"unchanged": 2}


def test_what_stopped_between_a_crash_and_the_next_run_is_not_sent(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ledger.clock("A", "CB1", "admission_decision_wd", "2025-10-01")
    office = reminded(ledger)
    with monkeypatch.context() as patch:
        patch.setattr(channels, "write_whole", crash)
        with pytest.raises(Crash):
            deliver(office)
    ledger.change(clock, state="met", stopped_on=date(2025, 11, 25))
    assert deliver(office) == NOTHING | {"withdrawn": 1}
    assert (list(ledger.outbox()), ledger.letters("state")) == ([], [("withdrawn",)])


KILLED = """
    import os, sys
    from datetime import date
    import config
    from pathlib import Path
    from procedures import channels
    from procedures.deliver import deliver
    from procedures.office import Office
    from store.database import Database

    written = []
    whole = channels.write_whole

    def write_and_wait(file, content):
        whole(file, content)
        written.append(file)
        if len(written) == 5:
            print("five", flush=True)
            sys.stdin.read()

    channels.write_whole = write_and_wait
    settings = config.load(Path(sys.argv[2]))
    office = Office(
        settings, Database(sys.argv[1]), date(2025, 11, 25), "test", "vi", settings.law(), settings.make_calendar()
    )
    deliver(office)
"""


def test_a_process_killed_in_the_midst_of_sending_neither_loses_nor_doubles(
    sqlite_database: Database, tmp_path: Path
) -> None:
    ledger = Ledger(sqlite_database, tmp_path)
    for number in range(12):
        ledger.unit(f"U{number}")
        ledger.recipient(f"U{number}", f"bithu@u{number}.vn")
        ledger.clock(f"P{number}", f"U{number}", "admission_decision_wd", "2025-10-01")
    office = reminded(ledger)
    script = tmp_path / "killed.py"
    script.write_text(textwrap.dedent(KILLED), encoding="utf-8")
    command = [sys.executable, str(script), f"sqlite:///{sqlite_database.path}", str(tmp_path / "config.yaml")]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"five\n"
        process.send_signal(signal.SIGKILL)
    before = {file.name: file.stat().st_mtime_ns for file in sqlite_database.beside("outbox").glob("*.eml")}
    assert len(before) == 5
    assert deliver(office) == NOTHING | {"sent": 12}
    now = {file.name: file.stat().st_mtime_ns for file in sqlite_database.beside("outbox").glob("*")}
    assert len(now) == 12
    assert before.items() <= now.items()
    assert sorted(mail["To"] for mail in ledger.outbox()) == sorted(f"bithu@u{number}.vn" for number in range(12))


# Channels that leave the machine ---------------------------------------------------------------------------------


class PostOffice:
    """Takes letters, or refuses those to `closed` addresses."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []
        self.closed: set[str] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.closed:
            return "550 closed"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        body = mail.get_body(("plain", "html"))  # type: ignore[attr-defined]
        self.taken.append((envelope.rcpt_tos[0], f"{mail['Subject']}\n{body.get_content()}"))
        return "250 OK"


@pytest.fixture
def post_office() -> Iterator[tuple[PostOffice, int]]:
    handler = PostOffice()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


def by_mail(port: int) -> str:
    url = f"mailto://127.0.0.1:{port}?from=ketnap@example.org&to={{address}}&mode=insecure"
    return f'channels:\n  email: {{enabled: true, url: "{url}"}}\n'


def test_mail_carries_counts_codes_and_a_link(three: Ledger, post_office: tuple[PostOffice, int]) -> None:
    handler, port = post_office
    remind(three.on(DAY))
    assert deliver(three.on(DAY, by_mail(port))) == NOTHING | {"sent": 2}
    assert sorted(address for address, _ in handler.taken) == ["bithu@cb.vn", "capuy@cb2.vn"]
    text = dict(handler.taken)["bithu@cb.vn"]
    assert "3 việc đến hạn hoặc quá hạn: B, C, A" in text
    assert "http://127.0.0.1:" in text
    assert "Đơn vị" not in text


def test_a_failed_channel_is_tried_again_and_the_outbox_is_not_doubled(
    three: Ledger, post_office: tuple[PostOffice, int]
) -> None:
    handler, port = post_office
    handler.closed = {"capuy@cb2.vn"}
    office = three.on(DAY, by_mail(port))
    remind(office)
    assert deliver(office) == NOTHING | {"sent": 1, "failed": 1}
    files = {file.name: file.stat().st_mtime_ns for file in three.database.beside("outbox").glob("*")}
    assert sorted(three.letters("state", "failure")) == [("failed", "email: refused"), ("sent", None)]
    handler.closed = set()
    assert deliver(office) == NOTHING | {"sent": 1, "unchanged": 1}
    assert {file.name: file.stat().st_mtime_ns for file in three.database.beside("outbox").glob("*")} == files
    assert sorted(address for address, _ in handler.taken) == ["bithu@cb.vn", "capuy@cb2.vn"]
    assert three.letters("state", "failure") == [("sent", None), ("sent", None)]


def test_a_folder_that_cannot_be_written_is_a_failed_letter_tried_again(
    three: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    office = reminded(three)
    with monkeypatch.context() as patch:
        patch.setattr(channels, "write_whole", full)
        assert deliver(office) == NOTHING | {"failed": 2}
    assert {row[0] for row in three.letters("failure")} == {"outbox: OSError 28"}
    assert deliver(office) == NOTHING | {"sent": 2}


# Two at once ------------------------------------------------------------------------------------------------------


def test_two_deliveries_at_once_send_every_letter_once(three: Ledger, post_office: tuple[PostOffice, int]) -> None:
    handler, port = post_office
    office = three.on(DAY, by_mail(port))
    remind(office)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: deliver(office), range(2)))
    assert sorted(result["sent"] for result in results) == [0, 2]
    assert sorted(address for address, _ in handler.taken) == ["bithu@cb.vn", "capuy@cb2.vn"]


def test_a_delivery_that_goes_on_too_long_is_a_conflict(three: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "PATIENCE", 1)
    office = reminded(three)
    with letters.delivering(three.database), pytest.raises(Conflict):
        deliver(office)
    assert deliver(office)["sent"] == 2
