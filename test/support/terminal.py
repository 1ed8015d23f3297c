"""Runs a command in a pseudo-terminal: terminal.py <columns> <rows> <fg|bg> <command> ...

Standard input is typed, standard output is what the terminal shows. Standard error tells, in lines
of JSON, when the command stops or ends, and whether the terminal then reads lines as a shell wants.
A stopped command is continued at once, like `fg` does.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios


def shell(report, in_foreground, command):
    """Does what a shell does with one job: its process group, the terminal, its signals."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        if in_foreground:
            os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.close(report)
        os.execvp(command[0], command)

    def hang_up(*_):
        # The system tells the job in the foreground only.
        os.killpg(job, signal.SIGHUP)
        os._exit(0)

    signal.signal(signal.SIGHUP, hang_up)
    while True:
        _, status = os.waitpid(job, os.WUNTRACED)
        os.tcsetpgrp(0, os.getpgrp())
        modes = termios.tcgetattr(0)[3]
        told = {"canonical": bool(modes & termios.ICANON), "echo": bool(modes & termios.ECHO)}
        if os.WIFSTOPPED(status):
            told["stopped"] = signal.Signals(os.WSTOPSIG(status)).name
        elif os.WIFSIGNALED(status):
            told["ended"] = signal.Signals(os.WTERMSIG(status)).name
        else:
            told["ended"] = os.WEXITSTATUS(status)
        os.write(report, (json.dumps(told) + "\n").encode())
        if "ended" in told:
            os._exit(0)
        if in_foreground:
            os.tcsetpgrp(0, job)
        os.killpg(job, signal.SIGCONT)


def main():
    columns, rows, place, *command = sys.argv[1:]
    pid, terminal = pty.fork()
    if pid == 0:
        size = struct.pack("HHHH", int(rows), int(columns), 0, 0)
        fcntl.ioctl(0, termios.TIOCSWINSZ, size)
        report = int(os.environ.pop("REPORT"))
        shell(report, place == "fg", command)
    sources = [0, terminal]
    while terminal in sources:
        ready, _, _ = select.select(sources, [], [])
        for source in ready:
            try:
                data = os.read(source, 65536)
            except OSError:
                data = b""
            if not data:
                sources.remove(source)
            elif source == 0:
                os.write(terminal, data)
            else:
                os.write(1, data)
    os.waitpid(pid, 0)


# What pty.fork() replaces in the child is the standard error, too.
copy = os.dup(2)
os.set_inheritable(copy, True)
os.environ["REPORT"] = str(copy)
main()
