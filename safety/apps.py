from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "safety"
    verbose_name = "安康杯"

    def ready(self) -> None:
        from portal.lifecycle.engine.registry import register_pillar  # noqa: PLC0415 -- app ready
        from safety.pillar import PILLAR  # noqa: PLC0415 -- app ready

        register_pillar(PILLAR)
