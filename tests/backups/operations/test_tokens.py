"""An IAM user's token: shared sealed through the database, renewed by one at a time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from backups import cloud
from backups.models import Credential, Project, Team, User
from backups.operations import connections, projects
from backups.secrecy.secret import Secret


@pytest.fixture
def signed_by_token(settings, simulator, payments: Team, admin: User) -> Project:
    """A project of Payments that signs in as an IAM user."""
    access = simulator.projects[0]
    settings.CLOUD_ENDPOINTS = [simulator.endpoint]
    draft = projects.ProjectDraft(
        team=payments,
        name="payments-token",
        region=access["region"],
        endpoint=simulator.endpoint,
        api="v3",
        project_id=access["project_id"],
        kind="token",
        iam_endpoint=simulator.endpoint,
        domain=access["domain"],
        username=access["username"],
        password=Secret(access["password"]),
    )
    return projects.create_project(draft, by=admin, at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_many_who_need_a_token_at_once_sign_in_once_and_share_it_sealed(signed_by_token, simulator):
    def list_instances(_: int) -> int:
        try:
            # A client of its own each, as other processes have.
            client = connections._new_client(signed_by_token, signed_by_token.credential)
            return len(client.list_instances())
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        counts = set(pool.map(list_instances, range(6)))
    assert len(counts) == 1
    assert len(simulator.history("sign_in")) == 1
    assert Credential.objects.get().token_sealed


@pytest.mark.django_db(transaction=True)
def test_an_expired_token_is_renewed_once(signed_by_token, simulator):
    client = connections.client_for(signed_by_token)
    client.list_instances()
    simulator.control("tokens/expire")
    assert client.list_instances()
    assert len(simulator.history("sign_in")) == 2


@pytest.mark.django_db(transaction=True)
def test_a_renewal_that_hangs_elsewhere_does_not_hang_us(signed_by_token, settings):
    settings.CLOUD_DEADLINE_SECONDS = 0.2
    shelf = connections.TokenShelf(signed_by_token.credential.pk)

    def wait_for_it() -> None:
        try:
            with shelf.renewing():
                pytest.fail("two renewed at once")
        finally:
            connection.close()

    with shelf.renewing(), ThreadPoolExecutor(1) as pool, pytest.raises(cloud.CloudNotSent):
        pool.submit(wait_for_it).result()
