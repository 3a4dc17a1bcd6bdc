"""The unprivileged account that a server needs which refuses to run as root.

Run as a script it becomes that account and then the server: `python account.py USER COMMAND...`. It is
started by its file name, so that any process may start it wherever it stands.
"""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

NAME = "safepoint"
FALLBACK = "nobody"


def is_root() -> bool:
    """Whether this process would run a server as root."""
    return os.geteuid() == 0


def unprivileged() -> pwd.struct_passwd:
    """The account `safepoint`, made when it is missing; where none can be made, `nobody`."""
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return _make() or pwd.getpwnam(FALLBACK)


def owner(path: Path) -> pwd.struct_passwd | None:
    """Who owns `path`, unless that is root or an account that has no name here."""
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid) if uid else None
    except KeyError:
        return None


def may_enter(account: pwd.struct_passwd, path: Path) -> bool:
    """Whether `account` reaches `path`: asked of the system, since modes alone do not tell (access lists)."""
    asked = subprocess.run(
        ["test", "-x", str(path)],
        check=False,
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        cwd="/",
    )
    return asked.returncode == 0


def running_as(account: pwd.struct_passwd, command: list[str]) -> list[str]:
    """A command that runs `command` as `account`, in place of itself."""
    return [sys.executable, str(Path(__file__).resolve()), account.pw_name, *command]


def become(account: pwd.struct_passwd) -> None:
    """Give up root for good."""
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def give(path: Path, owner: tuple[int, int]) -> None:
    """Give `path` and all in it to the user and group `owner`."""
    for each in (path, *path.rglob("*")):
        os.chown(each, *owner, follow_symlinks=False)


def _make() -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if not useradd:
        return None
    nowhere = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    made = subprocess.run(
        [useradd, "--system", "--user-group", *nowhere, NAME], check=False, capture_output=True
    )
    return pwd.getpwnam(NAME) if made.returncode == 0 else None


if __name__ == "__main__":
    become(pwd.getpwnam(sys.argv[1]))
    os.chdir("/")
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - replaces this process: no shell is wanted
