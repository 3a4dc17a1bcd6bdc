"""A canary secret is looked for wherever something is written down (security.md, rows 1 and 4)."""

import base64
import logging
import logging.config
from urllib.parse import quote

import pytest
from django.core import serializers
from django.db import connection

from backups import tasks
from backups.cloud import Token
from backups.models import Credential
from backups.operations import connections, vault
from backups.secrecy.secret import Secret
from tests.fixtures.cast import NOW

CANARY = "CANARYsecretKEYcanarySECRETkeyCANARY0001"


def disguises(secret: str) -> list[str]:
    """The secret as it could stand in a dump."""
    raw = secret.encode()
    return [
        secret,
        secret[::-1],
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        quote(secret, safe=""),
    ]


def dump_of_the_database() -> str:
    lines = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" AS t')
            lines += [row[0] for row in cursor.fetchall()]
    return "\n".join(lines)


def test_a_dump_of_the_database_holds_no_secret_in_any_disguise(project):
    dump = dump_of_the_database()
    assert project.name in dump
    assert not [found for found in disguises(CANARY) if found.lower() in dump.lower()]


def test_a_token_is_kept_sealed(project):
    shelf = connections.TokenShelf(project.credential.pk)
    shelf.store(Token(Secret(CANARY), NOW))
    assert not [found for found in disguises(CANARY) if found in dump_of_the_database()]
    assert shelf.load() == Token(Secret(CANARY), NOW)
    shelf.store(None)
    assert shelf.load() is None


def test_no_model_and_no_client_shows_a_secret(project):
    credential = Credential.objects.get(project=project)
    client = connections.client_for(project)
    shown = " ".join(
        [repr(credential), str(credential), repr(vars(credential)), repr(client), repr(vars(client))]
    )
    shown += serializers.serialize("json", [credential])
    assert not [found for found in disguises(CANARY) if found in shown]


def test_the_opened_secret_does_not_show_in_a_traceback_of_any_log(project, settings, capsys):
    logging.config.dictConfig(settings.LOGGING)
    try:
        secret = vault.open_field(project.credential, "secret_key")
        raise RuntimeError(f"while holding {secret} and password={CANARY}")
    except RuntimeError:
        logging.getLogger("backups").exception(
            "Authorization: SDK-HMAC-SHA256 Access=%s, Signature=00", CANARY
        )
    written = capsys.readouterr()
    assert "while holding" in written.err
    assert CANARY not in written.err + written.out


@pytest.mark.parametrize("task", ["submit", "look", "follow", "sync"])
def test_task_messages_carry_ids_only(task):
    parameters = getattr(tasks, task).run.__annotations__
    assert [name for name in parameters if name != "return"] in (["backup_id"], ["project_pk"])
