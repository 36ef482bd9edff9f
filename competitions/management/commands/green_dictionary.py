"""``green_dictionary load``: indicators and coefficient tables of the definition files become new versions where they changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from competitions.green.domain.dictionary import load_dictionary
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.core.context import system_actor
from portal.core.errors import DomainError
from portal.core.scoping import system_scope


class Command(BaseCommand):
    help = "启用能效指标词典和系数表中变动的内容（新版本）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["load"])
        parser.add_argument("--owner", default="", help="制定单位的内部编号；只有一个市总工会时可省略")

    def handle(self, *args: Any, **options: Any) -> None:
        with system_scope("green_dictionary"):
            roots = Organisation.objects.filter(kind=OrganisationKind.MUNICIPAL, is_active=True)
            found = list(roots.filter(code=options["owner"]) if options["owner"] else roots)
            if len(found) != 1:
                raise CommandError("请用 --owner 指明制定单位的内部编号。")
            try:
                indicators, tables = load_dictionary(
                    actor=system_actor("green_dictionary"), owner=found[0], now=timezone.now()
                )
            except DomainError as error:
                raise CommandError(error.message) from error
        self.stdout.write(f"已启用{indicators}个指标版本、{tables}个系数表版本。")
