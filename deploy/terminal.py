"""Ctrl-C for us alone, also under `make`."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def foreground() -> Iterator[None]:
    """Be the terminal's foreground process group, as a shell makes its jobs.

    Under `make` a Ctrl-C would reach make too, which would then call a clean stop an error.
    """
    if not sys.stdin.isatty() or os.getpgrp() == os.getpid() or os.tcgetpgrp(0) != os.getpgrp():
        yield
        return
    before = os.getpgrp()
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # we may take and give back the terminal
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # make would not notice a Ctrl-Z, and the shell would hang
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(0, before)
