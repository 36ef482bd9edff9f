"""``manage.py certificate_keys list | new``: the keys that sign certificates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from awards.certificates.keys import encode, key_id, key_ring, new_seed, public_of, rotate_file


class Command(BaseCommand):
    help = "证书签名密钥：列出、换新"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("list", "new"))

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"_{action}")()

    def _list(self) -> None:
        ring = key_ring()
        for name, key in ring.public.items():
            self.stdout.write(f"{name}  {encode(key)}{'  （正在使用）' if name == ring.current else ''}")

    def _new(self) -> None:
        if not settings.CERTIFICATE_SIGNING_KEY and settings.CERTIFICATE_KEY_FILE:
            ring = rotate_file(Path(settings.CERTIFICATE_KEY_FILE))
            self.stdout.write(f"已换用新密钥 {ring.current}，旧密钥保留用于核验")
            return
        seed = new_seed()
        older = [encode(key) for key in key_ring().public.values()] if settings.CERTIFICATE_SIGNING_KEY else []
        self.stdout.write(f"# 新密钥 {key_id(public_of(seed))}：写入环境后重启；旧公钥必须保留")
        self.stdout.write(f"CERTIFICATE_SIGNING_KEY={encode(seed)}")
        self.stdout.write(f"CERTIFICATE_PUBLIC_KEYS={','.join(older)}")
