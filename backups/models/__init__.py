"""What PostgreSQL keeps, and every guarantee that it can give."""

from backups.models.audit import Event
from backups.models.backup import Alarm, Attempt, Backup, Outcome, Source
from backups.models.fleet import Api, Credential, Environment, Instance, Kind, Project
from backups.models.people import Membership, Role, Team, User
from backups.models.pulse import Pulse
from backups.models.states import Status

__all__ = [
    "Alarm",
    "Api",
    "Attempt",
    "Backup",
    "Credential",
    "Environment",
    "Event",
    "Instance",
    "Kind",
    "Membership",
    "Outcome",
    "Project",
    "Pulse",
    "Role",
    "Source",
    "Status",
    "Team",
    "User",
]
