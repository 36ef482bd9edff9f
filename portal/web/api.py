"""Base of the API: policy-checked viewsets, one error shape, cursor pages, throttles.

Every error reads ``{"error": {"code": "…", "message": "…", "fields": {"title": ["…"]}}}``.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, status, throttling, viewsets
from rest_framework.response import Response
from rest_framework.views import set_rollback

from portal.core.context import PUBLIC, Actor
from portal.core.errors import DomainError, Refused
from portal.core.policies import Policy, may, policy_for

CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "refused",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    429: "throttled",
}


class ErrorDetailSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()
    fields_ = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), source="fields")

    def get_fields(self) -> dict[str, serializers.Field]:
        found = super().get_fields()
        return {name.rstrip("_"): field for name, field in found.items()}


class ErrorSerializer(serializers.Serializer):
    """The one error shape, for the schema."""

    error = ErrorDetailSerializer()


def error_response(
    code: str, message: str, *, status_code: int, fields: dict[str, list[str]] | None = None
) -> Response:
    return Response({"error": {"code": code, "message": message, "fields": fields or {}}}, status=status_code)


def _fields(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Nested serializer errors flattened to ``a.b.0`` → messages."""
    if isinstance(detail, dict):
        parts = detail.items()
    elif isinstance(detail, list) and any(isinstance(item, (dict, list)) for item in detail):
        parts = [(str(i), item) for i, item in enumerate(detail) if item]
    else:
        messages = detail if isinstance(detail, list) else [detail]
        return {prefix or "non_field_errors": [str(m) for m in messages]}
    found: dict[str, list[str]] = {}
    for key, value in parts:
        found |= _fields(value, f"{prefix}.{key}" if prefix else str(key))
    return found


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Maps every foreseen exception to the one error shape; None lets a programming error become a 500."""
    if isinstance(error, DomainError):
        set_rollback()
        fields = {name: [str(m) for m in messages] for name, messages in error.fields.items()}
        return error_response(error.code, error.message, status_code=error.status, fields=fields)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    fields: dict[str, list[str]] = {}
    if isinstance(error, exceptions.ValidationError):
        fields = _fields(error.detail)
        message = _("提交的内容有误，请按字段提示改正。")
    else:
        message = str(error.detail)
    code = CODES.get(error.status_code) or str(getattr(error, "default_code", "error"))
    response = error_response(code, message, status_code=error.status_code, fields=fields)
    if getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        response["Retry-After"] = f"{int(error.wait)}"
    return response


class WriteThrottle(throttling.UserRateThrottle):
    """Writes are rarer than reads: a script that loops is stopped early."""

    scope = "write"
    rate = "120/min"

    def allow_request(self, request: Any, view: Any) -> bool:
        return request.method in ("GET", "HEAD", "OPTIONS") or super().allow_request(request, view)


class PolicyViewSet(viewsets.GenericViewSet):
    """Rows from ``policy.rows``, every action through ``policy.can``.

    ``policy``          name of the policy (``"entry"``)
    ``policy_actions``  viewset action → policy action, e.g. ``{"list": "view", "retrieve": "view", "submit": "submit"}``;
                        a viewset action that is not named here does not start
    ``select``          relations fetched with the rows
    ``public``          readable without sign-in; the active scope decides what is seen
    """

    policy: ClassVar[str] = ""
    policy_actions: ClassVar[dict[str, str]] = {}
    select: ClassVar[tuple[str, ...]] = ()
    public: ClassVar[bool] = False
    throttle_classes: ClassVar[list[type]] = [
        throttling.UserRateThrottle,
        throttling.AnonRateThrottle,
        WriteThrottle,
    ]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("abstract"):
            return
        if not cls.policy or not cls.policy_actions:
            raise ImproperlyConfigured(f"{cls.__qualname__} sets no policy or no policy_actions")
        if cls.public:
            cls.permission_classes = []

    @property
    def actor(self) -> Actor:
        """The desk's actor: set by the middleware (session) or by the token authentication."""
        return getattr(self.request, "actor", None) or getattr(self.request._request, "actor", PUBLIC)

    @property
    def now(self) -> Any:
        return timezone.now()

    @property
    def policy_instance(self) -> Policy:
        return policy_for(self.policy)

    def _policy_action(self) -> str:
        try:
            return f"{self.policy}.{self.policy_actions[self.action]}"
        except KeyError:
            raise ImproperlyConfigured(f"{type(self).__qualname__}: {self.action!r} has no policy action") from None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action in (None, "metadata"):
            return
        action = self._policy_action()
        if (self.lookup_url_kwarg or self.lookup_field) not in self.kwargs:
            self._require(action, None)

    def _require(self, action: str, obj: Any) -> None:
        decision = may(self.actor, action, obj)
        if not decision:
            raise Refused(decision)

    def get_queryset(self) -> QuerySet:
        """Rows the actor may view; every other action is asked on the object."""
        rows = self.policy_instance.rows(self.actor, "view")
        return rows.select_related(*self.select) if self.select else rows

    def get_object(self) -> Any:
        """404 outside the rows; Refused with its reason when the row is visible but the action is not allowed."""
        queryset = self.filter_queryset(self.get_queryset())
        lookup = self.lookup_url_kwarg or self.lookup_field
        try:
            obj = queryset.get(**{self.lookup_field: self.kwargs[lookup]})
        except (queryset.model.DoesNotExist, ValueError) as error:
            raise Http404 from error
        self._require(self._policy_action(), obj)
        return obj

    def list(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    def answer(self, obj: Any, *, created: bool = False) -> Response:
        """The object after an act."""
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(self.get_serializer(obj).data, status=code)
