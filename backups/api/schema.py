"""How the API describes itself: OpenAPI 3.1, with every error and an example of each body."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from backups.api.examples import EXAMPLES
from backups.api.problems import CONTENT_TYPE
from backups.api.serializers.problem import Problem
from backups.api.serializers.strict import Strict

V = TypeVar("V", bound=Callable[..., Any])

ERRORS = {
    400: "The body or query does not have the right form; `errors` says what is wrong with which field.",
    401: "No token, or none that opens anything.",
    403: "The token lacks the scope, or its owner the right; `detail` says which.",
    404: "There is no such thing, as far as the token may know.",
    409: "It stands otherwise by now: too late, decided already, the key used for something else.",
    411: "The body comes in chunks, without its length.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "The form is right, and a rule says no; `errors` says at which field.",
    429: "Too many calls in a minute; `Retry-After` says when to come again.",
}
NO_NUL = r"^[^\x00]*$"
NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"
OF_READING = (400, 401, 403, 404, 422, 429)
OF_DELETING = (*OF_READING, 409)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token in the header `Authorization`."""

    target_class = "backups.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """As OpenAPI says it."""
        told = "An API token: `Authorization: Bearer spt_…`. Made under Account, API access."
        return {"type": "http", "scheme": "bearer", "description": told}


key_header = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=False,
    type={"type": "string", "maxLength": 255, "pattern": "^[!-~]*$"},
    description="Any text of your own, such as the pipeline's run: the same one again makes nothing twice.",
)


def described(
    summary: str,
    *,
    query: type[Strict] | None = None,
    body: type[Strict] | None = None,
    reply: Any = None,
    status: int = 200,
    also: Sequence[int] = (),
    deletes: bool = False,
    parameters: Sequence[OpenApiParameter] = (),
) -> Callable[[V], V]:
    """Describe an operation: what it reads, what it tells, and how it can fail.

    `also`: other statuses with the same body. `deletes`: changes something without a body, so that it may
    stand otherwise by now. What says no tells a `Problem`.
    """
    responses: dict[Any, Any] = dict.fromkeys((status, *also), reply)
    without_body = OF_DELETING if deletes else OF_READING
    for code in without_body if body is None else ERRORS:
        responses[(code, CONTENT_TYPE)] = Problem
    return extend_schema(
        operation_id=summary.lower().replace("'s", "").replace(" ", "_"),
        summary=summary,
        parameters=[*([query] if query else []), *parameters],
        request=body,
        responses=responses,
        examples=[*_examples(body, is_request=True), *_examples(reply, is_request=False, status=status)],
    )


def finish(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """After all: each error in words of its own, and no field beyond those that are named."""
    for operation in _operations(result):
        for code, response in operation.get("responses", {}).items():
            response["description"] = ERRORS.get(int(code), response.get("description") or "Done.")
    strict = {kind.__name__ for kind in _kinds_of(Strict)}
    for name, component in result["components"]["schemas"].items():
        if name.removeprefix("Patched").removesuffix("Request") in strict:
            component["additionalProperties"] = False
            for each in component["properties"].values():
                _tell_blanks(each)
    for operation in _operations(result):
        for each in operation.get("parameters", []):
            _tell_blanks(each["schema"])
    return result


def _operations(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in result["paths"].values():
        yield from operations.values()


def _tell_blanks(schema: dict[str, Any]) -> None:
    """Say what texts keep to, and DRF does not say: no NUL, and not blank where that matters."""
    if schema.get("type") == "string" and not schema.keys() & {"pattern", "format", "enum"}:
        schema["pattern"] = NOT_BLANK if schema.get("minLength") else NO_NUL


def _kinds_of(kind: type[Strict]) -> Iterator[type[Strict]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds_of(child)


def _examples(kind: Any, *, is_request: bool, status: int = 200) -> list[OpenApiExample]:
    name = getattr(kind, "__name__", "")
    return [
        OpenApiExample(
            title,
            value=value,
            request_only=is_request,
            response_only=not is_request,
            status_codes=None if is_request else [str(status)],
        )
        for title, value in EXAMPLES.get(name, {}).items()
    ]
