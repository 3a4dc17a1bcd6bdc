"""What PostgreSQL keeps, and every guarantee that it can give."""

from backups.models.access import ApiToken, KeyPair, Scope
from backups.models.approval import Decision, Delegation, Policy, Proposal, Verdict, Weekday
from backups.models.audit import AuditHead, Damage, Event
from backups.models.backup import Alarm, Attempt, Backup, Outcome
from backups.models.coverage import RpoTarget
from backups.models.fleet import Api, Coverage, Credential, Environment, Instance, Kind, Project
from backups.models.notice import Channel, Delivery, DeliveryState, Notice, Occasion, Service
from backups.models.people import Membership, Role, Team, User
from backups.models.pulse import Pulse
from backups.models.states import Source, Status
from backups.models.summary import DayOutcome, InstanceTally, TeamTally
from backups.models.view import SavedView

__all__ = [
    "Alarm",
    "Api",
    "ApiToken",
    "Attempt",
    "AuditHead",
    "Backup",
    "Channel",
    "Coverage",
    "Credential",
    "Damage",
    "DayOutcome",
    "Decision",
    "Delegation",
    "Delivery",
    "DeliveryState",
    "Environment",
    "Event",
    "Instance",
    "InstanceTally",
    "KeyPair",
    "Kind",
    "Membership",
    "Notice",
    "Occasion",
    "Outcome",
    "Policy",
    "Project",
    "Proposal",
    "Pulse",
    "Role",
    "RpoTarget",
    "SavedView",
    "Scope",
    "Service",
    "Source",
    "Status",
    "Team",
    "TeamTally",
    "User",
    "Verdict",
    "Weekday",
]
