"""Finding a project's id by its region, from the sign-in service (contract.md, "Signing in") [R]."""

from backups.cloud.answers import Answer
from backups.cloud.caller import Caller
from backups.cloud.errors import CloudError, CloudRefused
from backups.cloud.readers import UnreadableError, id_in
from backups.contract.json_text import mapping_in
from backups.contract.violations import gettext_noop

AT_STEP = "find_project_id"
PROJECTS_PATH = "/v3/projects"
OWN_PROJECTS_PATH = "/v3/auth/projects"


def find_project_id(caller: Caller, iam_endpoint: str, region: str) -> str:
    """The id of the project that bears the region's name; raises `CloudRefused` where none is seen.

    Who may not list all projects may still list those open to him.
    """
    try:
        answer = _projects(caller, iam_endpoint, PROJECTS_PATH, {"name": region})
    except CloudError as error:
        if error.http_status not in (403, 404):
            raise
        answer = _projects(caller, iam_endpoint, OWN_PROJECTS_PATH, {})
    try:
        return _id_among(answer, region)
    except UnreadableError as error:
        raise answer.unclear(str(error), at_step=AT_STEP) from None


def _projects(caller: Caller, iam_endpoint: str, path: str, query: dict[str, str]) -> Answer:
    request = caller.request("GET", iam_endpoint, path, query=query)
    return caller.call(request, at_step=AT_STEP)


def _id_among(answer: Answer, region: str) -> str:
    projects = mapping_in(answer.json(at_step=AT_STEP)).get("projects")
    if not isinstance(projects, list):
        raise UnreadableError("no list of projects")
    for project in projects:
        if mapping_in(project).get("name") == region:
            return id_in(project)
    raise CloudRefused(
        at_step=AT_STEP,
        field="region",
        meaning=gettext_noop("The credential sees no project in this region."),
        remedy=gettext_noop("Check the region, and the projects that the cloud user belongs to."),
        exchange=answer.exchange,
    )
