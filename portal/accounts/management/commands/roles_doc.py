"""``manage.py roles_doc``: writes docs/roles.md out of the policies; ``--check`` only says whether it is current."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.roles_matrix import roles_document

TARGET = settings.BASE_DIR / "docs" / "roles.md"


class Command(BaseCommand):
    help = "Writes docs/roles.md: what each role may do at each level, asked of the policies themselves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the file is not current; write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = roles_document()
        if options["check"]:
            if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != wanted:
                raise CommandError("docs/roles.md is not current: run manage.py roles_doc")
            self.stdout.write("docs/roles.md is current")
            return
        TARGET.write_text(wanted, encoding="utf-8")
        self.stdout.write(f"{TARGET.relative_to(settings.BASE_DIR)}: {wanted.count(chr(10))} lines")
