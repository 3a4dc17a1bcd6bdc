"""The parts of an address that are no UUID; the settings tell their patterns to OpenAPI."""

from django.urls.converters import StringConverter


class Username(StringConverter):
    """A user name, of the characters that Django's own validator allows."""

    regex = r"[\w.@+-]{1,150}"


class CloudId(StringConverter):
    """An ID of the cloud's, as its instances have it."""

    regex = r"[0-9A-Za-z-]{36}"
