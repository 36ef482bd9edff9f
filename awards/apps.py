from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "荣誉"

    def ready(self) -> None:
        from awards.pillar import PILLAR  # noqa: PLC0415 -- app ready
        from awards.register import audit, earlier, navigation, policies, receivers  # noqa: F401, PLC0415 -- app ready
        from portal.lifecycle.engine.registry import register_pillar  # noqa: PLC0415 -- app ready

        register_pillar(PILLAR)
