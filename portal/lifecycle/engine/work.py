"""The work list's registry, under the name the rooms know it by; it lives in ``portal.web.work``."""

from portal.web.work import Source, register_source, sources_for

__all__ = ["Source", "register_source", "sources_for"]
