"""API of checklists: a reviewer's findings item by item, and what the unit gives itself before it submits."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.core.errors import Conflict
from portal.lifecycle.entries import queries as entries
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.queries import params_of
from portal.lifecycle.review.checklist import domain, sheets
from portal.lifecycle.review.checklist.completeness import self_mark_refusals
from portal.lifecycle.review.models import Assignment
from portal.web.api import PolicyViewSet

VERDICTS = {True: domain.YES, False: domain.NO, None: ""}


class Points(serializers.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=7, decimal_places=2, **kwargs)


class ItemSerializer(serializers.Serializer):
    """One item. ``points`` are marks, or the deduction of a ``deduct`` item; ``found`` says whether a veto holds."""

    code = serializers.CharField(source="item.code")
    title = serializers.CharField(source="item.title")
    mode = serializers.CharField(source="item.mode")
    full = Points(source="item.points")
    veto = serializers.BooleanField(source="item.veto")
    points = Points(allow_null=True, source="own.value")
    found = serializers.BooleanField(allow_null=True, source="own.found")
    earned = Points()
    evidence = serializers.SerializerMethodField()
    has_file = serializers.SerializerMethodField()

    def get_evidence(self, line: sheets.ItemLine) -> str:
        return line.self_row.evidence if line.self_row else ""

    def get_has_file(self, line: sheets.ItemLine) -> bool:
        return bool(line.self_row and line.self_row.file)


class ReviewedItemSerializer(ItemSerializer):
    """The same with the unit's own finding, and the reviewer's reason where the two differ."""

    self_points = Points(allow_null=True, source="self_finding.value")
    self_found = serializers.BooleanField(allow_null=True, source="self_finding.found")
    comment = serializers.CharField()
    lacks_comment = serializers.BooleanField()


class PartSerializer(serializers.Serializer):
    code = serializers.CharField(source="section.code")
    title = serializers.CharField(source="section.title")
    least = Points(allow_null=True, source="section.least")
    earned = Points(source="total.earned")
    items = ItemSerializer(many=True, source="lines")


class ReviewedPartSerializer(PartSerializer):
    items = ReviewedItemSerializer(many=True, source="lines")


class SelfSheetSerializer(serializers.Serializer):
    """A checklist with what it adds up to (base without bonus, bonus after its cap) and what forbids to submit it."""

    base = Points(source="total.base")
    bonus = Points(source="total.bonus")
    total = Points(source="total.total")
    done = serializers.IntegerField(source="total.done")
    count = serializers.IntegerField(source="total.count")
    sections = PartSerializer(many=True)
    refusals = serializers.SerializerMethodField()

    def get_refusals(self, sheet: sheets.ItemSheet) -> list[str]:
        return [decision.message for decision in self_mark_refusals(sheet)]


class ReviewedSheetSerializer(SelfSheetSerializer):
    sections = ReviewedPartSerializer(many=True)
    refusals = None


class TypedSerializer(serializers.Serializer):
    """By code of the item: points as text (empty takes them back), whether a veto holds, and words: the unit's
    evidence, a reviewer's reason. Only what is named is touched.
    """

    points = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False, default=dict)
    found = serializers.DictField(child=serializers.BooleanField(allow_null=True), required=False, default=dict)
    words = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False, default=dict)

    def typed(self) -> domain.Typed:
        data = self.validated_data
        found = {code: VERDICTS[value] for code, value in data["found"].items()}
        return domain.Typed(points=data["points"], found=found, words=data["words"])


def typed_by(request: Any) -> domain.Typed:
    serializer = TypedSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer.typed()


def require_known(typed: domain.Typed, checklist: Any) -> None:
    """A code that is none of this checklist's is a mistake of the sender, not to be passed over in silence."""
    unknown = typed.codes - {item.code for item in checklist.items}
    if unknown:
        raise serializers.ValidationError({code: ["考核表中没有这一项。"] for code in sorted(unknown)})


def refuse_errors(sheet: sheets.ItemSheet) -> None:
    wrong = {line.item.code: [line.error] for line in sheet.lines if line.error}
    if wrong:
        raise serializers.ValidationError(wrong)


class ReviewedItemsMixin:
    """``/reviews/{id}/items/``: the findings of one's own sheet, where the review goes by a checklist."""

    item_actions = {"items": "view", "save_items": "score"}

    def _sheet(self, assignment: Assignment) -> sheets.ItemSheet:
        return sheets.review_items(assignment, self._checklist(assignment))

    def _checklist(self, assignment: Assignment) -> Any:
        checklist = params_of(assignment.panel.stage).checklist
        if checklist is None:
            raise Conflict("本届评审不使用考核表。")
        return checklist

    @extend_schema(responses=ReviewedSheetSerializer)
    @action(detail=True, methods=["get"])
    def items(self, request: Any, pk: str) -> Response:
        return Response(ReviewedSheetSerializer(self._sheet(self.get_object())).data)

    @extend_schema(request=TypedSerializer, responses=ReviewedSheetSerializer)
    @items.mapping.put
    def save_items(self, request: Any, pk: str) -> Response:
        assignment, typed = self.get_object(), typed_by(request)
        require_known(typed, self._checklist(assignment))
        sheet = domain.save_items(actor=self.actor, assignment=assignment, typed=typed, now=self.now)
        refuse_errors(sheet)
        return Response(ReviewedSheetSerializer(sheet).data)


class SelfMarkViewSet(PolicyViewSet):
    """The unit's own marks of an entry whose programme asks for them; files are added on the page."""

    policy = "entry"
    policy_actions = {"retrieve": "view", "update": "edit"}
    serializer_class = SelfSheetSerializer
    lookup_field = "code"

    def get_queryset(self) -> Any:
        return entries.entry_records(actor=self.actor)

    def _checklist(self, entry: Entry) -> Any:
        checklist = sheets.checklist_of(entry.cycle)
        if checklist is None or not checklist.self_mark:
            raise Http404
        return checklist

    @extend_schema(responses=SelfSheetSerializer)
    def retrieve(self, request: Any, code: str) -> Response:
        entry = self.get_object()
        return self.answer(sheets.self_sheet(entry, self._checklist(entry)))

    @extend_schema(request=TypedSerializer, responses=SelfSheetSerializer)
    def update(self, request: Any, code: str) -> Response:
        entry, typed = self.get_object(), typed_by(request)
        require_known(typed, self._checklist(entry))
        sheet = domain.save_self_marks(actor=self.actor, entry=entry, typed=typed, now=self.now)
        refuse_errors(sheet)
        return self.answer(sheet)
