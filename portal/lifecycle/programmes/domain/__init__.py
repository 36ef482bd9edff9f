"""Writes of the room, by subject."""

from portal.lifecycle.programmes.domain.advance import advance_cycle
from portal.lifecycle.programmes.domain.amending import amend_cycle
from portal.lifecycle.programmes.domain.announcing import mark_read
from portal.lifecycle.programmes.domain.blueprints import Loaded, load_blueprint
from portal.lifecycle.programmes.domain.copying import copy_cycle
from portal.lifecycle.programmes.domain.cycles import cancel_cycle, open_cycle
from portal.lifecycle.programmes.domain.rule_changes import amend_rules, move_to_version, propose
from portal.lifecycle.programmes.domain.stages import close_stage, open_stage, reopen_stage

__all__ = [
    "Loaded",
    "advance_cycle",
    "amend_cycle",
    "amend_rules",
    "cancel_cycle",
    "close_stage",
    "copy_cycle",
    "load_blueprint",
    "mark_read",
    "move_to_version",
    "open_cycle",
    "open_stage",
    "propose",
    "reopen_stage",
]
