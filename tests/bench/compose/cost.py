#!/usr/bin/python3
"""What a command cost: cost.py FILE SECONDS COMMAND...

Writes {"rc", "wall_s", "cpu_s", "rss_mb"} to FILE: the time of the command and of all its descendants, and the most memory that all of them
held together (proportional set sizes, looked at ten times a second). After SECONDS it is stopped.
"""
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time


def family():
    """The process ids below this one."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % name) as f:
                children.setdefault(int(f.read().rpartition(")")[2].split()[1]), []).append(int(name))
        except OSError:
            pass
    found, todo = [], [os.getpid()]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def held():
    """kB of all of them."""
    total = 0
    for pid in family():
        try:
            with open("/proc/%d/smaps_rollup" % pid) as f:
                total += next((int(line.split()[1]) for line in f if line.startswith("Pss:")), 0)
        except OSError:
            pass
    return total


def main():
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)     # orphans become children of this one, so that they are counted
    most, done = [0], threading.Event()

    def watch():
        while not done.wait(0.1):
            most[0] = max(most[0], held())

    began = time.monotonic()
    process = subprocess.Popen(sys.argv[3:], stdin=subprocess.DEVNULL)
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        rc = process.wait(float(sys.argv[2]))
    except subprocess.TimeoutExpired:
        for pid in family():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        process.wait()
        rc = 124
    wall = time.monotonic() - began
    done.set()
    watcher.join()
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(sys.argv[1], "w") as out:
        json.dump({"rc": rc, "wall_s": round(wall, 3), "cpu_s": round(used.ru_utime + used.ru_stime, 3),
                   "rss_mb": round(max(most[0], used.ru_maxrss) / 1024, 1)}, out)
    sys.exit(rc)


main()
