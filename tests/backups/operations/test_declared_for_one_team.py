"""A declaration of who may speak of one team alone: what is of another is refused, and not looked at."""

import pytest

from backups.models import ApiToken, Project, Team
from backups.operations import access
from backups.operations.declarations import applying, document
from backups.operations.declarations.run import DeclarationRefused
from backups.secrecy.secret import Secret
from tests.fixtures.cast import NOW
from tests.fixtures.declared import SK, problems_of, sample

pytestmark = pytest.mark.django_db


def within(team: Team, wanted: object) -> list[str]:
    declaration = document.read(wanted, resolve=Secret).within(team)
    return [str(line) for line in applying.apply(declaration, by=None, at=NOW)]


def test_what_is_of_the_team_is_made():
    team = Team.objects.create(name="payments", slug="payments")
    told = within(team, sample(teams=[], policies=[]))
    assert "+ project payments-north" in {line.split(":")[0] for line in told}
    assert Project.objects.get().team == team


def test_what_is_of_another_is_a_problem_at_its_place():
    team = Team.objects.create(name="storefront", slug="storefront")
    wanted = sample()
    wanted["instances"][0]["team"] = "payments"
    with pytest.raises(DeclarationRefused) as refused:
        within(team, wanted)
    only = "Only storefront may be declared here."
    assert [(each.place, each.message) for each in refused.value.problems] == [
        ("teams[0].name", only),
        ("projects[0].team", only),
        ("policies[0].team", only),
        ("instances[0].team", only),
    ]
    assert not Project.objects.exists()


def test_a_secret_with_a_character_that_nobody_can_type_is_refused_without_being_told():
    wanted = sample()
    wanted["projects"][0]["credential"]["secret_key"] = f"{SK}\0"
    [problem] = problems_of(wanted)
    assert problem.startswith("projects[0].credential.secret_key: ")
    assert SK not in problem


def test_a_token_knows_the_seat_of_its_owner(dba, payments):
    access.issue_token(access.Grant(dba, payments, "pipeline"), by=dba, at=NOW)
    token = ApiToken.objects.get()
    assert token.membership == dba.memberships.get()
    dba.memberships.all().delete()
    assert token.membership is None
