"""What PostgreSQL keeps, and every guarantee that it can give."""

from backups.models.approval import Decision, Delegation, Policy, Proposal, Verdict, Weekday
from backups.models.audit import AuditHead, Damage, Event
from backups.models.backup import Alarm, Attempt, Backup, Outcome, Source
from backups.models.fleet import Api, Credential, Environment, Instance, Kind, Project
from backups.models.people import Membership, Role, Team, User
from backups.models.pulse import Pulse
from backups.models.states import Status

__all__ = [
    "Alarm",
    "Api",
    "Attempt",
    "AuditHead",
    "Backup",
    "Credential",
    "Damage",
    "Decision",
    "Delegation",
    "Environment",
    "Event",
    "Instance",
    "Kind",
    "Membership",
    "Outcome",
    "Policy",
    "Project",
    "Proposal",
    "Pulse",
    "Role",
    "Source",
    "Status",
    "Team",
    "User",
    "Verdict",
    "Weekday",
]
