"""The ladder checked: every rung of every unit with a target reaches somebody, or the hole is named."""

from datetime import date

import pytest
from sqlalchemy import select

from config.settings import ChannelSettings
from procedures.escalate import escalate
from procedures.ladder import check_ladder
from store.notices import Notice
from tests.procedures.district import District

DAY = date(2020, 6, 30)
OUTBOX = {"outbox": ChannelSettings(kind="folder", enabled=True)}


@pytest.fixture
def district(database):
    made = District(database)
    made.unit("LB")
    made.unit("A", "LB")
    made.unit("B", "LB")
    made.target("A", "dialogues", "2020", 100)
    for unit, role in (("A", "bi_thu"), ("LB", "bi_thu"), ("LB", "thuong_vu")):
        made.recipient(unit, role, f"{unit}.{role}@example.test")
    return made


def check(district, **changes):
    return check_ladder(district.office(DAY, **changes))


def holes(result):
    return [(one["unit"], one["step"], one["told_unit"], one["roles"]) for one in result["problems"]]


def test_a_ladder_that_reaches_everybody(district):
    assert check(district) == {
        "ok": True, "version": "1", "units": 1, "rungs": 3, "problems": [], "roots": [], "notes": [],
    }  # fmt: skip


def test_every_hole_is_named(district):
    district.target("B", "dialogues", "2020-Q3", 9)  # a period to come
    district.unit("C", "B")
    district.target("C", "dialogues", "2020", 5)
    assert holes(check(district)) == [
        ("B", "nhac", "B", ["bi_thu"]),
        ("C", "nhac", "C", ["bi_thu"]),
        ("C", "cap_tren", "B", ["bi_thu", "can_bo_to_chuc"]),
        ("C", "thuong_vu", "B", ["thuong_vu"]),
    ]
    assert check(district)["ok"] is False


def test_what_is_over_or_ended_is_not_asked_about(district):
    district.target("B", "dialogues", "2020-Q1", 9)
    district.unit("C", "B")
    district.target("C", "dialogues", "2020", 5)
    district.unit("C", "B", on=date(2020, 5, 1), ended=True)
    assert check(district)["ok"]


def test_a_root_is_told_itself(district):
    district.target("LB", "dialogues", "2020", 300)
    result = check(district)
    assert (result["ok"], result["roots"]) == (True, ["LB"])
    assert "LB" in result["notes"][0]
    escalate(district.office(DAY))
    escalate(district.office(date(2020, 7, 14)))
    n = Notice.__table__.c
    with district.database.reading() as connection:
        told = connection.execute(
            select(n.recipient).where(n.subject.like("case:%:cap_tren"), n.unit_id == district.units["LB"])
        )
        assert [row[0] for row in told] == ["LB.bi_thu@example.test"]


def test_units_a_rule_may_give_a_target_are_asked_about(district, tmp_path):
    (tmp_path / "config.yaml").write_text(
        "target_rules:\n  moi: {label: Mỗi chi bộ một người, kinds: [chi_bo], indicator: admitted, floor: 1, from: 2020-01-01}\n",
        encoding="utf-8",
    )
    result = check_ladder(district.office(DAY, tmp_path / "config.yaml"))
    assert result["units"] == 3  # all are of that kind
    assert holes(result) == [("B", "nhac", "B", ["bi_thu"])]


@pytest.mark.parametrize(
    ("channels", "ok"),
    [
        (OUTBOX, True),
        ({"outbox": ChannelSettings(kind="folder", enabled=False)}, False),
        ({"mail": ChannelSettings(kind="apprise", enabled=True, url="mailto://u:p@host/?to={address}")}, True),
        ({"board": ChannelSettings(kind="apprise", enabled=True, url="json://localhost")}, True),
    ],
)
def test_a_recipient_needs_a_channel(district, channels, ok):
    assert check(district, channels=channels)["ok"] is ok


def test_an_address_a_channel_cannot_deliver_to_is_a_hole(district):
    district.target("B", "dialogues", "2020", 9)
    district.recipient("B", "bi_thu", "phòng 12")
    mail = {"mail": ChannelSettings(kind="apprise", enabled=True, url="mailto://u:p@host/?to={address}")}
    assert holes(check(district, channels=mail)) == [("B", "nhac", "B", ["bi_thu"])]
    assert check(district, channels=OUTBOX)["ok"]
