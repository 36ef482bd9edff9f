"""API of entries with the acts of the union that holds them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.lifecycle.entries.api import ActSerializer, EntryDetailSerializer
from portal.lifecycle.entries.api import EntryViewSet as EntriesViewSet
from portal.lifecycle.recommendation.domain import decline_entry, endorse_entry, return_entry


class EndorseSerializer(ActSerializer):
    opinion = serializers.CharField(required=False, default="", allow_blank=True)
    vetoes_checked = serializers.BooleanField(required=False, default=False)


class ReturnSerializer(ActSerializer):
    reason = serializers.CharField()
    due_on = serializers.DateField(required=False)


class DeclineSerializer(ActSerializer):
    reason = serializers.CharField()


class EntryViewSet(EntriesViewSet):
    """Entries: list, read, create, save, submit, withdraw; and, for the union that holds one, endorse, return, decline."""

    policy_actions = EntriesViewSet.policy_actions | {
        "endorse": "endorse",
        "return_entry": "return",
        "decline": "decline",
    }

    @extend_schema(request=EndorseSerializer, responses=EntryDetailSerializer)
    @action(detail=True, methods=["post"])
    def endorse(self, request: Any, code: str) -> Response:
        entry = self.get_object()
        return self._fresh(
            endorse_entry(entry=entry, actor=self.actor, now=self.now, **self._checked(EndorseSerializer))
        )

    @extend_schema(request=ReturnSerializer, responses=EntryDetailSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def return_entry(self, request: Any, code: str) -> Response:
        entry = self.get_object()
        return self._fresh(return_entry(entry=entry, actor=self.actor, now=self.now, **self._checked(ReturnSerializer)))

    @extend_schema(request=DeclineSerializer, responses=EntryDetailSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Any, code: str) -> Response:
        entry = self.get_object()
        return self._fresh(
            decline_entry(entry=entry, actor=self.actor, now=self.now, **self._checked(DeclineSerializer))
        )
