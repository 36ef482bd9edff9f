"""Pages of the API. A module of its own: DRF reads this setting while its own view classes are being made."""

from __future__ import annotations

from rest_framework import pagination


class Pagination(pagination.CursorPagination):
    """Cursor pages (flat at any depth): ``?cursor=…&page_size=…``; answers ``next``, ``previous``, ``results``."""

    ordering = ("-pk",)
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
