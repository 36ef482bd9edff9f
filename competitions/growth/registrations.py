"""Imported when the app is ready: everything the room hangs into the engine's registries."""

from competitions.growth import audit, navigation, own_sections, policies, sources  # noqa: F401 -- they register themselves
