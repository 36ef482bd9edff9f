"""``manage.py scorecards load [FILE] [--owner CODE]``: a definition of “五比一创” as the next version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from competitions.projects.domain.field import DEFINITION_FILE, load_definition, read_definition
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.core.context import system_actor
from portal.core.errors import DomainError
from portal.core.scoping import system_scope


class Command(BaseCommand):
    help = "载入“五比一创”评分标准"

    def add_arguments(self, parser: CommandParser) -> None:
        sub = parser.add_subparsers(dest="action", required=True)
        load = sub.add_parser("load", help="载入评分标准，内容有变化即为新的一个版本")
        load.add_argument("file", nargs="?", default=str(DEFINITION_FILE))
        load.add_argument("--owner", default="", help="制定单位的内部编号；只有一个市总工会时可省略")

    def handle(self, *args: Any, **options: Any) -> None:
        with system_scope("load a scorecard definition"):
            code = options["owner"]
            roots = Organisation.objects.filter(kind=OrganisationKind.MUNICIPAL, is_active=True)
            found = list(roots.filter(code=code) if code else roots)
            if len(found) != 1:
                raise CommandError("请用 --owner 指明制定单位的内部编号。")
            try:
                data = read_definition(Path(options["file"]))
                row, is_new = load_definition(
                    actor=system_actor("scorecards.load"), owner=found[0], data=data, now=timezone.now()
                )
            except DomainError as error:
                raise CommandError(error.message) from error
            self.stdout.write(f"{'已载入' if is_new else '没有变化'}：{row}")
