"""Movement of members: every person's entries lead from the start to the end, or are named."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from states.movement import LINES, TRIGGERS, Move, draw_sheet

DAY = date(2020, 5, 5)
IN, OUT = 1, 2
WAYS = {  # step -> what can happen to a person there, and where it leads
    None: [("open_at", "cho_le"), ("open_at", "chinh_thuc")],
    "cho_le": [("hold_ceremony", "du_bi"), ("transfer", "cho_le"), ("withdraw", "rut")],
    "du_bi": [("transfer", "du_bi"), ("remove", "xoa_ten"), ("cancel_admission", "huy_ket_nap"), ("die", "tu_tran")],
    "chinh_thuc": [("expel", "khai_tru"), ("withdraw", "rut"), ("transfer_out", "chuyen_di"), ("transfer", "chinh_thuc")],
    "xoa_ten": [("restore", "du_bi")],
    "khai_tru": [("restore", "chinh_thuc")],
}  # fmt: skip
MEMBER = ("du_bi", "chinh_thuc")


@st.composite
def ways(draw):
    """People with lawful ways: (moves before the period, moves in it, where each stands before and after)."""
    moves, before, after = [], {}, {}
    for person in range(draw(st.integers(1, 4))):
        step, unit = None, draw(st.sampled_from([IN, OUT]))
        started = draw(st.integers(0, 3))
        for number in range(draw(st.integers(0, 6))):
            if number == started and step in MEMBER and unit == IN:
                before[person] = (number, DAY)
            if step not in WAYS:
                break
            trigger, destination = draw(st.sampled_from(WAYS[step]))
            to = (IN if unit == OUT else OUT) if trigger == "transfer" else unit
            if number >= started:
                moves.append(Move(person, number + 1, trigger, step, destination, DAY, unit, to))
            step, unit = destination, to
        counted = [move for move in moves if move.person == person]
        if not counted and step in MEMBER and unit == IN:
            before[person] = (9, DAY)
        if step in MEMBER and unit == IN:
            after[person] = (9, DAY)
    return moves, before, after


@given(ways())
def test_what_is_lawful_reconciles(drawn):
    moves, before, after = drawn
    sheet = draw_sheet(before, after, moves, lambda unit: unit == IN)
    assert sheet.reconciles, sheet
    assert sheet.opening + sum(LINES[what][0] * count for what, count in sheet.lines.items()) == sheet.closing


@given(ways(), st.integers(0, 30))
def test_what_is_missing_is_named(drawn, which):
    moves, before, after = drawn
    inside = lambda unit: unit == IN  # noqa: E731
    counting = [move for move in moves if move.change(inside)]
    if counting:
        gone = counting[which % len(counting)]
        sheet = draw_sheet(before, after, [move for move in moves if move != gone], inside)
        assert not sheet.reconciles
        assert {doubt.person for doubt in sheet.unexplained} == {gone.person}


def test_two_mistakes_do_not_make_a_sheet_right():
    lost, found = {1: (3, DAY)}, {2: (4, None)}
    sheet = draw_sheet(lost, found, [], lambda unit: True)
    assert (sheet.difference, sheet.reconciles) == (0, False)
    assert [(doubt.person, doubt.sequence, doubt.on) for doubt in sheet.unexplained] == [(1, 3, DAY), (2, 4, None)]


def test_an_entry_that_belongs_nowhere_is_named():
    move = Move(1, 2, "extend", "cho_le", "du_bi", DAY, IN, IN)
    sheet = draw_sheet({}, {1: (2, DAY)}, [move], lambda unit: True)
    assert [doubt.sequence for doubt in sheet.unexplained] == [2]
    assert "extend" not in TRIGGERS
