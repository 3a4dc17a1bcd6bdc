"""Reading the cloud's errors (contract.md, "Errors").

HTTP codes differ between sites, so an error is classified by its code first, then by its HTTP status.
"""

from backups.contract import meanings
from backups.contract.error_bodies import ErrorBody, read_error
from backups.contract.meanings import Kind, Meaning

__all__ = ["ErrorBody", "Kind", "Meaning", "may_be_our_own_call", "meaning_of", "read_error"]

_SIGN_IN_WRONG = "APIGW.0301"
_REQUEST_WRONG = "APIGW.0201"


def meaning_of(code: str, http_status: int, message: str = "") -> Meaning:
    """The meaning of an error reply; every code and status has one."""
    code = code.strip().upper().replace("APIG.", "APIGW.", 1)
    if code == _SIGN_IN_WRONG:
        return _sign_in_meaning(message)
    if code in meanings.MEANINGS:
        return meanings.MEANINGS[code]
    if code == _REQUEST_WRONG and 400 <= http_status < 500:
        return meanings.REQUEST_ERROR
    if code.startswith("IAM.") and 400 <= http_status < 500 and http_status != 429:
        return meanings.IAM_REFUSED
    return _meaning_of_status(http_status)


def may_be_our_own_call(code: str) -> bool:
    """Whether a refusal with `code` may tell of an earlier call of our own that did go through."""
    found = meanings.MEANINGS.get(code)
    return found is not None and found.may_be_our_own_call


def _sign_in_meaning(message: str) -> Meaning:
    """The gateway has one code for every wrong sign-in; the message says which."""
    found = (meaning for pattern, meaning in meanings.SIGN_IN_MEANINGS if pattern.search(message))
    return next(found, meanings.SIGN_IN_REFUSED)


def _meaning_of_status(http_status: int) -> Meaning:
    if http_status in meanings.MEANINGS_OF_STATUS:
        return meanings.MEANINGS_OF_STATUS[http_status]
    if 300 <= http_status < 400:
        return meanings.REDIRECTED
    if 400 <= http_status < 500:
        return meanings.REFUSED
    return meanings.GATEWAY_TROUBLE
