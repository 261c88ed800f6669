"""What the list's filter builder may ask, and how that reads as conditions of procedures.people."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from starlette_admin.filters.base import BaseFilter, FilterApplyContext, FilterDataType, FilterGroup
from starlette_admin.filters.boolean import IsFalseFilter, IsTrueFilter
from starlette_admin.filters.date import DateBetweenFilter, DateEqualFilter
from starlette_admin.filters.enum import InFilter, NotInFilter
from starlette_admin.filters.string import ContainsFilter, NotContainsFilter

from console.desk.page import Label
from procedures.people_conditions import Group, Rule
from states.wording import Text


class _Told:
    """A filter whose meaning stands in `read_filters`."""

    def apply(self, ctx: FilterApplyContext) -> Any:
        """Never asked: the store says conditions in SQL."""
        raise NotImplementedError


class Contains(_Told, ContainsFilter):
    """Holds the words, without accents."""


class NotContains(_Told, NotContainsFilter):
    """Does not hold them."""


class Below(_Told, BaseFilter):
    """The unit of that code with all below it, or units whose name has the words."""

    name: ClassVar[str] = "below"
    label: ClassVar[str] = Label(Text("là đơn vị (cả nhánh)", "is the unit (with all below)"))
    data_type: ClassVar[FilterDataType] = FilterDataType.STRING


class In(_Told, InFilter):
    """One of these."""


class NotIn(_Told, NotInFilter):
    """None of these."""


class On(_Told, DateEqualFilter):
    """On the day."""


class Until(On):
    """On the day or before."""

    name: ClassVar[str] = "until"
    label: ClassVar[str] = Label(Text("đến hết ngày", "is until"))


class From(On):
    """On the day or later."""

    name: ClassVar[str] = "from"
    label: ClassVar[str] = Label(Text("từ ngày", "is from"))


class Between(_Told, DateBetweenFilter):
    """From one day to another, both within."""


class Yes(_Told, IsTrueFilter):
    """It is so."""


class No(_Told, IsFalseFilter):
    """It is not."""


TEXT: list[type[BaseFilter]] = [Contains, NotContains]
UNIT: list[type[BaseFilter]] = [Below]
ENUM: list[type[BaseFilter]] = [In, NotIn]
DATES: list[type[BaseFilter]] = [Until, From, Between, On]
YES_NO: list[type[BaseFilter]] = [Yes, No]
FIELDS = {"due_on": "due", "unit_name": "unit"}


def read_filters(group: FilterGroup | None) -> Group | None:
    """The builder's tree as conditions; None where nothing is asked."""
    if group is None or group.is_empty():
        return None
    rules = [read_filters(one) or Group() if isinstance(one, FilterGroup) else _rule(one) for one in group.rules]
    return Group(tuple(rules), group.logic)


def _rule(rule: Any) -> Rule | Group:
    field, value = FIELDS.get(rule.field, rule.field), rule.value
    negated = rule.filter.startswith("not_") or rule.filter == No.name
    if field.startswith("cell_"):
        name = f"breakdown:{field.removeprefix('cell_')}"
        some = Group(tuple(Rule(name, one) for one in value), "or")
        return some if not negated else Group(tuple(Rule(name, one, negated=True) for one in value))
    if isinstance(value, date):
        first, last = {
            On.name: (value, value), Until.name: (None, value), From.name: (value, None), Between.name: (value, rule.value2),
        }[rule.filter]  # fmt: skip
        return Rule(field, first, last)
    if rule.filter in (Yes.name, No.name):
        return Rule(field, rule.filter == Yes.name)
    return Rule(field, value, negated=negated)
