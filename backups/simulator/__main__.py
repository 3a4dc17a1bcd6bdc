"""`python -m backups.simulator`: the simulated cloud without Django."""

import sys

from backups.simulator.command import main

if __name__ == "__main__":
    sys.exit(main())
