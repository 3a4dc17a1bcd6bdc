"""The suite turns red when one of its three rules is taken out (faults.md, "The matrix")."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from deploy.choices import REPOSITORY
from tests.fixtures.template import address_of

OWN = ("VAR_DIR", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_TESTRUNUID")
STORIES = "tests/faults/test_exactly_once.py"


@pytest.mark.parametrize(
    ("sabotage", "red"),
    [
        (
            {"DJANGO_SETTINGS_MODULE": "tests.faults.sabotage.without_fence"},
            ["test_a_worker_that_wakes_up_late_cannot_have_the_backup_sent_again"],
        ),
        (
            {"SETTLE_HORIZON_SECONDS": "0"},
            ["test_a_list_that_lags_nine_minutes_makes_no_second_backup"],
        ),
        (
            {"DJANGO_SETTINGS_MODULE": "tests.faults.sabotage.retries_server_errors"},
            [
                f"test_a_server_error_after_the_cloud_carried_the_call_out_makes_no_second_backup[{status}]"
                for status in (500, 502, 503, 504)
            ],
        ),
    ],
    ids=["without the fence", "with a horizon of 0", "with a retry of 5xx"],
)
def test_the_suite_turns_red(sabotage, red):
    inherited = {name: value for name, value in os.environ.items() if name not in OWN}
    inherited["DATABASE_URL"] = address_of(connection.settings_dict["NAME"] + "_sabotaged")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", STORIES],
        cwd=REPOSITORY,
        env=inherited | sabotage,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = [
        line.split("::")[1].split(" ")[0] for line in run.stdout.splitlines() if line.startswith("FAILED")
    ]
    assert (run.returncode, sorted(failed)) == (1, sorted(red)), run.stdout[-4000:]
