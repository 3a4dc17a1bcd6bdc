"""What people type. Forms never save: they give drafts, and the operations judge them."""

from dashboard.forms.access import AccessForm, ServiceForm
from dashboard.forms.audit import AuditForm
from dashboard.forms.channels import ChannelForm
from dashboard.forms.coverage import CoverageForm, InstanceForm, TargetsForm
from dashboard.forms.decisions import DecisionForm
from dashboard.forms.deputies import DeputyForm
from dashboard.forms.filters import WaitingFilterForm
from dashboard.forms.history import FilterForm
from dashboard.forms.members import MemberForm, QuotaForm, RemovalForm
from dashboard.forms.policies import PolicyForm
from dashboard.forms.projects import ProjectForm
from dashboard.forms.requests import BackupForm
from dashboard.forms.teams import FirstAdminForm, TeamForm

__all__ = [
    "AccessForm",
    "AuditForm",
    "BackupForm",
    "ChannelForm",
    "CoverageForm",
    "DecisionForm",
    "DeputyForm",
    "FilterForm",
    "FirstAdminForm",
    "InstanceForm",
    "MemberForm",
    "PolicyForm",
    "ProjectForm",
    "QuotaForm",
    "RemovalForm",
    "ServiceForm",
    "TargetsForm",
    "TeamForm",
    "WaitingFilterForm",
]
