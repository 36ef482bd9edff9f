"""API of selection rounds: read only, at the desk that owns the cycle."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.lifecycle.selection.models import Selection, SelectionRound
from portal.web.api import PolicyViewSet


class SelectionSerializer(serializers.ModelSerializer):
    entry = serializers.CharField(source="entry.code")
    title = serializers.CharField(source="entry.title")
    track = serializers.CharField(source="track.code", default="")

    class Meta:
        model = Selection
        fields = ("rank", "entry", "title", "track", "total", "outcome", "order", "amount", "reason")


class RoundSerializer(serializers.ModelSerializer):
    cycle = serializers.IntegerField(source="stage.cycle_id")

    class Meta:
        model = SelectionRound
        fields = ("id", "cycle", "number", "status", "sha256", "created_at", "decided_at", "decision_note")


class RoundDetailSerializer(RoundSerializer):
    selections = SelectionSerializer(many=True)

    class Meta(RoundSerializer.Meta):
        fields = (*RoundSerializer.Meta.fields, "differences", "needs_decision", "selections")


class RoundViewSet(PolicyViewSet):
    policy = "round"
    policy_actions = {"list": "view", "retrieve": "view"}

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return RoundSerializer if self.action == "list" else RoundDetailSerializer

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("stage__cycle__owner").defer("snapshot").order_by("-pk")
        if self.action == "list":
            return rows
        return rows.prefetch_related("selections__entry", "selections__track")
