"""What the page about one person says: where they stand, what happened, what runs, why not yet, which papers, each step's form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from html import unescape

import pytest

from procedures.office import Office
from procedures.show import show_candidate
from procedures.step_form import step_form
from states.events import ALL_DOCUMENTS, FIELDS
from states.membership import OPEN_LABEL, PROCESS
from states.steps import GOING, STAGE_LABELS, STAGE_OF
from store.database import Database
from tests.desk.conftest import Desk, desk_of
from tests.desk.reading import words
from tests.procedures.village import Village

D = date
HERE, STEP = "/nguoi/ho-so", "/nguoi/ho-so/buoc"
ZONE = timezone(timedelta(hours=7))
ALWAYS = {"on", "document_number", "document_date", "note"}  # every trigger takes them
CARRIED = {"ma", "viec", "phien", "csrftoken", "lam"}
OFFERED = {"ngoai_le", "irregular"}  # only where a rule may be overridden for a reason

TRIGGERS = [row.trigger for row in PROCESS.values() if not row.automatic]


@pytest.fixture
def village(sqlite_database: Database) -> Village:
    return Village(sqlite_database, D(2026, 1, 5))


def at_desk(village: Village, today: date | None = None) -> Desk:
    return desk_of(village.office(today))


def card(page: str, name: str) -> str:
    """One card of the page, by its id."""
    found = re.findall(rf'<section[^>]*aria-labelledby="{name}[^>]*>.*?</section>', page, re.DOTALL)
    assert found, name
    return str(found[0])


def now(page: str) -> list[str]:
    """The names of the stages the bar says one stands in."""
    bar = page.partition('<nav class="kn-stages"')[2].partition("</nav>")[0]
    return [words(one) for one in re.findall(r'<li[^>]*aria-current="step"[^>]*>(.*?)</li>', bar, re.DOTALL)]


class TestStageBar:
    @pytest.mark.parametrize("step", GOING)
    def test_the_stage_of_every_step(self, village, step):
        village.open("A1", step=step, day=D(2025, 12, 1))
        assert now(at_desk(village).get(HERE, ma="A1").text) == [STAGE_LABELS[STAGE_OF[step]].vi]

    @pytest.mark.parametrize("trigger", ["delist", "withdraw", "transfer_out", "die"])
    def test_who_left_stands_at_the_end(self, village, trigger):
        village.open("A1", step="cam_tinh", day=D(2025, 12, 1))
        village.step("A1", trigger, D(2025, 12, 8), note="Lý do", document_number="1-QĐ")
        page = at_desk(village).get(HERE, ma="A1").text
        assert now(page) == [STAGE_LABELS["ket_thuc"].vi]
        assert now(at_desk(village).get(HERE, ma="A1", ngay="05/12/2025").text) == [STAGE_LABELS["cam_tinh"].vi]

    def test_a_probation_that_is_over_is_still_probation(self, desk):
        desk.office.today = D(2026, 2, 2)
        page = desk.get(HERE, ma="PL-05").text
        assert now(page) == ["Đảng viên dự bị"]
        assert "Đến hạn xét chính thức" in card_of_standing(page)


def card_of_standing(page: str) -> str:
    return words(page.partition('class="kn-here"')[2].partition("</p>")[0])


def test_the_timeline_says_who_when_document_and_text(desk):
    with desk.office.database.reading() as connection:
        stored = connection.exec_driver_sql(
            "SELECT k.code, j.sequence, j.trigger, j.effective_on, j.recorded_by, j.recorded_at, j.document_number,"
            " j.document_date, j.text_applied FROM journal j JOIN candidates k ON k.id = j.candidate_id ORDER BY 1, 2"
        ).all()
    titles = {one.code: one.title.vi for one in desk.office.law.profiles}
    pages = {code: desk.get(HERE, ma=code).text for code in sorted({row[0] for row in stored})}
    for page in pages.values():
        assert "Đính chính" in page
    for code, sequence, trigger, on, by, at, document, dated, text in stored:
        timeline = pages[code].partition('class="kn-timeline"')[2].partition("</ol>")[0]
        (said,) = [words(one) for one in timeline.split("<li")[1:] if f"{code}:{sequence}<" in one]
        recorded = datetime.fromisoformat(str(at))
        recorded = (recorded if recorded.tzinfo else recorded.replace(tzinfo=UTC)).astimezone(ZONE)
        assert f"{by} ghi lúc {recorded:%H:%M %d/%m/%Y}" in said
        assert (PROCESS[trigger].label if trigger in PROCESS else OPEN_LABEL).vi in said
        assert titles[text] in said
        if on is not None:
            assert f"{D.fromisoformat(str(on)):%d/%m/%Y}" in said
        if document:
            assert f"Văn bản {document}" in said
        if dated:
            assert f"ngày {D.fromisoformat(str(dated)):%d/%m/%Y}" in said


def test_a_running_limit_shows_its_sum(village):
    """As the issue writes it: the first day, what is added, every day off that is passed over, the due day."""
    village.open("A1", step="cho_chi_bo", day=D(2026, 3, 2), birth="1990-05", hoc_van="dai_hoc", today=D(2026, 3, 16))
    village.step("A1", "cell_vote", D(2026, 3, 16), D(2026, 3, 16), summoned=9, in_favour=9, document_number="1-NQ",
                 irregular="Sổ cũ")  # fmt: skip
    page = at_desk(village, D(2026, 3, 16)).get(HERE, ma="A1").text
    (said,) = re.findall(r'<div class="kn-sum-line">(16/03/2026 \+ .*?ngày làm việc.*?)</div>', page)
    told = re.fullmatch(
        r"16/03/2026 \+ (\d+) ngày làm việc, trừ (\d+) ngày cuối tuần, (.*) = (\d\d/\d\d/\d{4})", unescape(said)
    )
    assert told is not None, said
    days, weekend, off, due = int(told[1]), int(told[2]), told[3], datetime.strptime(told[4], "%d/%m/%Y").date()  # noqa: DTZ007
    assert "30/4" in off
    assert "1/5" in off
    length = (due - D(2026, 3, 16)).days
    assert weekend == sum((D(2026, 3, 16) + timedelta(days=n)).weekday() > 4 for n in range(1, length + 1))
    passed = re.findall(r"\d+(?:–\d+)?/\d+", off)
    assert length == days + weekend + sum(_length(one) for one in passed)
    with village.database.reading() as connection:
        stored = connection.exec_driver_sql("SELECT due_on FROM clocks WHERE key = 'admission_decision_wd'").scalar()
    assert str(stored) == due.isoformat()


def _length(span: str) -> int:
    first, _, last = span.partition("/")[0].partition("–")
    return int(last or first) - int(first) + 1


class TestNotYet:
    def test_how_old_one_must_be_and_from_when(self, village):
        village.open("A1", step="cho_chi_bo", day=D(2025, 12, 1), birth="2008-03-20", hoc_van="dai_hoc")
        page = at_desk(village).get(HERE, ma="A1").text
        refused = page.partition('class="kn-refused"')[2].partition("</section>")[0]
        assert "Sớm nhất: 01/03/2026" in words(refused)

    @pytest.mark.parametrize("step", GOING)
    def test_every_verdict_of_every_step_that_is_not_open(self, village, step):
        village.open("A1", step=step, day=D(2025, 12, 1), birth="2008-03-20")
        desk = at_desk(village)
        page = desk.get(HERE, ma="A1").text
        refused = page.partition('class="kn-refused"')[2].partition("</section>")[0]
        rows = {
            words(one.partition("<ul")[0]): words(one) for one in refused.split('<span class="kn-refused-head">')[1:]
        }
        found = show_candidate(desk.office, "A1")["next"]
        for row in found:
            head = [said for name, said in rows.items() if name.startswith(row["label"])]
            assert bool(head) is not row["allowed"], row["trigger"]
            for verdict in row["verdicts"]:
                assert words(verdict["reason"]).casefold() in head[0].casefold()
                assert verdict["citation"] in head[0]
                assert verdict["earliest"] is None or f"Sớm nhất: {verdict['earliest']:%d/%m/%Y}" in head[0]
                assert f"Ai bổ sung: {verdict['who']}" in head[0]

    def test_there_are_several_verdicts_of_one_step(self, village):
        village.open("A1", step="cho_chi_bo", day=D(2025, 12, 1), birth="2008-03-20", hoc_van="tieu_hoc")
        (vote,) = [row for row in show_candidate(village.office(), "A1")["next"] if row["trigger"] == "cell_vote"]
        assert len(vote["verdicts"]) > 1
        assert [one["earliest"] for one in vote["verdicts"] if one["earliest"]] == [D(2026, 3, 1)]


class TestPapers:
    def badges(self, village: Village, today: date) -> dict[str, str]:
        """paper -> what its badge says."""
        page = at_desk(village, today).get(HERE, ma="A1").text
        lists = page.partition('id="papers"')[2].partition("<h3")[0]
        rows = re.findall(r'<li><span class="badge[^"]*">(.*?)</span><div><strong>(.*?)</strong>', lists, re.DOTALL)
        return {words(name): words(state) for state, name in rows}

    def test_there_expired_and_missing(self, village):
        certificate = "Giấy chứng nhận lớp bồi dưỡng nhận thức về Đảng"
        village.open("A1", step="cam_tinh", day=D(2024, 1, 2), birth="1990-05", hoc_van="dai_hoc")
        assert self.badges(village, D(2024, 2, 1))[certificate] == "chưa đến lúc"
        village.step(
            "A1", "certify_class", D(2024, 2, 1), D(2024, 2, 1), document_number="7-GCN", document_date=D(2024, 2, 1)
        )
        village.step("A1", "open_file", D(2024, 3, 1), D(2024, 3, 1), document_number="8-CV")
        found = self.badges(village, D(2024, 3, 1))
        assert found[certificate] == "có"
        assert found["Hồ sơ xin vào Đảng"] == "còn thiếu"
        limit = village.clock("A1", "certificate_valid_months")["due_on"]
        assert self.badges(village, limit)[certificate] == "có", "the due day itself is in time"
        assert self.badges(village, limit + timedelta(days=1))[certificate] == "hết giá trị"
        page = at_desk(village, limit).get(HERE, ma="A1").text
        assert f'có giá trị đến <span class="kn-day">{limit:%d/%m/%Y}</span>' in page

    def test_the_documents_of_the_file_one_by_one(self, village):
        village.open("A1", step="lap_ho_so", day=D(2025, 11, 3), birth="1990-05", hoc_van="dai_hoc")
        codes = village.office().law.document_codes()
        village.step("A1", "complete_file", D(2025, 12, 1), documents=codes[0], introducers="Một; Hai",
                     shared_since="01/01/2020", irregular="Sổ cũ")  # fmt: skip
        page = at_desk(village).get(HERE, ma="A1").text
        states = re.findall(
            r'<li><span class="badge[^"]*">(.*?)</span><div>[^<]* <span class="kn-code">(.*?)</span>', page
        )
        said = {code: words(state) for state, code in states}
        assert said.pop(codes[0]) == "có"
        assert said
        assert set(said.values()) == {"còn thiếu"}


class TestForm:
    """A step's form asks exactly what the step records, whatever the step."""

    @pytest.mark.parametrize("trigger", TRIGGERS)
    def test_its_fields_are_what_the_table_says(self, desk_on_sqlite, trigger):
        records = PROCESS[trigger].records
        names = set(posted(desk_on_sqlite.get(STEP, ma="PL-02", viec=trigger).text)) - CARRIED - OFFERED
        boxes = {name for name in names if "." in name}
        assert names - boxes == ALWAYS | {name for name in records if FIELDS[name].kind != "codes"}
        codes = {ALL_DOCUMENTS, *desk_on_sqlite.office.law.document_codes()}
        assert boxes == {f"{name}.{code}" for name in records if FIELDS[name].kind == "codes" for code in codes}

    @pytest.mark.parametrize("trigger", TRIGGERS)
    def test_every_field_has_its_label_and_says_when_it_must_be_filled(self, desk_on_sqlite, trigger):
        page = desk_on_sqlite.get(STEP, ma="PL-02", viec=trigger).text
        form = page.partition('class="kn-form')[2].partition("</form>")[0]
        for field in step_form(desk_on_sqlite.office.for_actor(desk_on_sqlite.provider.actor, "vi"), trigger).fields:
            assert field.label in unescape(form)
            tags = re.findall(rf'<(?:input|select|textarea)[^>]*name="{field.name}"[^>]*>', form)
            assert [tag for tag in tags if field.required and " required" not in tag] == []
            if field.kind != "codes":
                assert tags


def posted(page: str) -> Iterator[str]:
    """The names a step's form posts."""
    form = page.partition('class="kn-form')[2].partition("</form>")[0]
    return iter(re.findall(r'<(?:input|select|textarea|button)[^>]*\bname="([^"]+)"', form))


def test_an_office_shows_the_day_it_is_looked_at(six_on_sqlite: Office) -> None:
    """Of a day gone by: the stage, the limits that ran then, and nothing recorded for a later day."""
    page = desk_of(six_on_sqlite).get(HERE, ma="PL-02", ngay="01/06/2024").text
    assert now(page) == ["Cảm tình Đảng"]
    timeline = page.partition('class="kn-timeline"')[2].partition("</ol>")[0]
    days = [
        D(int(y), int(m), int(d))
        for d, m, y in re.findall(r'<span class="kn-day">(\d\d)/(\d\d)/(\d{4})</span> <strong>', timeline)
    ]
    assert days
    assert max(days) <= D(2024, 6, 1)
