"""Every sentence of tests/cases/ holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.states.sentences import load, walk

CASES = load()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_sentence(case: dict[str, Any]) -> None:
    way, taken = walk(case)
    then = case["then"]
    against = [verdict for one in taken for verdict in one.open_verdicts]
    assert sorted(v.code for v in against) == sorted(then.get("refused", []))
    if "earliest" in then:
        assert [v.earliest for v in against] == [then["earliest"]]
    if "step" in then:
        assert (taken[-1].source if against else way.step) == then["step"]
    for name in ("official_on", "since"):
        if name in then:
            assert getattr(way, name) == then[name]
    if "unit" in then:
        assert way.unit_id == then["unit"]
    if "marks" in then:
        assert taken[-1].marks == then["marks"]
    if "mature_on" in then:
        assert [t.item.event.on for t in taken if t.item.event.trigger == "mature"] == [then["mature_on"]]
    if "gaps" in then:
        assert sorted(way.gaps()) == sorted(then["gaps"])
    for key, wanted in then.get("clocks", {}).items():
        run = way.clocks.get(key)
        if wanted is None:
            assert run is None
            continue
        assert run is not None, key
        assert {name: getattr(run, name) for name in wanted} == wanted


def test_names_are_told_apart() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
