"""A small site over Django's own groups: enough to drive every view base through the client."""

from __future__ import annotations

from io import BytesIO

from django import forms
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.urls import include, path, reverse
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.routers import DefaultRouter

from portal.core.decisions import ALLOWED, refuse
from portal.core.errors import Conflict, Invalid
from portal.core.policies import Policy, register_policy
from portal.web.api import PolicyViewSet
from portal.web.columns import Column, LinkColumn, NumberColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.forms import BaseForm
from portal.web.tables import Table
from portal.web.ui import Bulk, Crumb, Empty, SavedView
from portal.web.views import (
    ActionView,
    BulkActionView,
    DetailView,
    FileDownloadView,
    FormView,
    HistoryView,
    ListView,
    PageView,
)

HANDLED: list[str] = []


@register_policy
class SampleGroupPolicy(Policy):
    """Everybody signed in may look at what is not hidden; names decide the rest."""

    name = "samplegroup"
    actions = ("view", "rename", "close")

    def can_view(self, actor, obj):
        return refuse("hidden", "看不到") if obj is not None and obj.name.startswith("hidden") else ALLOWED

    def can_rename(self, actor, obj):
        return refuse("locked", "这个组已锁定，不能改名。") if obj is not None and "locked" in obj.name else ALLOWED

    def rows(self, actor, action):
        return Group.objects.exclude(name__startswith="hidden")

    def can_close(self, actor, obj):
        if obj is not None and ("locked" in obj.name or "hidden" in obj.name):
            return refuse("locked", "这个组已锁定。")
        return ALLOWED


class GroupTable(Table):
    name = LinkColumn("名称", url="group.detail", sort="name")
    size = NumberColumn("编号", accessor="pk", sort="pk")
    note = Column("备注", accessor="name", export=True)

    def export_note(self, row, value):
        return f"={value}"

    class Meta:
        default_sort = "name"
        selectable = True
        bulk = (Bulk("批量关闭", "group.bulk_close"),)
        empty = Empty("还没有组", "先新建一个组。")


class GroupFilters(FilterSet):
    q = SearchFilter("名称", fields=("name",))
    first = ChoiceFilter("首字母", choices=[("a", "A"), ("b", "B")], field="name__startswith")


class GroupList(ListView):
    policy_action = "samplegroup.view"
    table_class, filters_class = GroupTable, GroupFilters
    title, export_name = "组", "组"
    saved_views = (SavedView("B 组", "first=b"),)

    def get_queryset(self):
        return Group.objects.all()


class GroupDetail(DetailView):
    policy_action = "samplegroup.view"
    template_name = "web/form.html"

    def get_queryset(self):
        return Group.objects.all()

    def get(self, request, *args, **kwargs):
        return HttpResponse(self.object.name)


class RenameForm(BaseForm):
    name = forms.CharField(label="新名称", max_length=10)


class GroupRename(FormView):
    policy_action = "samplegroup.rename"
    form_class = RenameForm
    title = "改名"

    def page_crumbs(self):
        return [Crumb("组", reverse("group.list"))]

    def get_queryset(self):
        return Group.objects.all()

    def perform(self, form):
        name = form.cleaned_data["name"]
        if name == "taken":
            raise Invalid("名称重复", fields={"name": ["这个名称已经有了。"]})
        if name == "stale":
            raise Conflict("已被别人改名为“新名”。")
        self.object.name = name
        self.object.save()
        return self.done("已改名。", reverse("group.list"))


class GroupClose(ActionView):
    policy_action = "samplegroup.close"

    def get_queryset(self):
        return Group.objects.all()

    def get_failure_url(self):
        return reverse("group.list")

    def perform(self):
        if "bad" in self.object.name:
            raise Invalid("还有成员，不能关闭。")
        HANDLED.append(self.object.name)
        return self.done("已关闭。", reverse("group.list"))


class GroupBulkClose(BulkActionView):
    policy_action = "samplegroup.close"
    label = "关闭"

    def get_queryset(self):
        return Group.objects.order_by("pk")

    def back_url(self):
        return reverse("group.list")

    def perform_one(self, obj, data):
        if "bad" in obj.name:
            raise Invalid("还有成员，不能关闭。")
        HANDLED.append(obj.name)


class PublicPage(PageView):
    public = True
    layout = "public"
    title = "公开页面"
    template_name = "web/history.html"

    def get(self, request, *args, **kwargs):
        return self.render(items=[])


class GroupSerializer(serializers.ModelSerializer):
    class Meta:
        model = Group
        fields = ("id", "name")


class NameSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=10)


class GroupViewSet(PolicyViewSet):
    policy = "samplegroup"
    policy_actions = {"list": "view", "retrieve": "view", "rename": "rename"}
    serializer_class = GroupSerializer

    @action(detail=True, methods=["post"])
    def rename(self, request, *args, **kwargs):
        group = self.get_object()
        data = NameSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        if data.validated_data["name"] == "taken":
            raise Invalid("名称重复", fields={"name": ["这个名称已经有了。"]})
        if data.validated_data["name"] == "stale":
            raise Conflict("已被别人改名。")
        group.name = data.validated_data["name"]
        group.save()
        return self.answer(group)


class GroupFile(FileDownloadView):
    policy_action = "samplegroup.view"

    def get_queryset(self):
        return Group.objects.all()

    def get_file(self):
        if self.object.name == "bad":
            raise FileNotFoundError
        kind = "text/html" if self.object.name == "alpha" else "application/pdf"
        return BytesIO(b"<script>alert(1)</script>"), "申报表.html", kind


class GroupHistory(HistoryView):
    policy_action = "samplegroup.view"

    def get_queryset(self):
        return Group.objects.all()


router = DefaultRouter()
router.register("groups", GroupViewSet, basename="api-group")

urlpatterns = [
    path("api/", include(router.urls)),
    path("groups/<int:pk>/file/", GroupFile.as_view(), name="group.file"),
    path("groups/<int:pk>/history/", GroupHistory.as_view(), name="group.history"),
    path("groups/", GroupList.as_view(), name="group.list"),
    path("groups/bulk/", GroupBulkClose.as_view(), name="group.bulk_close"),
    path("groups/<int:pk>/", GroupDetail.as_view(), name="group.detail"),
    path("groups/<int:pk>/rename/", GroupRename.as_view(), name="group.rename"),
    path("groups/<int:pk>/close/", GroupClose.as_view(), name="group.close"),
    path("open/", PublicPage.as_view(), name="open"),
    path("accounts/", include("allauth.urls")),
]
handler400 = "portal.web.views.errors.bad_request"
handler403 = "portal.web.views.errors.forbidden"
handler404 = "portal.web.views.errors.not_found"
handler500 = "portal.web.views.errors.server_error"
