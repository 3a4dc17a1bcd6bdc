"""Testing a connection step by step, so that a person sees which step fails and what to do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from backups.cloud.client import CloudClient
from backups.cloud.errors import CloudError, CredentialFailed
from backups.contract.violations import Violation, gettext_noop

LARGEST_SKEW_SECONDS = 15 * 60
"""A clock that is further off is refused by the cloud (contract.md, "Signing in")."""

TITLES = {
    "resolve": gettext_noop("The endpoint is allowed and has an address"),
    "tls": gettext_noop("The server answers and proves who it is"),
    "clock": gettext_noop("This machine's clock agrees with the cloud's"),
    "sign_in": gettext_noop("The cloud accepts the credential"),
    "list": gettext_noop("The credential may list instances and backups"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `is_ok` is None where it was not reached.

    `title` and `remedy` are marked for translation, and so is `detail` where it is our own sentence;
    otherwise it is data, or the cloud's words.
    """

    key: str
    title: str
    is_ok: bool | None = None
    detail: str = ""
    remedy: str = ""


def diagnose(client: CloudClient) -> list[Step]:
    """The five steps in order; after the first failure the rest is not reached.

    An access key is used for nothing before the last step, and at most once when it fails: five failed
    attempts lock it. So a refusal of the key itself, seen there, is told at the step before.
    """
    passed: dict[str, str] = {}
    for key, run in _RUNS.items():
        try:
            passed[key] = run(client)
        except CloudError as error:
            failed = "sign_in" if key == "list" and _is_sign_in(error) else key
            return list(_report(passed, Step(failed, TITLES[failed], False, *_words(error))))
        except Violation as violation:
            return list(_report(passed, Step(key, TITLES[key], False, str(violation))))
    return list(_report(passed, None))


def _report(passed: Mapping[str, str], failed: Step | None) -> Iterator[Step]:
    is_reached = True
    for key, title in TITLES.items():
        if failed is not None and key == failed.key:
            yield failed
            is_reached = False
        else:
            yield Step(key, title, *((True, passed[key]) if is_reached else (None,)))


def _resolve(client: CloudClient) -> str:
    return ", ".join(client.resolve().addresses)


def _connect(client: CloudClient) -> str:
    client.connect()
    return ""


def _clock(client: CloudClient) -> str:
    skew = client.clock_skew()
    if skew is None:
        return gettext_noop("The cloud does not tell its time.")
    if abs(skew) > LARGEST_SKEW_SECONDS:
        raise CredentialFailed(
            at_step="clock",
            field="clock",
            meaning=gettext_noop("The clocks differ by more than 15 minutes."),
            remedy=gettext_noop("Set this machine's clock, best by NTP, then test again."),
            skew_seconds=skew,
        )
    return f"{skew:+.0f} s"


def _sign_in(client: CloudClient) -> str:
    client.sign_in()
    return ""


def _list(client: CloudClient) -> str:
    client.try_lists()
    return ""


_RUNS: dict[str, Callable[[CloudClient], str]] = {
    "resolve": _resolve,
    "tls": _connect,
    "clock": _clock,
    "sign_in": _sign_in,
    "list": _list,
}


def _is_sign_in(error: CloudError) -> bool:
    return isinstance(error, CredentialFailed) and not error.is_rights_problem


def _words(error: CloudError) -> tuple[str, str]:
    """The cloud's own words where there are any, else ours; and what to do."""
    theirs = " ".join(part for part in (error.error_code, error.error_msg) if part)
    return theirs or error.meaning, error.remedy
