"""The cloud's ways of saying no: each with its HTTP status, its code and its words."""

from http import HTTPStatus


class Refusal(Exception):
    """A call that the cloud does not carry out."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = int(status)
        self.code = code
        self.message = message
        self.headers = headers or {}


def bad_parameter(message: str) -> Refusal:
    """A field that is missing, of the wrong type or out of its range."""
    return Refusal(HTTPStatus.BAD_REQUEST, "DBS.200001", f"Parameter error. {message}")


def empty_request() -> Refusal:
    """A call without the body that it needs."""
    return Refusal(HTTPStatus.BAD_REQUEST, "DBS.200006", "The request is empty.")


def bad_name(message: str) -> Refusal:
    """A backup name that breaks the rules of names."""
    return Refusal(HTTPStatus.BAD_REQUEST, "DBS.201210", f"Invalid backup name. {message}")


def bad_description(message: str) -> Refusal:
    """A description that breaks the rules of descriptions."""
    return Refusal(HTTPStatus.BAD_REQUEST, "DBS.280127", f"Invalid backup description. {message}")


def bad_backup_id() -> Refusal:
    """A backup id that cannot be one."""
    return Refusal(HTTPStatus.BAD_REQUEST, "DBS.280124", "Invalid backup ID.")


def no_such_backup() -> Refusal:
    """A backup id that is none of this project's."""
    return Refusal(HTTPStatus.NOT_FOUND, "DBS.280124", "Invalid backup ID. The backup does not exist.")


def no_such_instance() -> Refusal:
    """An instance that is none of this project's."""
    return Refusal(HTTPStatus.NOT_FOUND, "DBS.200002", "The DB instance does not exist.")


def not_authorized() -> Refusal:
    """A caller who has no business in this project."""
    return Refusal(HTTPStatus.FORBIDDEN, "DBS.200010", "You are not authorized to operate this instance.")


def not_normal(status: str) -> Refusal:
    """An instance in a state in which nothing can be done with it."""
    message = f"The operation cannot be performed in the current instance status ({status})."
    return Refusal(HTTPStatus.CONFLICT, "DBS.200011", message)


def busy() -> Refusal:
    """An instance with another operation under way."""
    message = "Another operation is being performed on the DB instance."
    return Refusal(HTTPStatus.CONFLICT, "DBS.200019", message)


def name_taken() -> Refusal:
    """A name that another backup bears."""
    return Refusal(HTTPStatus.CONFLICT, "DBS.201209", "The backup name already exists.")


def no_such_api() -> Refusal:
    """A path or a method that leads nowhere."""
    message = "The API does not exist or has not been published in the environment."
    return Refusal(HTTPStatus.NOT_FOUND, "APIGW.0101", message)


def bad_request(message: str, status: int = HTTPStatus.BAD_REQUEST) -> Refusal:
    """What the gateway cannot read."""
    return Refusal(status, "APIGW.0201", message)


def bad_sign_in(why: str) -> Refusal:
    """A signature or a token that does not hold."""
    message = f"Incorrect IAM authentication information: {why}"
    return Refusal(HTTPStatus.UNAUTHORIZED, "APIGW.0301", message)


def token_ended() -> Refusal:
    """A token that was good and has ended."""
    return Refusal(HTTPStatus.UNAUTHORIZED, "APIGW.0307", "The token must be updated.")


def too_many_calls() -> Refusal:
    """More calls in a second than the credential may make."""
    message = "The throttling threshold has been reached: policy user over ratelimit."
    return Refusal(HTTPStatus.TOO_MANY_REQUESTS, "APIGW.0308", message)


def iam(status: int, code: str, message: str) -> Refusal:
    """What the sign-in service refuses."""
    return Refusal(status, code, message)


def server_failure() -> Refusal:
    """The cloud itself fails."""
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "DBS.108000", "Internal server error.")
