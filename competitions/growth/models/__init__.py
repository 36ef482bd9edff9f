"""What the room stores."""

from competitions.growth.models.drills import Drill, DrillFile, DrillImport, DrillResult
from competitions.growth.models.mentoring import MentorMonth, Mentorship
from competitions.growth.models.people import FilePurge, WorkerFile

__all__ = ["Drill", "DrillFile", "DrillImport", "DrillResult", "FilePurge", "MentorMonth", "Mentorship", "WorkerFile"]
