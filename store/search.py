"""Finding people among many: conditions said in SQL, counted and read page by page. Names never leave but for the page.

A probation that is over though `mature` is not written counts as the review that follows it, as everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from states.aftermath import PROBATION
from states.breakdowns import AGE
from states.way import DU_BI, XET_CHINH_THUC
from store.bulk import parts, plain_rows
from store.candidates import CANDIDATES, STANDS
from store.clocks import CLOCKS, RUNS
from store.people import Person, PersonAttribute
from store.person_values import value_on
from store.search_conditions import (
    AtSteps,
    Coded,
    DueWithin,
    Every,
    InUnits,
    Named,
    Not,
    Ranged,
    Since,
    Some,
    Valued,
)
from store.unit_sets import among
from store.units import Unit

_k, _c = CANDIDATES.c, CLOCKS.c
PEOPLE, UNITS = Person.__table__, Unit.__table__  # type: ignore[attr-defined]
_p, _u, _a = PEOPLE.c, UNITS.c, PersonAttribute.__table__  # type: ignore[attr-defined]
_q, _W = PEOPLE.alias("known"), PEOPLE.alias("walked")  # in conditions, and where the list is read along the names
NAME, CODE, UNIT, STEP, SINCE, DUE = "name", "code", "unit", "step", "since", "due"
FEW, FEW_UNITS = 3_000, 400
WALKED = 10  # a page so many times nearer the beginning than the end is walked to
# SQLite does not know how many rows a condition leaves and multiplies lists of ids by lists of units; a `+` keeps a
# condition from choosing the way in.
_FREE: dict[str, ColumnElement[Any]] = {
    name: literal_column(f"+candidates.{name}", _k[name].type)
    for name in ("id", "person_id", "unit_id", "step", "code", "since")
}
SORTS = (NAME, CODE, UNIT, STEP, SINCE, DUE)


class Found(NamedTuple):
    """One person of a page."""

    id: int
    code: str
    name: str | None
    unit_id: int
    step: str
    since: date | None


def count_found(
    connection: Connection, scope: Collection[int] | None, where: Any, today: date
) -> tuple[int, list[int] | None]:
    """How many people of these units (None = all) meet the conditions, and where they are few their ids, in no order."""
    meets = _Sayer(connection, today).all(scope, where)
    if _asks_values(where):  # a look along everybody's values: once is enough
        hit = select(_k.id).where(*meets).cte("hit").prefix_with("MATERIALIZED")
        number = select(func.count()).select_from(hit).scalar_subquery()
        rows = plain_rows(connection.execute(select(hit.c.id, number).limit(FEW + 1)))
        total = rows[0][1] if rows else 0
    else:
        rows = plain_rows(connection.execute(select(_k.id).where(*meets).limit(FEW + 1)))
        total = len(rows)
        if total > FEW:
            total = connection.execute(select(func.count()).select_from(CANDIDATES).where(*meets)).scalar_one()
    return total, [row[0] for row in rows] if total <= FEW else None


def find_people(
    connection: Connection, scope: Collection[int] | None, where: Any, today: date, *, sort: str = NAME,
    descending: bool = False, skip: int = 0, number: int | None = None, total: int = 0, few: Sequence[int] | None = None,
) -> list[Found]:  # fmt: skip
    """People of these units who meet the conditions, in order, so many from a place on (None = all that are left).

    `total`: how many there are; `few`: who they are, where `count_found` told. Where they are many, those of the
    first pages are soonest met by walking along the names.
    """
    walks = sort == NAME and few is None and (skip + (number or total)) * WALKED < total
    say = _Sayer(connection, today, one_by_one=walks)
    meets = say.all(scope, where) if few is None else [among(connection, _k.id, few)]
    query: Select[Any]
    if walks:
        query = select(_k.id).join_from(_W, CANDIDATES, _W.c.id == _k.person_id).where(*meets)
        by: list[Any] = [_W.c.name_key, _k.code]
    elif sort == NAME:
        hit = select(_k.id, _k.person_id, _k.code).where(*meets).cte("hit").prefix_with("MATERIALIZED")
        query, by = select(hit.c.id).join_from(hit, _W, _W.c.id == hit.c.person_id), [_W.c.name_key, hit.c.code]
    else:
        query, by = _ordered(select(_k.id).where(*meets), sort, today)
    query = query.order_by(*(one.desc() if descending else one for one in by)).offset(skip)
    if number is not None:
        query = query.limit(number)
    ids = [row[0] for row in connection.execute(query)]
    found = load_found(connection, ids)
    return [found[one] for one in ids if one in found]


def _ordered(query: Select[Any], sort: str, today: date) -> tuple[Select[Any], list[Any]]:
    if sort == UNIT:
        return query.join_from(CANDIDATES, UNITS, _u.id == _k.unit_id), [_u.code, _k.code]
    if sort == DUE:
        over = and_(_c.key == PROBATION, _c.due_on <= today)
        first = select(func.min(_c.due_on)).where(RUNS, _c.candidate_id == _k.id, not_(over)).correlate(CANDIDATES)
        return query, [func.coalesce(first.scalar_subquery(), date.max), _k.code]
    return query, [_k.code] if sort == CODE else [_k[sort], _k.code]


def load_found(connection: Connection, ids: Sequence[int]) -> dict[int, Found]:
    """These people by id, as stored."""
    query = select(_k.id, _k.code, _p.name, _k.unit_id, _k.step, _k.since).join_from(
        CANDIDATES, PEOPLE, _p.id == _k.person_id
    )
    return {row[0]: Found(*row) for some in parts(ids) for row in connection.execute(query.where(_k.id.in_(some)))}


def load_ids(connection: Connection, codes: Sequence[str]) -> dict[str, int]:
    """code -> id of those there are."""
    query = select(_k.code, _k.id).where(STANDS)
    return {row[0]: row[1] for some in parts(codes) for row in connection.execute(query.where(_k.code.in_(some)))}


def over_days(connection: Connection, today: date) -> list[date]:
    """The days on which probations ended that are over though `mature` is not written."""
    query = select(_c.due_on).where(RUNS, _c.due_on <= today, _c.key == PROBATION).distinct()
    return [row[0] for row in connection.execute(query)]


def known_values(connection: Connection, key: str) -> list[str]:
    """Every value recorded of an attribute."""
    rows = connection.execute(select(_a.c.value).where(_a.c.key == key, _a.c.value.is_not(None)).distinct())
    return [row[0] for row in rows]


def _asks_values(one: Any) -> bool:
    match one:
        case Every(of) | Some(of):
            return any(map(_asks_values, of))
        case Not(of):
            return _asks_values(of)
    return isinstance(one, Valued | Ranged)


class _Sayer:
    """Says conditions in this database's SQL."""

    def __init__(self, connection: Connection, today: date, *, one_by_one: bool = False) -> None:
        self.connection, self.today = connection, today
        self.one_by_one = one_by_one  # values are looked up for each person, not for everybody at once
        self.k = _FREE if connection.dialect.name == "sqlite" else {name: _k[name] for name in _FREE}

    def all(self, scope: Collection[int] | None, where: Any) -> list[ColumnElement[bool]]:
        """The conditions on candidates; begins with the units where they are few."""
        narrow = scope is not None and len(scope) < FEW_UNITS
        self.one_by_one = self.one_by_one or narrow
        meets = [STANDS, self(where)]
        if scope is not None:
            unit = _k.unit_id if narrow else self.k["unit_id"]
            meets.append(among(self.connection, unit, scope))
        return meets

    def __call__(self, one: Any) -> ColumnElement[bool]:
        match one:
            case Every(of):
                return and_(true(), *(self(part) for part in of))
            case Some(of):
                return or_(false(), *(self(part) for part in of))
            case Not(of):
                return not_(func.coalesce(self(of), false()))
            case Named(words):
                named = (_q.c.name_key.contains(word, autoescape=True) for word in words)
                return self.k["person_id"].in_(select(_q.c.id).where(*named))
            case Coded(written):
                return func.lower(self.k["code"]).contains(written.lower(), autoescape=True)
            case InUnits(ids):
                return among(self.connection, self.k["unit_id"], ids)
            case AtSteps(steps):
                return self._at_steps(steps)
            case DueWithin():
                return self._due(one)
            case Since(first, last):
                return and_(true(), *_between(self.k["since"], first, last))
            case Valued(key, values, unknown) if not self.one_by_one:
                return self._of_all(key, values, unknown)
            case Valued(key, values, unknown):
                value = value_on(key, self.k["person_id"], self.today, None)
                return self._known(value, value.in_(list(values)) if values else false(), unknown)
            case Ranged(key, ranges, unknown) if key == AGE:
                return self._aged(ranges, unknown)
            case Ranged(key, ranges, unknown):
                value = value_on(key, self.k["person_id"], self.today, None)
                within = (and_(true(), *_between(value, first, last)) for first, last in ranges)
                return self._known(value, or_(false(), *within), unknown)
        raise TypeError(type(one).__name__)

    def _of_all(self, key: str, values: Collection[str | int], unknown: bool) -> ColumnElement[bool]:
        """As `value_on` looks values up, by one look along all those recorded of the attribute."""
        a, later = _a.alias(), _a.alias()
        newer = select(later.c.id).where(
            later.c.key == a.c.key,
            later.c.person_id == a.c.person_id,
            later.c.from_on <= self.today,
            or_(
                later.c.from_on > a.c.from_on,
                and_(later.c.from_on == a.c.from_on, later.c.recorded_at > a.c.recorded_at),
            ),
        )
        held = select(a.c.person_id).where(a.c.key == key, a.c.from_on <= self.today)
        person, wanted = self.k["person_id"], list(values)
        last = person.in_(held.where(a.c.value.in_(wanted), ~newer.exists())) if wanted else false()
        if not unknown:
            return last
        # Nearly everybody was known at some time: only of the few others, and of those no longer known, the last value
        # is looked for.
        other = a.c.value.not_in(wanted)
        known = held.where(a.c.value.is_not(None), other)
        lost = held.where(or_(a.c.value.is_(None), ~other), ~newer.exists())
        return or_(person.not_in(known), person.in_(lost))

    def _known(self, value: ColumnElement[Any], meets: ColumnElement[bool], unknown: bool) -> ColumnElement[bool]:
        return or_(meets, value.is_(None)) if unknown else meets

    def _aged(self, ranges: Collection[tuple[int, int | None]], unknown: bool) -> ColumnElement[bool]:
        """As `value_on` reckons ages, by one look along the birth dates; of those who have none it is asked itself."""
        now = self.today.year * 12 + self.today.month - 1
        born = case(
            (func.length(_q.c.birth) >= 7, func.substr(_q.c.birth, 1, 7)), else_=func.substr(_q.c.birth, 1, 4) + "-12"
        )

        def month(back: int) -> str:
            return f"{(now - back) // 12:04d}-{(now - back) % 12 + 1:02d}"

        within = [
            and_(born <= month(12 * first), *([born > month(12 * (last + 1))] if last is not None else []))
            for first, last in ranges
        ]
        person = self.k["person_id"]
        value = value_on(AGE, _k.person_id, self.today, None)
        other = or_(false(), *(and_(true(), *_between(value, first, last)) for first, last in ranges))
        dateless = person.in_(select(_q.c.id).where(_q.c.birth.is_(None)))
        return or_(
            person.in_(select(_q.c.id).where(_q.c.birth.is_not(None), or_(false(), *within))),
            and_(dateless, self._known(value, other, unknown)),
        )

    def _at_steps(self, steps: Collection[str]) -> ColumnElement[bool]:
        at = self.k["step"].in_(list(steps))
        if (DU_BI in steps) == (XET_CHINH_THUC in steps):
            return at
        over = select(_c.candidate_id).where(RUNS, _c.due_on <= self.today, _c.key == PROBATION)
        if DU_BI in steps:
            return and_(at, or_(self.k["step"] != DU_BI, self.k["id"].not_in(over)))
        return or_(at, and_(self.k["step"] == DU_BI, self.k["id"].in_(over)))

    def _due(self, one: DueWithin) -> ColumnElement[bool]:
        over = and_(_c.key == PROBATION, _c.due_on <= self.today)
        asked = select(_c.candidate_id).where(RUNS, not_(over), *_between(_c.due_on, one.first, one.last))
        meets: ColumnElement[bool] = self.k["id"].in_(asked)
        if one.over_days:
            days = select(_c.candidate_id).where(RUNS, over, _c.due_on.in_(list(one.over_days)))
            meets = or_(meets, and_(self.k["step"] == DU_BI, self.k["id"].in_(days)))
        return meets


def _between(value: ColumnElement[Any], first: Any, last: Any) -> list[ColumnElement[bool]]:
    return [*([value >= first] if first is not None else []), *([value <= last] if last is not None else [])]
