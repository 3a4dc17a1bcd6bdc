"""The one family of errors that leaves this package, sorted by what is proved about the call.

Each carries words for a person: `meaning` and `remedy` are marked for translation, the cloud's own
words (`error_code`, `error_msg`) are not. None of them holds a secret.
"""

from backups.cloud.exchange import Exchange
from backups.contract.errors import Kind
from backups.contract.violations import gettext_noop

LONGEST_RETRY_AFTER_SECONDS = 15 * 60.0


class CloudError(Exception):
    """A call to the cloud that did not end well."""

    kind = Kind.AMBIGUOUS
    default_meaning = gettext_noop("The call to the cloud went wrong.")
    default_remedy = gettext_noop("Test the project's connection.")

    def __init__(
        self,
        detail: str = "",
        *,
        at_step: str = "",
        meaning: str = "",
        remedy: str = "",
        field: str = "",
        http_status: int | None = None,
        error_code: str = "",
        error_msg: str = "",
        request_id: str = "",
        retry_after: float | None = None,
        skew_seconds: float | None = None,
        may_be_our_own_call: bool = False,
        exchange: Exchange | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.at_step = at_step
        self.meaning = meaning or self.default_meaning
        self.remedy = remedy or self.default_remedy
        self.field = field
        self.http_status = http_status
        self.error_code = error_code
        self.error_msg = error_msg
        self.request_id = request_id
        self.retry_after = retry_after
        self.skew_seconds = skew_seconds
        self.may_be_our_own_call = may_be_our_own_call
        self.exchange = exchange

    def __str__(self) -> str:
        told = (self.at_step, self.http_status, self.error_code, self.error_msg or self.meaning)
        parts = [str(part) for part in (*told, self.detail) if part]
        if self.request_id:
            parts.append(f"request id {self.request_id}")
        return "; ".join(parts)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class CloudNotSent(CloudError):
    """Surely not sent: the name, the connection or the handshake failed, or time ran out before."""

    kind = Kind.NOT_SENT
    default_meaning = gettext_noop("The cloud could not be reached, so nothing was sent.")
    default_remedy = gettext_noop(
        "Check the project's endpoint and this machine's network; Safepoint tries again by itself."
    )
    is_certificate_problem = False
    is_our_own = False
    """Whether the reason lies with us, so that it says nothing about the cloud."""


class CertificateRefused(CloudNotSent):
    """Surely not sent: the other side could not prove that it is the cloud."""

    default_meaning = gettext_noop("The server's certificate does not prove that it is the cloud.")
    default_remedy = gettext_noop(
        "Check the endpoint and this machine's clock. If the cloud is your own, add its authority to "
        "this machine's trusted certificates. Nothing is sent until the certificate is right."
    )
    is_certificate_problem = True


class NotOurTurn(CloudNotSent):
    """Surely not sent: our own pace left no time for it."""

    is_our_own = True
    default_meaning = gettext_noop("Safepoint’s own limit of calls left no time for this one.")
    default_remedy = gettext_noop("Nothing to do: the call is made again.")


class EndpointRefused(CloudNotSent):
    """Surely not sent: the guard does not let us connect there (security.md, row 5)."""

    is_our_own = True
    default_meaning = gettext_noop("Safepoint does not connect to this address.")
    default_remedy = gettext_noop(
        "Use an https endpoint of the cloud, or let the operator allow this one in CLOUD_ENDPOINTS."
    )


class CloudRefused(CloudError):
    """Surely not done: the cloud said no, and will say no again."""

    kind = Kind.REFUSED
    default_meaning = gettext_noop("The cloud refused the call.")


class CloudLater(CloudError):
    """Surely not done this time: come back after `retry_after` seconds, where the cloud says."""

    kind = Kind.LATER
    default_meaning = gettext_noop("The cloud asks to come back later.")
    default_remedy = gettext_noop("Nothing to do: the call is made again.")


class CloudAmbiguous(CloudError):
    """Unknown: the call left, and no reply tells what became of it. On a reading call: nothing was read."""

    default_meaning = gettext_noop("The call left, but no clear answer came back.")
    default_remedy = gettext_noop(
        "Nothing to do yet: Safepoint looks in the cloud's list before it calls again."
    )


class CredentialFailed(CloudError):
    """Surely not done: the cloud does not accept who we are. `field` says what is wrong, where known.

    `is_locked`: the key is locked for five minutes after five failures (contract.md, "Signing in").
    """

    kind = Kind.CREDENTIAL
    default_meaning = gettext_noop("The cloud refused the sign-in.")
    default_remedy = gettext_noop("Check the credential and this machine's clock, then test the connection.")

    @property
    def is_locked(self) -> bool:
        """Whether the cloud has locked the access key for a while."""
        return self.field == "locked"

    @property
    def is_rights_problem(self) -> bool:
        """Whether the sign-in itself is right and only rights are missing."""
        return self.field == "rights"
