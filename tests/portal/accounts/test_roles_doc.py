"""docs/roles.md says what the policies say."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from portal.accounts.enums import Role, UnionLevel
from portal.accounts.roles_matrix import columns, example, roles_document
from portal.core import policies
from portal.core.policies import all_policies

pytestmark = pytest.mark.unit
PACKAGES = ("portal.", "competitions.", "innovations.", "safety.", "awards.")


@pytest.fixture(autouse=True)
def _policies_of_the_portal_alone(monkeypatch):
    """Other tests of the same run register sample policies; no document is about those."""
    own = {name: policy for name, policy in all_policies().items() if type(policy).__module__.startswith(PACKAGES)}
    monkeypatch.setattr(policies, "_registry", own)


def test_roles_document_is_current():
    call_command("roles_doc", check=True)


def test_document_names_every_action_of_every_policy():
    text = roles_document()
    for name, policy in all_policies().items():
        for action in policy.actions:
            assert f"`{name}.{action}`" in text


def test_units_alone_fill_in_and_the_federation_alone_keeps_the_holidays():
    reference = all_policies()["reference"]
    for level, role in columns():
        actor = example(level, role)
        assert bool(reference.can(actor, "holidays")) is ((level, role) == (UnionLevel.MUNICIPAL, Role.MANAGER))
        if role == Role.FILER:
            assert level in {UnionLevel.GRASSROOTS, UnionLevel.TEAM}
