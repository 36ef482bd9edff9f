"""Menu entry, to-do count and search of the frame."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.worklist.queries import known_count
from portal.web.navigation import Entry, provide, register

register(Entry(_("工作台"), "lifecycle:worklist.home", "worklist.view", "home", icon="home", order=1, for_guests=True))
provide("home_url", lambda request: reverse("lifecycle:worklist.home"))
provide("search_url", lambda request: reverse("lifecycle:worklist.search"))
provide("todo_count", lambda request: known_count(request.actor))
provide("todo_url", lambda request: reverse("lifecycle:worklist.count"))
