"""``Together``: the same tables as its operations make one by one, there and back."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from portal.core.schema import Together

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def operations() -> list[migrations.CreateModel]:
    key = ("id", models.BigAutoField(primary_key=True))
    return [
        migrations.CreateModel("Shelf", [key, ("name", models.CharField(max_length=20))]),
        migrations.CreateModel("Book", [key, ("shelf", models.ForeignKey("stock.Shelf", models.CASCADE))]),
    ]


def columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith("stock_")}


def test_together_makes_tables_that_refer_to_each_other_and_takes_them_away_again():
    together, empty, full = Together(operations()), ProjectState(), ProjectState()
    together.state_forwards("stock", full)
    one_by_one = ProjectState()
    for operation in operations():
        operation.state_forwards("stock", one_by_one)
    assert full == one_by_one
    with connection.schema_editor() as editor:
        together.database_forwards("stock", editor, empty, full)
    assert columns("stock_shelf") == ["id", "name"]
    assert columns("stock_book") == ["id", "shelf_id"]
    with connection.schema_editor() as editor:
        together.database_backwards("stock", editor, full, empty)
    assert tables() == set()


def test_together_is_written_into_a_migration_and_read_back():
    name, args, kwargs = Together(operations()).deconstruct()
    again = Together(*args, **kwargs)
    assert (name, len(again.operations)) == ("Together", 2)
    assert again.describe() == "Create model Shelf; Create model Book"
