"""Any process may die at any moment, and no accepted click is lost (faults.md, "The rules")."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from backups import cloud
from backups.secrecy.secret import Secret
from tests.faults.visitor import Visitor
from tests.faults.waiting import until
from tests.faults.whole import PROGRAMS, Whole


@pytest.fixture
def whole() -> Iterator[Whole]:
    """The stack of `make run`, in a directory with a short path."""
    var = Path(tempfile.mkdtemp(prefix="whole-"))
    var.chmod(0o755)
    stack = Whole(var)
    stack.start()
    yield stack
    stack.stop()
    shutil.rmtree(var, ignore_errors=True)


def smallest_instances(visitor: Visitor) -> list[str]:
    """The instances whose backups are built soonest, without those that somebody has to agree to first."""
    page = visitor.get("/instances/")
    rows = re.findall(r"<tr>\s*<td.*?</tr>", page, re.DOTALL)
    free = [row for row in rows if "Payments" not in row or 'data-env="production"' not in row]
    normal = [row for row in free if 'data-tone="good"' in row]
    normal.sort(key=lambda row: float(re.findall(r"([0-9.]+) GB", row)[-1]))
    return [re.findall(r'href="/instances/([0-9a-f-]{36})/"', row)[0] for row in normal]


def names_in_the_cloud(whole: Whole) -> list[str]:
    """The names of all manual backups that the cloud has: the truth."""
    keys = whole.keys()
    names = []
    for access in keys["projects"]:
        client = cloud.CloudClient(
            endpoint=str(keys["endpoint"]),
            api="v3",
            project_id=access["project_id"],
            auth=cloud.AccessKeyAuth(Secret(access["access_key"]), Secret(access["secret_key"]), None),
            guard=cloud.Guard({str(keys["endpoint"])}),
        )
        names += [record.name or "" for record in client.list_backups(backup_type="manual")]
    return names


def is_completed(visitor: Visitor, path: str) -> bool:
    """Whether the page says so; whoever was killed between claim and call is sent again, when it asks."""
    page = visitor.get(path)
    if f'action="{path}send-again"' in page:
        visitor.post(f"{path}send-again", page=path)
    return "Completed</span>" in page


@pytest.mark.slow
def test_every_process_is_killed_once_and_every_accepted_backup_completes_exactly_once(whole):
    visitor = whole.sign_in()
    instances = smallest_instances(visitor)
    accepted: dict[str, str] = {}
    for number, name in enumerate(PROGRAMS):
        backup = f"killed-{name}-{number}"
        accepted[backup] = until(lambda b=backup, n=number: visitor.ask(b, instances[n]))
        whole.kill(name)
        until(lambda: "Backups" in visitor.get("/backups/"))
        until(lambda n=name: whole.pids(n))
    for path in accepted.values():
        until(lambda p=path: is_completed(visitor, p))
    names = names_in_the_cloud(whole)
    assert [names.count(backup) for backup in accepted] == [1] * len(accepted)
    assert whole.stop() == 0
