"""Proves that the invariant of the cell protocol is inductive and implies what users rely on; then breaks the protocol."""

from dataclasses import replace

from z3 import And, BoolVal, Const, IntVal, Not

from checks import Report
from mutants import MUTANTS
from protocol import (ACTIONS, SIZES, Choice, G, Hart, State, age_does_not_matter, always, claim, describe, each_step,
                      initial, invariant, low, peek, release, sit_out)

ANYBODY = Const('anybody', Hart)


def claims(action, s, c):
    """All that must be true of `action` taken in state `s`: (its assumptions, {what: formula}, the state after)."""
    step = action(s, c)
    known = [SIZES, c.sane(), step.guard, *invariant(s, c.hart, ANYBODY).values()]
    return known, {**step.promises, **each_step(s, step.after), **invariant(step.after, ANYBODY)}, step.after


def prove_action(report, action):
    known, wanted, _ = claims(action, State.any(), Choice())
    failed = [what for what, formula in wanted.items() if report.ask(known, formula)[0] is not True]
    possible = report.satisfiable(known)
    report.say(possible and not failed, 'proved' if possible and not failed else 'FAILED',
               f'{action.__name__:14} keeps {len(wanted)} properties' + ('' if possible else ', but can never be taken'),
               '; '.join(failed))


def refute_mutant(report, name, action, expected):
    """A mutant must violate the property that it was planted against; the counterexample is printed."""
    s, c = State.any(), Choice()
    known, wanted, after = claims(action, s, c)
    violated = {}
    for what, formula in wanted.items():
        holds, model = report.ask(known, formula)
        if model is not None:
            violated[what] = model
    if expected not in violated:
        report.say(False, 'SURVIVED', name, f'expected it to violate "{expected}"; it violates {list(violated)}')
        return
    model = violated[expected]
    report.say(True, 'refuted', f'{name}: {action.__doc__.splitlines()[0]}',
               f'violates "{expected}"\n           before: {describe(s, model, c.hart)}'
               f'\n           after:  {describe(after, model, c.hart)}')


def came_round(s):
    """A run on a low cell: it sits out its low number, another hart uses it for each of its other numbers, and it sits out
    again. (What the run needs, the state after it, a hart that looked after the beginning and not since.)"""
    late = Const('late', Hart)
    c = Choice(hart=Const('other', Hart), number=s.word.gen, slot=IntVal(0), count=IntVal(1), for_low=BoolVal(False))
    needed = [SIZES, G == 8, low, late != c.hart, initial(s)]

    def take(action):
        nonlocal s
        step = action(s, replace(c, number=s.word.gen))
        needed.append(step.guard)
        s = step.after

    take(peek)
    take(sit_out)
    s = peek(s, Choice(hart=late)).after
    for _ in range(7):
        for action in (peek, claim, release):
            take(action)
    take(peek)
    take(sit_out)
    return needed, s, late


def main():
    report = Report()
    s, c = State.any(), Choice()
    print('The invariant holds at the beginning, and every action keeps it:')
    report.prove('beginning', [SIZES, initial(s)], And(*invariant(s, ANYBODY).values()))
    for action in ACTIONS:
        prove_action(report, action)
    print('It implies what users rely on:')
    for what, formula in always(s).items():
        report.prove(what, [SIZES, c.sane(), *invariant(s, c.hart).values()], formula)
    print('Old snapshots:')
    report.prove('who acts upon one does what it would do had it looked just now', [], age_does_not_matter(s, c))
    needed, after, late = came_round(s)
    report.prove('a cell that was used once for each generation is again as it was seen before (ABA)', needed,
                 And(after.unchanged_since_seen_by(late), after.word.used, Not(after.word.bound())))
    report.prove('and whoever saw it then gives the number that is next now', needed,
                 And(*claim(after, Choice(hart=late, for_low=BoolVal(False))).promises.values()))
    print('Actions that are wrong do not keep it:')
    for name, (action, expected) in MUTANTS.items():
        refute_mutant(report, name, action, expected)
    report.finish()


if __name__ == '__main__':
    main()
