"""Proves the arithmetic of the reuse gate (the paragraph "Reuse" in kernel/pid/pid_cells.h), for all sizes at once.

usage: reuse_gate_test.py kernel/pid/pid_cells.h

The cursor goes round the windows in laps; a step is S = G/8 laps, where G is the number of generations of a cell. Entering a
step writes a stamp, and is allowed only when the stamp some steps back is at least the reuse delay old. How many stamps there
are, and how many steps back is looked, is read out of the header.

    lap      d .................................. s = a - back*S ............. a = start of r's step ...... r
             the number is dropped                the stamp looked at last     the gate lets r's step in    it is given again
"""

import re
import sys
from pathlib import Path

from z3 import And, ForAll, Function, Implies, IntSort, Int, Ints, Real, RealSort, Reals

from checks import Report, one_line

S = Int('S')                          # laps in a step
H = Int('H')                          # harts
d, r, a, s = Ints('d r a s')          # laps, see above
old, new, uses = Ints('old new uses')  # uses of the cell, from the drop to when the number comes again


def constants(path):
    text = Path(path).read_text(encoding='utf-8')
    value = lambda name: int(re.search(rf'{name} = (\d+);', text).group(1))
    return value('kStamps'), value('kStampsBack')


def geometry(stamps, back):
    """What laps, steps and the gate have to do with each other."""
    return And(S >= 1, H >= 0, d >= 0,
               # r lies in the step that begins at lap a; a multiple of S, of which nothing more is needed.
               a <= r, r < a + S,
               # Entering that step looked at the stamp of `back` steps before, which is that of lap s.
               s == a - back * S)


def returns(generations):
    """A number returns after `generations` uses of its cell. Of these, those by windows of laps up to d are at most one for
    each hart (I5: a hart has one window, and a window of a lap is one hart's); those of later laps at most one a lap."""
    return And(uses == generations, uses == old + new, 0 <= old, old <= H, 0 <= new, new <= r - d)


def show(model):
    return ', '.join(f'{name} = {model[name]}' for name in (S, H, d, r, a, s))


def prove_laps(report, stamps, back):
    G = stamps * S
    print(f'{stamps} stamps, the gate looks {back} steps back; G = {stamps}*S generations, H harts:')
    for what, generations in (('an ordinary number', G), ('a number of a low cell (G - 1 uses)', G - 1)):
        report.prove(f'{what} was dropped before the stamp that the gate looked at, if H <= G/{stamps}',
                     [geometry(stamps, back), returns(generations), H <= S], s > d)
    report.prove('even if H < G/4: the bound on H has room', [geometry(stamps, back), returns(G - 1), H < 2 * S], s > d)
    report.prove('nothing is given again before the gate has a stamp to look at',
                 [geometry(stamps, back), returns(G - 1), H <= S], r >= back * S)
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
    counted = s >= 0  # a counterexample from the time when there were stamps
    report.refute('a hart more than G/8, looking six steps back: they sit on old windows',
                  [counted, geometry(stamps, 6), returns(G), H == S + 1], s > d, show)
    report.refute(f'G/4 harts, looking {back} steps back',
                  [counted, geometry(stamps, back), returns(G - 1), H == 2 * S], s > d, show)
    report.refute('G/8 harts, looking six steps back, in a low cell: its generations are one fewer',
                  [counted, geometry(stamps, 6), returns(G - 1), H == S], s > d, show)
    report.refute('looking seven steps back', [counted, geometry(stamps, 7), returns(G), H <= S], s > d, show)
    print('though for ordinary numbers alone six would do:')
    report.prove('an ordinary number, looking six steps back, if H <= G/8', [geometry(stamps, 6), returns(G), H <= S], s > d)


def main():
    report = Report()
    stamps, back = constants(sys.argv[1])
    prove_laps(report, stamps, back)
    prove_time(report)
    refute_others(report, stamps, back)
    report.finish()


if __name__ == '__main__':
    main()
