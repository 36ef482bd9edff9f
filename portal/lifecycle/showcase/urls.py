"""Showcase: the owner's desk and everybody's pages."""

from django.urls import path

from portal.lifecycle.showcase import views
from portal.web.public_cache import public_page

urlpatterns = [
    path("desk/showcase/", views.ShowcaseDesk.as_view(), name="showcase.desk"),
    path("desk/showcase/entries/<int:pk>/prepare/", views.ShowcasePrepare.as_view(), name="showcase.prepare"),
    path("desk/showcase/<int:pk>/", views.ShowcasePublish.as_view(), name="showcase.publish"),
    path("desk/showcase/<int:pk>/withdraw/", views.ShowcaseWithdraw.as_view(), name="showcase.withdraw"),
    path("public/showcase/", public_page(views.PublicShowcase.as_view()), name="public.showcase"),
    path("public/showcase/<int:pk>/", public_page(views.PublicShowcaseItem.as_view()), name="public.showcase_item"),
    path("public/showcase/<int:pk>/picture/", views.PublicShowcasePicture.as_view(), name="public.showcase_picture"),
]
