"""What must never be written down: the last net under log lines and stored requests."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

from backups.secrecy.secret import Secret

HIDDEN = "[hidden]"

_SENSITIVE_NAMES = frozenset(
    {"authorization", "cookie", "password", "secret", "secret_key", "secretkey", "sk", "ak", "access_key"}
    | {"accesskey", "security_token", "token", "x-auth-token", "x-subject-token", "x-security-token"}
    | {"credential_keys"}
)
_SENSITIVE_TEXT = (
    re.compile(r"(SDK-HMAC-SHA256\s+Access=)[^,\s]+(.*?Signature=)[0-9a-fA-F]+"),
    re.compile(
        r"(?i)((?:x-auth-token|x-subject-token|x-security-token|authorization|secret_?key|security_?token"
        r"|access_?key|password|\bsk|\bak)[\"']?\s*[:=]\s*[\"']?)(?!SDK-HMAC)(?:Bearer\s+)?[^\s\"',;}]+"
    ),
    re.compile(r"(\bspt_)[0-9a-f]+"),
)


def redact_text(text: str) -> str:
    """`text` with signatures, tokens, keys and passwords replaced by a mark."""
    text = _SENSITIVE_TEXT[0].sub(rf"\g<1>{HIDDEN}\g<2>{HIDDEN}", text)
    for pattern in _SENSITIVE_TEXT[1:]:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text


def redact_value(name: str, value: Any) -> Any:
    """`value` as it may be written under `name`; containers are walked."""
    if isinstance(value, Secret) or name.lower() in _SENSITIVE_NAMES:
        return HIDDEN
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {key: redact_value(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact_value("", item) for item in value]
    return value


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that redacts every value of a log line."""
    for name, value in event.items():
        event[name] = value if name.startswith("_") else redact_value(name, value)
    return event
