"""All rooms' URLs in one namespace: ``lifecycle:entry.detail``. Rooms choose their prefix (/desk/…, /review/…, /public/…)."""

from portal.lifecycle.clearance.opinions.urls import urlpatterns as opinions
from portal.lifecycle.clearance.urls import urlpatterns as clearance
from portal.lifecycle.conferral.urls import urlpatterns as conferral
from portal.lifecycle.editions.urls import urlpatterns as editions
from portal.lifecycle.entries.recusals.urls import urlpatterns as recusals
from portal.lifecycle.entries.urls import urlpatterns as entries
from portal.lifecycle.letters.invitations.urls import urlpatterns as invitation_letters
from portal.lifecycle.letters.urls import urlpatterns as letters
from portal.lifecycle.notice.urls import urlpatterns as notice
from portal.lifecycle.programmes.hosts.urls import urlpatterns as hosts
from portal.lifecycle.programmes.urls import urlpatterns as programmes
from portal.lifecycle.recommendation.ledger.urls import urlpatterns as places
from portal.lifecycle.recommendation.urls import urlpatterns as recommendation
from portal.lifecycle.review.urls import urlpatterns as review
from portal.lifecycle.selection.countersigning.urls import urlpatterns as countersigning
from portal.lifecycle.selection.urls import urlpatterns as selection
from portal.lifecycle.showcase.urls import urlpatterns as showcase
from portal.lifecycle.similarity.urls import urlpatterns as similarity
from portal.lifecycle.worklist.urls import urlpatterns as worklist
from portal.lifecycle.workshop.urls import urlpatterns as workshop

app_name = "lifecycle"
urlpatterns = [
    *worklist,
    *programmes,
    *hosts,
    *recusals,
    *entries,
    *recommendation,
    *places,
    *opinions,
    *clearance,
    *similarity,
    *review,
    *selection,
    *countersigning,
    *notice,
    *conferral,
    *showcase,
    *editions,
    *workshop,
    *letters,
    *invitation_letters,
]
