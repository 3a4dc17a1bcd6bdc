"""An IAM user's token: fetched once, kept, renewed shortly before its end and once on 401."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from backups.cloud import CredentialFailed, MemoryKeeper, Token, TokenAuth
from backups.secrecy.secret import Secret
from tests.cloud.conftest import INSTANCE_ID, PROJECT_ID
from tests.cloud.iam import Iam

PASSWORD = 'pw"canary\\ü8Rk2'


@pytest.fixture
def user_of(client_of):
    """A client that signs in as an IAM user, on the server that is its sign-in service too."""

    def make(server, *, keeper=None, **options):
        auth = TokenAuth(
            iam_endpoint=server.origin,
            domain="payments",
            username="safepoint",
            password=Secret(PASSWORD),
            project_id=PROJECT_ID,
            keeper=keeper or MemoryKeeper(),
        )
        return client_of(server, **{"auth": auth, **options})

    return make


def test_the_sign_in_speaks_keystones_dialect(serve, user_of):
    iam = Iam()
    user_of(serve(iam)).list_instances()
    [sign_in] = iam.sign_ins
    assert sign_in.json() == {
        "auth": {
            "identity": {
                "methods": ["password"],
                "password": {
                    "user": {
                        "name": "safepoint",
                        "password": PASSWORD,
                        "domain": {"name": "payments"},
                    }
                },
            },
            "scope": {"project": {"id": PROJECT_ID}},
        }
    }
    assert "X-Auth-Token" not in sign_in.headers
    assert iam.calls[0].headers["X-Auth-Token"] == iam.token


def test_one_token_serves_many_calls(serve, user_of):
    iam = Iam()
    client = user_of(serve(iam))
    for _ in range(5):
        client.list_instances()
    assert (len(iam.sign_ins), len(iam.calls)) == (1, 5)


@pytest.mark.parametrize(("left", "sign_ins"), [(60, 1), (-60, 1), (3600, 0)])
def test_a_token_is_renewed_shortly_before_its_end(serve, user_of, left, sign_ins):
    iam, keeper = Iam(), MemoryKeeper()
    keeper.store(Token(Secret(iam.token), datetime.now(UTC) + timedelta(seconds=left)))
    user_of(serve(iam), keeper=keeper).list_instances()
    assert len(iam.sign_ins) == sign_ins


def test_a_token_refused_in_mid_run_is_renewed_once_and_the_call_repeated(serve, user_of):
    iam, keeper = Iam(), MemoryKeeper()
    keeper.store(Token(Secret("MIIrevoked"), datetime.now(UTC) + timedelta(hours=20)))
    client = user_of(serve(iam), keeper=keeper)
    assert client.create_backup(instance_id=INSTANCE_ID, name="backup-1").id == "b-1"
    assert (len(iam.sign_ins), len(iam.calls)) == (1, 2)


def test_a_new_token_that_is_refused_too_ends_it(serve, user_of):
    iam = Iam(accepts=False)
    with pytest.raises(CredentialFailed) as failed:
        user_of(serve(iam)).list_instances()
    assert failed.value.field == "token"
    assert (len(iam.sign_ins), len(iam.calls)) == (2, 2)


def test_many_threads_renew_once(serve, user_of):
    iam, keeper = Iam(), MemoryKeeper()
    keeper.store(Token(Secret("MIIrevoked"), datetime.now(UTC) + timedelta(hours=20)))
    client = user_of(serve(iam), keeper=keeper)
    ready = threading.Barrier(12)
    results = []

    def call():
        ready.wait()
        results.append(client.list_instances())

    threads = [threading.Thread(target=call) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[]] * 12
    assert len(iam.sign_ins) == 1


def test_two_clients_of_one_credential_share_a_token(serve, user_of):
    iam, keeper = Iam(), MemoryKeeper()
    server = serve(iam)
    for client in (user_of(server, keeper=keeper), user_of(server, keeper=keeper)):
        client.list_instances()
    assert len(iam.sign_ins) == 1


def test_a_token_whose_end_is_not_told_is_used_for_a_while(serve, user_of):
    keeper = MemoryKeeper()
    user_of(serve(Iam(tells_end=False)), keeper=keeper).list_instances()
    token = keeper.load()
    assert token
    assert timedelta(minutes=5) < token.expires_at - datetime.now(UTC) < timedelta(minutes=11)


def test_without_a_project_the_token_is_not_scoped(serve, client_of):
    iam = Iam()
    server = serve(iam)
    auth = TokenAuth(server.origin, "payments", "safepoint", Secret(PASSWORD))
    client_of(server, auth=auth).list_instances()
    assert "scope" not in iam.sign_ins[0].json()["auth"]
