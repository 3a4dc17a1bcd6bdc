"""A project's connection to its cloud: how it signs in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from backups import cloud
from backups.contract.violations import gettext_noop
from backups.models import Credential, Kind, Project
from backups.operations import vault
from backups.operations.lanes import Lanes
from backups.secrecy.sealing import SealError


class CredentialClosedError(cloud.CloudNotSent):
    """Surely not sent: a stored secret does not open with the keys of this process."""

    is_our_own = True
    default_meaning = gettext_noop("The stored credential of the project does not open.")
    default_remedy = gettext_noop("Put the key it was sealed with back into CREDENTIAL_KEYS, then restart.")


_clients: dict[tuple[object, ...], cloud.CloudClient] = {}
_clients_lock = threading.Lock()
CLIENTS_KEPT = 256


def client_for(project: Project) -> cloud.CloudClient:
    """The client of `project`; kept per process, so that reads reuse connections.

    Raises `CredentialClosedError`.
    """
    credential = project.credential
    key = (
        project.pk,
        project.endpoint,
        project.iam_endpoint,
        project.api,
        project.project_id,
        project.allows_chinese_names,
        credential.pk,
        credential.created_at,
    )
    with _clients_lock:
        if key not in _clients:
            if len(_clients) >= CLIENTS_KEPT:
                _clients.clear()
            try:
                _clients[key] = _new_client(project, credential)
            except SealError as error:
                raise CredentialClosedError from error
        return _clients[key]


def guard() -> cloud.Guard:
    """The guard over every address we connect to, with the operator's extra origins."""
    return cloud.Guard(frozenset(settings.CLOUD_ENDPOINTS))


class TokenShelf:
    """Where the processes share an IAM user's token: sealed in its credential's row.

    One renewal at a time per credential, whichever process begins it: an advisory lock of the
    database, which a killed process gives up by itself.
    """

    def __init__(self, credential_pk: UUID) -> None:
        self._pk = credential_pk

    def load(self) -> cloud.Token | None:
        """The token in the row, or None."""
        credential = Credential.objects.select_related("project").get(pk=self._pk)
        if credential.token_sealed is None or credential.token_expires_at is None:
            return None
        return cloud.Token(vault.open_field(credential, "token"), credential.token_expires_at)

    def store(self, token: cloud.Token | None) -> None:
        """Keep `token` for all processes, or forget the one that is kept."""
        credential = Credential.objects.select_related("project").get(pk=self._pk)
        vault.seal_field(credential, "token", token.value if token else None)
        credential.token_expires_at = token.expires_at if token else None
        credential.save(update_fields=["token_sealed", "token_expires_at"])

    @contextmanager
    def renewing(self) -> Iterator[None]:
        """Mutual exclusion among all processes; raises `NotOurTurn` where another takes too long."""
        key = self._pk.int % 2**63
        with connection.cursor() as cursor:
            self._lock(cursor, key)
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])

    def _lock(self, cursor: CursorWrapper, key: int) -> None:
        milliseconds = int(settings.CLOUD_DEADLINE_SECONDS * 1000)
        try:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{milliseconds}ms"])
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
        except OperationalError as error:
            raise cloud.NotOurTurn("another process is still signing in", at_step="sign_in") from error
        finally:
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")


def _new_client(project: Project, credential: Credential) -> cloud.CloudClient:
    return cloud.CloudClient(
        endpoint=project.endpoint,
        api=project.api,
        project_id=project.project_id,
        auth=_auth(project, credential),
        guard=guard(),
        throttle=Lanes(credential.pk),
        deadline_seconds=settings.CLOUD_DEADLINE_SECONDS,
        allows_chinese_names=project.allows_chinese_names,
    )


def _auth(project: Project, credential: Credential) -> cloud.Auth:
    if credential.kind == Kind.AKSK:
        return cloud.AccessKeyAuth(
            access_key=vault.open_field(credential, "access_key"),
            secret_key=vault.open_field(credential, "secret_key"),
            security_token=vault.open_optional(credential, "security_token"),
        )
    return cloud.TokenAuth(
        iam_endpoint=project.iam_endpoint,
        domain=credential.domain,
        username=credential.username,
        password=vault.open_field(credential, "password"),
        project_id=project.project_id,
        keeper=TokenShelf(credential.pk),
    )


def in_words(error: cloud.CloudError) -> tuple[str, str]:
    """What an error of the cloud means and what to do about it, in the reader's language."""
    return _(error.meaning), _(error.remedy)


def in_one_sentence(error: cloud.CloudError) -> str:
    """What the cloud said or what the error means, and what to do, for a row that keeps it."""
    meaning, remedy = in_words(error)
    return " ".join(part for part in (error.error_code, error.error_msg or meaning, remedy) if part)
