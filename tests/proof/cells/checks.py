"""What the proofs share: asking z3, counting answers, and one line of print per question."""

import sys
import time

import z3


def one_line(model):
    """A counterexample as z3 prints it, in a line."""
    return ' '.join(str(model).split())


class Report:
    """Asks z3 and prints what it said. Anything but the expected answer, `unknown` included, makes the run fail."""

    # Far more than any question here takes; a question that z3 cannot decide must not hang the test.
    TIMEOUT_MS = 60_000

    def __init__(self):
        self.failures = 0
        self.begin = time.monotonic()

    def ask(self, assumptions, claim):
        """Does `claim` follow from `assumptions`? (True, None), or (False, a counterexample); None if z3 cannot say."""
        solver = z3.Solver()
        solver.set('timeout', self.TIMEOUT_MS)
        solver.add(*assumptions)
        solver.add(z3.Not(claim))
        answer = solver.check()
        if answer == z3.unsat:
            return True, None
        return (False, solver.model()) if answer == z3.sat else (None, None)

    def satisfiable(self, assumptions):
        """Can `assumptions` hold at all? What does not follow from the impossible has not been proved."""
        return self.ask(assumptions, z3.BoolVal(False))[0] is False

    def say(self, good, verdict, what, detail=''):
        self.failures += not good
        mark = ' ' if good else '!'
        print(f'{mark} {verdict:8} {what}' + (f'\n           {detail}' if detail else ''), flush=True)

    def prove(self, what, assumptions, claim):
        """Prints whether `claim` follows; it has to, and from assumptions that can hold."""
        holds, model = self.ask(assumptions, claim)
        vacuous = holds and not self.satisfiable(assumptions)
        verdict = 'VACUOUS' if vacuous else {True: 'proved', False: 'REFUTED', None: 'UNKNOWN'}[holds]
        self.say(holds is True and not vacuous, verdict, what, f'counterexample: {one_line(model)}' if model else '')

    def refute(self, what, assumptions, claim, show):
        """Prints a counterexample to `claim`, as `show` says; there has to be one."""
        holds, model = self.ask(assumptions, claim)
        verdict = {True: 'PROVED', False: 'refuted', None: 'UNKNOWN'}[holds]
        self.say(holds is False, verdict, what, show(model) if model else '')

    def finish(self):
        seconds = time.monotonic() - self.begin
        print(f'{"everything as expected" if not self.failures else f"{self.failures} UNEXPECTED"}, {seconds:.1f} s')
        sys.exit(1 if self.failures else 0)
