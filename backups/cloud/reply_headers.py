"""What the headers of a reply say: when to come back, what time it is there, under which id it is known."""

import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from backups.cloud.errors import LONGEST_RETRY_AFTER_SECONDS
from backups.contract.error_bodies import one_line

_SECONDS = re.compile(r"([+-]?)(\d+)(?:\.\d*)?", re.ASCII)


def retry_after(headers: Message, *, at: datetime) -> float | None:
    """The seconds to wait, 0 to 900, by Retry-After in any of its forms; None where it says nothing.

    Seconds, also with a sign or a fraction; an HTTP date, measured from the reply's own Date so that
    two clocks need not agree; a time that has passed is now; garbage is nothing.
    """
    text = str(headers.get("Retry-After", "")).strip()
    seconds = _SECONDS.fullmatch(text)
    if seconds is not None:
        wait = _whole_seconds(*seconds.groups())
    else:
        until = _http_date(text)
        if until is None:
            return None
        wait = (until - (_http_date(str(headers.get("Date", ""))) or at)).total_seconds()
    return min(max(wait, 0.0), LONGEST_RETRY_AFTER_SECONDS)


def skew_seconds(headers: Message, *, at: datetime) -> float | None:
    """By how much our clock is ahead of the cloud's, by the Date header; None where there is none."""
    there = _http_date(str(headers.get("Date", "")))
    return None if there is None else (at - there).total_seconds()


def request_id(headers: Message) -> str:
    """What the vendor's support asks for."""
    return one_line(str(headers.get("X-Request-Id", "")))


def _whole_seconds(sign: str, digits: str) -> float:
    # Thousands of digits are infinity, which is capped as every other number.
    return -float(digits) if sign == "-" else float(digits)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
