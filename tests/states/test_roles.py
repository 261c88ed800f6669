"""Every permission has its words and somebody who holds it; the administrator holds all of them."""

import pytest

from states.roles import PERMISSION_LABELS, PERMISSIONS, ROLES, Actor, at_the_machine


def test_every_permission_has_its_words() -> None:
    assert list(PERMISSION_LABELS) == list(PERMISSIONS)
    assert all(text.vi and text.en for text in (*PERMISSION_LABELS.values(), *ROLES.values()))


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_permission_is_held_by_roles_there_are(permission: str) -> None:
    assert "quan_tri" in PERMISSIONS[permission] <= set(ROLES)
    assert at_the_machine("lan").may(permission)


def test_a_permission_there_is_not_is_nobodys_by_mistake() -> None:
    with pytest.raises(KeyError):
        Actor("lan", "quan_tri").may("khong_co")


def test_an_observer_only_looks_at_figures() -> None:
    assert [one for one in PERMISSIONS if Actor("lan", "theo_doi").may(one)] == ["see_figures"]
