"""Times as the cloud writes them: `yyyy-mm-ddThh:mm:ssZ`, where Z is an offset such as `+0800` [A]."""

import re
from datetime import UTC, datetime, timedelta, timezone

_WRITTEN = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):?(\d{2}))",
    re.ASCII,
)


def parse_time(text: str) -> datetime:
    """The moment that `text` names, in UTC; raises ValueError where it names none."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError("not a time of the cloud: yyyy-mm-ddThh:mm:ss with an offset")
    *numbers, fraction, sign, hours, minutes = written.groups()
    year, month, day, hour, minute, second = map(int, numbers)
    microsecond = int((fraction or "0")[:6].ljust(6, "0"))
    moment = datetime(year, month, day, hour, minute, second, microsecond, _zone(sign, hours, minutes))
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time outside the calendar") from error


def format_time(moment: datetime) -> str:
    """`moment` in the cloud's form, with the offset that it has."""
    if moment.tzinfo is None:
        raise ValueError("a time without an offset")
    return f"{moment.year:04d}{moment:-%m-%dT%H:%M:%S}{_offset(moment)}"


def _zone(sign: str | None, hours: str | None, minutes: str | None) -> timezone:
    if not (sign and hours and minutes):
        return UTC
    if int(minutes) > 59:
        raise ValueError("an offset of more than 59 minutes beside its hours")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if sign == "-" else offset)


def _offset(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"{'-' if offset < timedelta() else '+'}{hours:02d}{minutes:02d}"
