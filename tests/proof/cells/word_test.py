"""Proves that the packed word of a cell behaves like the four fields of protocol.py, for every index width at once.

kernel/pid/pid_word.h packs `used | generation | slot | references` into 64 bits, and operations are one add or subtraction on
all of them together. That no carry leaves its field, and that one exclusive or is a comparison, is shown here for all words,
all numbers and all masks 2^K - 1. The expressions are those of pid_word.h and pid_cells_inline.h, written once more.
"""

from z3 import And, BitVec, BitVecVal, Concat, Extract, If, Implies, LShR, Not, UGE, ULT, ULE, ZeroExt

from checks import Report, one_line

mask = BitVec('mask', 32)      # 2^K - 1
word = BitVec('word', 64)      # a cell
number = BitVec('number', 32)  # what a caller asks for
slot = BitVec('slot', 32)
count = BitVec('count', 32)
number_mask = BitVec('number_mask', 32)  # 2^number_bits - 1

USED = BitVecVal(1 << 31, 32)
MAX_NUMBER = BitVecVal((1 << 31) - 1, 32)


def ones(value):
    """Is it 2^n - 1 for some n?"""
    return value & (value + 1) == 0


# kMinCellBits to kMaxCellBits.
SIZES = And(ones(mask), UGE(mask, (1 << 6) - 1), ULE(mask, (1 << 26) - 1))


# The fields, as PidWord reads them.
def high(w):
    return Extract(63, 32, w)


def refs(w):
    return Extract(31, 0, w)


def slot_in(w):
    return high(w) & mask


def generation(w):
    return high(w) & ~(USED | mask)


def used(w):
    return high(w) & USED != 0


def bound(w):
    return slot_in(w) != mask


def names(w, n):
    return (high(w) ^ (n | USED)) & ~mask == 0


def number_of(w, index):
    return (high(w) & ~(USED | mask)) | index


# What operations compute.
def make(n, s, r):
    """PidWord::of()"""
    return Concat(USED | (n & ~mask) | s, r)


def slot_distance(s):
    return ZeroExt(32, mask - s) << 32


def slot_of(w, n, index):
    """PidWord::slot_of()"""
    return high(w) - (n ^ index ^ USED)


def same(after, before, *but):
    """All fields are as before, except those named."""
    parts = {'used': used, 'generation': generation, 'slot': slot_in, 'refs': refs}
    return And(*[read(after) == read(before) for name, read in parts.items() if name not in but])


def main():
    report = Report()
    numbers = And(SIZES, ULE(number, MAX_NUMBER))
    slots = And(SIZES, ULT(slot, mask))
    print('The packed word behaves like its fields:')
    made = make(number, slot, count)
    report.prove('of() holds what it was made of', [numbers, ULE(slot, mask)],
                 And(used(made), names(made, number), slot_in(made) == slot, refs(made) == count,
                     number_of(made, number & mask) == number))
    report.prove('a word names one number of its index, and none if it was never used', [numbers],
                 And(Implies(And(used(word), number & mask == count & mask),
                             names(word, number) == (generation(word) == number & ~mask)),
                     Not(names(BitVecVal(0, 64), number))))
    report.prove('+ 1 counts a reference', [SIZES, refs(word) != 0xffff_ffff],
                 And(same(word + 1, word, 'refs'), refs(word + 1) == refs(word) + 1))
    dropped = word - ZeroExt(32, count)
    report.prove('- count drops references', [SIZES, UGE(refs(word), count)],
                 And(same(dropped, word, 'refs'), refs(dropped) == refs(word) - count))
    bind = word - slot_distance(slot)
    report.prove('- slot_distance() binds', [slots, Not(bound(word))], And(same(bind, word, 'slot'), slot_in(bind) == slot))
    left = word + slot_distance(slot) - ZeroExt(32, count)
    report.prove('+ slot_distance() - count unbinds and drops', [slots, slot_in(word) == slot, UGE(refs(word), count)],
                 And(same(left, word, 'slot', 'refs'), Not(bound(left)), refs(left) == refs(word) - count))
    found = slot_of(word, number, number & mask)
    is_found = ULT(found, mask)
    report.prove('the difference in lookup() finds the slot, exactly when the word names the number and is bound', [numbers],
                 And(is_found == And(names(word, number), bound(word)),
                     Implies(is_found, found == slot_in(word))))
    step = mask + 1
    stepped = (number_of(word, number & mask) + step) & number_mask
    sizes = And(SIZES, ones(number_mask), ULE(number_mask, MAX_NUMBER), UGE(LShR(number_mask, 3), mask))
    in_range = And(used(word), ULE(number_of(word, number & mask), number_mask))
    last = generation(word) == (number_mask & ~mask)
    report.prove('the next number has the same index and the next generation, round at the end', [sizes, in_range],
                 And(stepped & mask == number & mask, ULE(stepped, number_mask),
                     stepped & ~mask == If(last, BitVecVal(0, 32), generation(word) + step)))

    print('It would not:')
    report.refute('if references could be dropped that are not there', [SIZES], same(dropped, word, 'refs'), one_line)
    report.refute('if a bound number were bound', [slots], And(same(bind, word, 'slot'), slot_in(bind) == slot), one_line)
    report.refute('if exit() named the wrong slot', [slots, UGE(refs(word), count)],
                  And(same(left, word, 'slot', 'refs'), Not(bound(left))), one_line)
    report.refute('if references overflowed', [SIZES], same(word + 1, word, 'refs'), one_line)
    report.refute('if lookup() took numbers of 32 bits', [SIZES], is_found == And(names(word, number & MAX_NUMBER), bound(word),
                                                                            number == number & MAX_NUMBER), one_line)
    report.finish()


if __name__ == '__main__':
    main()
