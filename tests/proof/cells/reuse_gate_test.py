"""Proves the arithmetic of the reuse gate (the paragraph "Reuse" in kernel/pid/pid_cells.h), for all sizes at once.

usage: reuse_gate_test.py kernel/pid/pid_cells.h

The cursor goes round the windows in laps; a step is S = G/8 laps, where G is the number of generations of a cell. Entering a
step writes a stamp, and is allowed only when the stamp some steps back is at least the reuse delay old. How many stamps there
are, and how many steps back is looked, is read out of the header.

    lap      d .................................. s = a - back*S ............. a = start of r's step ...... r
             the number is dropped                the stamp looked at last     the gate lets r's step in    it is given again

A lap is entered when the cursor leaves its first window, which is when somebody has taken that one, or passed it over.
"""

import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from z3 import And, Bool, BoolVal, ForAll, Function, If, Implies, Int, Ints, IntSort, Not, RealSort, Reals

from checks import Report, one_line

S = Int('S')                          # laps in a step
H = Int('H')                          # harts
d, r, a, s = Ints('d r a s')          # laps, see above


def constants(path):
    text = Path(path).read_text(encoding='utf-8')
    value = lambda name: int(re.search(rf'{name} = (\d+);', text).group(1))
    return value('kStamps'), value('kStampsBack')


# --- How often the generation of a cell is stepped, in so many laps (I4): a transition system of the cell, the cursor and the
# harts that may still step it. Any number of windows; the cell is in one of them, called its window here. -------------------

@dataclass(frozen=True)
class Steps:
    pending: object  # harts that hold the cell's window, of whatever lap, and have not tried the cell yet
    passed: object   # has the cursor passed the cell's window in this lap?
    laps: object     # entered since the drop
    uses: object     # times the cell's generation has been stepped since the drop

    @staticmethod
    def any():
        return Steps(Int('pending'), Bool('passed'), Int('laps'), Int('uses'))


MINE = Bool('mine')  # does the hart that acts hold the cell's window, the cell untried? It is one of those counted


def counted(x):
    """What the harts' number says of the one that acts."""
    return And(H >= 1, 0 <= x.pending, x.pending <= H, If(MINE, x.pending >= 1, x.pending <= H - 1))


def without_mine(x):
    """A hart takes a window only when it has tried, or given up, all cells of the one it has."""
    return x.pending - If(MINE, 1, 0)


def enter_lap(x):
    """The cursor leaves the first window of a lap, which is not the cell's; who moved it has that one, or none."""
    return x.passed, replace(x, pending=without_mine(x), passed=BoolVal(False), laps=x.laps + 1)


def enter_lap_at_cell(x):
    """The same, and it is the cell's."""
    return x.passed, replace(x, pending=without_mine(x) + 1, laps=x.laps + 1)


def enter_lap_past_cell(x):
    """The same, and hints made the hart pass the cell's window too."""
    return x.passed, replace(x, pending=without_mine(x), laps=x.laps + 1)


def take_cells_window(x):
    return Not(x.passed), replace(x, pending=without_mine(x) + 1, passed=BoolVal(True))


def pass_cells_window(x):
    """By its hint; the hart takes a later window, or none in this lap."""
    return Not(x.passed), replace(x, pending=without_mine(x), passed=BoolVal(True))


def take_other_window(x):
    return BoolVal(True), replace(x, pending=without_mine(x))


def try_cell(x):
    """claim(), from however old a snapshot: it steps the generation, or fails. (A hart in allocate_low() steps only a cell
    that had no number yet, so not after a drop.)"""
    return MINE, replace(x, pending=x.pending - 1, uses=x.uses + 1)


MOVES = [enter_lap, enter_lap_at_cell, enter_lap_past_cell, take_cells_window, pass_cells_window, take_other_window, try_cell]


def room(x):
    """Harts that can still try the cell in this lap are H at most: who entered the lap does not hold the cell's window of an
    earlier one."""
    return And(0 <= x.pending, x.pending + If(x.passed, 0, 1) <= H)


def bound(x):
    """What the header claims, and what is still to come."""
    return x.uses + x.pending + If(x.passed, 0, 1) <= H + x.laps


def keeps(report, move):
    x = Steps.any()
    guard, after = move(x)
    return [counted(x), guard, room(x), bound(x), x.laps >= 0, x.uses >= 0], And(room(after), bound(after))


def arrive_early(x):
    """a lap began when the cursor comes to it, and not when somebody has left its first window"""
    return x.passed, replace(x, passed=BoolVal(False), laps=x.laps + 1)


def keep_old_window(x):
    """a hart took a window and kept the one it has"""
    return x.passed, replace(x, pending=x.pending + 1, laps=x.laps + 1)


def try_again(x):
    """a hart tried a cell twice in a window"""
    return MINE, replace(x, uses=x.uses + 1)


def step_unasked(x):
    """somebody who has no window stepped the generation"""
    return Not(MINE), replace(x, uses=x.uses + 1)


def prove_steps(report):
    x = Steps.any()
    print('In r - d laps the generation of a cell is stepped H + r - d times at most:')
    report.prove('before the first lap at most H harts can try it: nobody', [H >= 1, x.pending == 0, x.passed], room(x))
    report.prove('and when the number is dropped nothing is counted yet', [room(x), x.laps == 0, x.uses == 0], bound(x))
    for move in MOVES:
        known, claim = keeps(report, move)
        report.prove(f'{move.__name__} keeps both', known, claim)
    report.prove('so it is', [room(x), bound(x)], x.uses <= H + x.laps)
    print('It would be more, if')
    for move in (arrive_early, keep_old_window, try_again, step_unasked):
        known, claim = keeps(report, move)
        report.refute(move.__doc__, known, claim, one_line)


# --- From steps to laps ----------------------------------------------------------------------------------------------------

def geometry(stamps, back):
    """What laps, steps and the gate have to do with each other."""
    return And(S >= 1, H >= 0, d >= 0,
               # r lies in the step that begins at lap a; a multiple of S, of which nothing more is needed.
               a <= r, r < a + S,
               # Entering that step looked at the stamp of `back` steps before, which is that of lap s.
               s == a - back * S)


def returns(generations):
    """A number returns after `generations` steps of its cell: which are no more than proved above."""
    return generations <= H + (r - d)


def show(model):
    return ', '.join(f'{name} = {model[name]}' for name in (S, H, d, r, a, s))


def prove_laps(report, stamps, back):
    G = stamps * S
    print(f'{stamps} stamps, the gate looks {back} steps back; G = {stamps}*S generations, H harts:')
    report.prove('r >= d + G - H', [geometry(stamps, back), returns(G)], r >= d + G - H)
    report.prove('s > r - 6/8 G', [geometry(stamps, back)], s > r - 6 * S)
    report.prove('s > d + G/4 - H', [geometry(stamps, back), returns(G)], s > d + 2 * S - H)
    report.prove(f'a number was dropped before the stamp that the gate looked at, if H <= G/{stamps}',
                 [geometry(stamps, back), returns(G), H <= S], s > d)
    report.prove('even if H <= G/4: the bound on H has room', [geometry(stamps, back), returns(G), H <= 2 * S], s > d)
    report.prove('even if a number returned two uses early', [geometry(stamps, back), returns(G - 2), H <= S, S >= 2], s > d)
    report.prove('nothing is given again before the gate has a stamp to look at',
                 [geometry(stamps, back), returns(G), H <= S], r >= back * S)
    report.prove('the stamp looked at is still in the ring, for fewer steps have begun since than there are stamps',
                 [S >= 1], And(back >= 1, back < stamps))


def prove_time(report):
    """From laps to time. T(l) is when the cursor enters lap l; the stamp of lap s is a clock read at most `stale` before."""
    T = Function('T', IntSort(), RealSort())
    i, j = Ints('i j')
    drop, again, stamp, stale, delay, now = Reals('drop again stamp stale delay now')
    monotone = ForAll([i, j], Implies(i <= j, T(i) <= T(j)))
    known = [monotone, s > d, drop <= T(d + 1), stamp + stale >= T(s), stale >= 0,
             now >= stamp + delay, again >= now]  # the gate opened at `now`, on the clock of who asked, not later than it was
    print('From laps to time:')
    report.prove('a number that was dropped before the stamp rests for the delay, less what the stamp was stale', known,
                 again - drop >= delay - stale)
    # One instance of "T is monotone" is all that is needed, and lets z3 answer.
    report.refute('with s >= d instead of s > d it need not rest at all',
                  [s == d, drop <= T(d + 1), drop >= T(d), stamp == T(s), delay > 0, now >= stamp + delay, again >= now,
                   drop <= again], again - drop >= delay, one_line)


def refute_others(report, stamps, back):
    G = stamps * S
    print('Other gates do not suffice:')
    stamped = s >= 0  # a counterexample from the time when there were stamps
    report.refute(f'more than G/4 harts, looking {back} steps back: they sit on old windows',
                  [stamped, geometry(stamps, back), returns(G), H == 2 * S + 1], s > d, show)
    report.refute('more than G/8 harts, looking six steps back',
                  [stamped, geometry(stamps, 6), returns(G), H == S + 1], s > d, show)
    report.refute('G/8 harts, looking six steps back, if low numbers were skipped instead of sat out: a use fewer',
                  [stamped, geometry(stamps, 6), returns(G - 1), H == S], s > d, show)
    report.refute('looking seven steps back', [stamped, geometry(stamps, 7), returns(G), H <= S], s > d, show)
    print('though six would do:')
    report.prove('looking six steps back, if H <= G/8', [geometry(stamps, 6), returns(G), H <= S], s > d)


def main():
    report = Report()
    stamps, back = constants(sys.argv[1])
    prove_steps(report)
    prove_laps(report, stamps, back)
    prove_time(report)
    refute_others(report, stamps, back)
    report.finish()


if __name__ == '__main__':
    main()
