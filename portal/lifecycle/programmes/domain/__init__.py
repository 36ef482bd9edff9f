"""Writes of the room, by subject."""

from portal.lifecycle.programmes.domain.advance import advance_cycle
from portal.lifecycle.programmes.domain.blueprints import Loaded, load_blueprint
from portal.lifecycle.programmes.domain.cycles import amend_cycle, cancel_cycle, copy_cycle, open_cycle
from portal.lifecycle.programmes.domain.stages import close_stage, open_stage, reopen_stage

__all__ = [
    "Loaded",
    "advance_cycle",
    "amend_cycle",
    "cancel_cycle",
    "close_stage",
    "copy_cycle",
    "load_blueprint",
    "open_cycle",
    "open_stage",
    "reopen_stage",
]
