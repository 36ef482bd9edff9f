from django.utils.translation import gettext_lazy as _

from portal.lifecycle.conferral.models import ConferralStatus
from portal.web.columns import BadgeColumn, Column, DateColumn, LinkColumn, NumberColumn
from portal.web.filters import ChoiceFilter, FilterSet, SearchFilter
from portal.web.tables import Table
from portal.web.ui import Empty


class ConferralTable(Table):
    title = LinkColumn(_("决定"), url="lifecycle:conferral.detail", kwargs={"pk": "pk"}, sort="title", phone="title")
    number = Column(_("发文字号"), accessor="document_number", sort="document_number", phone="fact", css="nowrap")
    cycle = Column(_("届次"), accessor="cycle", phone="hide")
    status = BadgeColumn(_("状态"), accessor="badge", sort="status", phone="fact")
    count = NumberColumn(_("项数"), accessor="item_count", phone="hide")
    decided = DateColumn(_("决定日期"), accessor="decided_on", sort="decided_on", phone="hide", css="nowrap")

    class Meta:
        default_sort = "-decided_on"
        numbered = True
        empty = Empty(_("还没有决定"), _("公示期满且异议处理完毕后，在这里拟定并印发命名或拨付决定。"), icon="award")


class ConferralFilters(FilterSet):
    q = SearchFilter(_("标题、文号"), fields=("title", "document_number"))
    status = ChoiceFilter(_("状态"), field="status", choices=ConferralStatus.choices)
