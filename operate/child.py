"""Become another program that ends when its parent ends, kill -9 included. Standard library only.

    python -I -S child.py PARENT SIGNAL UID GID PROGRAM [ARGUMENT …]

The kernel forgets the signal when a process changes its user, so the user changes first.
"""

import ctypes
import os
import sys

SET_PARENT_DEATH_SIGNAL = 1  # prctl(2); Linux only, elsewhere children are ended by the supervisor


def main(parent: int, signal: int, uid: int, gid: int, command: list[str]) -> None:
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal)
    if os.getppid() != parent:  # it ended before we could ask to be told
        sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]), command=sys.argv[5:])
