"""OpenID Connect against a real (small) provider: links existing accounts, makes none, keeps the second factor."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from allauth.socialaccount.models import SocialAccount

from portal.accounts.models import SignInEvent, User

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
CODE, TOKEN = "code-1", "token-1"


class Provider(ThreadingHTTPServer):
    """Discovery, token and userinfo; ``claims`` is whom it vouches for."""

    claims: dict = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/.well-known/openid-configuration":
            base = self.server.address
            self.answer(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/userinfo",
                    "jwks_uri": f"{base}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif self.path == "/userinfo" and self.headers["Authorization"] == f"Bearer {TOKEN}":
            self.answer(self.server.claims)
        else:
            self.send_error(404)

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        good = sent["code"] == [CODE] and sent["client_secret"] == ["geheim"] and "code_verifier" in sent
        if self.path == "/token" and good:
            self.answer({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 60})
        else:
            self.send_error(400)

    def answer(self, data):
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def provider(settings):
    server = Provider(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app = {
        "provider_id": "sso",
        "name": "统一身份认证",
        "client_id": "portal",
        "secret": "geheim",
        "settings": {"server_url": server.address},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def come_back(client, code=CODE):
    """What the browser does: to the provider, and back with its code."""
    sent = client.post("/accounts/oidc/sso/login/")
    query = parse_qs(urlsplit(sent.url).query)
    assert query["code_challenge_method"] == ["S256"]
    return client.get("/accounts/oidc/sso/login/callback/", {"code": code, "state": query["state"][0]})


def test_sign_in_page_offers_the_provider_only_when_it_is_set_up(client, db, provider, settings):
    assert "通过统一身份认证登录" in client.get("/accounts/login/").content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "统一身份认证" not in client.get("/accounts/login/").content.decode()
    assert client.post("/accounts/oidc/sso/login/").status_code == 404


def test_known_user_name_opens_the_account_and_is_linked_once(client, tianjin, provider):
    provider.claims = {"sub": "s-1", "preferred_username": tianjin.filer.user.username}
    assert come_back(client).status_code == 302
    assert client.get("/desk/profile/").status_code == 200
    assert SocialAccount.objects.get().user == tianjin.filer.user
    provider.claims = {"sub": "s-1", "preferred_username": "renamed"}
    again = type(client)()
    come_back(again)
    assert again.get("/desk/profile/").status_code == 200
    assert SocialAccount.objects.count() == 1
    assert SignInEvent.objects.filter(user=tianjin.filer.user, outcome="succeeded").count() == 2


def test_stranger_gets_no_account(client, tianjin, provider):
    provider.claims = {"sub": "s-2", "preferred_username": "fremd", "email": "x@example.cn", "email_verified": True}
    before = User.objects.count()
    response = come_back(client)
    assert response.url == "/accounts/login/"
    assert "没有对应的账号" in client.get(response.url).content.decode()
    assert client.get("/desk/profile/").status_code == 302
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_unverified_address_opens_nothing(client, tianjin, provider):
    User.objects.filter(pk=tianjin.filer.user.pk).update(email="zhang@example.cn")
    provider.claims = {"sub": "s-3", "email": "zhang@example.cn", "email_verified": False}
    come_back(client)
    assert client.get("/desk/profile/").status_code == 302


def test_municipal_desk_is_asked_for_the_second_factor_too(client, tianjin, provider):
    Authenticator.objects.create(user=tianjin.manager.user, type="totp", data={"secret": encrypt("JBSWY3DPEHPK3PXP")})
    provider.claims = {"sub": "s-4", "preferred_username": tianjin.manager.user.username}
    assert come_back(client).url == "/accounts/2fa/authenticate/"
    assert client.get("/desk/profile/").status_code == 302


def test_wrong_code_signs_nobody_in(client, tianjin, provider):
    provider.claims = {"sub": "s-5", "preferred_username": tianjin.filer.user.username}
    assert come_back(client, code="falsch").status_code in {200, 401}
    assert client.get("/desk/profile/").status_code == 302
