"""API of an expert's own sheets. A blind stage shows the review code and never the entry's name, code or unit."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.lifecycle.review.checklist.api import ReviewedItemsMixin
from portal.lifecycle.review.domain.marking import recuse, save_marks, submit_sheet
from portal.lifecycle.review.models import Assignment
from portal.lifecycle.review.queries import desk
from portal.web.api import PolicyViewSet


class MarkSerializer(serializers.Serializer):
    criterion = serializers.CharField()
    value = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    abstained = serializers.BooleanField()


class ReviewSerializer(serializers.ModelSerializer):
    cycle = serializers.IntegerField(source="panel.stage.cycle_id")
    panel = serializers.CharField(source="panel.name")
    due_at = serializers.DateTimeField(source="panel.due_at")
    review_code = serializers.CharField(source="entry.review_code")
    title = serializers.SerializerMethodField()
    marks = MarkSerializer(source="scores", many=True)

    class Meta:
        model = Assignment
        fields = ("id", "cycle", "panel", "review_code", "title", "state", "due_at", "comment", "submitted_at", "marks")

    def get_title(self, assignment: Assignment) -> str:
        return "" if desk.is_blind(assignment.panel.stage) else assignment.entry.title


class MarksSerializer(serializers.Serializer):
    """Criterion → mark as text (empty takes it back), and criteria one abstains from."""

    marks = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False, default=dict)
    abstained = serializers.DictField(child=serializers.BooleanField(), required=False, default=dict)


class RecuseSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class ReviewViewSet(ReviewedItemsMixin, PolicyViewSet):
    """The expert's own assignments: read, save marks (of a checklist: item by item), submit, recuse."""

    policy = "review"
    policy_actions = ReviewedItemsMixin.item_actions | {
        "list": "view",
        "retrieve": "view",
        "marks": "score",
        "submit": "score",
        "recuse": "recuse",
    }
    serializer_class = ReviewSerializer

    def get_queryset(self) -> Any:
        rows = super().get_queryset().select_related("panel__stage__cycle", "entry").prefetch_related("scores")
        return rows.defer("entry__answers", "entry__route").order_by("pk")

    def _checked(self, kind: type[serializers.Serializer]) -> dict[str, Any]:
        serializer = kind(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    @extend_schema(request=MarksSerializer, responses=ReviewSerializer)
    @action(detail=True, methods=["put"])
    def marks(self, request: Any, pk: str) -> Response:
        assignment, data = self.get_object(), self._checked(MarksSerializer)
        sheet = save_marks(
            actor=self.actor, assignment=assignment, typed=data["marks"], abstained=data["abstained"], now=self.now
        )
        wrong = {line.criterion.code: [line.error] for line in sheet.lines if line.error}
        if wrong:
            raise serializers.ValidationError(wrong)
        return self.answer(self.get_object())

    @extend_schema(request=None, responses=ReviewSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Any, pk: str) -> Response:
        submit_sheet(actor=self.actor, assignment=self.get_object(), now=self.now)
        return self.answer(self.get_queryset().get(pk=pk))

    @extend_schema(request=RecuseSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def recuse(self, request: Any, pk: str) -> Response:
        recuse(actor=self.actor, assignment=self.get_object(), now=self.now, **self._checked(RecuseSerializer))
        return Response(status=204)
