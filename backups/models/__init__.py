"""What PostgreSQL keeps, and every guarantee that it can give."""

from backups.models.approval import Decision, Delegation, Policy, Proposal, Verdict, Weekday
from backups.models.audit import AuditHead, Damage, Event
from backups.models.backup import Alarm, Attempt, Backup, Outcome, Source
from backups.models.fleet import Api, Credential, Environment, Instance, Kind, Project
from backups.models.notice import Channel, Delivery, DeliveryState, Notice, Occasion, Service
from backups.models.people import Membership, Role, Team, User
from backups.models.pulse import Pulse
from backups.models.states import Status
from backups.models.view import SavedView

__all__ = [
    "Alarm",
    "Api",
    "Attempt",
    "AuditHead",
    "Backup",
    "Channel",
    "Credential",
    "Damage",
    "Decision",
    "Delegation",
    "Delivery",
    "DeliveryState",
    "Environment",
    "Event",
    "Instance",
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
    "SavedView",
    "Service",
    "Source",
    "Status",
    "Team",
    "User",
    "Verdict",
    "Weekday",
]
