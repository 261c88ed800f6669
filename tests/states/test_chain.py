"""The canonical form and hash of an entry."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from states.chain import FIELDS, canonical, entry_hash, genesis, private_digest

ENTRY = {
    "candidate_id": 2**61 + 5, "sequence": 7, "trigger": "cell_vote", "source": "cho_chi_bo", "destination": "cho_co_so",
    "effective_on": date(2025, 12, 1), "recorded_at": datetime(2025, 12, 1, 9, 30, 0, 123456, tzinfo=UTC),
    "recorded_by": "lan", "unit_id": 33, "document_number": "12-NQ/CB", "document_date": date(2025, 12, 1),
    "data": {"summoned": 20, "in_favour": 19, "irregular": ["muộn"]}, "text_applied": "qd294", "corrects": None,
    "voids": None, "private_digest": None,
}  # fmt: skip
OTHER = {
    "candidate_id": 4, "sequence": 8, "trigger": "base_vote", "source": None, "destination": None,
    "effective_on": None, "recorded_at": datetime(2025, 12, 1, 9, 30, 0, 123457, tzinfo=UTC), "recorded_by": "mai",
    "unit_id": 34, "document_number": None, "document_date": None, "data": {"summoned": 20, "in_favour": 20},
    "text_applied": "qd24", "corrects": 1, "voids": 1, "private_digest": "x",
}  # fmt: skip


def test_the_form_does_not_change():
    """A journal written by an older program must hash the same for ever."""
    assert entry_hash(genesis(5), ENTRY) == "ebebc5c9e76cc2fb00277c793dc8fbbb8d255cba737ee474c32cc1c7019558b6"


def test_it_covers_every_field():
    assert set(FIELDS) == set(ENTRY) == set(OTHER)
    plain = entry_hash("p", ENTRY)
    assert len({plain, entry_hash("q", ENTRY), *(entry_hash("p", ENTRY | {f: OTHER[f]}) for f in FIELDS)}) == 18


def test_neighbouring_fields_cannot_trade_text():
    assert entry_hash("p", ENTRY | {"source": 'a","b', "destination": "c"}) != entry_hash(
        "p", ENTRY | {"source": "a", "destination": 'b","c'}
    )


def test_the_same_instant_in_another_zone_is_the_same_entry():
    moment = datetime(2025, 12, 1, 16, 30, tzinfo=timezone(timedelta(hours=7)))
    assert entry_hash("p", ENTRY | {"recorded_at": moment}) == entry_hash(
        "p", ENTRY | {"recorded_at": datetime(2025, 12, 1, 9, 30, tzinfo=UTC)}
    )


def test_order_of_keys_does_not_matter_and_order_in_lists_does():
    turned = dict(reversed(ENTRY["data"].items()))
    assert entry_hash("p", ENTRY) == entry_hash("p", ENTRY | {"data": turned})
    assert canonical({"b": [1, 2], "a": {"d": None, "c": True}}) == '{"a":{"c":true,"d":null},"b":[1,2]}'
    assert canonical('Nguyễn "Văn"\n') == '"Nguyễn \\"Văn\\"\\n"'


@pytest.mark.parametrize("data", [{"x": 1.0}, {"x": [{"y": 0.5}]}, {"x": Decimal(1)}, {"x": date(2025, 1, 1)}])
def test_what_has_no_single_spelling_is_refused(data):
    with pytest.raises(TypeError):
        entry_hash("p", ENTRY | {"data": data})


def test_a_day_is_no_instant_and_an_instant_has_a_zone():
    with pytest.raises(TypeError):
        entry_hash("p", ENTRY | {"effective_on": datetime(2025, 12, 1, tzinfo=UTC)})
    with pytest.raises(ValueError, match="zone"):
        entry_hash("p", ENTRY | {"recorded_at": datetime(2025, 12, 1)})  # noqa: DTZ001


def test_every_candidate_begins_elsewhere():
    assert genesis(1) != genesis(2)


def test_the_digest_of_the_erasable_rest_needs_its_salt():
    assert private_digest("a", {"note": "x"}) == private_digest("a", {"note": "x"})
    assert len({private_digest("a", {"note": "x"}), private_digest("b", {"note": "x"}), private_digest("a", {})}) == 3
