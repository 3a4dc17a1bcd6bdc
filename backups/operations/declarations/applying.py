"""Making it so as a document declares, all of it or nothing; what is so already is left alone."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from backups.models import Instance, Project, Team, User
from backups.operations import audit
from backups.operations.declarations import instances, policies, projects, teams
from backups.operations.declarations.document import Declaration
from backups.operations.declarations.run import DeclarationRefused, Difference, Run

APPLY_LOCK = 7_303


@audit.act
def apply(
    declaration: Declaration, *, by: User | None, at: datetime, is_trial: bool = False
) -> list[Difference]:
    """Make what differs as declared, and say what; a trial does the same, and takes all of it back.

    Nothing is taken away that the document does not name. New teams and accounts are made for whoever calls
    this; all else is done as `by`, with his rights and as his events. No `by` is the operator at the
    terminal, of whom no role is asked, and who can change no rule where a second admin has to agree. Raises
    `DeclarationRefused` with all that is wrong, also with what could not be read.

    1. One after the other, and with the rows locked in the order in which others take them.
    2. Each entry is an act within this one: one that is refused is noted, and the next one tried.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPLY_LOCK])
    run = Run(by=by, at=at, named=declaration.named, teams=_lock(declaration))
    run.problems += declaration.problems
    for team in declaration.teams:
        teams.apply(run, team)
    for project in declaration.projects:
        with run.entry(project.place):
            projects.apply(run, project)
    for instance in declaration.instances:
        with run.entry(instance.place):
            instances.apply(run, instance)
    for policy in declaration.policies:
        with run.entry(policy.place):
            policies.apply(run, policy)
    if run.problems:
        raise DeclarationRefused(run.problems)
    transaction.set_rollback(is_trial)
    return run.differences


def _lock(declaration: Declaration) -> dict[str, Team]:
    """The teams that exist, by name; and before them the instances, as whoever asks for a backup does."""
    ids = {declared.cloud_id for declared in declaration.instances}
    rows = Instance.objects.select_for_update(of=("self",), no_key=True).filter(cloud_id__in=ids)
    list(rows.order_by("pk").values_list("pk"))
    names = {declared.name for declared in declaration.teams}
    names |= {declared.team for declared in declaration.projects}
    names |= {declared.team for declared in declaration.policies}
    of_projects = Project.objects.filter(name__in={declared.project for declared in declaration.instances})
    wanted = Q(name__in=names) | Q(pk__in=of_projects.values("team"))
    teams = Team.objects.select_for_update(of=("self",), no_key=True).filter(wanted).order_by("pk")
    return {team.name: team for team in teams}
