"""Pages of the sign-in library that the portal does not use, answered as if they did not exist.

People have one address, kept in their profile; accounts are linked to single sign-on at its first use; nobody signs in by
mail. The names stay (the library refers to them), the pages do not open.
"""

from typing import NoReturn

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.urls import re_path


@login_not_required
def not_used(request: HttpRequest) -> NoReturn:
    raise Http404


urlpatterns = [
    re_path(r"^(?:email|confirm-email|login/code)/", not_used),
    re_path(r"^3rdparty/(?:signup/)?$", not_used),
]
