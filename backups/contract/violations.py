"""A broken rule of the contract, told so that a person can mend it."""

from collections.abc import Mapping


def gettext_noop(message: str) -> str:
    """Mark `message` for makemessages; whoever shows it translates it."""
    return message


class Violation(ValueError):
    """One field that breaks one rule.

    `template % params` is the sentence in English; the face says `gettext(v.template) % v.params`.
    `code` is the error code with which the cloud refuses the same thing, or "".
    """

    def __init__(
        self, *, field: str, rule: str, template: str, params: Mapping[str, object], code: str = ""
    ) -> None:
        super().__init__(template % params)
        self.field = field
        self.rule = rule
        self.template = template
        self.params = params
        self.code = code


def show_character(character: str) -> str:
    """`character` so that it can be recognized: itself where it can be seen, else its code point."""
    if character.isascii() and character.isprintable() and not character.isspace():
        return f"“{character}”"
    code_point = f"U+{ord(character):04X}"
    return f"“{character}” ({code_point})" if character.isprintable() else code_point
