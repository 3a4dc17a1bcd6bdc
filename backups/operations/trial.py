"""Testing a project's connection, by a person."""

from datetime import datetime

from backups import cloud
from backups.models import Project, User
from backups.operations import audit, connections, reach, rights


def test(project: Project, *, by: User, at: datetime) -> list[cloud.Step]:
    """Try the connection step by step, and note on the project how it went.

    Raises `rights.RightError` and `connections.CredentialClosedError`. A test that succeeds lifts the stop
    that failed sign-ins left, and what waited for it goes on.
    """
    rights.require(by, "test_connection", project.team)
    steps = cloud.diagnose(connections.client_for(project))
    failed = next((step for step in steps if step.is_ok is False), None)
    if failed is None:
        reach.resume(project, at=at)
    elif failed.key == "sign_in":
        reach.note_sign_in_failed(project, failed.detail, at=at)
    data = {"failed_at": failed.key if failed else ""}
    audit.record("connection_tested", team_id=project.team_id, at=at, by=by, project=project, data=data)
    return steps
