"""View bases. Every view class sets ``policy_action``, or ``public = True``; enforced when the class is made."""

from portal.web.views.base import FragmentView, PageView, PolicyError
from portal.web.views.bulk import BulkActionView
from portal.web.views.crud import ActionView, DetailView, FormView
from portal.web.views.downloads import FileDownloadView
from portal.web.views.history import HistoryView
from portal.web.views.lists import ListView
from portal.web.views.tabbed import Tabbed

__all__ = [
    "ActionView",
    "BulkActionView",
    "DetailView",
    "FileDownloadView",
    "FormView",
    "FragmentView",
    "HistoryView",
    "ListView",
    "PageView",
    "PolicyError",
    "Tabbed",
]
