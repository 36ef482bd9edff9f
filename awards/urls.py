"""Register of honours at the desk, and the public site."""

from django.urls import path

from awards.certificates import views as certificates
from awards.register import views
from awards.site import views as site
from portal.web.public_cache import public_page

app_name = "awards"
urlpatterns = [
    path("desk/honours/", views.HonourList.as_view(), name="honour.list"),
    path("desk/honours/add/", views.EarlierAdd.as_view(), name="honour.enter"),
    path("desk/honours/<int:pk>/", views.HonourDetail.as_view(), name="honour.detail"),
    path("desk/honours/certificates/<path:certificate_number>.pdf", views.Certificate.as_view(), name="certificate"),
    path("desk/honours/<int:pk>/reissue/", certificates.CertificateReissue.as_view(), name="certificate.reissue"),
    path("public/c/<str:token>/", certificates.PublicCertificate.as_view(), name="public.certificate"),
    path("public/certificates/keys.json", certificates.PublicKeys.as_view(), name="public.keys"),
    path("public/certificates/revocations.json", certificates.PublicRevocations.as_view(), name="public.revocations"),
    path("public/certificates/verify_certificate.py", certificates.PublicVerifier.as_view(), name="public.verifier"),
    path("", public_page(site.PublicHome.as_view()), name="public.home"),
    path("public/calls/", public_page(site.PublicCalls.as_view()), name="public.calls"),
    path("public/calls/<int:pk>/", public_page(site.PublicCall.as_view()), name="public.call"),
    path("public/honours/", public_page(site.PublicHonours.as_view()), name="public.honours"),
    path("public/verify/", site.PublicVerifyForm.as_view(), name="public.verify_form"),
    path("public/verify/<path:certificate_number>/", site.PublicVerify.as_view(), name="public.verify"),
    path("public/accessibility/", public_page(site.PublicAccessibility.as_view()), name="public.accessibility"),
]
