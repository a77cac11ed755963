"""Wrong cell protocols: each differs from protocol.py in one action, and must be caught by the property named beside it.

`action` replaces one of the real ones: if even one step from a good state breaks a property, the proof does not go through.
"""

from z3 import And, BoolVal, If, IntVal, Store

import protocol
from protocol import MAX, NONE, Step, claimed, dropped, idle, loaded, next_gen, publish_promises, published

I1 = 'I1: bit clear, no references'
I2 = 'I2: only the claimer of the bit changes a cell without references'
I3 = 'I3: references are those handed out, for this number and no other'
I4 = 'I4: no references, no slot'
DEAD = 'while a hart is at work the bit is set and the cell dead'
ONE = 'all harts but one are idle'
LEAK = 'a bit without references has a hart that will clear it or publish'
LIVES = 'a slot is in the cell exactly while its process lives'


def claim_without_looking(s, c):
    """claim does not look at the old bit"""
    return Step(s.phase[c.hart] == idle, s.but(busy=BoolVal(True), phase=Store(s.phase, c.hart, claimed), who=c.hart))


def publish_without_claim(s, c):
    """publish comes before the claim: whoever finds a dead cell stores its next number"""
    gen = next_gen(s.used, s.gen, c.for_low)
    return Step(And(s.phase[c.hart] == idle, s.refs == 0), published(s, c, gen, NONE), publish_promises(s, c, gen))


def publish_nothing(s, c):
    """publish gives out no references"""
    gen = next_gen(s.seen_used[c.hart], s.seen_gen[c.hart], c.for_low)
    after = published(s, c, gen, NONE)
    return Step(s.phase[c.hart] == loaded, after.but(refs=IntVal(0), held=s.held))


def publish_same_number(s, c):
    """publish forgets to step the generation"""
    gen = s.seen_gen[c.hart]
    return Step(s.phase[c.hart] == loaded, published(s, c, gen, NONE), publish_promises(s, c, gen))


def publish_low_again(s, c):
    """publish does not skip the low number when generations wrap"""
    used, seen = s.seen_used[c.hart], s.seen_gen[c.hart]
    gen = If(used, If(seen + 1 == protocol.G, 0, seen + 1), 0)
    return Step(s.phase[c.hart] == loaded, published(s, c, gen, NONE), publish_promises(s, c, gen))


def publish_counted_later(s, c):
    """publish makes the number visible, and counts the references afterwards (9front: R2)"""
    gen = next_gen(s.seen_used[c.hart], s.seen_gen[c.hart], c.for_low)
    after = published(s, c, gen, NONE)
    return Step(s.phase[c.hart] == loaded, after.but(refs=IntVal(0)))


def bind_of_bound(s, c):
    """bind does not care whether the number is bound already"""
    right = protocol.bind(s, c)
    return Step(And(s.phase[c.hart] == idle, s.held[c.number] >= 1), right.after, right.promises)


def dup_without_holding(s, c):
    """dup by somebody who holds no reference"""
    right = protocol.dup(s, c)
    return Step(And(s.phase[c.hart] == idle, s.refs < MAX), right.after, right.promises)


def acquire_from_zero(s, c):
    """acquire does not ask for references (9front: R1)"""
    right = protocol.acquire(s, c)
    return Step(And(s.phase[c.hart] == idle, s.names(c.number), s.refs < MAX), right.after, right.promises)


def acquire_any_generation(s, c):
    """acquire does not compare the number with the word it swaps"""
    right = protocol.acquire(s, c)
    return Step(And(s.phase[c.hart] == idle, s.refs != 0, s.refs < MAX), right.after, right.promises)


def release_of_more(s, c):
    """release of more references than the caller holds"""
    right = protocol.release(s, c)
    return Step(And(s.phase[c.hart] == idle, s.held[c.number] >= 1), right.after, right.promises)


def release_of_owner(s, c):
    """release of the owner's own reference while its process lives"""
    right = protocol.release(s, c)
    return Step(And(s.phase[c.hart] == idle, s.held[c.number] >= c.count), right.after, right.promises)


def release_without_clear(s, c):
    """release of the last reference forgets to clear the bit"""
    right = protocol.release(s, c)
    return Step(right.guard, right.after.but(phase=s.phase, who=s.who), right.promises)


def release_always_clears(s, c):
    """release clears the bit whether or not it dropped the last reference"""
    right = protocol.release(s, c)
    return Step(right.guard, right.after.but(phase=Store(s.phase, c.hart, dropped), who=c.hart), right.promises)


def release_in_two(s, c):
    """release is a load, and later a store of what was loaded less `count`"""
    stale = s.seen_gen[c.hart]  # what an idle hart once saw is anything
    right = protocol.release(s, c)
    return Step(And(right.guard, stale >= c.count, stale <= MAX), right.after.but(refs=stale - c.count))


def clear_before_drop(s, c):
    """the bit is cleared first, and the last reference dropped afterwards"""
    owes_a_drop = s.held[c.number] == c.count
    return Step(And(s.phase[c.hart] == idle, owes_a_drop, s.alive[c.number] == NONE),
                s.but(busy=BoolVal(False)))


def clear_by_store(s, c):
    """clear writes a whole busy word it loaded earlier, in which the bit of this cell may be anything"""
    return Step(s.phase[c.hart] == idle, s.but(busy=c.for_low))


def exit_drops_first(s, c):
    """exit in two steps: the references go first, the slot later"""
    right = protocol.exit(s, c)
    return Step(right.guard, right.after.but(slot=s.slot, alive=s.alive), right.promises)


def exit_unnames_first(s, c):
    """exit in two steps, of which the first forgets that the process no longer lives"""
    right = protocol.exit(s, c)
    return Step(right.guard, s.but(slot=NONE))


def exit_of_another(s, c):
    """exit of a number with a slot that is not its own"""
    right = protocol.exit(s, c)
    return Step(And(s.phase[c.hart] == idle, s.alive[c.number] != NONE, s.held[c.number] >= c.count), right.after,
                right.promises)


# name: (the wrong action, the property that must refuse it)
MUTANTS = {
    'M1': (claim_without_looking, ONE),
    'M2': (publish_without_claim, I2),
    'M3': (publish_nothing, LEAK),
    'M4': (publish_same_number, 'a number does not follow itself'),
    'M5': (publish_low_again, 'a low number is given once, and as such'),
    'M6': (publish_counted_later, I3),
    'M7': (bind_of_bound, 'the assertion of bind() holds'),
    'M8': (dup_without_holding, 'the assertion of dup() holds'),
    'M9': (acquire_from_zero, I2),
    'M10': (acquire_any_generation, I3),
    'M11': (release_of_more, 'the assertion of release() holds'),
    'M12': (release_of_owner, 'the assertion of release() holds'),
    'M13': (release_without_clear, LEAK),
    'M14': (release_always_clears, DEAD),
    'M15': (release_in_two, I3),
    'M16': (clear_before_drop, I1),
    'M17': (clear_by_store, I1),
    'M18': (exit_drops_first, I4),
    'M19': (exit_unnames_first, LIVES),
    'M20': (exit_of_another, 'the assertion of exit() holds'),
}
