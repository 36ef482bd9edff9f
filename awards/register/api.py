"""API of the register of honours, also for verification by number."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from awards.register import queries
from awards.register.models import HonourRecord
from portal.web.api import PolicyViewSet


class HonourSerializer(serializers.ModelSerializer):
    issuer = serializers.CharField(source="issuer.name")

    class Meta:
        model = HonourRecord
        fields = (
            "certificate_number", "honour", "honour_class", "recipient", "recipient_kind", "unit_name", "nominating_name",
            "year", "cycle_label", "document_number", "conferred_on", "issuer", "status", "revoked_on",
        )  # fmt: skip


class HonourViewSet(PolicyViewSet):
    """Honours of the desk's scope; ``?number=<certificate number>`` finds one however the brackets are written."""

    policy = "honour"
    policy_actions = {"list": "view", "retrieve": "view"}
    serializer_class = HonourSerializer

    def get_queryset(self) -> Any:
        rows = queries.honours()
        number = self.request.query_params.get("number", "")
        return rows.filter(certificate_number__iexact=queries.normalise_number(number)) if number else rows
