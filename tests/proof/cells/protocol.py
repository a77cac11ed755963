"""The cell protocol of the Pid hash as a transition system: one cell, any number of harts, any number of references.

The subject is a cell of kernel/pid/pid_cells.h, with its busy bit, and everybody who uses it. It is described by what is in
memory, by what each hart is about to do, and by ghosts: what the world believes, which is written nowhere.

    memory   used, gen, slot, refs     the fields of the cell's word (that the packed word behaves like four fields is shown
                                       in word.py); `gen` is the generation, so it says which number the cell is
             busy                      the cell's busy bit
    harts    phase[hart]               between which two steps of allocate() or of a last drop the hart is, on this cell
             seen_used, seen_gen[hart] what the claimer has loaded
    ghosts   held[g]                   references to generation g that were handed out and not given back, all holders together
             alive[g]                  the slot of the process that lives under generation g, or NONE
             who                       the hart that last began to claim or to clear

Why this covers any number of harts, cells, references and processes: Hart is a sort about which nothing is known, not even
that it is finite, and `phase` is any function on it; `held` counts without bound who holds what, however many holders that
are; cells share nothing but the words of busy bits, in which or() and and() change one bit and no other, so what holds for an
arbitrary cell holds for all. A hart that runs an interrupt handler counts as two: the handler is one more of the many.
No run is unrolled: from ANY state in which the invariant holds, ANY step of ANYBODY leads to one in which it holds.
Nothing is quantified: "for all harts" is said by equality of functions, and what is claimed of all numbers or harts is asked
of an arbitrary one. So z3 decides every question, and finds counterexamples as surely as proofs.

An action is a function of the state and of what the caller chose. It returns a Step: when it can be taken (`guard`: where its
hart is, and what the caller owes by contract), the state after it, and what must be true whenever it is taken (`promises`).
Each is one atomic instruction on shared memory; what a hart does between two of them is the hart's alone.
"""

from dataclasses import dataclass, field, fields, replace

from z3 import And, Array, Bool, BoolSort, BoolVal, Const, DeclareSort, EnumSort, If, Implies, Int, IntSort, K, Not, Store

Hart = DeclareSort('Hart')
# idle: not between two steps on this cell. claimed: has set the bit. loaded: and has read the word, publishes next.
# dropped: took the references to zero, clears the bit next.
Phase, (idle, claimed, loaded, dropped) = EnumSort('Phase', ['idle', 'claimed', 'loaded', 'dropped'])

G = Int('G')        # generations of a cell
NONE = Int('NONE')  # the slot that is none
MAX = Int('MAX')    # the most references a word can count
low = Bool('low')   # is this one of the cells whose first number is given to boot alone?

# Of sizes, this is all that is used.
SIZES = And(G >= 8, NONE >= 63, MAX >= 1)


@dataclass(frozen=True)
class State:
    used: object
    gen: object
    slot: object
    refs: object
    busy: object
    phase: object
    seen_used: object
    seen_gen: object
    held: object
    alive: object
    who: object

    @staticmethod
    def any():
        """An arbitrary state."""
        return State(used=Bool('used'), gen=Int('gen'), slot=Int('slot'), refs=Int('refs'), busy=Bool('busy'),
                     phase=Array('phase', Hart, Phase), seen_used=Array('seen_used', Hart, BoolSort()),
                     seen_gen=Array('seen_gen', Hart, IntSort()), held=Array('held', IntSort(), IntSort()),
                     alive=Array('alive', IntSort(), IntSort()), who=Const('who', Hart))

    def but(self, **changes):
        """This state, changed."""
        return replace(self, **changes)

    # What the code reads out of a word.

    def names(self, g):
        return And(self.used, self.gen == g)

    def bound(self):
        return self.slot != NONE

    def same_word(self, other):
        return And(self.used == other.used, self.gen == other.gen, self.slot == other.slot, self.refs == other.refs)

    def lookup(self, g):
        """The slot that lookup() gives for generation g, or NONE."""
        return If(self.names(g), self.slot, NONE)

    def references(self, g):
        return If(self.names(g), self.refs, 0)


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


def initial(s):
    """Memory as fill_to() leaves it, nobody at work, nothing handed out. Word 0 has slot 0; no number is in it to have one."""
    return And(Not(s.used), s.gen == 0, s.slot == 0, s.refs == 0, Not(s.busy), s.phase == K(Hart, idle),
               s.held == K(IntSort(), 0), s.alive == K(IntSort(), NONE))


# --- The actions -----------------------------------------------------------------------------------------------------------

def claim(s, c):
    """allocate(), first step: or(busy). Who finds the bit clear has claimed the cell; who finds it set goes elsewhere."""
    return Step(guard=s.phase[c.hart] == idle,
                after=s.but(busy=BoolVal(True), phase=If(s.busy, s.phase, Store(s.phase, c.hart, claimed)),
                            who=If(s.busy, s.who, c.hart)))


def load(s, c):
    """allocate(), second step: the claimer loads the word, and asserts that it is dead."""
    return Step(guard=s.phase[c.hart] == claimed,
                after=s.but(phase=Store(s.phase, c.hart, loaded), seen_used=Store(s.seen_used, c.hart, s.used),
                            seen_gen=Store(s.seen_gen, c.hart, s.gen)),
                promises={'the claimer finds no references': s.refs == 0})


def next_gen(used, gen, for_low):
    """next_number(): one on, round at G; an ordinary number of a low cell is never the low one."""
    stepped = If(used, If(gen + 1 == G, 0, gen + 1), 0)
    return If(And(low, stepped == 0, Not(And(Not(used), for_low))), 1, stepped)


def published(s, c, gen, slot):
    """The state after `c.count` references to generation `gen` appeared, with what that means for the world."""
    return s.but(used=BoolVal(True), gen=gen, slot=slot, refs=c.count, phase=Store(s.phase, c.hart, idle),
                 held=Store(s.held, gen, s.held[gen] + c.count), alive=Store(s.alive, gen, slot))


def publish_promises(s, c, gen):
    return {'a new number has no owner yet': And(s.held[gen] == 0, s.alive[gen] == NONE),
            'a number does not follow itself': Implies(s.used, gen != s.gen),
            'a low number is given once, and as such': Implies(And(low, gen == 0), And(Not(s.used), c.for_low))}


def publish(s, c):
    """allocate(), third step: store the next number with its references, of which the caller is given all. Not yet bound."""
    gen = next_gen(s.seen_used[c.hart], s.seen_gen[c.hart], c.for_low)
    return Step(guard=s.phase[c.hart] == loaded, after=published(s, c, gen, NONE), promises=publish_promises(s, c, gen))


def publish_bound(s, c):
    """The same for a caller whose process is complete already: with its slot."""
    gen = next_gen(s.seen_used[c.hart], s.seen_gen[c.hart], c.for_low)
    return Step(guard=s.phase[c.hart] == loaded, after=published(s, c, gen, c.slot), promises=publish_promises(s, c, gen))


def bind(s, c):
    """bind(): sub(cell). The contract: the caller holds a reference, and nobody has bound the number."""
    return Step(guard=And(s.phase[c.hart] == idle, s.held[c.number] >= 1, s.alive[c.number] == NONE),
                after=s.but(slot=s.slot - (NONE - c.slot), alive=Store(s.alive, c.number, c.slot)),
                promises={'the assertion of bind() holds': And(s.names(c.number), s.refs != 0, Not(s.bound()))})


def dup(s, c):
    """dup(): add(cell). The contract: the caller holds a reference; and there are fewer than can be counted."""
    return Step(guard=And(s.phase[c.hart] == idle, s.held[c.number] >= 1, s.refs < MAX),
                after=s.but(refs=s.refs + 1, held=Store(s.held, c.number, s.held[c.number] + 1)),
                promises={'the assertion of dup() holds': And(s.names(c.number), s.refs != 0)})


def acquire(s, c):
    """acquire(), success: compare-and-swap(cell) of a word that names the number and has references. Failure changes nothing.
    That the caller loaded the word long ago does not matter: the swap succeeds only if the word is the same now."""
    return Step(guard=And(s.phase[c.hart] == idle, s.names(c.number), s.refs != 0, s.refs < MAX),
                after=s.but(refs=s.refs + 1, held=Store(s.held, c.number, s.held[c.number] + 1)),
                promises={'who acquires joins a holder': s.held[c.number] >= 1})


def owners_share(s, g):
    """The owner of a bound number keeps a reference until exit()."""
    return If(s.alive[g] == NONE, 0, 1)


def dropping(s, c):
    """What the drop of the last reference makes its hart do next: clear the bit."""
    last = s.refs == c.count
    return {'phase': If(last, Store(s.phase, c.hart, dropped), s.phase), 'who': If(last, c.hart, s.who)}


def release(s, c):
    """release(): sub(cell). The contract: the caller holds what it drops, and it is not the share of a living owner."""
    return Step(guard=And(s.phase[c.hart] == idle, s.held[c.number] - owners_share(s, c.number) >= c.count),
                after=s.but(refs=s.refs - c.count, held=Store(s.held, c.number, s.held[c.number] - c.count), **dropping(s, c)),
                promises={'the assertion of release() holds':
                          And(s.names(c.number), s.refs >= c.count, Implies(s.refs == c.count, Not(s.bound())))})


def exit(s, c):
    """exit(): add(cell), which unnames and drops at once. The contract: the caller owns the number, bound to that slot."""
    return Step(guard=And(s.phase[c.hart] == idle, s.alive[c.number] == c.slot, s.held[c.number] >= c.count),
                after=s.but(slot=s.slot + (NONE - c.slot), refs=s.refs - c.count,
                            held=Store(s.held, c.number, s.held[c.number] - c.count),
                            alive=Store(s.alive, c.number, NONE), **dropping(s, c)),
                promises={'the assertion of exit() holds': And(s.names(c.number), s.slot == c.slot, s.refs >= c.count)})


def clear(s, c):
    """The last dropper's last step: and(busy)."""
    return Step(guard=s.phase[c.hart] == dropped, after=s.but(busy=BoolVal(False), phase=Store(s.phase, c.hart, idle)))


ACTIONS = [claim, load, publish, publish_bound, bind, dup, acquire, release, exit, clear]


# --- What holds ------------------------------------------------------------------------------------------------------------

def invariant(s):
    """What holds in every state between any two steps. Named, so that a failure says which."""
    at_work = s.phase[s.who] != idle
    return {
        'fields stay in their ranges':
            And(0 <= s.gen, s.gen < G, 0 <= s.slot, s.slot <= NONE, 0 <= s.refs, s.refs <= MAX,
                Implies(Not(s.used), s.refs == 0)),
        'I1: bit clear, no references': Implies(Not(s.busy), s.refs == 0),
        'all harts but one are idle': s.phase == Store(K(Hart, idle), s.who, s.phase[s.who]),
        'while a hart is at work the bit is set and the cell dead': Implies(at_work, And(s.busy, s.refs == 0)),
        'a bit without references has a hart that will clear it or publish': Implies(And(s.busy, s.refs == 0), at_work),
        'what the claimer has loaded is still there':
            Implies(s.phase[s.who] == loaded, And(s.seen_used[s.who] == s.used, s.seen_gen[s.who] == s.gen)),
        'I3: references are those handed out, for this number and no other':
            s.held == Store(K(IntSort(), 0), s.gen, If(s.used, s.refs, 0)),
        'I4: no references, no slot': Implies(And(s.used, s.refs == 0), s.slot == NONE),
        'a slot is in the cell exactly while its process lives':
            s.alive == Store(K(IntSort(), NONE), s.gen, If(s.used, s.slot, NONE)),
    }


def always(s):
    """What users rely on in every state. Each follows from the invariant, for any numbers and harts."""
    g, other, h, k = Int('g'), Int('other'), Const('h', Hart), Const('k', Hart)
    return {
        'lookup() finds a process exactly while it lives, and no other': s.lookup(g) == s.alive[g],
        'references() is how many are held': s.references(g) == s.held[g],
        'a reference keeps the number and the busy bit': Implies(s.held[g] >= 1, And(s.names(g), s.busy)),
        'two numbers of one cell are never held at once': Implies(And(s.held[g] >= 1, s.held[other] >= 1), g == other),
        'who lives is held': Implies(s.alive[g] != NONE, s.held[g] >= 1),
        'two harts are never at work on one dead cell': Implies(And(s.phase[h] != idle, s.phase[k] != idle), h == k),
        'nothing is counted below zero': s.held[g] >= 0,
    }


def each_step(s, c, after):
    """What every step of anybody must keep to, beside its own promises."""
    return {
        'I2: only the claimer of the bit changes a cell without references':
            Implies(And(s.refs == 0, Not(s.same_word(after))), s.phase[c.hart] == loaded),
        'a number whose references are gone does not come back by itself':
            Implies(And(s.used, s.refs == 0, after.refs != 0), after.gen != s.gen),
        'a number that is held stays while it is held':
            Implies(And(s.refs != 0, after.refs != 0), And(after.gen == s.gen, after.used == s.used)),
    }


def describe(state, model):
    """A state of a counterexample, in a line."""
    value = {f.name: model.eval(getattr(state, f.name), model_completion=True) for f in fields(State)}
    ghosts = {name: model.eval(getattr(state, name)[state.gen], model_completion=True) for name in ('held', 'alive')}
    none = model.eval(NONE, model_completion=True)
    named = lambda slot: 'none' if slot.eq(none) else slot
    return (f'used={value["used"]} gen={value["gen"]} slot={named(value["slot"])} refs={value["refs"]} busy={value["busy"]} '
            f'held={ghosts["held"]} alive={named(ghosts["alive"])}')
