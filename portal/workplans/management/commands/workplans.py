"""``manage.py workplans load [FILE] [--owner CODE] [--until YEAR]``: the tasks of a plan out of its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.accounts.enums import OrganisationKind
from portal.accounts.models import Organisation
from portal.core.context import system_actor
from portal.core.errors import DomainError
from portal.core.scoping import system_scope
from portal.workplans.domain.plans import PLAN_FILE, load_plan, read_plan


class Command(BaseCommand):
    help = "载入方案任务分解"

    def add_arguments(self, parser: CommandParser) -> None:
        sub = parser.add_subparsers(dest="action", required=True)
        load = sub.add_parser("load", help="载入或更新方案任务")
        load.add_argument("file", nargs="?", default=str(PLAN_FILE))
        load.add_argument("--owner", default="", help="制定单位的内部编号；只有一个市总工会时可省略")
        load.add_argument("--until", type=int, help="沿用至哪一年")

    def handle(self, *args: Any, **options: Any) -> None:
        with system_scope("load the tasks of a plan"):
            owner = self._owner(options["owner"])
            try:
                plan, is_new = load_plan(
                    actor=system_actor("workplans.load"),
                    owner=owner,
                    data=read_plan(Path(options["file"])),
                    now=timezone.now(),
                    last_year=options["until"],
                )
            except DomainError as error:
                raise CommandError(error.message) from error
            word = "已载入" if is_new else "已更新"
            self.stdout.write(f"{word}：{plan}，{plan.tasks.count()}项任务")

    def _owner(self, code: str) -> Organisation:
        roots = Organisation.objects.filter(kind=OrganisationKind.MUNICIPAL, is_active=True)
        found = list(roots.filter(code=code) if code else roots)
        if len(found) != 1:
            raise CommandError("请用 --owner 指明制定单位的内部编号。")
        return found[0]
