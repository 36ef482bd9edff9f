"""API of notices: what was published, exactly as it was shown."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.lifecycle.notice.models import Notice, NoticeItem
from portal.lifecycle.notice.queries import public_notices
from portal.web.api import PolicyViewSet


class NoticeItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = NoticeItem
        fields = ("position", "shown", "removed_reason")


class NoticeSerializer(serializers.ModelSerializer):
    organisation = serializers.CharField(source="organisation.name")
    cycle = serializers.IntegerField(source="cycle_id")

    class Meta:
        model = Notice
        fields = (
            "code", "kind", "status", "title", "document_number", "organisation", "cycle",
            "working_days", "published_at", "closes_at", "sha256",
        )  # fmt: skip


class NoticeDetailSerializer(NoticeSerializer):
    items = NoticeItemSerializer(many=True)

    class Meta(NoticeSerializer.Meta):
        fields = (*NoticeSerializer.Meta.fields, "body", "contact", "items")


class NoticeViewSet(PolicyViewSet):
    policy = "notice"
    policy_actions = {"list": "view", "retrieve": "view"}
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9-]+"

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return NoticeSerializer if self.action == "list" else NoticeDetailSerializer

    def get_queryset(self) -> Any:
        rows = public_notices()
        return rows if self.action == "list" else rows.prefetch_related("items")
