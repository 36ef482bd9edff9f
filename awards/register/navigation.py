from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.web.navigation import Entry, PublicEntry, provide, register, register_public

register(Entry(_("荣誉登记"), "awards:honour.list", "honour.view", "honours", icon="medal", order=20))
register_public(
    PublicEntry(_("首页"), "awards:public.home", order=10),
    PublicEntry(_("正在征集"), "awards:public.calls", order=20),
    PublicEntry(_("荣誉查询"), "awards:public.honours", order=40),
    PublicEntry(_("证书核验"), "awards:public.verify_form", order=60),
)
register_public(PublicEntry(_("无障碍声明"), "awards:public.accessibility", order=90, footer=True))
provide("public_home_url", lambda request: reverse("awards:public.home"))
