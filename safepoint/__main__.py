"""`python -m safepoint`."""

from safepoint.main import main

main()
