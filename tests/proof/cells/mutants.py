"""Wrong cell protocols: each differs from protocol.py in one action, and must be caught by the property named beside it.

`action` replaces one of the real ones: if even one step from a good state breaks a property, the proof does not go through.
"""

from z3 import And, BoolVal, If, IntVal, Not

import protocol
from protocol import MAX, NONE, Step, claim_promises, given, may_step, sits_out

I1 = 'I1: who raises references from 0 steps the generation in the same instruction, by one'
I2 = 'I2: references are those handed out, for this number and no other'
I3 = 'I3: no references, no slot'
KEEPS = 'a number that is held keeps its cell'
LIVES = 'a slot is in the cell exactly while its process lives'


def looked(s, c):
    """The hart has seen a word that it may claim."""
    seen = s.seen_by(c.hart)
    return And(may_step(seen, c.for_low), Not(sits_out(seen, c.for_low)))


def claiming(s, c, guard, gen=None):
    """claim() under another condition, or to another generation."""
    gen = s.seen_by(c.hart).next_gen() if gen is None else gen
    return Step(guard, given(s, c, gen, NONE), claim_promises(s, c, gen))


def claim_by_store(s, c):
    """claim stores the next number of what it loaded, without comparing"""
    return claiming(s, c, looked(s, c))


def claim_any_generation(s, c):
    """claim's compare-and-swap compares references and slot only"""
    seen = s.seen_by(c.hart)
    return claiming(s, c, And(looked(s, c), s.word.used, seen.used, s.word.refs == seen.refs, s.word.slot == seen.slot))


def claim_low_half(s, c):
    """claim's compare-and-swap compares the low half of the word, without the references"""
    seen = s.seen_by(c.hart)
    return claiming(s, c, And(looked(s, c), s.word.used == seen.used, s.word.gen == seen.gen, s.word.slot == seen.slot))


def claim_held(s, c):
    """claim does not ask whether the cell has references"""
    seen = s.seen_by(c.hart)
    return claiming(s, c, And(Not(sits_out(seen, c.for_low)), s.unchanged_since_seen_by(c.hart)))


def claim_same_number(s, c):
    """claim raises the references and forgets to step the generation"""
    return claiming(s, c, And(looked(s, c), s.unchanged_since_seen_by(c.hart), s.word.used), s.word.gen)


def claim_in_two(s, c):
    """claim raises the references, and steps the generation in a second instruction"""
    return Step(And(s.word.refs != 0, s.alive[s.word.gen] == NONE), s.but(word=dict(gen=s.word.next_gen())))


def claim_nothing(s, c):
    """claim gives out references that the word does not count"""
    right = protocol.claim(s, c)
    return Step(right.guard, right.after.but(word=dict(refs=IntVal(0))), right.promises)


def claim_with_slot(s, c):
    """claim without a process leaves a slot in the word"""
    right = protocol.claim(s, c)
    return Step(right.guard, right.after.but(word=dict(slot=c.slot)), right.promises)


def claim_low_again(s, c):
    """claim gives a low number as if it were any other"""
    return claiming(s, c, And(may_step(s.seen_by(c.hart), c.for_low), s.unchanged_since_seen_by(c.hart)))


def claim_late_low(s, c):
    """claim for a low number gives the next one if that has passed"""
    seen = s.seen_by(c.hart)
    return claiming(s, c, And(seen.refs == 0, Not(sits_out(seen, c.for_low)), s.unchanged_since_seen_by(c.hart)))


def claim_skips_low(s, c):
    """claim steps over a low number to the next one, so that its numbers return a use earlier"""
    seen = s.seen_by(c.hart)
    return claiming(s, c, And(may_step(seen, c.for_low), s.unchanged_since_seen_by(c.hart)),
                    If(sits_out(seen, c.for_low), IntVal(1), seen.next_gen()))


def sitting_out(s, c, guard, **word):
    right = protocol.sit_out(s, c)
    return Step(guard, right.after.but(word=word), right.promises)


def sit_out_by_store(s, c):
    """a cell is made to sit out by a plain store"""
    seen = s.seen_by(c.hart)
    return sitting_out(s, c, And(may_step(seen, c.for_low), sits_out(seen, c.for_low)))


def sit_out_counted(s, c):
    """a cell that sits out is left with a reference, which nobody has"""
    return sitting_out(s, c, protocol.sit_out(s, c).guard, refs=IntVal(1))


def sit_out_with_slot(s, c):
    """a cell that sits out is given slot 0 instead of none"""
    return sitting_out(s, c, protocol.sit_out(s, c).guard, slot=IntVal(0))


def sit_out_to_zero(s, c):
    """a cell that sits out is made one that was never used"""
    return sitting_out(s, c, protocol.sit_out(s, c).guard, used=BoolVal(False), slot=IntVal(0))


def bind_of_bound(s, c):
    """bind does not care whether the number is bound already"""
    right = protocol.bind(s, c)
    return Step(s.held[c.number] >= 1, right.after, right.promises)


def dup_without_holding(s, c):
    """dup by somebody who holds no reference"""
    right = protocol.dup(s, c)
    return Step(s.word.refs < MAX, right.after, right.promises)


def acquire_from_zero(s, c):
    """acquire does not ask for references (9front: R1)"""
    right = protocol.acquire(s, c)
    seen = s.seen_by(c.hart)
    return Step(And(seen.names(c.number), seen.refs < MAX, s.unchanged_since_seen_by(c.hart)), right.after, right.promises)


def acquire_any_generation(s, c):
    """acquire does not compare the number with the word it swaps"""
    right = protocol.acquire(s, c)
    seen = s.seen_by(c.hart)
    return Step(And(seen.refs != 0, seen.refs < MAX, s.unchanged_since_seen_by(c.hart)), right.after, right.promises)


def acquire_by_store(s, c):
    """acquire stores what it loaded and one reference more, without comparing"""
    right = protocol.acquire(s, c)
    seen = s.seen_by(c.hart)
    return Step(And(seen.names(c.number), seen.refs != 0, seen.refs < MAX, s.word.names(c.number)), right.after,
                right.promises)


def release_of_more(s, c):
    """release of more references than the caller holds"""
    right = protocol.release(s, c)
    return Step(s.held[c.number] >= 1, right.after, right.promises)


def release_of_owner(s, c):
    """release of the owner's own reference while its process lives"""
    right = protocol.release(s, c)
    return Step(s.held[c.number] >= c.count, right.after, right.promises)


def release_in_two(s, c):
    """release is a load, and later a store of what was loaded less `count`"""
    right, seen = protocol.release(s, c), s.seen_by(c.hart)
    return Step(And(right.guard, seen.names(c.number), seen.refs >= c.count),
                right.after.but(word=dict(refs=seen.refs - c.count)))


def release_wipes(s, c):
    """the last drop makes the cell one that was never used"""
    right = protocol.release(s, c)
    return Step(And(right.guard, s.word.refs == c.count),
                right.after.but(word=dict(used=BoolVal(False), gen=IntVal(0), slot=IntVal(0))))


def release_steps(s, c):
    """the last drop steps the generation, as if to spare claim that"""
    right = protocol.release(s, c)
    return Step(right.guard, right.after.but(word=dict(gen=If(s.word.refs == c.count, s.word.next_gen(), s.word.gen))),
                right.promises)


def exit_drops_first(s, c):
    """exit in two steps: the references go first, the slot later"""
    right = protocol.exit(s, c)
    return Step(right.guard, right.after.but(word=dict(slot=s.word.slot), alive=s.alive), right.promises)


def exit_unnames_first(s, c):
    """exit in two steps, of which the first forgets that the process no longer lives"""
    right = protocol.exit(s, c)
    return Step(right.guard, s.but(word=dict(slot=NONE)))


def exit_of_another(s, c):
    """exit of a number with a slot that is not its own"""
    right = protocol.exit(s, c)
    return Step(And(s.alive[c.number] != NONE, s.held[c.number] >= c.count), right.after, right.promises)


# name: (the wrong action, the property that must refuse it)
MUTANTS = {
    'M1': (claim_by_store, KEEPS),
    'M2': (claim_any_generation, I1),
    'M3': (claim_low_half, I2),
    'M4': (claim_held, KEEPS),
    'M5': (claim_same_number, I1),
    'M6': (claim_in_two, KEEPS),
    'M7': (claim_nothing, I2),
    'M8': (claim_with_slot, LIVES),
    'M9': (claim_low_again, 'a low number is given once, and as such'),
    'M10': (claim_late_low, 'who comes for a low number gets that one'),
    'M11': (claim_skips_low, I1),
    'M12': (sit_out_by_store, I2),
    'M13': (sit_out_counted, I2),
    'M14': (sit_out_with_slot, I3),
    'M15': (sit_out_to_zero, 'who was used stays used'),
    'M16': (bind_of_bound, 'the assertion of bind() holds'),
    'M17': (dup_without_holding, 'the assertion of dup() holds'),
    'M18': (acquire_from_zero, I1),
    'M19': (acquire_any_generation, I2),
    'M20': (acquire_by_store, I2),
    'M21': (release_of_more, 'the assertions of release() hold'),
    'M22': (release_of_owner, 'the assertions of release() hold'),
    'M23': (release_in_two, I2),
    'M24': (release_wipes, 'who was used stays used'),
    'M25': (release_steps, KEEPS),
    'M26': (exit_drops_first, I3),
    'M27': (exit_unnames_first, LIVES),
    'M28': (exit_of_another, 'the assertion of exit() holds'),
}
