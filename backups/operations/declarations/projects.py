"""Projects and how Safepoint signs in to them, as a document declares them."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from django.utils.translation import gettext as _

from backups.contract import regions
from backups.contract.fields import check_project_id
from backups.models import Api, Kind, Project, Team
from backups.operations import projects, vault
from backups.operations.declarations.entries import Entry, Resolve
from backups.operations.declarations.run import Run
from backups.secrecy.secret import Secret

SETTINGS = {
    "region": "region",
    "endpoint": "endpoint",
    "iam_endpoint": "IAM endpoint",
    "api": "API path",
    "project_id": "project ID",
    "allows_chinese_names": "Chinese names",
}
SIGN_IN = {"kind": "kind", "domain": "domain", "username": "IAM user"}
"""What a line calls each field of a draft."""

SECRETS = ("access_key", "secret_key", "security_token", "password")

POINTS_NOWHERE = {"api", "allows_chinese_names"}
"""The settings that change without the secrets being asked for again."""

IN_CREDENTIAL = {"iam_endpoint", *SIGN_IN, *SECRETS}
"""Where a document has them."""


@dataclass(frozen=True)
class DeclaredProject:
    """A project by the names of `projects.ProjectDraft`; None of Chinese names: as they are."""

    place: str
    team: str
    name: str
    region: str
    endpoint: str
    api: str
    project_id: str
    allows_chinese_names: bool | None
    kind: str
    iam_endpoint: str = ""
    domain: str = ""
    username: str = ""
    access_key: Secret | None = None
    secret_key: Secret | None = None
    security_token: Secret | None = None
    password: Secret | None = None

    @property
    def known_by(self) -> tuple[str, ...]:
        """What it is known again by."""
        return self.team, self.name


def read(entry: Entry, resolve: Resolve) -> DeclaredProject:
    """The project of `entry`."""
    region = entry.text("region", longest=64)
    credential = entry.entry("credential")
    kind = credential.choice("kind", Kind.values)
    project = DeclaredProject(
        place=entry.place,
        team=entry.text("team"),
        name=entry.text("name", longest=100),
        region=region,
        endpoint=_address(entry, "endpoint", region, regions.endpoint_of),
        api=entry.choice("api", Api.values),
        project_id=entry.checked("project_id", check_project_id),
        allows_chinese_names=entry.flag("allows_chinese_names"),
        kind=kind,
    )
    return _with_sign_in(project, credential, resolve)


def _with_sign_in(project: DeclaredProject, credential: Entry, resolve: Resolve) -> DeclaredProject:
    if project.kind == Kind.AKSK:
        project = replace(
            project,
            access_key=credential.secret("access_key", resolve),
            secret_key=credential.secret("secret_key", resolve),
            security_token=credential.secret("security_token", resolve, is_needed=False),
        )
    elif project.kind == Kind.TOKEN:
        project = replace(
            project,
            iam_endpoint=_address(credential, "iam_endpoint", project.region, regions.iam_endpoint_of),
            domain=credential.text("domain", longest=64),
            username=credential.text("username", longest=64),
            password=credential.secret("password", resolve),
        )
    if project.kind in Kind.values:
        credential.close(hides_keys=True)
    return project


def _address(entry: Entry, key: str, region: str, own: Callable[[str], str]) -> str:
    """The address that was given, or the region's own."""
    given = entry.text(key, is_needed=False)
    if given or region in regions.REGIONS:
        return given or own(region)
    if region:
        entry.tell(key, _("It is missing: the addresses of this region are not known here."))
    return ""


def apply(run: Run, declared: DeclaredProject) -> None:
    """Create the project, or change what differs of it."""
    team = run.team(declared.team)
    known = Project.objects.select_related("team", "credential").filter(team=team)
    stored = known.filter(name=declared.name).first()
    draft = _draft(declared, team, stored)
    try:
        project = _change(run, stored, draft) if stored else _create(run, draft)
    except projects.ProjectRefused as refused:
        for name, texts in refused.problems.items():
            run.tell(declared.place, f"credential.{name}" if name in IN_CREDENTIAL else name, texts[0])
    else:
        run.projects.append(project)


def _draft(declared: DeclaredProject, team: Team, stored: Project | None) -> projects.ProjectDraft:
    names = [each.name for each in fields(projects.ProjectDraft) if each.name != "team"]
    draft = projects.ProjectDraft(team=team, **{name: getattr(declared, name) for name in names})
    if declared.allows_chinese_names is None:
        draft = replace(draft, allows_chinese_names=bool(stored and stored.allows_chinese_names))
    if stored and declared.kind == Kind.AKSK:
        # Who signs in with a key has no use for it; it is not the document's to take away.
        draft = replace(draft, iam_endpoint=stored.iam_endpoint)
    return draft


def _create(run: Run, draft: projects.ProjectDraft) -> Project:
    project = projects.create_project(draft, by=run.by, at=run.at)
    run.differ("+", f"project {project.name}")
    return project


def _change(run: Run, stored: Project, draft: projects.ProjectDraft) -> Project:
    settings = _compare(SETTINGS, stored, draft)
    sign_in = _compare(SIGN_IN, stored.credential, draft) | {
        name: f"{name.replace('_', ' ')} changed"
        for name in SECRETS
        if not vault.holds(stored.credential, name, getattr(draft, name))
    }
    if not settings and not sign_in:
        return stored
    if not sign_in and settings.keys() <= POINTS_NOWHERE:
        draft = replace(draft, access_key=None, secret_key=None, security_token=None, password=None)
    name = stored.name
    project = projects.change_project(stored, draft, by=run.by, at=run.at)
    if settings:
        run.differ("~", f"project {name}", ", ".join(settings.values()))
    if sign_in:
        run.differ("~", f"credential of {name}", ", ".join(sign_in.values()))
    return project


def _compare(labels: dict[str, str], stored: object, draft: projects.ProjectDraft) -> dict[str, str]:
    """What differs by field, in words."""
    pairs = {name: (getattr(stored, name), getattr(draft, name)) for name in labels}
    return {
        name: f"{labels[name]} {_shown(old)} -> {_shown(new)}"
        for name, (old, new) in pairs.items()
        if old != new
    }


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "none"
