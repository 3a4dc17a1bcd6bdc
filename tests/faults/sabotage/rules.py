"""What is taken out, as Django applications: loaded, they change the product for that process."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig


class WithoutFence(AppConfig):
    """The result of a call is written by whoever comes, however late (rule 2)."""

    name = "tests.faults.sabotage"

    def ready(self) -> None:
        """Ask for the status alone."""
        outcomes: Any = import_module("backups.operations.outcomes")

        def anybodys(attempt: Any) -> Any:
            rows = outcomes.Backup.objects.select_for_update(of=("self",), no_key=True)
            related = rows.select_related("instance__project__credential")
            return related.filter(pk=attempt.backup_id, status=outcomes.Status.SUBMITTING).first()

        outcomes._still_mine = anybodys


class RetriesServerErrors(AppConfig):
    """A call that ended in a 5xx is made again, as so many do (rule 3)."""

    name = "tests.faults.sabotage"

    def ready(self) -> None:
        """Take a server error for a call that was not executed."""
        outcomes: Any = import_module("backups.operations.outcomes")
        by_evidence = outcomes._outcome_of

        def hopeful(error: Any) -> Any:
            return outcomes.Outcome.LATER if (error.http_status or 0) >= 500 else by_evidence(error)

        outcomes._outcome_of = hopeful
