"""`python -m deploy.prepare`: keys, tables, static files and checks; with `--demo`, the demo's data."""

import argparse
import subprocess
import sys

from deploy import choices, demo, processes


def main() -> int:
    """Run each step to its end; the first that fails ends it, with that step's exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", action="store_true", help="load the demo's data, and nothing else")
    steps = processes.STEPS
    if parser.parse_args().demo:
        chosen = choices.read()
        demo.wait_for_keys(chosen)
        demo.keep_password(chosen)
        steps = {"Demo data": processes.load_demo(chosen)}
    for title, command in steps.items():
        print(f"{title}.", flush=True)
        done = subprocess.run(command, cwd=choices.REPOSITORY, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
