"""What all records of a studio share."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovations.studios.models.studios import Studio
from portal.accounts.models import User
from portal.core.scoping import ScopedModel


class OfStudio(ScopedModel):
    """A record of one studio, seen by its union and all above it; with its proof, if any."""

    scope_owner = "studio__organisation__path"

    studio = models.ForeignKey(
        Studio, verbose_name=_("工作室"), on_delete=models.PROTECT, related_name="%(class)s_rows"
    )
    file = models.FileField(upload_to="studios/%Y/", blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        abstract = True

    kind_of_record = ""  # the key of the record in addresses

    @property
    def proof_url(self) -> str:
        if not self.file_name:
            return ""
        return reverse("innovations:record.proof", kwargs={"kind": self.kind_of_record, "pk": self.pk})

    def get_absolute_url(self) -> str:
        return self.studio.get_absolute_url()

    def audit_paths(self) -> tuple[str, str]:
        return self.studio.audit_paths()
