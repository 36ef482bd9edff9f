"""``manage.py load_codes``: districts, economic types, industries, ethnic groups and the lists about persons."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.accounts.codes import SHIPPED
from portal.accounts.domain.codes import load_codes


class Command(BaseCommand):
    help = "Writes the code lists into the database; running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        done = load_codes(SHIPPED)
        self.stdout.write(f"代码表：新增 {done.created}，更新 {done.updated}，停用 {done.withdrawn}。")
