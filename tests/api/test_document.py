"""The document keeps its word, whoever calls: schemathesis sends what it allows, and what it forbids."""

import os
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case

from backups.api.views.document import document
from dashboard.wsgi import application
from tests.api.routes import READERS, ROUTES

EMPTY = {"#/components/schemas/NothingRequest"}
OF_VALID = ["2xx", "401", "403", "404", "409", "429"]
# 422: what the form allows and a rule forbids, such as a name in use.
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": [*OF_VALID, "422"]}}}
schema = schemathesis.openapi.from_dict(document(), config=schemathesis.Config.from_dict(CONFIG))
schema.app = application
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "5"))
# `make fuzz` calls as everybody; here is nobody, who asks, and who may do most.
CALLERS = READERS if "FUZZ_EXAMPLES" in os.environ else ("nobody", "dba", "admin")


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The application keeps the test's connection, and so its transaction, as Django's test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(params=CALLERS)
def headers(request, call_as, payments, storefront, orders, policy) -> dict[str, str]:
    """Each caller's token, in turn."""
    if request.param == "nobody":
        return {}
    person = request.getfixturevalue(request.param)
    call = call_as(person, team=storefront if request.param == "stranger" else payments)
    return {"Authorization": f"Bearer {call.token}"}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_reply_is_as_the_document_says(case: Case, headers):
    # In its own process schemathesis does not unpack what was compressed.
    case.call_and_validate(headers=headers | {"Accept-Encoding": "identity"})


def test_the_document_is_valid_openapi_and_names_every_operation_once():
    validate_schema(document())
    names = [each["operationId"] for path in document()["paths"].values() for each in path.values()]
    assert len(names) == len(set(names)) == len(ROUTES)


def test_every_operation_tells_its_errors_and_every_body_has_an_example():
    for path in document()["paths"].values():
        for method, each in path.items():
            assert {"400", "401", "403", "429"} <= set(each["responses"]), each["operationId"]
            body = each.get("requestBody", {}).get("content", {}).get("application/json")
            if method in {"post", "put", "patch"} and body and body["schema"].get("$ref") not in EMPTY:
                assert body.get("examples"), each["operationId"]
