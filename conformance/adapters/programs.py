"""Starting the program behind an adapter, and looking at what it wrote."""
import ctypes
import os
import signal
import subprocess

C_LIBRARY = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with(parent):
    C_LIBRARY.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # which was gone before that line
        os._exit(1)


def start_program(words):
    """A process that Linux ends when this one is gone, also by SIGKILL, as the rig restarts a
    system under test. Nothing to read; what it writes to standard output can be read."""
    parent = os.getpid()
    return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, preexec_fn=lambda: end_with(parent))


def now(path):
    """Size and time of a file: (0, 0) of one that is not there."""
    found = os.stat(path) if os.path.exists(path) else None
    return (found.st_size, found.st_mtime_ns) if found else (0, 0)


def stored(file):
    """Bytes under the local name, unless they are those of before the download."""
    size, written = now(file["local_name"])
    return size if file["whole"] or (file["begun"] and written != file["old"]) else 0
