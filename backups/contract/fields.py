"""The fields of the create call (contract.md, "Create a manual backup"): each check passes or raises."""

import string
import unicodedata

from backups.contract.violations import Violation, gettext_noop, show_character

NAME_MIN = 4
NAME_MAX = 64
NAME_MAX_BYTES = 64
DESCRIPTION_MAX = 256
DESCRIPTION_FORBIDDEN = ">!<\"&'="
INSTANCE_ID_LENGTH = 36
PROJECT_ID_LENGTH = 32
BACKUP_ID_MAX = 64

INVALID_PARAMETER = "DBS.200001"
INVALID_NAME = "DBS.201210"
INVALID_DESCRIPTION = "DBS.280127"
INVALID_BACKUP_ID = "DBS.280124"

_LETTERS = frozenset(string.ascii_letters)
_NAME_CHARACTERS = frozenset(string.ascii_letters + string.digits + "-_")
_HEX = frozenset(string.hexdigits)
_DIGITS = frozenset(string.digits)
_HYPHEN = frozenset("-")
_LINE_OR_PARAGRAPH_SEPARATOR = frozenset("\u2028\u2029")
_UNWRITABLE_CATEGORIES = frozenset({"Cc", "Cs"})

_CLOUD_ID_MASK = [*([_HEX] * 32), frozenset("i"), frozenset("n"), _DIGITS, _DIGITS]
_UUID_MASK = [_HYPHEN if place in (8, 13, 18, 23) else _HEX for place in range(INSTANCE_ID_LENGTH)]


def check_name(value: object, *, allow_chinese: bool = False) -> None:
    """4 to 64 characters; a letter, then letters, digits, `-` and `_` [A].

    `allow_chinese` adds Chinese characters, anywhere, with 64 bytes at most [S].
    """
    name = _text("name", value, INVALID_NAME)
    if not NAME_MIN <= len(name) <= NAME_MAX:
        raise Violation(
            field="name",
            rule="length",
            template=gettext_noop("A name has %(min)d to %(max)d characters; this one has %(length)d."),
            params={"min": NAME_MIN, "max": NAME_MAX, "length": len(name)},
            code=INVALID_NAME,
        )
    _check_name_start(name, allow_chinese)
    _check_name_characters(name, allow_chinese)
    _check_name_bytes(name)


def check_description(value: object) -> None:
    """At most 256 characters, none of `>!<"&'=` [A], no line break or control character [R]."""
    description = _text("description", value, INVALID_DESCRIPTION)
    if len(description) > DESCRIPTION_MAX:
        raise Violation(
            field="description",
            rule="length",
            template=gettext_noop("A description has at most %(max)d characters; this one has %(length)d."),
            params={"max": DESCRIPTION_MAX, "length": len(description)},
            code=INVALID_DESCRIPTION,
        )
    for position, character in enumerate(description, start=1):
        if character in DESCRIPTION_FORBIDDEN:
            raise _forbidden_in_description(position, character)
        if _is_unwritable(character):
            raise _unwritable_in_description(position, character)


def check_instance_id(value: object) -> None:
    """32 hex digits, `in` and two digits, or a UUID with hyphens: both readings of "UUID format" [A]."""
    instance_id = _text("instance_id", value, INVALID_PARAMETER)
    if len(instance_id) != INSTANCE_ID_LENGTH:
        raise Violation(
            field="instance_id",
            rule="length",
            template=gettext_noop("An instance ID has %(expected)d characters; this one has %(length)d."),
            params={"expected": INSTANCE_ID_LENGTH, "length": len(instance_id)},
            code=INVALID_PARAMETER,
        )
    mask = _UUID_MASK if "-" in instance_id else _CLOUD_ID_MASK
    for position, (character, allowed) in enumerate(zip(instance_id, mask, strict=True), start=1):
        if character not in allowed:
            raise Violation(
                field="instance_id",
                rule="format",
                template=gettext_noop(
                    "An instance ID is 32 hexadecimal digits followed by “in” and two digits, or a UUID "
                    "with hyphens; character %(position)d, %(character)s, does not fit."
                ),
                params={"position": position, "character": show_character(character)},
                code=INVALID_PARAMETER,
            )


def check_project_id(value: object) -> None:
    """32 ASCII letters and digits [A]."""
    project_id = _text("project_id", value, "")
    if len(project_id) != PROJECT_ID_LENGTH:
        raise Violation(
            field="project_id",
            rule="length",
            template=gettext_noop("A project ID has %(expected)d characters; this one has %(length)d."),
            params={"expected": PROJECT_ID_LENGTH, "length": len(project_id)},
        )
    for position, character in enumerate(project_id, start=1):
        if character not in _LETTERS | _DIGITS:
            raise Violation(
                field="project_id",
                rule="characters",
                template=gettext_noop(
                    "A project ID holds letters and digits only; character %(position)d is %(character)s."
                ),
                params={"position": position, "character": show_character(character)},
            )


def check_backup_id(value: object) -> None:
    """A UUID, or 32 hex digits with `br01` or `br07` [R]: letters, digits and hyphens, 64 at most."""
    backup_id = _text("backup_id", value, INVALID_BACKUP_ID)
    strange = set(backup_id) - _LETTERS - _DIGITS - _HYPHEN
    if strange or not 1 <= len(backup_id) <= BACKUP_ID_MAX:
        raise Violation(
            field="backup_id",
            rule="format",
            template=gettext_noop(
                "A backup ID holds letters, digits and hyphens only, and at most %(max)d of them."
            ),
            params={"max": BACKUP_ID_MAX},
            code=INVALID_BACKUP_ID,
        )


def _text(field: str, value: object, code: str) -> str:
    if isinstance(value, str):
        return value
    raise Violation(
        field=field,
        rule="text",
        template=gettext_noop("The field %(field)s must be text."),
        params={"field": field},
        code=code,
    )


def _check_name_start(name: str, allow_chinese: bool) -> None:
    if name[0] in _LETTERS or (allow_chinese and _is_chinese(name[0])):
        return
    raise Violation(
        field="name",
        rule="start",
        template=gettext_noop("A name starts with a letter; this one starts with %(character)s."),
        params={"position": 1, "character": show_character(name[0])},
        code=INVALID_NAME,
    )


def _check_name_characters(name: str, allow_chinese: bool) -> None:
    for position, character in enumerate(name, start=1):
        if character in _NAME_CHARACTERS or (allow_chinese and _is_chinese(character)):
            continue
        raise Violation(
            field="name",
            rule="characters",
            template=gettext_noop(
                "A name holds letters, digits, hyphens and underscores only; "
                "character %(position)d is %(character)s."
            ),
            params={"position": position, "character": show_character(character)},
            code=INVALID_NAME,
        )


def _check_name_bytes(name: str) -> None:
    size = len(name.encode())
    if size > NAME_MAX_BYTES:
        raise Violation(
            field="name",
            rule="bytes",
            template=gettext_noop(
                "A name has at most %(max)d bytes, and a Chinese character takes three of them; "
                "this one has %(length)d."
            ),
            params={"max": NAME_MAX_BYTES, "length": size},
            code=INVALID_NAME,
        )


def _forbidden_in_description(position: int, character: str) -> Violation:
    return Violation(
        field="description",
        rule="characters",
        template=gettext_noop(
            "A description holds none of %(forbidden)s; character %(position)d is %(character)s."
        ),
        params={
            "forbidden": " ".join(DESCRIPTION_FORBIDDEN),
            "position": position,
            "character": show_character(character),
        },
        code=INVALID_DESCRIPTION,
    )


def _unwritable_in_description(position: int, character: str) -> Violation:
    return Violation(
        field="description",
        rule="control",
        template=gettext_noop(
            "A description holds no line breaks and no control characters; "
            "character %(position)d is %(character)s."
        ),
        params={"position": position, "character": show_character(character)},
        code=INVALID_DESCRIPTION,
    )


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _is_unwritable(character: str) -> bool:
    """A control character, a line break in any form, or half of a surrogate pair."""
    category = unicodedata.category(character)
    return category in _UNWRITABLE_CATEGORIES or character in _LINE_OR_PARAGRAPH_SEPARATOR
