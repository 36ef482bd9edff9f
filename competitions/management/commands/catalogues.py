"""``catalogues load``: kinds and tags of filed competitions and the trades of skill contests, out of their definition files."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from competitions.contests.domain.plan import load_trades
from competitions.filings.domain.catalogue import load_catalogue, read_definition
from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.core.context import system_actor
from portal.core.errors import DomainError
from portal.core.scoping import system_scope


class Command(BaseCommand):
    help = "载入竞赛备案目录和技能竞赛工种目录：只新增没有的条目，不改动、不删除已有的"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["load"])
        parser.add_argument("--owner", default="", help="市总工会的内部编号；省略时为全部市总工会载入")

    def handle(self, *args: Any, **options: Any) -> None:
        actor, now = system_actor("catalogues"), timezone.now()
        with system_scope("catalogues"):
            roots = Organisation.objects.filter(kind=OrganisationKind.MUNICIPAL, is_active=True).order_by("path")
            found = list(roots.filter(code=options["owner"]) if options["owner"] else roots)
            if not found:
                raise CommandError("没有这样的市总工会，请核对 --owner 的内部编号。")
            for owner in found:
                try:
                    items = load_catalogue(actor=actor, owner=owner, data=read_definition(), now=now)
                    trades = load_trades(actor=actor, owner=owner, now=now)
                except DomainError as error:
                    raise CommandError(error.message) from error
                self.stdout.write(f"{owner.name}：新增竞赛目录{items}项、工种{trades}个。")
