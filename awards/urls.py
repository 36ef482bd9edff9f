"""Register of honours at the desk, and the public site."""

from django.urls import path

from awards.register import views
from awards.site import views as site
from portal.web.public_cache import public_page

app_name = "awards"
urlpatterns = [
    path("desk/honours/", views.HonourList.as_view(), name="honour.list"),
    path("desk/honours/<int:pk>/", views.HonourDetail.as_view(), name="honour.detail"),
    path("desk/honours/certificates/<path:certificate_number>.pdf", views.Certificate.as_view(), name="certificate"),
    path("", public_page(site.PublicHome.as_view()), name="public.home"),
    path("public/calls/", public_page(site.PublicCalls.as_view()), name="public.calls"),
    path("public/calls/<int:pk>/", public_page(site.PublicCall.as_view()), name="public.call"),
    path("public/honours/", public_page(site.PublicHonours.as_view()), name="public.honours"),
    path("public/verify/", site.PublicVerifyForm.as_view(), name="public.verify_form"),
    path("public/verify/<path:certificate_number>/", site.PublicVerify.as_view(), name="public.verify"),
    path("public/accessibility/", public_page(site.PublicAccessibility.as_view()), name="public.accessibility"),
]
