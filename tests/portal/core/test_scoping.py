"""Scope or crash: without a scope no way of running a query gets through."""

import pytest
from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from portal.accounts.models import Organisation, User
from portal.core.errors import ScopeError
from portal.core.scoping import OrgScope, PublicScope, path_prefixes, scope, system_scope

pytestmark = pytest.mark.django_db

WAYS = {
    "iterate": lambda q: list(q.all()),
    "count": lambda q: q.count(),
    "exists": lambda q: q.exists(),
    "exclude_exists": lambda q: q.exclude(pk=0).exists(),
    "aggregate": lambda q: q.aggregate(n=Count("pk")),
    "get": lambda q: q.get(pk=1),
    "first": lambda q: q.first(),
    "in_bulk": lambda q: q.in_bulk([1]),
    "values_list": lambda q: list(q.values_list("pk")),
    "iterator": lambda q: list(q.all().iterator()),
    "update": lambda q: q.update(name="x"),
    "delete": lambda q: q.all().delete(),
    "raw_delete": lambda q: q.all()._raw_delete("default"),
    "get_or_create": lambda q: q.get_or_create(code="x", defaults={"kind": "team"}),
    "union": lambda q: list(q.all().union(q.all())),
    "explain": lambda q: q.all().explain(),
    "or_combination": lambda q: list(q.filter(pk=1) | q.filter(pk=2)),
    "contains": lambda q: q.all().contains(Organisation(pk=1)),
    "select_for_update": lambda q: list(q.select_for_update()),
    "distinct_exists": lambda q: q.distinct().exists(),
    "subquery": lambda q: list(User.objects.filter(Exists(q.filter(pk=OuterRef("pk"))))),
    "bulk_update": lambda q: q.bulk_update([Organisation(pk=1, name="x")], ["name"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_query_without_scope_cannot_be_compiled(way):
    with pytest.raises(ScopeError), transaction.atomic():
        WAYS[way](Organisation.objects)


def test_org_scope_shows_subtree_and_ancestors_only(tianjin, hebei):
    with scope(OrgScope(tianjin.zone.path)):
        seen = set(Organisation.objects.values_list("pk", flat=True))
    assert seen == {tianjin.municipal.pk, tianjin.district.pk, tianjin.zone.pk, tianjin.unit.pk}


def test_public_scope_shows_no_organisation(tianjin):
    with scope(PublicScope()):
        assert not Organisation.objects.exists()


def test_system_scope_shows_both_trees_and_needs_a_reason(tianjin, hebei):
    with system_scope("test"):
        assert Organisation.objects.filter(pk__in=[tianjin.municipal.pk, hebei.municipal.pk]).count() == 2
    with pytest.raises(ValueError, match="reason"):
        system_scope("")


def test_path_prefixes_lists_root_to_self():
    assert path_prefixes("01/07/") == ["01/", "01/07/"]
