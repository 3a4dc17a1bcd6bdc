"""Where the embedded PostgreSQL keeps its files, and as whom it runs: it refuses to be root.

1. Not root: in its home, as the one who started it.
2. Root, and the home holds data already: as the owner of that data.
3. Root: in its home, as the account `safepoint`, if that account may enter there.
4. Root under a directory that others may not enter (a clone in /root): in a directory of its own under
   /var/lib/safepoint, whose path is kept in the home's file `place`, so that the next start finds it.
"""

import pwd
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy import account, binaries, owned

ELSEWHERE = Path("/var/lib/safepoint")


@dataclass(frozen=True)
class Place:
    """A directory (socket, and `data` in it), the programs, and the account if it is not our own."""

    directory: Path
    programs: Path
    account: pwd.struct_passwd | None = None

    @property
    def data(self) -> Path:
        """PostgreSQL's own directory."""
        return self.directory / "data"

    @property
    def owner(self) -> tuple[int, int] | None:
        """User and group to give files to, where they are not our own."""
        return (self.account.pw_uid, self.account.pw_gid) if self.account else None


def find(home: Path, say: Callable[[str], None]) -> Place:
    """The place for `home`, which exists; made when it is the first time."""
    programs = binaries.postgres_programs()
    if not account.is_root():
        return Place(home, programs)
    user = (account.owner(home / "data") if (home / "data").exists() else None) or account.unprivileged()
    place = Place(_directory(home, user, say), _reachable(programs, user), user)
    if place.owner:
        own(place.directory, place.owner)
    return place


def own(path: Path, owner: tuple[int, int]) -> None:
    """Give a directory to the account, and to nobody else."""
    path.chmod(0o700)
    if (path.stat().st_uid, path.stat().st_gid) != owner:
        account.give(path, owner)


def _directory(home: Path, user: pwd.struct_passwd, say: Callable[[str], None]) -> Path:
    note = home / "place"
    if note.is_file():
        return Path(note.read_text().strip())
    if account.may_enter(user, home.parent):
        return home
    ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
    directory = ELSEWHERE / secrets.token_hex(4)
    directory.mkdir(mode=0o700)
    owned.write_private(note, f"{directory}\n")
    say(f"PostgreSQL will not run as root, and the account {user.pw_name} may not enter {home.parent}.")
    say(f"Its data goes to {directory} instead (the file {note} remembers that).")
    return directory


def _reachable(programs: Path, user: pwd.struct_passwd) -> Path:
    if account.may_enter(user, programs / "postgres"):
        return programs
    return binaries.copy_of_postgres(programs, ELSEWHERE / "programs")
