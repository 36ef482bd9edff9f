from django.apps import AppConfig


class InnovationsConfig(AppConfig):
    name = "innovations"
    verbose_name = "职工创新"

    def ready(self) -> None:
        from innovations.pillar import PILLAR  # noqa: PLC0415 -- app ready
        from innovations.studios import registrations  # noqa: F401, PLC0415 -- app ready
        from portal.lifecycle.engine.registry import register_pillar  # noqa: PLC0415 -- app ready

        register_pillar(PILLAR)
