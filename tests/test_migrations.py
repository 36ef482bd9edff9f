"""Migrations: none missing, one leaf for each app, dependencies only the way imports go."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.source import PACKAGES

PILLARS = ("awards", "competitions", "innovations", "safety")
# Left to right, as imports; what Django and packages bring stands before all of ours.
ORDER = ("accounts", "audit", "jobs", "lifecycle")
OWN = sorted(config.label for config in apps.get_app_configs() if config.name.split(".", maxsplit=1)[0] in PACKAGES)


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None)


@pytest.mark.django_db
def test_models_need_no_further_migration():
    call_command(
        "makemigrations", *[label for label in OWN if apps.get_app_config(label).models], check=True, verbosity=0
    )


@pytest.mark.django_db
def test_all_migrations_ran_on_the_test_database():
    ran = MigrationLoader(connection).applied_migrations
    assert set(MigrationLoader(connection).disk_migrations) <= set(ran)


def test_each_app_has_one_leaf(loader):
    leaves = [label for label, _name in loader.graph.leaf_nodes()]
    assert len(leaves) == len(set(leaves))


def test_pillars_depend_on_no_other_pillar(loader):
    bad = [
        f"{key} → {parent}"
        for key, migration in loader.disk_migrations.items()
        if key[0] in PILLARS
        for parent in migration.dependencies
        if parent[0] in PILLARS and parent[0] != key[0]
    ]
    assert not bad, bad


def test_platform_depends_on_no_pillar_and_points_down(loader):
    bad = []
    for key, migration in loader.disk_migrations.items():
        if key[0] not in ORDER:
            continue
        for label, _name in migration.dependencies:
            later = label in ORDER and ORDER.index(label) > ORDER.index(key[0])
            if label in PILLARS or later:
                bad.append(f"{key} → {label}")
    assert not bad, bad
