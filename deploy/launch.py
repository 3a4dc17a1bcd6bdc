"""`python -m deploy.launch NAME`: become one of the processes of `deploy.processes`."""

import argparse
import os
import resource
import sys
from pathlib import Path

from deploy import choices, pidfiles
from deploy.binaries import MissingServerError
from deploy.engine import EngineError
from deploy.processes import OPEN_FILES, PROCESSES


def main() -> int:
    """Note the pid where asked to, and exec; an error is a sentence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(PROCESSES))
    parser.add_argument("--pid-directory", type=Path)
    parser.add_argument("--copy", default="")
    asked = parser.parse_args()
    if asked.pid_directory:
        pidfiles.stop_left(asked.pid_directory, asked.name + asked.copy)
        pidfiles.record(asked.pid_directory, asked.name + asked.copy)
    try:
        command = PROCESSES[asked.name].command(choices.read())
    except (choices.ChoiceError, EngineError, MissingServerError) as error:
        print(error, file=sys.stderr)
        return 1
    allow_open_files()
    os.chdir(choices.REPOSITORY)
    return os.execv(command[0], command)  # noqa: S606 - becomes the process: no shell is wanted


def allow_open_files() -> None:
    """As many as may be needed, or as the system lets us have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft not in {resource.RLIM_INFINITY, hard}:
        wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


if __name__ == "__main__":
    sys.exit(main())
