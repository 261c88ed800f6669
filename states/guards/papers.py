"""Papers: the certificate, the file, the documents, those who introduce."""

from __future__ import annotations

from datetime import date
from typing import cast

from states.calendar import add_months, age_months
from states.events import ALL_DOCUMENTS
from states.guards.verdict import (
    APPLICANT,
    PARTY_CELL,
    Scene,
    Verdict,
)
from states.regulations import IntroducerRow
from states.wording import Text


def certificate_valid(scene: Scene) -> Verdict | None:
    """The awareness certificate on the day considered, by the text in force that day (06-HD/TW 5.4b)."""
    issued = scene.way.certificate_on
    limit = scene.law.limit("certificate_valid_months", scene.on)
    if issued is None or limit.value is None or scene.on <= (last := add_months(issued, limit.value)):
        return None
    return Verdict(
        "certificate_expired",
        Text(
            "Giấy chứng nhận học lớp nhận thức về Đảng cấp ngày {issued} đã hết giá trị từ sau ngày {last}; phải học lại.",
            "The awareness certificate issued on {issued} was valid until {last}; the class must be taken again.",
        ),
        limit.citation,
        APPLICANT,
        None,
        {"issued": issued, "last": last},
    )


def file_valid(scene: Scene) -> Verdict | None:
    """The admission file on the day the chi bộ considers, by the text in force that day (06-HD/TW 5.4a)."""
    made = scene.way.file_on
    limit = scene.law.limit("file_valid_months", scene.on)
    if made is None or limit.value is None or scene.on <= (last := add_months(made, limit.value)):
        return None
    return Verdict(
        "file_stale",
        Text(
            "Hồ sơ làm ngày {made} đã quá hạn từ sau ngày {last}; phải làm lại bốn loại giấy tờ.",
            "The file made on {made} was good until {last}; the four papers must be redone.",
        ),
        limit.citation,
        PARTY_CELL,
        None,
        {"made": made, "last": last},
    )


def _missing_papers(scene: Scene, required: list[str], citation: str) -> Verdict | None:
    given = scene.event.data.get("documents", ())
    if scene.asking or ALL_DOCUMENTS in given:
        return None
    missing = [code for code in required if code not in given]
    if not missing:
        return None
    return Verdict(
        "missing_documents",
        Text("Thiếu tài liệu: {missing} [tai_lieu] (ghi «đủ» khi đã đủ).", "Missing documents: {missing}."),
        citation,
        APPLICANT,
        None,
        {"missing": ", ".join(missing)},
    )


def introducer_row(scene: Scene) -> IntroducerRow | None:
    """Who introduces on that day (294-QĐ/TW 3.1): the first row that fits; None where its facts are not known."""
    birth, unit, on = scene.person.birth, scene.way.unit_id, scene.on
    rows = cast("tuple[IntroducerRow, ...]", scene.law.choice("introducer_pattern", on).value)
    for row in rows:
        if row.max_age is not None:
            if birth is None:
                return None
            if age_months(birth, on) > row.max_age * 12:
                continue
        facts = [scene.units.attribute(unit, row.unit_has, on)] if row.unit_has else []
        facts += [scene.person.attribute(row.person_is, on)] if row.person_is else []
        if "0" in facts:
            continue
        return None if None in facts else row
    return None


def documents_complete(scene: Scene) -> Verdict | None:
    """The papers the case requires on the day the file is complete; Đoàn's or the union's resolution by who introduces."""
    choice = scene.law.choice("documents_admission", scene.on)
    row = introducer_row(scene)
    return _missing_papers(
        scene, [*cast("tuple[str, ...]", choice.value), *(row.documents if row else ())], choice.citation
    )


def papers_redone(scene: Scene) -> Verdict | None:
    """The papers that are redone when a file went stale (06-HD/TW 5.4a)."""
    choice = scene.law.choice("documents_refresh", scene.on)
    row = introducer_row(scene)
    return _missing_papers(
        scene, [*cast("tuple[str, ...]", choice.value), *(row.documents if row else ())], choice.citation
    )


def introducers_fit(scene: Scene) -> Verdict | None:
    """By age and organisations of the unit that day: Đoàn and one member, the union and one member, or two members."""
    if scene.asking:
        return None
    row = introducer_row(scene)
    citation = scene.law.choice("introducer_pattern", scene.on).citation
    if row and row.must_be and scene.person.attribute(row.must_be, scene.on) == "0":
        organisation = (
            Text("Đoàn viên", "a Youth Union member")
            if row.must_be == "doan_vien"
            else Text("đoàn viên công đoàn", "a union member")
        )
        return Verdict(
            "not_in_organisation",
            Text(
                "Người trong tuổi thanh niên ở đơn vị này phải là {organisation}.",
                "Of youth age in this unit one must be {organisation}.",
            ),
            citation,
            APPLICANT,
            None,
            {"organisation": organisation},
        )
    given = scene.event.data.get("introducers")
    needed = row.members if row else 1
    if given is None or given >= needed:
        return None
    return Verdict(
        "introducers_missing",
        Text(
            "Cần {needed} đảng viên chính thức giới thiệu, mới có {given} [nguoi_gioi_thieu].",
            "{needed} official members must introduce; {given} named.",
        ),
        citation,
        PARTY_CELL,
        None,
        {"needed": needed, "given": given},
    )


def introducers_together(scene: Scene) -> Verdict | None:
    """Introducer and applicant have been together for 12 months on the day the file is complete (294-QĐ/TW 3.2.1)."""
    since = scene.event.data.get("shared_since")
    limit = scene.law.limit("introducer_shared_months", scene.on)
    if since is None or limit.value is None:
        return None
    earliest = add_months(date.fromisoformat(since), limit.value)
    if scene.on >= earliest:
        return None
    return Verdict(
        "introducers_not_together",
        Text(
            "Người giới thiệu cùng công tác, sinh hoạt từ {since}, chưa đủ {months} tháng.",
            "Together since {since}: less than {months} months.",
        ),
        limit.citation,
        PARTY_CELL,
        earliest,
        {"since": date.fromisoformat(since), "months": limit.value},
    )
