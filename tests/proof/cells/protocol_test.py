"""Proves that the invariant of the cell protocol is inductive and implies what users rely on; then breaks the protocol."""

from z3 import And

from checks import Report
from mutants import MUTANTS
from protocol import ACTIONS, SIZES, Choice, State, always, describe, each_step, initial, invariant


def claims(action, s, c):
    """All that must be true of `action` taken in state `s`: (its assumptions, {what: formula}, the state after)."""
    step = action(s, c)
    known = [SIZES, c.sane(), step.guard, *invariant(s).values()]
    return known, {**step.promises, **each_step(s, c, step.after), **invariant(step.after)}, step.after


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
               f'violates "{expected}"\n           before: {describe(s, model)}\n           after:  {describe(after, model)}')


def main():
    report = Report()
    s = State.any()
    print('The invariant holds at the beginning, and every action keeps it:')
    report.prove('beginning', [SIZES, initial(s)], And(*invariant(s).values()))
    for action in ACTIONS:
        prove_action(report, action)
    print('It implies what users rely on:')
    for what, formula in always(s).items():
        report.prove(what, [SIZES, *invariant(s).values()], formula)
    print('Actions that are wrong do not keep it:')
    for name, (action, expected) in MUTANTS.items():
        refute_mutant(report, name, action, expected)
    report.finish()


if __name__ == '__main__':
    main()
