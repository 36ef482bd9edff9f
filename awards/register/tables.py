from django.utils.translation import gettext_lazy as _

from awards.register import queries
from awards.register.models import HonourStatus
from portal.web.columns import BadgeColumn, Column, DateColumn, LinkColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


class HonourTable(Table):
    recipient = LinkColumn(
        _("获得者"), url="awards:honour.detail", kwargs={"pk": "pk"}, sort="recipient", phone="title"
    )
    unit = Column(_("单位"), accessor="unit_name", sort="unit_name", phone="fact")
    honour = Column(_("荣誉"), accessor="honour", sort="honour", phone="fact")
    number = Column(_("证书编号"), accessor="certificate_number", sort="certificate_number", phone="hide")
    conferred = DateColumn(_("命名日期"), accessor="conferred_on", sort="conferred_on", phone="hide")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="hide")

    class Meta:
        default_sort = "-conferred_on"
        numbered = True
        empty = Empty(_("还没有荣誉登记"), _("命名决定印发后，荣誉会自动登记在这里。"), icon="award")


class HonourFilters(FilterSet):
    q = SearchFilter(_("获得者、单位、证书编号"), fields=("recipient", "unit_name", "certificate_number"))
    year = ChoiceFilter(
        _("年度"), field="year", choices=lambda filters: [(y, f"{y}年") for y in queries.years_of_register()]
    )
    honour = ChoiceFilter(
        _("荣誉"), field="honour", choices=lambda filters: [(n, n) for n in queries.names_of_register()]
    )
    status = ChoiceFilter(_("状态"), field="status", choices=HonourStatus.choices)
