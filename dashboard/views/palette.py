"""The command palette: jump to anything by a part of its name; a plain search page where no script runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from backups.models import Team, User
from backups.operations import rights
from backups.queries import palette
from dashboard.people import reader

LONGEST = 100
PAGES = (
    ("overview", gettext_lazy("Overview"), gettext_lazy("home dashboard calendar")),
    ("backup-list", gettext_lazy("Backups"), gettext_lazy("history list")),
    ("approval-list", gettext_lazy("Approvals"), gettext_lazy("decide requests review")),
    ("instance-list", gettext_lazy("Instances"), gettext_lazy("databases servers")),
    ("coverage", gettext_lazy("Coverage"), gettext_lazy("rpo covered uncovered at risk")),
    ("project-list", gettext_lazy("Projects"), gettext_lazy("cloud credentials endpoints")),
    ("audit-list", gettext_lazy("Audit"), gettext_lazy("events log who did what")),
    ("deputies", gettext_lazy("Deputies"), gettext_lazy("absence holiday stand in")),
    ("access", gettext_lazy("API access"), gettext_lazy("token key pair ak sk program script rest")),
)
"""The pages that everybody has: route, name, and other words by which they are meant."""

OF_A_TEAM = (
    ("team-members", gettext_lazy("Members of %s"), "view"),
    ("team-policies", gettext_lazy("Policies of %s"), "view"),
    ("team-services", gettext_lazy("Service accounts of %s"), "manage_team"),
    ("team-settings", gettext_lazy("Settings of %s"), "manage_team"),
    ("team-proposals", gettext_lazy("Proposed changes of %s"), "manage_team"),
    ("team-channels", gettext_lazy("Notifications of %s"), "manage_team"),
)
"""The pages of each team, and what one must be allowed to do there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line to choose."""

    label: str
    href: str
    icon: str
    detail: str = ""
    status: str = ""


@dataclass(slots=True)
class Group:
    """Entries of one kind under their heading."""

    name: str
    heading: str | Promise
    entries: list[Entry] = field(default_factory=list)


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What the reader may mean, in groups; htmx asks for the lines alone."""
    user, q = reader(request), request.GET.get("q", "").strip()[:LONGEST]
    found = palette.find(user, q)
    groups = [group for group in _groups(user, q, found) if group.entries]
    context = {
        "q": q,
        "groups": groups,
        "count": sum(len(group.entries) for group in groups),
    }
    return render(request, "palette/search.html" + ("#options" if request.htmx else ""), context)  # type: ignore[attr-defined]


def _groups(user: User, q: str, found: palette.Found) -> list[Group]:
    may_ask = {team.pk for team in rights.teams_where(user, "create_backup")}
    manages = {team.pk for team in rights.teams_where(user, "manage_team")}
    actions = [entry for entry in _actions(bool(may_ask), bool(manages)) if _is_meant(entry, q)]
    of_instances = _of_instances([hit for hit in found.instances if hit.team_id in may_ask])
    pages = [*_pages(q), *(entry for entry in _of_teams(found.teams, manages) if q and _is_meant(entry, q))]
    instances = Group("instances", _("Instances"), [_instance(hit) for hit in found.instances])
    backups = Group(
        "backups", _("Backups") if q else _("Newest backups"), [_backup(hit) for hit in found.backups]
    )
    projects = Group("projects", _("Projects"), [_project(hit) for hit in found.projects])
    doing = Group("actions", _("Actions"), [*of_instances, *actions])
    going = Group("pages", _("Pages"), pages)
    if not q:
        return [doing, backups, going]
    groups = [instances, backups, projects, doing, going]
    is_none = not any(group.entries for group in groups)
    further = _("Nothing new is called so. Search further") if is_none else _("Search further")
    return [*groups, Group("more", further, [_in_history(q)])]


def _actions(may_ask: bool, manages: bool) -> Iterator[Entry]:
    if may_ask:
        yield Entry(_("Create backup"), reverse("backup-new"), "plus")
    if manages:
        yield Entry(_("Enter a project"), reverse("project-new"), "plus")


def _of_instances(hits: list[palette.InstanceHit]) -> list[Entry]:
    return [
        Entry(
            _("Create backup of %(name)s") % {"name": hit.name},
            f"{reverse('backup-new')}?instance={hit.id}",
            "plus",
        )
        for hit in hits
        if hit.gone_at is None
    ][:3]


def _pages(q: str) -> Iterator[Entry]:
    for route, name, words in PAGES:
        if q.lower() in f"{name} {words}".lower():
            yield Entry(str(name), reverse(route), "arrow-right")


def _of_teams(teams: list[Team], manages: set[int]) -> Iterator[Entry]:
    for team in teams:
        for route, name, verb in OF_A_TEAM:
            if verb == "view" or team.pk in manages:
                yield Entry(str(name) % team.name, reverse(route, args=[team.slug]), "arrow-right")


def _is_meant(entry: Entry, q: str) -> bool:
    """Whether each word that was typed is in the entry's."""
    return all(word in entry.label.lower() for word in q.lower().split())


def _instance(hit: palette.InstanceHit) -> Entry:
    told = [hit.environment, hit.team_name, _("gone from the cloud") if hit.gone_at else ""]
    return Entry(
        hit.name, reverse("instance-detail", args=[hit.id]), "server-stack", ", ".join(filter(None, told))
    )


def _backup(hit: palette.BackupHit) -> Entry:
    href = reverse("backup-detail", args=[hit.id])
    return Entry(hit.name, href, "circle-stack", hit.instance_name, hit.status)


def _project(hit: palette.ProjectHit) -> Entry:
    return Entry(
        hit.name, reverse("project-detail", args=[hit.id]), "cloud", f"{hit.region}, {hit.team_name}"
    )


def _in_history(q: str) -> Entry:
    query = urlencode({"q": q})
    return Entry(
        _("Search all backups for “%(q)s”") % {"q": q},
        f"{reverse('backup-list')}?{query}",
        "magnifying-glass",
    )
