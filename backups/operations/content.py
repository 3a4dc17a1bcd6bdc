"""What exactly will run: what an approver sees, what a decision is bound to, and what is sent."""

import hashlib
import json
from typing import Any

from backups.models import Backup, Instance


def body_of(instance: Instance, *, name: str, description: str) -> dict[str, Any]:
    """The body of the call (contract.md, "Create a manual backup"); an empty description is left out."""
    body = {"instance_id": instance.cloud_id, "name": name}
    return body | {"description": description} if description else body


def request_of(instance: Instance, *, name: str, description: str) -> dict[str, Any]:
    """The exact call: method, address and body."""
    project = instance.project
    return {
        "method": "POST",
        "url": f"{project.endpoint}/{project.api}/{project.project_id}/backups/create",
        "body": body_of(instance, name=name, description=description),
    }


def hash_of(backup: Backup) -> str:
    """SHA-256, in hex, of the call as it would be made now, with who asks for it and why."""
    content = {
        "request": request_of(backup.instance, name=backup.name, description=backup.description),
        "requested_by": backup.requested_by_id,
        "reason": backup.reason,
        "change_ticket": backup.change_ticket,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
