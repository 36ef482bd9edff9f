"""Operations for migrations that create many tables at once."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation, OperationCategory


class Together(Operation):
    """Operations of one kind that do not need one another's states, as one step.

    Django makes the classes of every related model anew after each operation. With a few hundred models that hang
    together this is a minute for a new database; as one step the classes are made once. For the initial migrations:
    what comes later has few operations and is written as ``makemigrations`` writes it.
    """

    category = OperationCategory.MIXED
    serialization_expand_args = ["operations"]

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [], {"operations": self.operations}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.__dict__.pop("apps", None)  # made again by the first who asks
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)
