"""Starting the program behind an adapter."""
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
