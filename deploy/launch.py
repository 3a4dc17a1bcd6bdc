"""`python -m deploy.launch NAME`: become one of the processes of `deploy.processes`."""

import argparse
import os
import sys
from pathlib import Path

from deploy import choices, pidfiles
from deploy.binaries import MissingServerError
from deploy.engine import EngineError
from deploy.processes import PROCESSES


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
    os.chdir(choices.REPOSITORY)
    return os.execv(command[0], command)  # noqa: S606 - becomes the process: no shell is wanted


if __name__ == "__main__":
    sys.exit(main())
