"""Proves that the packed word of a cell behaves like the four fields of protocol.py, for every index width at once.

kernel/pid/pid_word.h packs `references | used | generation | slot` into 64 bits, and operations are one add or subtraction on
all of them together. That no carry leaves its field or its half, and that a comparison, or the slot, is one subtraction, is
shown here for all words, all numbers and all masks 2^K - 1. The expressions are those of pid_word.h, pid_cells_inline.h and
pid_cells_allocate.h, written once more; the bounds of K and of references are read out of pid_word.h.
"""

import re
import sys
from pathlib import Path

from z3 import And, BitVec, BitVecVal, Concat, Extract, If, Implies, LShR, Not, Or, UGE, UGT, ULT, ULE, ZeroExt

from checks import Report, one_line

mask = BitVec('mask', 32)      # 2^K - 1
word = BitVec('word', 64)      # a cell
number = BitVec('number', 32)  # what a caller asks for
slot = BitVec('slot', 32)
count = BitVec('count', 32)
index = BitVec('index', 32)              # of a cell
number_mask = BitVec('number_mask', 32)  # 2^number_bits - 1
low_end = BitVec('low_end', 32)          # ordinary numbers begin here

USED = BitVecVal(1 << 31, 32)
MAX_NUMBER = BitVecVal((1 << 31) - 1, 32)
NEVER_USED = BitVecVal(0, 64)


def ones(value):
    """Is it 2^n - 1 for some n?"""
    return value & (value + 1) == 0


def constants(path):
    text = Path(path).parent.joinpath('pid_word.h').read_text(encoding='utf-8')
    value = lambda name: int(re.search(rf'{name} = (\d+);', text).group(1))
    return value('kMinCellBits'), value('kMaxCellBits')


# The fields, as PidWord reads them.
def low(w):
    return Extract(31, 0, w)


def refs(w):
    return Extract(63, 32, w)


def slot_in(w):
    return low(w) & mask


def generation(w):
    return low(w) & ~(USED | mask)


def used(w):
    return low(w) & USED != 0


def bound(w):
    return slot_in(w) != mask


def names(w, n):
    return (low(w) ^ n ^ USED) & ~mask == 0


def number_of(w, i):
    return (low(w) & ~(USED | mask)) | i


# What operations compute.
def references(r):
    """PidWord::References::make()"""
    return Concat(r, BitVecVal(0, 32))


def base(n):
    """PidWord::base()"""
    return USED | (n & ~mask)


def make(n, s, r):
    """PidWord::of()"""
    return references(r) | ZeroExt(32, base(n)) | ZeroExt(32, s)


def holds(w, n, least):
    """PidWord::holds()"""
    excess = w - (references(least) | ZeroExt(32, base(n)))
    return excess & (BitVecVal(1 << 63, 64) | ZeroExt(32, ~mask)) == 0


def next_number(w, i):
    """PidWord::next_number()"""
    return If(w == 0, i, ((low(w) + 1) & number_mask) | i)


def slot_distance(s):
    return ZeroExt(32, mask - s)


def slot_of(w, n, i):
    """PidWord::slot_of(); the index has 64 bits there, and is cast."""
    return low(w) - (n ^ i ^ USED)


def same(after, before, *but):
    """All fields are as before, except those named."""
    parts = {'used': used, 'generation': generation, 'slot': slot_in, 'refs': refs}
    return And(*[read(after) == read(before) for name, read in parts.items() if name not in but])


def enough(w, least):
    """There are `least` references or more, counted as they are, not modulo anything."""
    wide = lambda value: ZeroExt(8, value)
    return And(UGE(wide(refs(w)), wide(least)), ULT(wide(refs(w)), wide(least) + (1 << 31)))


def main():
    least_bits, most_bits = constants(sys.argv[1])
    sizes = And(ones(mask), UGE(mask, (1 << least_bits) - 1), ULE(mask, (1 << most_bits) - 1))
    numbers = And(sizes, ULE(number, MAX_NUMBER))
    slots = And(sizes, ULT(slot, mask))
    report = Report()

    print(f'The packed word behaves like its fields, for every K of {least_bits}..{most_bits}:')
    made = make(number, slot, count)
    report.prove('of() holds what it was made of', [numbers, ULE(slot, mask)],
                 And(used(made), names(made, number), slot_in(made) == slot, refs(made) == count,
                     number_of(made, number & mask) == number))
    report.prove('a word names one number of its index, and none if it was never used', [numbers],
                 And(Implies(And(used(word), number & mask == index & mask),
                             names(word, number) == (generation(word) == number & ~mask)),
                     Not(names(NEVER_USED, number))))
    report.prove('holds() is: it names the number, and has `least` references or more, but not 2^31 more',
                 [numbers, UGE(count, 1), ULE(count, 1 << 31)],
                 holds(word, number, count) == And(names(word, number), enough(word, count)))
    report.prove('while counts stay below 2^31, that is all: and release() may ask for one more than it drops',
                 [numbers, ULT(refs(word), 1 << 31), UGE(count, 1), ULT(count, 1 << 31)],
                 And(holds(word, number, count) == And(names(word, number), UGE(refs(word), count)),
                     holds(word, number, count + 1) == And(names(word, number), UGT(refs(word), count))))
    report.prove('a dead word and one never used hold no number', [numbers, UGE(count, 1), ULE(count, 1 << 31)],
                 And(Implies(refs(word) == 0, Not(holds(word, number, count))), Not(holds(NEVER_USED, number, count))))

    counted = word + references(BitVecVal(1, 32))
    report.prove('+ References::make(1) counts a reference', [sizes, ULT(refs(word), MAX_NUMBER)],
                 And(same(counted, word, 'refs'), refs(counted) == refs(word) + 1, UGT(refs(counted), refs(word))))
    dropped = word - references(count)
    right_drop = And(same(dropped, word, 'refs'), refs(dropped) == refs(word) - count, ULE(refs(dropped), refs(word)))
    report.prove('- References::make(count) drops references', [sizes, UGE(refs(word), count)], right_drop)
    bind = word - slot_distance(slot)
    right_bind = And(same(bind, word, 'slot'), slot_in(bind) == slot)
    report.prove('- slot_distance() binds', [slots, Not(bound(word))], right_bind)
    left = word + (slot_distance(slot) - references(count))
    right_exit = And(same(left, word, 'slot', 'refs'), Not(bound(left)), refs(left) == refs(word) - count,
                     ULE(refs(left), refs(word)))
    report.prove('+ (slot_distance() - References::make(count)) unbinds and drops',
                 [slots, slot_in(word) == slot, UGE(refs(word), count)], right_exit)
    apart = lambda after: And(low(after) == low(word) + (mask - slot), refs(after) == refs(word) - count)
    report.prove('no reference is carried into the other half, and no slot', [slots],
                 And(low(counted) == low(word), low(dropped) == low(word), Implies(Not(bound(word)), refs(bind) == refs(word)),
                     Implies(slot_in(word) == slot, apart(left))))

    found = slot_of(word, number, number & mask)
    is_found = ULT(found, mask)
    right_find = And(is_found == And(names(word, number), bound(word)), Implies(is_found, found == slot_in(word)))
    report.prove('the difference in lookup() finds the slot, exactly when the word names the number and is bound', [numbers],
                 right_find)
    widened = ZeroExt(32, number) & ZeroExt(32, USED | mask)
    filled = BitVec('filled', 64)
    report.prove('no value of 32 bits that is no number passes the test of what is initialised',
                 [sizes, ULE(filled, ZeroExt(32, mask) + 1), Not(ULE(number, MAX_NUMBER))], Not(ULT(widened, filled)))
    report.prove('and a number passes with its index', [numbers], widened == ZeroExt(32, number & mask))

    number_sizes = And(sizes, ones(number_mask), ULE(number_mask, MAX_NUMBER), UGE(LShR(number_mask, 3), mask))
    dead = And(number_sizes, ULE(index, mask), refs(word) == 0, used(word), Not(bound(word)),
               ULE(number_of(word, index), number_mask))
    following = next_number(word, index)
    last = generation(word) == (number_mask & ~mask)
    right_next = And(following & mask == index, ULE(following, number_mask),
                     following & ~mask == If(last, BitVecVal(0, 32), generation(word) + mask + 1))
    report.prove('the next number of a dead word has its index and the next generation, round at the end', [dead], right_next)
    report.prove('that of a word never used is the index: generation 0', [number_sizes, ULE(index, mask), word == 0],
                 And(following == index, following & ~mask == 0))
    lows = And(number_sizes, ULE(index, mask), ULE(low_end, mask + 1))
    report.prove('low numbers are those of generation 0 of the low cells', [lows, Or(word == 0, dead)],
                 ULT(following, low_end) == And(ULT(index, low_end), following & ~mask == 0))
    claimed = make(following, slot, count)
    waiting = make(following, mask, BitVecVal(0, 32))
    report.prove('claim() swaps a dead word for that of its next number, held or dead',
                 [dead, ULE(slot, mask), UGE(count, 1)],
                 And(names(claimed, following), slot_in(claimed) == slot, refs(claimed) == count,
                     Not(names(claimed, number_of(word, index))), names(waiting, following), refs(waiting) == 0,
                     Not(bound(waiting)), waiting != word))

    print('It would not:')
    report.refute('if references could be dropped that are not there', [sizes], right_drop, one_line)
    report.refute('if a bound number were bound', [slots], right_bind, one_line)
    report.refute('if exit() named the wrong slot', [slots, UGE(refs(word), count)], right_exit, one_line)
    report.refute('if exit() dropped references that are not there', [slots, slot_in(word) == slot], right_exit, one_line)
    report.refute('if references overflowed', [sizes], UGT(refs(counted), refs(word)), one_line)
    report.refute('if references stood in the low half and the slot above (drops would borrow from the slot)',
                  [sizes], same(word - ZeroExt(32, count), word, 'refs'), one_line)
    report.refute('if lookup() took numbers of 32 bits', [sizes],
                  is_found == And(names(word, number & MAX_NUMBER), bound(word), number == number & MAX_NUMBER), one_line)
    report.refute('if lookup() took the difference for a slot up to the mask', [numbers],
                  ULE(found, mask) == And(names(word, number), bound(word)), one_line)
    right_hold = holds(word, number, count) == And(names(word, number), UGE(refs(word), count))
    report.refute('if more than 2^31 references were asked for', [numbers, UGE(count, 1), ULT(refs(word), 1 << 31)],
                  right_hold, one_line)
    report.refute('if counts ran over', [numbers, UGE(count, 1), ULT(count, 1 << 31)], right_hold, one_line)
    excess = word - (references(count) | ZeroExt(32, base(number)))
    wanted = [numbers, UGE(count, 1), ULT(count, 1 << 31), ULT(refs(word), 1 << 31)]
    report.refute('if holds() looked at the sign alone', wanted,
                  (excess & BitVecVal(1 << 63, 64) == 0) == And(names(word, number), UGE(refs(word), count)), one_line)
    report.refute('if holds() looked at the low half alone', wanted,
                  (excess & ZeroExt(32, ~mask) == 0) == And(names(word, number), UGE(refs(word), count)), one_line)
    report.refute('if the next number were asked of a word that has a slot',
                  [number_sizes, ULE(index, mask), used(word), ULE(number_of(word, index), number_mask)], right_next, one_line)
    report.refute('if the low end lay beyond the table',
                  [number_sizes, ULE(index, mask), dead],
                  ULT(following, low_end) == And(ULT(index, low_end), following & ~mask == 0), one_line)
    report.finish()


if __name__ == '__main__':
    main()
