"""What each error of the cloud means, as data (contract.md, "Errors")."""

import re
from dataclasses import dataclass
from enum import StrEnum

from backups.contract.violations import gettext_noop


class Kind(StrEnum):
    """What an error proves about the call that met it (faults.md, rule 3)."""

    NOT_SENT = "not_sent"
    REFUSED = "refused"
    LATER = "later"
    AMBIGUOUS = "ambiguous"
    CREDENTIAL = "credential"
    RENEW_TOKEN = "renew_token"  # noqa: S105  a kind of error


@dataclass(frozen=True, slots=True)
class Meaning:
    """An error read: its class, the field it is most likely about, and words for a person.

    `meaning` and `remedy` are marked for translation. `may_be_our_own_call`: first look in the cloud's
    list, since an earlier call of our own may be the cause.
    """

    kind: Kind
    field: str
    meaning: str
    remedy: str
    may_be_our_own_call: bool = False


_PARAMETER = Meaning(
    Kind.REFUSED,
    "name",
    gettext_noop("The cloud found an error in the parameters."),
    gettext_noop("Check the backup's name and description, then ask again."),
)
_NO_INSTANCE = Meaning(
    Kind.REFUSED,
    "instance_id",
    gettext_noop("The cloud does not know this instance."),
    gettext_noop("It may have been deleted. Sync the project's instances."),
)
_BUSY = Meaning(
    Kind.LATER,
    "instance_id",
    gettext_noop("Another operation runs on the instance, or it is not in its normal state."),
    gettext_noop("Nothing to do: the call is made again when the instance is free."),
    may_be_our_own_call=True,
)
_SERVER_FAILURE = Meaning(
    Kind.AMBIGUOUS,
    "",
    gettext_noop("The cloud failed while it worked on the call, so whether it did the work is unknown."),
    gettext_noop("Nothing to do yet: Safepoint looks in the cloud's list before it calls again."),
)
_NO_RIGHTS = Meaning(
    Kind.CREDENTIAL,
    "rights",
    gettext_noop("The cloud does not allow this credential to make the call."),
    gettext_noop(
        "Give the cloud user the rights to create and list backups and to list instances, "
        "then test the connection."
    ),
)
REQUEST_ERROR = Meaning(
    Kind.REFUSED,
    "",
    gettext_noop("The cloud's gateway could not read the request."),
    gettext_noop("Check the project's endpoint; if it is right, give the request ID to the cloud's support."),
)
GATEWAY_TROUBLE = Meaning(
    Kind.AMBIGUOUS,
    "",
    gettext_noop(
        "The cloud's gateway had trouble or gave up waiting, so whether the call was done is unknown."
    ),
    gettext_noop("Nothing to do yet: Safepoint looks in the cloud's list before it calls again."),
)
_THROTTLED = Meaning(
    Kind.LATER,
    "",
    gettext_noop("The cloud asks for fewer calls in a second."),
    gettext_noop("Nothing to do: the call is made again after the time that the cloud asks for."),
    may_be_our_own_call=True,
)
IAM_REFUSED = Meaning(
    Kind.CREDENTIAL,
    "password",
    gettext_noop("The cloud's sign-in service refused the credential."),
    gettext_noop("Check the domain, user name and password, and that the user may sign in by program."),
)

MEANINGS = {
    "DBS.200001": _PARAMETER,
    "DBS.200004": _PARAMETER,
    "DBS.200006": Meaning(
        Kind.REFUSED,
        "",
        gettext_noop("The cloud received an empty request."),
        gettext_noop("Ask again; if it comes back, give the request ID to the cloud's support."),
    ),
    "DBS.200002": _NO_INSTANCE,
    "DBS.200013": _NO_INSTANCE,
    "DBS.200010": Meaning(
        Kind.REFUSED,
        "instance_id",
        gettext_noop("The credential is not authorized for this instance."),
        gettext_noop("Check that the instance belongs to the project, and the rights of the cloud user."),
    ),
    "DBS.200011": _BUSY,
    "DBS.200018": _BUSY,
    "DBS.200019": _BUSY,
    "DBS.201209": Meaning(
        Kind.REFUSED,
        "name",
        gettext_noop("The cloud already has a backup of this name."),
        gettext_noop("Choose another name."),
        may_be_our_own_call=True,
    ),
    "DBS.201210": Meaning(
        Kind.REFUSED,
        "name",
        gettext_noop("The cloud does not accept the backup's name."),
        gettext_noop("Use 4 to 64 letters, digits, hyphens and underscores, with a letter first."),
    ),
    "DBS.280127": Meaning(
        Kind.REFUSED,
        "description",
        gettext_noop("The cloud does not accept the backup's description."),
        gettext_noop("Shorten it, and leave out special characters and line breaks."),
    ),
    "DBS.280124": Meaning(
        Kind.REFUSED,
        "backup_id",
        gettext_noop("The cloud does not accept the backup's ID."),
        gettext_noop("The backup may have been deleted. Sync the project."),
    ),
    "DBS.108000": _SERVER_FAILURE,
    "DBS.108002": _SERVER_FAILURE,
    "DBS.108005": _SERVER_FAILURE,
    "DBS.200005": _SERVER_FAILURE,
    "APIGW.0101": Meaning(
        Kind.REFUSED,
        "endpoint",
        gettext_noop("The address has no such API."),
        gettext_noop("Check the project's endpoint and the generation of the path: mysql/v3 or v3."),
    ),
    "APIGW.0302": _NO_RIGHTS,
    "APIGW.0303": _NO_RIGHTS,
    "APIGW.0307": Meaning(
        Kind.RENEW_TOKEN,
        "token",
        gettext_noop("The token for the cloud is no longer valid."),
        gettext_noop("Nothing to do: a new token is fetched. If it comes back, test the connection."),
    ),
    "APIGW.0308": _THROTTLED,
}

SIGN_IN_MEANINGS = (
    (
        re.compile("reach the limit|locked", re.IGNORECASE),
        Meaning(
            Kind.CREDENTIAL,
            "locked",
            gettext_noop("The cloud has locked the access key after too many failed attempts."),
            gettext_noop("Wait five minutes, mend the credential, then test the connection once."),
        ),
    ),
    (
        re.compile("verify aksk signature fail", re.IGNORECASE),
        Meaning(
            Kind.CREDENTIAL,
            "secret_key",
            gettext_noop("The cloud could not verify the signature."),
            gettext_noop(
                "The secret key does not belong to the access key, or this machine's clock is more than "
                "15 minutes off. Check the clock, then enter both keys again."
            ),
        ),
    ),
    (
        re.compile("get secretkey failed", re.IGNORECASE),
        Meaning(
            Kind.CREDENTIAL,
            "access_key",
            gettext_noop("The cloud does not know the access key."),
            gettext_noop("It was mistyped, disabled or deleted. Enter an access key that is in force."),
        ),
    ),
    (
        re.compile("decrypt token fail", re.IGNORECASE),
        Meaning(
            Kind.CREDENTIAL,
            "token",
            gettext_noop("The cloud could not read the token."),
            gettext_noop(
                "Check that the IAM endpoint belongs to the same cloud and region as the project's."
            ),
        ),
    ),
)
SIGN_IN_REFUSED = Meaning(
    Kind.CREDENTIAL,
    "credential",
    gettext_noop("The cloud refused the sign-in."),
    gettext_noop("Check the credential and this machine's clock, then test the connection."),
)

REDIRECTED = Meaning(
    Kind.REFUSED,
    "endpoint",
    gettext_noop("The address answered with a redirect, which Safepoint never follows."),
    gettext_noop("Check the project's endpoint: something else than the cloud seems to answer there."),
)
REFUSED = Meaning(
    Kind.REFUSED,
    "",
    gettext_noop("The cloud refused the call."),
    gettext_noop("Read the cloud's words; its support asks for the request ID."),
)
_NOT_FOUND = Meaning(
    Kind.REFUSED,
    "endpoint",
    gettext_noop("The cloud did not find what the call names."),
    gettext_noop("Check the project's endpoint, path generation and project ID."),
)
MEANINGS_OF_STATUS = {
    401: SIGN_IN_REFUSED,
    404: _NOT_FOUND,
    408: GATEWAY_TROUBLE,
    409: _BUSY,
    423: _BUSY,
    429: _THROTTLED,
}
