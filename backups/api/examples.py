"""An example of each body, as the documents show it."""

from typing import Any

BACKUP: dict[str, Any] = {
    "id": "01937a3e-8d2c-7c1f-9b1e-2f4ddb93b901",
    "instance_id": "d8e6ca5a624745bcb546a227aa3ae1cfin01",
    "instance_name": "orders",
    "project_id": "0483b6b16e954cb88930a360d2c4e663",
    "team": "payments",
    "name": "before-release-42",
    "description": "release 42",
    "status": "AWAITING_APPROVAL",
    "source": "here",
    "revision": 1042,
    "requested_by": "deploy",
    "requested_at": "2026-11-23T14:10:00Z",
    "reason": "schema change",
    "change_ticket": "CHG-42",
    "content_hash": "9f86d081" * 8,
    "approvals": {"needed": 1, "given": 0, "approve_by": "2026-11-24T14:10:00Z"},
    "waits_for": "0 of 1 approvals by others.",
    "break_glass": None,
    "alarm": None,
    "cloud_id": None,
    "begin_time": None,
    "end_time": None,
    "size_mb": None,
    "progress": None,
    "needs_decision_at": None,
    "is_final": False,
    "error": None,
    "attempts": [],
    "url": "https://safepoint.example.org/backups/01937a3e-8d2c-7c1f-9b1e-2f4ddb93b901/",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "NewBackup": {
        "Before a release": {
            "instance_id": BACKUP["instance_id"],
            "name": BACKUP["name"],
            "description": BACKUP["description"],
            "reason": BACKUP["reason"],
            "change_ticket": BACKUP["change_ticket"],
        },
        "The least": {"instance_id": BACKUP["instance_id"], "name": "nightly-20261123"},
    },
    "Word": {
        "Approved as read": {"seen": BACKUP["content_hash"], "comment": "fine"},
        "Approved": {},
    },
    "NewProject": {
        "With AK/SK": {
            "name": "payments-north",
            "region": "cn-north-4",
            "project_id": BACKUP["project_id"],
            "access_key": "the access key",
            "secret_key": "the secret key",  # pragma: allowlist secret
        },
    },
    "NewState": {
        "A member and a policy": {
            "document": {
                "teams": [{"name": "Payments", "members": {"lead": ["approver"]}}],
                "policies": [{"team": "Payments", "environment": "production", "approvals": 1}],
            },
            "dry_run": True,
        },
    },
    "ChangedProject": {"Another name": {"name": "payments-north-4"}},
    "NewPolicy": {
        "Production": {"name": "Production", "environment": "production", "approvals": 1},
        "Nights of a label": {
            "name": "Nights",
            "label": "ledger",
            "weekdays": [1, 2, 3, 4, 5],
            "window_from": "20:00",
            "window_until": "06:00",
            "zone": "Europe/Berlin",
            "approvals": 2,
        },
    },
    "Finding": {"Reviewed": {"comment": "The restore needed it; nothing else was changed."}},
    "ChangedTeam": {
        "Overdue sooner, staging without a target": {"overdue_hours": 12, "targets": {"staging": None}}
    },
    "Quota": {"Twice a month": {"count": 2}},
    "Seat": {
        "An approver": {"roles": ["approver"]},
        "For emergencies": {"roles": ["requester"], "may_break_glass": True},
    },
    "NewChannel": {
        "Mail to the people concerned": {
            "name": "People",
            "service": "email",
            "occasions": ["asked", "decided", "failed"],
        },
        "A signed webhook": {
            "name": "Pipeline",
            "service": "webhook",
            "occasions": ["completed", "failed", "state"],
            "target": "https://hooks.example.org/safepoint",
            "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",  # pragma: allowlist secret
        },
    },
    "ChangedChannel": {"Failures alone": {"occasions": ["failed", "needs_decision"]}},
    "NewDeputy": {"For a week": {"deputy": "lead", "starts_at": "2026-12-21", "ends_at": "2026-12-27"}},
    "Reason": {"Rejected": {"comment": "not during the sale"}},
    "BackupSerializer": {"Waits for approval": BACKUP},
    "BackupPage": {"One backup": {"results": [BACKUP], "next": None}},
}
