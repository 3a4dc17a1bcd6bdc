"""Projects and their credentials: what an admin types, what is wrong with it, and what is kept of it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from backups import cloud
from backups.contract import fields
from backups.contract.violations import Violation
from backups.models import Credential, Kind, Project, Team, User
from backups.models.fleet import ProjectQuerySet
from backups.operations import audit, connections, reach, rights, vault, wake
from backups.operations.refusals import Refused
from backups.secrecy.secret import Secret

Problems = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A project as an admin typed it. Secrets left out mean: keep the ones there are."""

    team: Team
    name: str
    region: str
    endpoint: str
    api: str
    project_id: str
    kind: str
    iam_endpoint: str = ""
    allows_chinese_names: bool = False
    access_key: Secret | None = None
    secret_key: Secret | None = None
    security_token: Secret | None = None
    domain: str = ""
    username: str = ""
    password: Secret | None = None


class ProjectRefused(Refused):
    """The draft has problems; nothing was written."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("invalid", next(iter(problems.values()))[0])
        self.problems = problems


def check(draft: ProjectDraft, *, by: User | None, project: Project | None = None) -> Problems:
    """What is wrong with `draft`, by field; `project` is the one that it would change.

    Here and below, no `by` is the operator at the terminal (`rights.require_if_person`).
    """
    findings = {
        "team": _right_problem(draft, by),
        "name": _name_problem(draft, project),
        "region": "" if draft.region else _("Which region is the project in?"),
        "endpoint": _endpoint_problem(draft.endpoint) or _twice_problem(draft, project),
        "project_id": _project_id_problem(draft.project_id),
        **_sign_in_problems(draft, must_have_secrets=_needs_secrets(draft, project)),
    }
    return {field: [text] for field, text in findings.items() if text}


@audit.act
def create_project(draft: ProjectDraft, *, by: User | None, at: datetime) -> Project:
    """Create the project with its sealed credential, and sync it; raises `ProjectRefused`.

    The team is locked: of two alike at once the second is told so.
    """
    Team.objects.select_for_update(no_key=True).get(pk=draft.team.pk)
    _require_no_problems(check(draft, by=by))
    project = Project(team=draft.team, created_at=at)
    _read_anew(project, at=at)
    _fill(project, draft)
    project.save()
    _seal_credential(project, draft, at=at)
    _record(project, "project_created", by=by, at=at)
    wake.sync(project.pk)
    return project


@audit.act
def change_project(project: Project, draft: ProjectDraft, *, by: User | None, at: datetime) -> Project:
    """Change the project; a change of where it points asks for the secret again (security.md, row 3)."""
    rights.require_if_person(by, "manage_projects", project.team)
    _require_no_problems(check(draft, by=by, project=project))
    _fill(project, draft)
    _read_anew(project, at=at)
    project.save()
    if _has_secrets(draft):
        project.credential.delete()
        _seal_credential(project, draft, at=at)
    reach.start_over(project, at=at)
    _record(project, "project_changed", by=by, at=at)
    wake.sync(project.pk)
    return project


def _fill(project: Project, draft: ProjectDraft) -> None:
    project.name = draft.name
    project.region = draft.region
    project.endpoint = draft.endpoint
    project.iam_endpoint = draft.iam_endpoint
    project.api = draft.api
    project.project_id = draft.project_id
    project.allows_chinese_names = draft.allows_chinese_names


def _read_anew(project: Project, *, at: datetime) -> None:
    """Have everything of it read now."""
    project.next_sync_at = project.next_catalog_at = project.newest_due_at = project.sweep_due_at = at


def _seal_credential(project: Project, draft: ProjectDraft, *, at: datetime) -> None:
    credential = Credential(project=project, kind=draft.kind, created_at=at)
    if draft.kind == Kind.AKSK:
        access_key = draft.access_key.reveal() if draft.access_key else ""
        credential.access_key_hint = access_key[-4:]
        vault.seal_field(credential, "access_key", draft.access_key)
        vault.seal_field(credential, "secret_key", draft.secret_key)
        vault.seal_field(credential, "security_token", draft.security_token)
    else:
        credential.domain = draft.domain
        credential.username = draft.username
        vault.seal_field(credential, "password", draft.password)
    credential.save()
    project.credential = credential


def _record(project: Project, verb: str, *, by: User | None, at: datetime) -> None:
    data = {"name": project.name, "endpoint": project.endpoint}
    audit.record(verb, team_id=project.team_id, at=at, by=by, project=project, data=data)


def _has_secrets(draft: ProjectDraft) -> bool:
    return any((draft.access_key, draft.secret_key, draft.security_token, draft.password))


def _needs_secrets(draft: ProjectDraft, project: Project | None) -> bool:
    if project is None or _has_secrets(draft):
        return True
    pointed_at = (
        project.endpoint,
        project.iam_endpoint,
        project.region,
        project.project_id,
        project.credential.kind,
        project.credential.domain,
        project.credential.username,
    )
    points_at = (
        draft.endpoint,
        draft.iam_endpoint,
        draft.region,
        draft.project_id,
        draft.kind,
        draft.domain,
        draft.username,
    )
    return pointed_at != points_at


def _right_problem(draft: ProjectDraft, by: User | None) -> str:
    return rights.may(by, "manage_projects", draft.team).why_not if by else ""


def _others(draft: ProjectDraft, project: Project | None) -> ProjectQuerySet:
    others = Project.objects.filter(team=draft.team)
    return others.exclude(pk=project.pk) if project else others


def _name_problem(draft: ProjectDraft, project: Project | None) -> str:
    if not draft.name.strip():
        return _("The project needs a name.")
    if _others(draft, project).filter(name=draft.name).exists():
        return _("%(team)s already has a project of this name.") % {"team": draft.team}
    return ""


def _twice_problem(draft: ProjectDraft, project: Project | None) -> str:
    twins = _others(draft, project).filter(endpoint=draft.endpoint, project_id=draft.project_id)
    if twin := twins.first():
        return _("“%(name)s” already stands for this project of the cloud.") % {"name": twin.name}
    return ""


def _endpoint_problem(url: str) -> str:
    try:
        connections.guard().origin(url)
    except cloud.EndpointRefused as refused:
        return " ".join(connections.in_words(refused))
    return ""


def _project_id_problem(value: str) -> str:
    try:
        fields.check_project_id(value)
    except Violation as violation:
        return _(violation.template) % violation.params
    return ""


def _sign_in_problems(draft: ProjectDraft, *, must_have_secrets: bool) -> dict[str, str]:
    """What is missing for the chosen way to sign in."""
    if draft.kind == Kind.AKSK:
        given: dict[str, object] = {"access_key": draft.access_key, "secret_key": draft.secret_key}
        missing = [name for name, value in given.items() if must_have_secrets and not value]
    elif draft.kind == Kind.TOKEN:
        given = {"domain": draft.domain, "username": draft.username}
        given |= {"password": draft.password} if must_have_secrets else {}
        missing = [name for name, value in given.items() if not value]
    else:
        return {"kind": _("Choose how Safepoint signs in.")}
    problems = dict.fromkeys(missing, _("Needed to sign in."))
    if draft.kind == Kind.TOKEN:
        problems["iam_endpoint"] = _endpoint_problem(draft.iam_endpoint)
    return problems


def _require_no_problems(problems: Problems) -> None:
    if problems:
        raise ProjectRefused(problems)
