"""Roll-ups: equal to a brute-force count of live entries, equal to reports, written once."""

from datetime import date, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from procedures.report import report
from procedures.roll_up import open_periods, roll_up
from store.roll_ups import load_roll_ups
from tests.procedures.district import District, rows_of

DAY = date(2020, 6, 30)
UNITS = ["U0", "U1", "U2", "U3", "U4"]
PARENTS = {"U0": None, "U1": "U0", "U2": "U0", "U3": "U1", "U4": None}
COUNTED = {
    "introduced": ("nominate", None),
    "admitted": ("hold_ceremony", None),
    "recognised": ("decide_recognition", "chinh_thuc"),
    "class": ("certify_class", None),
}

entries = st.tuples(
    st.sampled_from([trigger for trigger, _ in COUNTED.values()] + ["assign_helper"]),
    st.integers(-100, 100).map(lambda days: DAY - timedelta(days=60) + timedelta(days=days)),
    st.sampled_from(UNITS),
    st.sampled_from(["chinh_thuc", "xet_chinh_thuc"]),
    st.one_of(st.none(), st.integers(-30, 30)),  # the document's date, days from the entry's
    st.sampled_from([None, None, "corrects", "voids"]),
    st.integers(0, 100),  # which earlier entry it supersedes
)


def live(ways):
    """Brute force: what no later entry corrects or voids, less what only voids another."""
    for way in ways:
        dead = {entry["aim"] for entry in way}
        yield from (entry for number, entry in enumerate(way, 1) if number not in dead and entry["how"] != "voids")


@settings(max_examples=60, deadline=None, phases=[Phase.reuse, Phase.generate])
@given(st.lists(st.lists(entries, max_size=6), max_size=5))
def test_a_roll_up_is_a_count_of_live_entries_and_a_report_shows_it(drawn):
    district = District()
    for unit in UNITS:
        district.unit(unit, PARENTS[unit])
    ways = []
    for number, rows in enumerate(drawn):
        code, way = f"P{number}", []
        district.person(code, "U0")
        for trigger, on, unit, to, shift, how, aim in rows:
            how = how if way else None
            entry = {
                "trigger": trigger,
                "on": on,
                "unit": unit,
                "to": to,
                "document": None if shift is None else on + timedelta(days=shift),
                "how": how,
                "aim": aim % len(way) + 1 if how else None,
            }
            way.append(entry)
            district.entry(
                code,
                trigger,
                on,
                unit,
                to=to,
                document_date=entry["document"],
                **({how: entry["aim"]} if how else {}),
            )
        ways.append(way)

    def own(indicator, unit):
        trigger, destination = COUNTED[indicator]
        return sum(
            1
            for e in live(ways)
            if (e["trigger"], e["unit"]) == (trigger, unit)
            and destination in (None, e["to"])
            and e["on"] <= DAY
            and date(2020, 4, 1) <= ((e["document"] if indicator == "class" else None) or e["on"]) <= DAY
        )

    def subtree(indicator, unit):
        return own(indicator, unit) + sum(subtree(indicator, u) for u in UNITS if PARENTS[u] == unit)

    office = district.office(DAY)
    roll_up(office, "2020-Q2")
    with district.database.reading() as connection:
        stored = load_roll_ups(connection, "2020-Q2")
    for unit in UNITS:
        shown = rows_of(report(office, unit, "2020-Q2"))
        for indicator in COUNTED:
            expected = (own(indicator, unit), subtree(indicator, unit))
            assert stored.get((indicator, district.units[unit]), (0, 0)) == expected
            assert (shown[indicator]["own"], shown[indicator]["actual"]) == expected
    listed = report(office, "U0", "2020-Q2", people="admitted")["people"]
    assert len(listed) == subtree("admitted", "U0")


def sample():
    district = District()
    district.unit("U0")
    district.unit("U1", "U0")
    district.counted("hold_ceremony", date(2020, 6, 5), "U1", 3)
    district.figure("U0", "dialogues", "2020-Q2", "2.5")
    return district


def test_a_second_run_writes_nothing():
    district = sample()
    first = roll_up(district.office(DAY))
    assert first["stored"] > 0
    assert first["units"] > 0
    second = roll_up(district.office(DAY))
    assert second | {"unchanged": 0} == first | {"units": 0, "stored": 0, "unchanged": 0}
    assert second["unchanged"] == first["stored"]
    assert roll_up(district.office(DAY + timedelta(days=1)), "2020-Q2")["stored"] == 0


def test_a_figure_that_falls_to_nothing_is_written_as_nothing():
    district = sample()
    roll_up(district.office(DAY), "2020-06")
    for number in range(1, 4):
        code = f"P{number:04d}"
        district.entry(code, "hold_ceremony", date(2020, 6, 5), "U1", voids=1)
    assert roll_up(district.office(DAY), "2020-06")["stored"] == 2
    with district.database.reading() as connection:
        stored = load_roll_ups(connection, "2020-06")
    assert stored["admitted", district.units["U0"]] == (0, 0)
    assert roll_up(district.office(DAY), "2020-06")["stored"] == 0


def test_the_open_periods_of_a_day():
    terms = {"2015/2020": (date(2015, 7, 1), date(2020, 6, 30)), "2020/2025": (date(2020, 7, 1), date(2025, 6, 30))}
    assert [p.code for p in open_periods(DAY, terms)] == [
        "2020-06",
        "2020-Q2",
        "2020-H1",
        "2020-9M",
        "2020",
        "2015/2020",
    ]
    assert [p.code for p in open_periods(date(2020, 10, 1), terms)] == [
        "2020-10",
        "2020-Q4",
        "2020-H2",
        "2020",
        "2020/2025",
    ]


def test_roll_ups_are_the_same_on_every_database(database):
    district = District(database)
    district.unit("U0")
    district.unit("U1", "U0")
    district.counted("hold_ceremony", date(2020, 6, 5), "U1", 3)
    district.counted("certify_class", date(2020, 6, 5), "U1", 2, document_date=date(2020, 5, 5))
    district.entry("P0001", "hold_ceremony", date(2020, 6, 5), "U1", voids=1)
    district.figure("U0", "dialogues", "2020-Q2", "2.5")
    district.target("U0", "admitted", "2020", 10)
    first = roll_up(district.office(DAY))
    second = roll_up(district.office(DAY))
    assert (second["stored"], second["unchanged"]) == (0, first["stored"])
    rows = rows_of(report(district.office(DAY), "U0", "2020-Q2", as_of="2020-06-29"))
    assert [rows[name]["actual"] for name in ("admitted", "class")] == [2, 2]
    assert rows["dialogues"]["text"] == "2,5"
    assert (rows["admitted"]["text"], rows["admitted"]["status"]) == ("2/10 (20%)", "nguy_co")
