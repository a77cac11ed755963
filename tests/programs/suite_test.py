#!/usr/bin/env python3
"""Runs the process test suite in QEMU: suite_test.py BINARY_DIRECTORY ARCHIVE HARTS. Each program must say ok."""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Little of both, so that running out of it is quick.
MEMORY = "64M"
PROCESSES = 120
SECONDS = 800


def main(binary_directory, archive, harts):
    done = subprocess.run([ROOT / "tools/qemu-run.sh", "--harts", harts, "--mem", MEMORY, "--append", f"*nproc={PROCESSES}",
                           "--initrd", archive, "--timeout", str(SECONDS), "-c", "suite"],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS + 60,
                          env=dict(os.environ, PROCYON_BINARY_DIR=binary_directory))
    text = done.stdout.decode("utf-8", "replace")
    print(text)
    sys.stdout.flush()
    names = {path.stem for path in pathlib.Path(__file__).parent.glob("*/*.c")}
    lines = text.splitlines()
    passed = set(re.findall(r"(?m)^ok (\w+)$", text))
    if done.returncode != 0 or passed != names or lines[-1:] != [f"{len(names)} passed, 0 failed"]:
        print(f"status {done.returncode}; not ok: {sorted(names - passed)}")
        print(done.stderr.decode("utf-8", "replace")[-4000:])
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
