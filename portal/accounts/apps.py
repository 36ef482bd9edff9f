from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = "组织与人员"

    def ready(self) -> None:
        from portal.accounts import audit, navigation, openapi, policies, receivers  # noqa: F401, PLC0415 -- app ready
