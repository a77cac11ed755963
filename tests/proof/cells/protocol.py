"""The cell protocol of the Pid hash as a transition system: one cell, any number of harts, any number of references.

The subject is a cell of kernel/pid/pid_cells.h and everybody who uses it. It is described by what is in memory, by what each
hart remembers of it, and by ghosts: what the world believes, which is written nowhere.

    memory   used, gen, slot, refs     the fields of the cell's word, which is all there is (that the packed word behaves like
                                       four fields is shown in word_test.py); `gen` is the generation, so it says which number
    harts    seen[hart]                the word that the hart loaded last; however long ago
    ghosts   held[g]                   references to generation g that were handed out and not given back, all holders together
             alive[g]                  the slot of the process that lives under generation g, or NONE

Why this covers any number of harts, cells, references and processes: Hart is a sort about which nothing is known, not even
that it is finite, and `seen` is any function on it; `held` counts without bound who holds what, however many holders that
are; cells share nothing, so what holds for an arbitrary cell holds for all. A hart that runs an interrupt handler counts as
two: the handler is one more of the many.
No run is unrolled: from ANY state in which the invariant holds, ANY step of ANYBODY leads to one in which it holds.
Nothing is quantified: "for all harts" is said by equality of functions, and what is claimed of all numbers or harts is asked
of an arbitrary one. So z3 decides every question, and finds counterexamples as surely as proofs.

An action is a function of the state and of what the caller chose. It returns a Step: when it can be taken (`guard`: what its
hart remembers, and what the caller owes by contract), the state after it, and what must be true whenever it is taken
(`promises`). Each is one atomic instruction on shared memory; a compare-and-swap that fails changes nothing, and is no step.

Old snapshots, and ABA. Between the load and the compare-and-swap of claim() any time can pass. The invariant says nearly
nothing of `seen`, so all of that is covered; also that the cell went through other numbers meanwhile and, there being only G
generations, came back to the very word that was loaded (`came_round` in protocol_test.py is such a run). That is harmless,
because all that claim() acts upon is the word: whether it has references, a slot, which generation is next and whether that is
low. If the word is the same, all this is as true now as it was then, and the claim is that of a hart which looked just now
(`age_does_not_matter`). What the word does not tell is how long its next number has rested; that is the business of the gate,
which reckons with one such late step of each hart (reuse_gate_test.py).
"""

from dataclasses import dataclass, field, fields, replace

from z3 import And, Array, Bool, BoolSort, BoolVal, Const, DeclareSort, If, Implies, Int, IntSort, IntVal, K, Not, Store

Hart = DeclareSort('Hart')

G = Int('G')        # generations of a cell
NONE = Int('NONE')  # the slot that is none
MAX = Int('MAX')    # the most references a word can count
low = Bool('low')   # is this one of the cells whose first number is given once, in order, by allocate_low()?

# Of sizes, this is all that is used.
SIZES = And(G >= 8, NONE >= 3, MAX >= 1)


@dataclass(frozen=True)
class Word:
    used: object
    gen: object
    slot: object
    refs: object

    def names(self, g):
        return And(self.used, self.gen == g)

    def bound(self):
        return self.slot != NONE

    def same(self, other):
        return And(*[getattr(self, f.name) == getattr(other, f.name) for f in fields(Word)])

    def next_gen(self):
        """next_number(): one on, round at G; a word that was never used has none yet, and is to have the first."""
        return If(self.used, If(self.gen + 1 == G, 0, self.gen + 1), 0)


@dataclass(frozen=True)
class State:
    word: Word
    seen: Word  # of arrays by hart
    held: object
    alive: object

    @staticmethod
    def any():
        """An arbitrary state."""
        return State(word=Word(used=Bool('used'), gen=Int('gen'), slot=Int('slot'), refs=Int('refs')),
                     seen=Word(used=Array('seen_used', Hart, BoolSort()), gen=Array('seen_gen', Hart, IntSort()),
                               slot=Array('seen_slot', Hart, IntSort()), refs=Array('seen_refs', Hart, IntSort())),
                     held=Array('held', IntSort(), IntSort()), alive=Array('alive', IntSort(), IntSort()))

    def but(self, word=None, **changes):
        """This state, changed; `word` says which of its fields."""
        return replace(self, word=replace(self.word, **(word or {})), **changes)

    def seen_by(self, hart):
        return Word(*[getattr(self.seen, f.name)[hart] for f in fields(Word)])

    def unchanged_since_seen_by(self, hart):
        """Would a compare-and-swap of the whole word succeed?"""
        return self.word.same(self.seen_by(hart))

    def lookup(self, g):
        """The slot that lookup() gives for generation g, or NONE."""
        return If(self.word.names(g), self.word.slot, NONE)

    def references(self, g):
        return If(self.word.names(g), self.word.refs, 0)


@dataclass(frozen=True)
class Choice:
    """Who acts, and with which arguments. Arbitrary."""
    hart: object = field(default_factory=lambda: Const('hart', Hart))
    number: object = field(default_factory=lambda: Int('number'))  # the generation the caller names
    slot: object = field(default_factory=lambda: Int('argument_slot'))
    count: object = field(default_factory=lambda: Int('count'))
    for_low: object = field(default_factory=lambda: Bool('for_low'))  # allocate_low() or allocate_first()

    def sane(self):
        return And(0 <= self.number, self.number < G, 0 <= self.slot, self.slot < NONE, 1 <= self.count, self.count <= MAX)


@dataclass(frozen=True)
class Step:
    guard: object
    after: State
    promises: dict = field(default_factory=dict)


ZERO = Word(used=BoolVal(False), gen=IntVal(0), slot=IntVal(0), refs=IntVal(0))


def initial(s):
    """Memory as fill_to() leaves it, nobody has looked, nothing handed out. Word 0 has slot 0; but no number."""
    return And(s.word.same(ZERO), s.seen.same(Word(*[K(Hart, getattr(ZERO, f.name)) for f in fields(Word)])),
               s.held == K(IntSort(), 0), s.alive == K(IntSort(), NONE))


# --- The actions -----------------------------------------------------------------------------------------------------------

def peek(s, c):
    """Whoever will compare and swap loads the word first."""
    looked = [Store(getattr(s.seen, f.name), c.hart, getattr(s.word, f.name)) for f in fields(Word)]
    return Step(guard=BoolVal(True), after=s.but(seen=Word(*looked)))


def may_step(word, for_low):
    """Who comes for a low number gets that one or none."""
    return And(word.refs == 0, Not(And(for_low, word.used)))


def sits_out(word, for_low):
    """Is the cell to sit its next use out? A low number is given once, and only as such."""
    return And(low, word.next_gen() == 0, Not(for_low))


def given(s, c, gen, slot):
    """The state after `c.count` references to generation `gen` appeared, with what that means for the world."""
    return s.but(word=dict(used=BoolVal(True), gen=gen, slot=slot, refs=c.count),
                 held=Store(s.held, gen, s.held[gen] + c.count), alive=Store(s.alive, gen, slot))


def claim_promises(s, c, gen):
    return {'a new number has no owner yet': And(s.held[gen] == 0, s.alive[gen] == NONE),
            'the number is the one after that which the cell has now': gen == s.word.next_gen(),
            'a low number is given once, and as such': Implies(And(low, gen == 0), And(Not(s.word.used), c.for_low)),
            'who comes for a low number gets that one': Implies(c.for_low, gen == 0),
            **step_promises(s, c)}


def step_promises(s, c):
    """next_number() adds one to the low half of the word, and relies on this."""
    seen = s.seen_by(c.hart)
    return {'the word that is stepped has no slot': Implies(seen.used, Not(seen.bound()))}


def claim_at_all(s, c, slot):
    seen = s.seen_by(c.hart)
    gen = seen.next_gen()
    return Step(guard=And(may_step(seen, c.for_low), Not(sits_out(seen, c.for_low)), s.unchanged_since_seen_by(c.hart)),
                after=given(s, c, gen, slot), promises=claim_promises(s, c, gen))


def claim(s, c):
    """claim(): compare-and-swap of a word without references for its next number, with references of which the caller is given
    all; not bound yet."""
    return claim_at_all(s, c, NONE)


def claim_bound(s, c):
    """The same for a caller whose process is complete already: with its slot."""
    return claim_at_all(s, c, c.slot)


def sit_out(s, c):
    """claim() of a cell whose next number is low: compare-and-swap for the dead word of that number. Nobody is given it."""
    seen = s.seen_by(c.hart)
    return Step(guard=And(may_step(seen, c.for_low), sits_out(seen, c.for_low), s.unchanged_since_seen_by(c.hart)),
                after=s.but(word=dict(used=BoolVal(True), gen=seen.next_gen(), slot=NONE, refs=IntVal(0))),
                promises=step_promises(s, c))


def bind(s, c):
    """bind(): sub(cell). The contract: the caller holds a reference, and nobody has bound the number."""
    return Step(guard=And(s.held[c.number] >= 1, s.alive[c.number] == NONE),
                after=s.but(word=dict(slot=s.word.slot - (NONE - c.slot)), alive=Store(s.alive, c.number, c.slot)),
                promises={'the assertion of bind() holds': And(s.word.names(c.number), s.word.refs != 0, Not(s.word.bound()))})


def dup(s, c):
    """dup(): add(cell). The contract: the caller holds a reference; and there are fewer than can be counted."""
    return Step(guard=And(s.held[c.number] >= 1, s.word.refs < MAX),
                after=s.but(word=dict(refs=s.word.refs + 1), held=Store(s.held, c.number, s.held[c.number] + 1)),
                promises={'the assertion of dup() holds': And(s.word.names(c.number), s.word.refs != 0)})


def acquire(s, c):
    """acquire(), success: compare-and-swap(cell) of a word that names the number and has references, for one with one more."""
    seen = s.seen_by(c.hart)
    return Step(guard=And(seen.names(c.number), seen.refs != 0, seen.refs < MAX, s.unchanged_since_seen_by(c.hart)),
                after=s.but(word=dict(refs=seen.refs + 1), held=Store(s.held, c.number, s.held[c.number] + 1)),
                promises={'who acquires joins a holder': s.held[c.number] >= 1})


def owners_share(s, g):
    """The owner of a bound number keeps a reference until exit()."""
    return If(s.alive[g] == NONE, 0, 1)


def release(s, c):
    """release(): sub(cell). The contract: the caller holds what it drops, and it is not the share of a living owner."""
    return Step(guard=s.held[c.number] - owners_share(s, c.number) >= c.count,
                after=s.but(word=dict(refs=s.word.refs - c.count), held=Store(s.held, c.number, s.held[c.number] - c.count)),
                promises={'the assertions of release() hold':
                          And(s.word.names(c.number), s.word.refs >= c.count,
                              Implies(s.word.refs == c.count, Not(s.word.bound())))})


def exit(s, c):
    """exit(): add(cell), which unnames and drops at once. The contract: the caller owns the number, bound to that slot."""
    return Step(guard=And(s.alive[c.number] == c.slot, s.held[c.number] >= c.count),
                after=s.but(word=dict(slot=s.word.slot + (NONE - c.slot), refs=s.word.refs - c.count),
                            held=Store(s.held, c.number, s.held[c.number] - c.count),
                            alive=Store(s.alive, c.number, NONE)),
                promises={'the assertion of exit() holds':
                          And(s.word.names(c.number), s.word.slot == c.slot, s.word.refs >= c.count)})


ACTIONS = [peek, claim, claim_bound, sit_out, bind, dup, acquire, release, exit]


# --- What holds ------------------------------------------------------------------------------------------------------------

def invariant(s, *harts):
    """What holds in every state between any two steps. Named, so that a failure says which. Of what harts remember it speaks
    for those given; the proof gives the one that acts and an arbitrary one."""
    word, remembered = s.word, [s.seen_by(h) for h in harts]
    return {
        'fields stay in their ranges':
            And(0 <= word.gen, word.gen < G, 0 <= word.slot, word.slot <= NONE, 0 <= word.refs, word.refs <= MAX,
                Implies(Not(word.used), word.same(ZERO))),
        'I2: references are those handed out, for this number and no other':
            s.held == Store(K(IntSort(), 0), word.gen, If(word.used, word.refs, 0)),
        'I3: no references, no slot': Implies(And(word.used, word.refs == 0), word.slot == NONE),
        'a slot is in the cell exactly while its process lives':
            s.alive == Store(K(IntSort(), NONE), word.gen, If(word.used, word.slot, NONE)),
        # All that is known of a snapshot. Nothing above needs it; wrong protocols are tried on such snapshots only.
        'what a hart remembers was a word of the cell once':
            And(*[And(Implies(seen.used, word.used), 0 <= seen.refs, seen.refs <= MAX, 0 <= seen.gen, seen.gen < G,
                      0 <= seen.slot, seen.slot <= NONE, Implies(Not(seen.used), seen.same(ZERO)),
                      Implies(And(seen.used, seen.refs == 0), seen.slot == NONE)) for seen in remembered]),
    }


def always(s):
    """What users rely on in every state. Each follows from the invariant, for any numbers and harts."""
    g, other, c = Int('g'), Int('other'), Choice()
    now = peek(s, c).after
    waited = sit_out(now, c).after
    later = peek(waited, c).after
    return {
        'lookup() finds a process exactly while it lives, and no other': s.lookup(g) == s.alive[g],
        'references() is how many are held': s.references(g) == s.held[g],
        'a reference keeps the number': Implies(s.held[g] >= 1, And(s.word.names(g), s.word.refs >= 1)),
        'two numbers of one cell are never held at once': Implies(And(s.held[g] >= 1, s.held[other] >= 1), g == other),
        'who lives is held': Implies(s.alive[g] != NONE, s.held[g] >= 1),
        'nothing is counted below zero': s.held[g] >= 0,
        'the last drop frees: who looks at a cell without references can claim it, or makes it sit one use out':
            Implies(And(s.word.refs == 0, Not(c.for_low)),
                    And(claim(now, c).guard != sit_out(now, c).guard,
                        Implies(sit_out(now, c).guard, claim(later, c).guard))),
    }


def age_does_not_matter(s, c):
    """Whoever claims, sits out or acquires from a snapshot does what it would do had it looked just now. (True by the form of
    the actions, from any state at all: that is the point.)"""
    now = peek(s, c).after
    same = lambda a, b: And(a.word.same(b.word), a.held == b.held, a.alive == b.alive)
    return And(*[Implies(action(s, c).guard, And(action(now, c).guard, same(action(s, c).after, action(now, c).after)))
                 for action in (claim, claim_bound, sit_out, acquire)])


def each_step(s, after):
    """What every step of anybody must keep to, beside its own promises."""
    stepped = And(after.word.used, after.word.gen == s.word.next_gen())
    return {
        'I1: who raises references from 0 steps the generation in the same instruction, by one':
            Implies(And(s.word.refs == 0, after.word.refs != 0), stepped),
        'a cell without references does not change but by a step of its generation':
            Implies(And(s.word.refs == 0, Not(s.word.same(after.word))), stepped),
        'a number that is held keeps its cell':
            Implies(s.word.refs != 0, And(after.word.used, after.word.gen == s.word.gen)),
        'who was used stays used': Implies(s.word.used, after.word.used),
    }


def describe(state, model, hart):
    """A state of a counterexample, in a line."""
    value = lambda formula: model.eval(formula, model_completion=True)
    none = value(NONE)

    def text(word):
        slot = value(word.slot)
        return (f'{"used" if value(word.used) else "unused"} gen={value(word.gen)} slot={"none" if slot.eq(none) else slot} '
                f'refs={value(word.refs)}')

    alive = value(state.alive[state.word.gen])
    return (f'{text(state.word)}; held={value(state.held[state.word.gen])} alive={"none" if alive.eq(none) else alive}; '
            f'the hart has seen: {text(state.seen_by(hart))}')
