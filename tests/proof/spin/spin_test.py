"""Searches the states of the Promela models with SPIN, and says what it saw.

usage: spin_test.py [--long] --spin PROGRAM --cc PROGRAM --work FOLDER

A model that is right must be searched to the end without an error; one with a planted bug, or with the old algorithm, must
show the error named here. A search that was cut short (depth, memory) counts as a failure.

Lock-free means: there is no run, however harts are preempted, in which harts go on for ever and no operation is ever done.
"""

import argparse
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Search:
    name: str
    model: str
    defines: tuple = ()
    ltl: str = ''            # the property searched for; else assertions and deadlocks
    lock_free: bool = False  # searched for cycles without progress, instead
    finds: str = ''          # what it must find; else it must find nothing
    long: bool = False       # bitstate, bounded by time: may miss states, finds bugs


def planted(name, bug, finds, **others):
    return Search(f'planted: {name}', 'pid_map.pml', (f'BUG_{bug}', 'PROCS=2', 'CELLS=2', 'GENS=2'), finds=finds, **others)


SEARCHES = [
    Search('2 harts, 2 cells, 3 generations', 'pid_map.pml', ('PROCS=2', 'CELLS=2', 'GENS=3')),
    Search('2 harts, a window of 2 cells', 'pid_map.pml', ('PROCS=2', 'CELLS=2', 'WINDOW=2', 'GENS=3')),
    Search('3 harts, 1 cell, 2 generations', 'pid_map.pml', ('PROCS=3', 'CELLS=1', 'GENS=2')),
    Search('no slot without references, ever', 'pid_map.pml', ('PROCS=2', 'CELLS=1', 'GENS=4'), ltl='unnamed'),
    Search('lock-free', 'pid_map.pml', ('PROCS=2', 'CELLS=2', 'GENS=2'), lock_free=True),
    planted('acquire from zero', 'ACQUIRE_FROM_ZERO', 'assertion violated (holders'),
    planted('acquire does not look again', 'ACQUIRE_DOES_NOT_LOOK_AGAIN', 'non-progress cycle', lock_free=True),
    planted('exit in two steps', 'EXIT_IN_TWO_STEPS', 'assertion violated'),
    planted('claim by load and store', 'CLAIM_BY_STORE', 'assertion violated ((refs[index]==0)'),
    planted('claim of any generation', 'CLAIM_OF_ANY_GENERATION', 'assertion violated (((seen_used)'),
    planted('low numbers come again', 'LOW_NUMBERS_COME_AGAIN', 'assertion violated ((gen[index]!=0)||!(low_given'),
    planted('the last sweep believes hints', 'THE_LAST_SWEEP_BELIEVES_HINTS', 'assertion violated (free_all_along'),
    Search('9front R1: look up, then count', 'ninefront.pml', ('R1',), finds='assertion violated (name[e]==1)'),
    Search('9front R3: look, then insert', 'ninefront.pml', ('R3',), finds='assertion violated ((name[0]==0)||(name[0]!=name[1]))'),
    Search('3 harts, 2 cells, 2 generations', 'pid_map.pml', ('PROCS=3', 'CELLS=2', 'GENS=2'), long=True),
]

# Deeper than any of the searches gets; megabytes; minutes of a bitstate search.
DEPTH = 4_000_000
MEMORY = 6000
MINUTES = 60


def run(command, folder):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def build(search, options, folder):
    """Generates the verifier and compiles it. SPIN's C is not ours, so its warnings (-w) are nobody's."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    kind = ['-DNP', '-DNOFAIR'] if search.lock_free else ['-DNOFAIR'] if search.ltl else ['-DSAFETY', '-DNOCLAIM']
    defines = [f'-D{name}' for name in search.defines]
    defines += ['-DLTL'] if search.ltl else ['-DLOCK_FREE'] if search.lock_free else []
    store = ['-DBITSTATE'] if search.long else ['-DCOLLAPSE']
    for command in ([options.spin, '-a', *defines, str(HERE / search.model)],
                    [options.cc, '-w', '-O2', *kind, *store, f'-DMEMLIM={MEMORY}', '-o', 'pan', 'pan.c']):
        status, text = run(command, folder)
        if status:
            sys.exit(f'{search.name}: {command[0]} failed:\n{text}')


def verify(search, folder):
    command = ['./pan', f'-m{DEPTH}']
    if search.ltl:
        command += ['-a', '-N', search.ltl]
    if search.lock_free:
        command += ['-l']
    if search.long:
        command += ['-w33', '-k3', f'-Q{MINUTES}']
    begin = time.monotonic()
    _, text = run(command, folder)
    return text, time.monotonic() - begin


def judge(search, text):
    """What is wrong with what the verifier printed; nothing if it is as expected."""
    if 'errors: ' not in text:
        return 'the verifier did not finish:\n' + text[-2000:]
    if search.finds:
        found = search.finds.replace(' ', '') in text.replace(' ', '')
        return '' if found else f'expected "{search.finds}":\n' + text[-2000:]
    if 'errors: 0' not in text:
        return 'an error:\n' + text[-2000:]
    if not search.long and ('max search depth too small' in text or 'Search not completed' in text):
        return 'the search was cut short'
    return ''


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--long', action='store_true')
    parser.add_argument('--spin', required=True)
    parser.add_argument('--cc', required=True)
    parser.add_argument('--work', type=Path, required=True)
    options = parser.parse_args()
    failures = 0
    print(f'{"model":42} {"states":>12} {"errors":>6} {"seconds":>8}')
    for number, search in enumerate(SEARCHES):
        if search.long != options.long:
            continue
        folder = options.work / str(number)
        build(search, options, folder)
        text, seconds = verify(search, folder)
        states = re.search(r'^\s*([\d.e+]+) states, stored', text, re.M)
        errors = re.search(r'errors: (\d+)', text)
        found = re.search(r'^pan:1: (.*) \(at depth', text, re.M)
        print(f'{search.name:42} {int(float(states.group(1))) if states else 0:12,} {errors.group(1) if errors else "-":>6} '
              f'{seconds:8.1f}' + (f'  {found.group(1)}' if found else ''), flush=True)
        wrong = judge(search, text)
        if wrong:
            failures += 1
            print(f'! {search.name}: {wrong}')
    sys.exit(1 if failures else 0)


if __name__ == '__main__':
    main()
