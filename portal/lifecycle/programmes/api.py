"""API of programmes and cycles: read only."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from portal.lifecycle.programmes.models import Cycle, CycleStage, Programme
from portal.web.api import PolicyViewSet


class ProgrammeSerializer(serializers.ModelSerializer):
    owner = serializers.CharField(source="owner.name")

    class Meta:
        model = Programme
        fields = ("id", "code", "pillar", "title", "short_title", "owner")


class StageSerializer(serializers.ModelSerializer):
    class Meta:
        model = CycleStage
        fields = ("kind", "title", "position", "opens_at", "closes_at", "status")


class CycleSerializer(serializers.ModelSerializer):
    programme = serializers.CharField(source="programme.code")
    owner = serializers.CharField(source="owner.name")
    blueprint_version = serializers.IntegerField(source="blueprint.version")
    stages = StageSerializer(many=True)

    class Meta:
        model = Cycle
        fields = ("id", "programme", "owner", "label", "year", "status", "blueprint_version", "stages")


class ProgrammeViewSet(PolicyViewSet):
    """Programmes of the desk's federation."""

    policy = "cycle"
    policy_actions = {"list": "view", "retrieve": "view"}
    serializer_class = ProgrammeSerializer

    def get_queryset(self) -> Any:
        return Programme.objects.select_related("owner")


class CycleViewSet(PolicyViewSet):
    """Cycles with their stages; ``?programme=<code>&year=<year>&status=<status>``."""

    policy = "cycle"
    policy_actions = {"list": "view", "retrieve": "view"}
    serializer_class = CycleSerializer
    select = ("programme", "owner", "blueprint")

    def get_queryset(self) -> Any:
        rows = super().get_queryset().defer("blueprint__definition").prefetch_related("stages")
        query = self.request.query_params
        if query.get("programme"):
            rows = rows.filter(programme__code=query["programme"])
        if query.get("year", "").isdigit():
            rows = rows.filter(year=int(query["year"]))
        return rows.filter(status=query["status"]) if query.get("status") else rows
