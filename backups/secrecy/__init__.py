"""Keeping secrets secret: the type that does not speak, sealing at rest, redaction of what is written."""
