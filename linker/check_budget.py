#!/usr/bin/env python3
"""Fails when a flat image is larger than its budget. The built-in archive, which lies in it, does not count: its size is that of
the user programs.

usage: check_budget.py NM ELF IMAGE BYTES
"""
import os
import subprocess
import sys

ARCHIVE_START, ARCHIVE_END = "builtin_archive_start", "builtin_archive_end"


def archive_size(symbols):
    """Of what `nm` prints: the bytes between the archive's symbols; 0 for an image without one."""
    at = {fields[2]: int(fields[0], 16) for fields in map(str.split, symbols.splitlines()) if len(fields) == 3}
    return at[ARCHIVE_END] - at[ARCHIVE_START] if ARCHIVE_START in at else 0


def main():
    nm, elf, image, budget = sys.argv[1:]
    symbols = subprocess.run([nm, elf], capture_output=True, text=True, check=True).stdout
    archive = archive_size(symbols)
    size = os.path.getsize(image) - archive
    if size > int(budget):
        sys.exit(f"{image}: {size} bytes beside an archive of {archive}, the budget is {budget}")


if __name__ == "__main__":
    main()
