"""``manage.py audit seal | roots | verify [--roots FILE] | grants ROLE [--apply [--password-of VARIABLE]]``: the evidence chain on the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from portal.audit import grants, sealing, verification
from portal.audit.queries import roots_as_json
from portal.core.dates import local_date
from portal.core.scoping import system_scope


class Command(BaseCommand):
    help = "证据链：封存、每日根值、核验、数据库权限"

    def add_arguments(self, parser: CommandParser) -> None:
        sub = parser.add_subparsers(dest="action", required=True)
        sub.add_parser("seal", help="立即封存全部未封存的事件")
        roots = sub.add_parser("roots", help="输出全部每日根值（JSON），供系统外保存")
        roots.add_argument("--today", action="store_true", help="先封存，并以今天为止生成根值")
        verify = sub.add_parser("verify", help="从头核验每条证据链；发现问题时以非零状态结束")
        verify.add_argument("--roots", help="系统外保存的根值文件（roots 的输出或页面下载的文件）")
        rights = sub.add_parser("grants", help="应用账号的数据库权限：能读能加，不能改不能删")
        rights.add_argument("role")
        rights.add_argument("--apply", action="store_true", help="直接执行；缺省只输出 SQL")
        rights.add_argument("--password-of", metavar="变量名", help="先建立账号，登录密码取自这个环境变量")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(**options)

    def _seal(self, **options: Any) -> None:
        count = sealing.seal(now=timezone.now(), everything=True)
        self.stdout.write(f"封存{count}条")

    def _roots(self, *, today: bool, **options: Any) -> None:
        now = timezone.now()
        if today:
            sealing.seal(now=now, everything=True)
            sealing.write_roots(day=local_date(now), now=now)
        with system_scope("export of daily roots"):
            self.stdout.write(json.dumps(roots_as_json(), ensure_ascii=False, indent=2))

    def _verify(self, *, roots: str | None, **options: Any) -> None:
        outside = json.loads(Path(roots).read_text(encoding="utf-8"))["roots"] if roots else []
        broken = 0
        for check in verification.verify_all(now=timezone.now(), outside=outside):
            name = check.chain or "（不属于任何市总工会）"
            word = "完整" if not check.findings else f"发现{len(check.findings)}处问题"
            self.stdout.write(f"证据链 {name}：{check.events}条，{word}")
            for finding in check.findings:
                self.stdout.write(f"  {finding['text']}")
            broken += bool(check.findings)
        if grants.may_change_evidence():
            self.stdout.write("提示：当前数据库账号有权修改或删除日志；正式环境请用 audit grants 收回。")
        if broken:
            raise CommandError(f"{broken}条证据链不完整")

    def _grants(self, *, role: str, apply: bool, password_of: str | None, **options: Any) -> None:
        if apply:
            with transaction.atomic():  # never in with more rights than it shall have
                if password_of:
                    grants.let_in(role, self._password(password_of))
                grants.apply(role)
            self.stdout.write(f"已设定 {role} 的权限")
        else:
            self.stdout.write(grants.as_text(role))

    def _password(self, variable: str) -> str:
        if not (found := os.environ.get(variable)):
            raise CommandError(f"环境变量 {variable} 没有值")
        return found
