/* The algorithm of the Pid hash (kernel/pid/pid_cells.h), small enough for all of its states to be searched.
 *
 * PROCS harts, each of which makes and ends processes, holds references to others' numbers, and looks numbers up, for ever.
 * CELLS cells in windows of WINDOW cells, GENS generations; as in any small table, generation 0 are the low numbers. A cell's
 * word is four variables that change in one step, as the packed word does. Each step below is one atomic instruction on shared
 * memory; between any two, any other hart may run. What a hart remembers (its window, what it still means to try there, the
 * word that it will compare and swap) may get as old as it likes; so old that the cell has gone through all its numbers
 * meanwhile. Memory is sequentially consistent: orders are the business of the explorer and of relacy.
 * Left out: the gate, filling, full_, number 1, that an allocation stops sweeping early if it sees every cell held, and that
 * who wants a low number looks whether there is one before it counts.
 *
 * What stands under GHOST is what the world believes; the algorithm does not read it.
 * BUG_... plant a bug each, to see that the search would find it.
 */
#ifndef PROCS
#define PROCS 2
#endif
#ifndef CELLS
#define CELLS 2
#endif
#ifndef WINDOW
#define WINDOW 1
#endif
#ifndef GENS
#define GENS 3
#endif

/* Where a hart goes on after an operation. */
#ifdef LOCK_FREE
#define DONE progress
#else
#define DONE end
#endif

#define SELF (_pid - 1)     /* init is 0 */
#define WINDOWS (CELLS / WINDOW)
#define NUMBERS (CELLS * GENS)
#define NONE PROCS          /* no slot; the slot of a process is the hart that runs it */
#define NOBODY NUMBERS      /* no number */
#define NOWHERE WINDOWS     /* no window */
#define SWEEPS 2            /* of which only the last does not believe hints */

/* The number of generation g of cell c, and back. */
#define NUMBER(c, g) ((g) * CELLS + (c))
#define CELL(n) ((n) % CELLS)
#define GEN(n) ((n) / CELLS)

/* Shared memory. */
bit used[CELLS];
byte gen[CELLS];
byte slot[CELLS] = NONE;
byte refs[CELLS];
bit hint[WINDOWS];          /* this window was seen full */
byte cursor;                /* windows taken: in the first lap, or in any later one (+ WINDOWS) */
byte next_low;

/* GHOST */
byte holders[NUMBERS];          /* references handed out and not given back */
byte living[PROCS] = NOBODY;    /* the number under which the process in this slot lives */
bit low_given[CELLS];           /* the low number of this cell has been given */
byte free_all_along[PROCS];     /* cells, a bit each, that were free and have not been stepped since this hart began its last
                                 * sweep; none if another hart has moved the cursor since */

#define NAMES(n) (used[CELL(n)] && gen[CELL(n)] == GEN(n))
#define NEXT(used, gen) (used -> ((gen) + 1) % GENS : 0)
#define HOLDS(n) (NAMES(n) && refs[CELL(n)] != 0)
#define HINT(n) hint[CELL(n) / WINDOW]
#define END_OF_LAP(at) ((at) < WINDOWS -> WINDOWS : 2 * WINDOWS)

/* What a compare-and-swap expects: the word that was loaded. */
#define LOAD(c) seen_used = used[c]; seen_gen = gen[c]; seen_slot = slot[c]; seen_refs = refs[c]
#define SAME(c) (used[c] == seen_used && gen[c] == seen_gen && slot[c] == seen_slot && refs[c] == seen_refs)
#define FORGET seen_used = 0; seen_gen = 0; seen_slot = 0; seen_refs = 0

/* GHOST: cell c has been given or has sat out; the hart h has moved the cursor. */
#define TAKEN_FROM_ALL(c) for (i : 0 .. PROCS - 1) { free_all_along[i] = free_all_along[i] & ~(1 << (c)) } i = 0
#define DISTURBS_OTHERS(h) for (i : 0 .. PROCS - 1) { free_all_along[i] = (i == (h) -> free_all_along[i] : 0) } i = 0

/* allocate(): what is left of the window, a low number, then sweeps. */
inline allocate() {
    do
    :: atomic {
           todo != 0 ->
           do
           :: (todo >> index) & 1 -> break
           :: else -> index++
           od;
           todo = todo & ~(1 << index);
           index = window * WINDOW + index;
           peek()
       };
       claim(0)
    :: atomic { todo == 0 && next_low < CELLS -> index = next_low; next_low++ };
       atomic { peek() };
       claim(1)
    :: atomic {
           todo == 0 && next_low == CELLS && passed >= WINDOWS ->
           passed = 0; sweep++;
           if
           :: sweep == SWEEPS ->
               /* kNoProcs. A hint may be stale, but who was alone has looked everywhere. */
               assert(free_all_along[SELF] == 0);
               sweep = 0;
               goto DONE
           :: else -> begin_last_sweep()
           fi
       }
    :: todo == 0 && next_low == CELLS && passed < WINDOWS ->
        leave();
        take_window();
        load_todo()
    od
}

/* GHOST */
inline begin_last_sweep() {
    for (i : 0 .. CELLS - 1) {
        free_all_along[SELF] = free_all_along[SELF] | (refs[i] == 0 -> 1 << i : 0)
    }
    i = 0
}

/* The hint is set after the look, so it can be stale. */
inline leave() {
    do
    :: atomic { window != NOWHERE && index < WINDOW && refs[window * WINDOW + index] != 0 -> index++ }
    :: atomic { window != NOWHERE && index == WINDOW -> hint[window] = 1; window = NOWHERE; index = 0; break }
    :: atomic { else -> window = NOWHERE; index = 0; break }
    od
}

/* The cursor passes hinted windows up to the end of the lap, and one more, which is taken. */
inline take_window() {
    at = cursor;
    do
    :: d_step {
           taken = at;
           do
#ifdef BUG_THE_LAST_SWEEP_BELIEVES_HINTS
           :: taken < END_OF_LAP(at) && hint[taken % WINDOWS] -> taken++
#else
           :: sweep + 1 < SWEEPS && taken < END_OF_LAP(at) && hint[taken % WINDOWS] -> taken++
#endif
           :: else -> break
           od
       };
       atomic {
           if
           :: cursor == at ->
               cursor = (taken < END_OF_LAP(at) -> taken + 1 : taken);
               passed = passed + cursor - at;
               cursor = (cursor == 2 * WINDOWS -> WINDOWS : cursor);
               DISTURBS_OTHERS(SELF);
               /* In the first lap low cells, which are all, are left to who gives low numbers. */
               window = (taken < END_OF_LAP(at) -> taken % WINDOWS : NOWHERE);
               left = (WINDOWS <= taken && taken < END_OF_LAP(at) -> WINDOW : 0);
               at = 0; taken = 0;
               break
           :: else -> at = cursor
           fi
       }
    od
}

/* A snapshot: a load for each cell; and whoever does not believe a hint clears it before. */
inline load_todo() {
    if
    :: left != 0 && sweep + 1 == SWEEPS && hint[window] -> hint[window] = 0
    :: else
    fi;
    do
    :: atomic {
           left != 0 ->
           left--;
           todo = todo | (refs[window * WINDOW + left] == 0 -> 1 << left : 0)
       }
    :: left == 0 -> break
    od
}

/* claim(), the load. */
inline peek() {
    if
    :: refs[index] == 0 -> LOAD(index)
    :: else -> seen_refs = 1
    fi
}

/* claim(): if the word has no references, compare-and-swap it for that of its next number: given out, or, if that is low and
 * is not asked for as such, dead: the cell sits this use out. Who comes for a low number gets that one or none. */
inline claim(for_low) {
    atomic {
        if
#if defined(BUG_CLAIM_BY_STORE)
        :: seen_refs == 0 && !(for_low && seen_used) ->
#elif defined(BUG_CLAIM_OF_ANY_GENERATION)
        :: seen_refs == 0 && !(for_low && seen_used) && refs[index] == 0 ->
#else
        :: seen_refs == 0 && !(for_low && seen_used) && SAME(index) ->
#endif
            assert(refs[index] == 0 && slot[index] == NONE);    /* I3, and what next_number() needs */
            assert(NEXT(seen_used, seen_gen) == NEXT(used[index], gen[index]));     /* I1: a step of one */
            used[index] = 1; gen[index] = NEXT(seen_used, seen_gen);
            TAKEN_FROM_ALL(index);
            if
#ifndef BUG_LOW_NUMBERS_COME_AGAIN
            :: gen[index] == 0 && !for_low -> skip
#endif
            :: else ->
                own = NUMBER(index, gen[index]);
                refs[index] = 1;
                assert(holders[own] == 0);                      /* GHOST: a new number has no other owner */
                holders[own] = 1;
                assert(gen[index] != 0 || !low_given[index]);   /* GHOST */
                low_given[index] = low_given[index] || gen[index] == 0;
                if
                :: slot[index] = SELF; living[SELF] = own       /* the process is complete: bound at once */
                :: skip
                fi;
                FORGET; index = 0; sweep = 0; passed = 0; free_all_along[SELF] = 0;
                goto DONE
            fi
        :: else
        fi;
        FORGET; index = 0
    }
}

inline bind() {
    d_step {
        assert(HOLDS(own) && slot[CELL(own)] == NONE);
        slot[CELL(own)] = SELF;
        living[SELF] = own                  /* GHOST */
    }
}

inline exit_process() {
#ifdef BUG_EXIT_IN_TWO_STEPS
    refs[CELL(own)]--;
#endif
    atomic {
        assert(NAMES(own) && slot[CELL(own)] == SELF);
        slot[CELL(own)] = NONE;
        living[SELF] = NOBODY;              /* GHOST */
#ifndef BUG_EXIT_IN_TWO_STEPS
        assert(HOLDS(own));
        refs[CELL(own)]--;
#endif
        dropped(own)
    };
    freed(own)
}

inline release(number) {
    atomic {
        assert(HOLDS(number));
        refs[CELL(number)]--;
        assert(refs[CELL(number)] != 0 || slot[CELL(number)] == NONE);
        dropped(number)
    };
    freed(number)
}

/* After the drop of a reference, in the same step. */
inline dropped(number) {
    holders[number]--;                      /* GHOST */
    if
    :: refs[CELL(number)] != 0 -> number = NOBODY; goto DONE
    :: else
    fi
}

/* freed(): the drop was all; this is for who looks for a free cell. */
inline freed(number) {
    if
    :: HINT(number) -> HINT(number) = 0
    :: else
    fi;
    number = NOBODY
}

inline dup() {
    d_step {
        assert(HOLDS(own));
        refs[CELL(own)]++;
        shared = own;
        holders[own]++                      /* GHOST */
    }
}

/* acquire(): load; while the word holds the number, compare-and-swap it for one with a reference more. */
inline acquire() {
    atomic {
        select(wanted : 0 .. NUMBERS - 1);
        LOAD(CELL(wanted));
        look(wanted)
    };
    do
    :: atomic {
           if
           :: SAME(CELL(wanted)) ->
               refs[CELL(wanted)]++;
               assert(holders[wanted] != 0);    /* GHOST: who acquires joins a holder */
               holders[wanted]++;
               shared = wanted;
               FORGET; wanted = 0;
               goto DONE
#ifdef BUG_ACQUIRE_DOES_NOT_LOOK_AGAIN
           :: else
#else
           :: else -> LOAD(CELL(wanted)); look(wanted)
#endif
           fi
       }
    od
}

/* Gives up if what was loaded does not hold the number. */
inline look(number) {
    if
#ifdef BUG_ACQUIRE_FROM_ZERO
    :: seen_used && seen_gen == GEN(number) -> skip
#else
    :: seen_used && seen_gen == GEN(number) && seen_refs != 0 -> skip
#endif
    :: else -> FORGET; number = 0; goto DONE
    fi
}

/* lookup(): one load. Who is found lives, and under this number. */
inline lookup() {
    atomic {
        select(wanted : 0 .. NUMBERS - 1);
        if
        :: NAMES(wanted) && slot[CELL(wanted)] != NONE -> assert(living[slot[CELL(wanted)]] == wanted)
        :: NAMES(wanted) && slot[CELL(wanted)] == NONE -> assert(holders[wanted] == refs[CELL(wanted)])
        :: else -> assert(holders[wanted] == 0)
        fi;
        wanted = 0
    }
}

proctype hart() {
    byte own = NOBODY;          /* the number of the process we run */
    byte shared = NOBODY;       /* a number we hold a reference to besides */
    byte window = NOWHERE, todo = 0;    /* the cells of it still to try */
    byte wanted = 0, i = 0, index = 0, left = 0;
    byte sweep = 0, passed = 0, at = 0, taken = 0, seen_gen = 0, seen_refs = 0, seen_slot = 0;
    bit seen_used = 0;

end:
    if
    :: own == NOBODY -> allocate()
    :: own != NOBODY && slot[CELL(own)] == NONE -> bind()
    :: own != NOBODY && slot[CELL(own)] != NONE -> exit_process()
    :: own != NOBODY && shared == NOBODY -> dup()
    :: lookup()
    :: shared == NOBODY -> acquire()
    :: shared != NOBODY -> release(shared)
    fi;
    goto DONE;
#ifdef LOCK_FREE
progress:                       /* an operation is done */
    goto end
#endif
}

init {
    atomic {
        byte i = 0;
        for (i : 0 .. PROCS - 1) { run hart() }
    }
}

#ifdef LTL
/* I3, between any two steps of anybody. */
ltl unnamed { [] (refs[0] != 0 || slot[0] == NONE) }
#endif
