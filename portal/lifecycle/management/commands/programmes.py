"""``programmes check FILE… | load [FILE…] [--all] | diff CODE [v1 v2] | simulate FILE… | --all``: programme files on the command line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.enums import UnionLevel
from portal.accounts.models import Organisation
from portal.core.context import system_actor
from portal.core.dates import format_cn
from portal.core.scoping import system_scope
from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.diff import changes
from portal.lifecycle.blueprints.schema import Blueprint as Rules
from portal.lifecycle.blueprints.timeline import next_start, plan
from portal.lifecycle.blueprints.validate import Known
from portal.lifecycle.engine.registry import registry
from portal.lifecycle.programmes.domain import load_blueprint
from portal.lifecycle.programmes.models import Blueprint
from portal.lifecycle.programmes.working_days import working_calendar


def known() -> Known:
    """What blueprints may name, as registered by the installed pillars."""
    return Known(
        pillars=frozenset(registry.pillars),
        profiles=frozenset(registry.profiles),
        guards=frozenset(registry.guards),
    )


class Command(BaseCommand):
    help = "检查、载入和比较项目方案文件"

    def add_arguments(self, parser: CommandParser) -> None:
        sub = parser.add_subparsers(dest="action", required=True)
        check = sub.add_parser("check", help="检查文件，列出全部错误和首届日程")
        check.add_argument("files", nargs="*", help="缺省为全部项目文件")
        check.add_argument("--from", dest="start", help="按此日期排日程，形如 2026-03-01")
        load = sub.add_parser("load", help="载入文件：新项目建第一版，有改动的建下一版")
        load.add_argument("files", nargs="*")
        load.add_argument("--all", action="store_true", help="载入全部项目文件")
        load.add_argument("--owner", help="主办工会的内部编号；只有一个市总工会时可省略")
        load.add_argument("--reason", default="", help="修改说明")
        diff = sub.add_parser("diff", help="比较两个版本，缺省为最新两版；--file 与文件比较")
        diff.add_argument("code")
        diff.add_argument("versions", nargs="*", type=int)
        diff.add_argument("--file", help="与此文件比较")
        diff.add_argument("--owner")
        simulate = sub.add_parser("simulate", help="在回滚的事务中走完全程：申报、推荐、评审、评选、公示、命名")
        simulate.add_argument("files", nargs="*")
        simulate.add_argument("--all", action="store_true", help="走完全部项目文件")

    def handle(self, *args: Any, **options: Any) -> None:
        action = {
            "check": self.check_files,
            "load": self.load,
            "diff": self.diff,
            "simulate": self.simulate,
        }[options["action"]]
        with system_scope(f"programmes {options['action']}"):
            action(options)

    # --- check ----------------------------------------------------------------------------------------

    def check_files(self, options: dict[str, Any]) -> None:
        paths = self._paths(options["files"] or loader.programme_files())
        start = dt.date.fromisoformat(options["start"]) if options["start"] else None
        faulty = 0
        for path in paths:
            try:
                rules = loader.load_file(path, known=known())
            except loader.BlueprintInvalid as invalid:
                faulty += 1
                self.stdout.write(self.style.ERROR(_("%(file)s：%(count)d 处错误") % _numbers(path, invalid)))
                for problem in invalid.errors:
                    self.stdout.write(f"  {problem.path or '-'}: {problem.message}")
            else:
                self._report(path, rules, start)
        if faulty:
            raise CommandError(_("%d 个文件没有通过检查") % faulty)

    def _report(self, path: Path, rules: Rules, start: dt.date | None) -> None:
        self.stdout.write(self.style.SUCCESS(_("%s：通过") % path.name))
        info = rules.programme
        facts = [info.title, str(info.cadence.label), str(info.subject.label), _("%d 个字段") % len(rules.fields)]
        self.stdout.write("  " + "　".join(facts))
        first = start or next_start(rules, timezone.localdate()) or timezone.localdate()
        self.stdout.write(_("  日程（从 %s 起）：") % format_cn(first))
        for stage in plan(rules, first, working_calendar(first.year, first.year + 1).is_working_day):
            span = f"{format_cn(stage.opens)} 至 {format_cn(stage.closes)}"
            self.stdout.write(_("    %(title)s　%(span)s　%(days)d 个工作日") % _span(stage, span))
        if rules.unconfirmed:
            self.stdout.write(_("  待确认 %d 项：") % len(rules.unconfirmed))
        for row in rules.unconfirmed:
            self.stdout.write(f"    {row.label}：{row.value[:40]}　[{row.source}]")

    # --- load -----------------------------------------------------------------------------------------

    def load(self, options: dict[str, Any]) -> None:
        if bool(options["files"]) == options["all"]:
            raise CommandError(_("请给出文件，或用 --all 载入全部项目文件"))
        paths = self._paths(loader.programme_files() if options["all"] else options["files"])
        owner = find_owner(options["owner"])
        definitions = []
        for path in paths:  # nothing is loaded unless everything is in order
            try:
                definition = loader.definition_from_toml(path.read_text(encoding="utf-8"))
                loader.from_definition(definition, known=known())
            except loader.BlueprintInvalid as invalid:
                raise CommandError(f"{path.name}\n{invalid}") from invalid
            definitions.append((path, definition))
        for path, definition in definitions:
            loaded = load_blueprint(
                definition=definition,
                owner=owner,
                actor=system_actor("programmes load"),
                now=timezone.now(),
                reason=options["reason"] or _("载入 %s") % path.name,
            )
            words = {"title": loaded.programme.title, "version": loaded.blueprint.version}
            text = (
                _("%(title)s：已发布第 %(version)d 版")
                if loaded.is_new
                else _("%(title)s：没有改动，仍为第 %(version)d 版")
            )
            self.stdout.write(text % words)

    # --- diff -----------------------------------------------------------------------------------------

    def diff(self, options: dict[str, Any]) -> None:
        versions = {row.version: row for row in self._versions(options)}
        if not versions:
            raise CommandError(_("没有项目“%s”") % options["code"])
        wanted = options["versions"] or sorted(versions)[-2:]
        missing = [version for version in wanted if version not in versions]
        if missing:
            raise CommandError(_("没有第 %s 版") % "、".join(map(str, missing)))
        if options["file"]:
            old = versions[max(wanted)].definition
            new = loader.definition_from_toml(self._paths([options["file"]])[0].read_text(encoding="utf-8"))
        elif len(wanted) == 2:
            old, new = (versions[version].definition for version in wanted)
        else:
            raise CommandError(_("请给出两个版本号"))
        found = changes(_normal(old), _normal(new))
        for change in found:
            self.stdout.write(f"{_SIGNS[change.kind]} {change.text}")
        if not found:
            self.stdout.write(_("没有差别"))

    def simulate(self, options: dict[str, Any]) -> None:
        """Every step of the process on invented units; needs the demo package, which knows how people answer."""
        if bool(options["files"]) == options["all"]:
            raise CommandError(_("请给出文件，或用 --all 走完全部项目"))
        paths = self._paths(loader.programme_files() if options["all"] else options["files"])
        call_command("simulate_programme", *map(str, paths), stdout=self.stdout)

    def _versions(self, options: dict[str, Any]) -> Iterable[Blueprint]:
        rows = Blueprint.objects.filter(programme__code=options["code"])
        return rows.filter(programme__owner=find_owner(options["owner"])) if options["owner"] else rows

    def _paths(self, names: Iterable[str | Path]) -> list[Path]:
        paths = [Path(name) for name in names]
        for path in paths:
            if not path.is_file():
                raise CommandError(_("没有文件 %s") % path)
        return paths


_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def _numbers(path: Path, invalid: loader.BlueprintInvalid) -> dict[str, Any]:
    return {"file": path.name, "count": len(invalid.errors)}


def _span(stage: Any, span: str) -> dict[str, Any]:
    return {"title": stage.title, "span": span, "days": stage.working_days}


def _normal(definition: dict[str, Any]) -> dict[str, Any]:
    """Both sides as the present schema writes them, so that only differences of meaning show."""
    return loader.to_definition(loader.from_definition(definition))


def find_owner(code: str | None) -> Organisation:
    """The organising federation: the one with ``code``, or the only municipal one. Raises CommandError."""
    roots = Organisation.objects.filter(level=UnionLevel.MUNICIPAL, is_active=True)
    found = list(roots.filter(code=code) if code else roots[:2])
    if len(found) != 1:
        raise CommandError(_("请用 --owner 指明主办工会的内部编号（系统中没有或不止一个市总工会）"))
    return found[0]
