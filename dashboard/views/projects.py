"""The projects of the cloud: where they are, how Safepoint signs in, and whether it works."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backups.contract.regions import REGIONS, endpoint_of, iam_endpoint_of
from backups.models import Project
from backups.operations import inventory, projects, rights, trial
from backups.queries import fleet, health
from backups.queries import sync as sync_state
from dashboard.forms import ProjectForm
from dashboard.people import reader

SECRETS = ("access_key", "secret_key", "security_token", "password")


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """The projects of the reader's teams."""
    user = reader(request)
    context = {
        "section": "projects",
        "projects": fleet.projects(user),
        "may_create": bool(rights.teams_where(user, "manage_projects")),
        "managed": rights.teams_where(user, "manage_team"),
    }
    return render(request, "projects/list.html", context)


@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One project with its credential's last four characters and age."""
    return render(request, "projects/detail.html", _detail(request, _find(request, pk)))


@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Enter a project."""
    user = reader(request)
    if not rights.teams_where(user, "manage_projects"):
        raise PermissionDenied(_("Only an admin of a team may enter a project."))
    form = ProjectForm(request.POST if request.method == "POST" else None, by=user)
    if form.is_valid() and form.draft:
        try:
            project = projects.create_project(form.draft, by=user, at=timezone.now())
        except projects.ProjectRefused as refused:
            form.tell(refused.problems)
        else:
            return redirect("project-detail", pk=project.pk)
    return _form_page(request, form)


@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a project; secrets stay as they are unless typed anew."""
    user, project = reader(request), _find(request, pk)
    right = rights.may(user, "manage_projects", project.team)
    if not right.is_allowed:
        raise PermissionDenied(right.why_not)
    form = ProjectForm(
        request.POST if request.method == "POST" else None,
        by=user,
        project=project,
        initial=_initial(project),
    )
    if form.is_valid() and form.draft:
        try:
            projects.change_project(project, form.draft, by=user, at=timezone.now())
        except projects.ProjectRefused as refused:
            form.tell(refused.problems)
        else:
            messages.success(request, _("The project is changed. Its instances are being read anew."))
            return redirect("project-detail", pk=project.pk)
    return _form_page(request, form, project=project)


@require_GET
def show_addresses(request: HttpRequest) -> HttpResponse:
    """The region's own addresses, told beside the fields that may stay empty."""
    region = request.GET.get("region", "").strip()
    is_known = region in REGIONS
    context = {
        "endpoint": endpoint_of(region) if is_known else "",
        "iam_endpoint": iam_endpoint_of(region) if is_known else "",
    }
    return render(request, "projects/form.html#addresses", context)


@require_POST
def test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try the connection and show each step."""
    project = _find(request, pk)
    try:
        steps = trial.test(project, by=reader(request), at=timezone.now())
    except rights.RightError as refused:
        raise PermissionDenied(refused.message) from refused
    project = _find(request, pk)
    context = _detail(request, project) | {"steps": steps}
    fragment = "#connection" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, "projects/detail.html" + fragment, context)


@require_POST
def sync(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the project's instances and backups read now."""
    try:
        inventory.request_sync(_find(request, pk), by=reader(request), at=timezone.now())
    except rights.RightError as refused:
        raise PermissionDenied(refused.message) from refused
    messages.success(request, _("The project’s instances and backups are being read from the cloud."))
    return redirect("project-detail", pk=pk)


def _find(request: HttpRequest, pk: UUID) -> Project:
    return get_object_or_404(fleet.projects(reader(request)), pk=pk)


def _detail(request: HttpRequest, project: Project) -> dict[str, object]:
    user = reader(request)
    return {
        "section": "projects",
        "project": project,
        "problems": list(health.of_project(project)),
        "may_manage": rights.may(user, "manage_projects", project.team),
        "may_test": rights.may(user, "test_connection", project.team),
        "may_sync": rights.may(user, "sync", project.team),
        "first_reading": sync_state.first_reading(project),
        "drift": sync_state.drift(project),
        "instance_count": project.instances.filter(gone_at=None).count(),
    }


def _form_page(request: HttpRequest, form: ProjectForm, project: Project | None = None) -> HttpResponse:
    context = {"section": "projects", "form": form, "project": project, "regions": sorted(REGIONS)}
    return render(request, "projects/form.html", context, status=422 if form.errors else 200)


def _initial(project: Project) -> dict[str, object]:
    kept = ("name", "region", "endpoint", "api", "project_id", "iam_endpoint", "allows_chinese_names")
    credential = project.credential
    return {name: getattr(project, name) for name in kept} | {
        "team": project.team_id,
        "kind": credential.kind,
        "domain": credential.domain,
        "username": credential.username,
    }
