"""API of entries: the same policies, scopes and domain functions as the pages."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.lifecycle.blueprints.fields import display_rows
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.content import answers_of
from portal.lifecycle.entries.display import display_status
from portal.lifecycle.entries.domain import create_entry, save_draft, submit_entry, withdraw_entry
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import Cycle, Track
from portal.web.api import PolicyViewSet


class StatusSerializer(serializers.Serializer):
    label = serializers.CharField()
    tone = serializers.CharField()


class EntrySerializer(serializers.ModelSerializer):
    """A line. The raw state is not shown: what a desk may know of it is the status."""

    cycle = serializers.IntegerField(source="cycle_id")
    programme = serializers.CharField(source="cycle.programme.code")
    organisation = serializers.CharField(source="organisation.name")
    employer = serializers.CharField(source="employer.name", default="")
    track = serializers.CharField(source="track.code", default="")
    held_by = serializers.CharField(source="at_organisation.name", default="")
    status = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields = (
            "code", "cycle", "programme", "track", "title", "organisation", "employer",
            "status", "held_by", "version", "submitted_at", "return_due_at",
        )  # fmt: skip

    def get_status(self, entry: Entry) -> dict[str, str]:
        view = self.context["view"]
        status = display_status(entry, view.actor, view.now)
        return {"label": str(status.label), "tone": status.tone}


class EntryDetailSerializer(EntrySerializer):
    """With the content by section; ID numbers and phones masked as on the page."""

    content = serializers.SerializerMethodField()
    route = serializers.SerializerMethodField()

    class Meta(EntrySerializer.Meta):
        fields = (*EntrySerializer.Meta.fields, "content", "route")

    def get_content(self, entry: Entry) -> list[dict[str, Any]]:
        rules, answers = entry.cycle.rules, answers_of(entry)
        return [
            {
                "section": section.code,
                "title": section.title,
                "rows": [
                    {"code": row.code, "label": row.label, "value": row.value, "columns": row.columns, "rows": row.rows}
                    for row in display_rows(rules, section, answers, viewer="staff")
                ],
            }
            for section in rules.sections
        ]

    def get_route(self, entry: Entry) -> list[dict[str, Any]]:
        return [{"level": hop["level"], "name": hop["name"]} for hop in entry.route]


class NewEntrySerializer(serializers.Serializer):
    cycle = serializers.IntegerField()
    title = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    track = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class AnswersSerializer(serializers.Serializer):
    section = serializers.CharField(max_length=60)
    answers = serializers.DictField()
    expected_version = serializers.IntegerField(required=False)


class ActSerializer(serializers.Serializer):
    expected_version = serializers.IntegerField(required=False)


class EntryViewSet(PolicyViewSet):
    """Entries of the desk's scope; ``?cycle=<id>``. Acts: save a section, submit, withdraw."""

    policy = "entry"
    policy_actions = {
        "list": "view",
        "retrieve": "view",
        "create": "create",
        "answers": "edit",
        "submit": "submit",
        "withdraw": "withdraw",
    }
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9-]+"
    serializer_class = EntrySerializer

    def get_queryset(self) -> Any:
        if self.action == "list":
            rows = queries.entries(actor=self.actor)
            cycle = self.request.query_params.get("cycle", "")
            return rows.filter(cycle=int(cycle)) if cycle.isdigit() else rows
        return queries.entry_records(actor=self.actor)

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return EntrySerializer if self.action == "list" else EntryDetailSerializer

    def _checked(self, kind: type[serializers.Serializer]) -> dict[str, Any]:
        serializer = kind(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def _fresh(self, entry: Entry, *, created: bool = False) -> Response:
        return self.answer(queries.entry_records(actor=self.actor).get(pk=entry.pk), created=created)

    @extend_schema(request=NewEntrySerializer, responses={201: EntryDetailSerializer})
    def create(self, request: Any) -> Response:
        data = self._checked(NewEntrySerializer)
        cycle = Cycle.objects.select_related("programme", "blueprint", "owner").filter(pk=data["cycle"]).first()
        if cycle is None:
            raise serializers.ValidationError({"cycle": ["没有这个届次。"]})
        track = Track.objects.filter(cycle=cycle, code=data["track"]).first() if data["track"] else None
        entry = create_entry(actor=self.actor, cycle=cycle, now=self.now, title=data["title"], track=track)
        return self._fresh(entry, created=True)

    @extend_schema(request=AnswersSerializer, responses=EntryDetailSerializer)
    @action(detail=True, methods=["put"])
    def answers(self, request: Any, code: str) -> Response:
        saved = save_draft(actor=self.actor, entry=self.get_object(), now=self.now, **self._checked(AnswersSerializer))
        return self._fresh(saved.entry)

    @extend_schema(request=ActSerializer, responses=EntryDetailSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Any, code: str) -> Response:
        entry = self.get_object()
        return self._fresh(submit_entry(actor=self.actor, entry=entry, now=self.now, **self._checked(ActSerializer)))

    @extend_schema(request=None, responses=EntryDetailSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Any, code: str) -> Response:
        entry = self.get_object()
        return self._fresh(withdraw_entry(actor=self.actor, entry=entry, now=self.now))
