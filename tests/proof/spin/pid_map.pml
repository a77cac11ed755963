/* The algorithm of the Pid hash (kernel/pid/pid_cells.h), small enough for all of its states to be searched.
 *
 * PROCS harts, each of which makes and ends processes, holds references to others' numbers, and looks numbers up, for ever.
 * CELLS cells in windows of one cell, GENS generations. A cell's word is four variables that change in one step, as the packed
 * word does. Each step below is one atomic instruction on shared memory; between any two, any other hart may run.
 * Memory is sequentially consistent: orders are the business of the explorer and of relacy.
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
#ifndef GENS
#define GENS 3
#endif

#define SELF (_pid - 1)     /* init is 0 */
#define NUMBERS (CELLS * GENS)
#define NONE PROCS          /* no slot; the slot of a process is the hart that runs it */
#define NOBODY NUMBERS      /* no number */

/* The number of generation g of cell c, and back. */
#define NUMBER(c, g) ((g) * CELLS + (c))
#define CELL(n) ((n) % CELLS)
#define GEN(n) ((n) / CELLS)

/* Shared memory. */
bit used[CELLS];
byte gen[CELLS];
byte slot[CELLS];
byte refs[CELLS];
bit busy[CELLS];
bit hint[CELLS];            /* this window was seen full */
byte cursor;                /* modulo a lap */

/* GHOST */
byte holders[NUMBERS];      /* references handed out and not given back */
byte living[PROCS];         /* the number under which the process in this slot lives */
bit clearing[CELLS];        /* somebody dropped the last reference and has not cleared the bit yet */

#define NAMES(n) (used[CELL(n)] && gen[CELL(n)] == GEN(n))

/* allocate(): two sweeps over the windows, of which only the last does not believe hints. */
inline allocate() {
    do
    :: own != NOBODY || sweep == 2 -> break
    :: else ->
        /* take_window(): the cursor passes hinted windows up to the end of the lap, and one more */
        at = cursor;
        do
        :: d_step {
               taken = at;
               do
               :: sweep == 0 && taken < CELLS && hint[taken] -> taken++
               :: else -> break
               od
           };
           atomic {
               if
               :: cursor == at ->
                   cursor = ((taken + 1 >= CELLS) -> 0 : taken + 1);
                   passed = passed + ((taken < CELLS) -> taken + 1 - at : CELLS - at);
                   break
               :: else -> at = cursor
               fi
           }
        od;
        if
        :: taken < CELLS ->
            if
            :: sweep == 1 && hint[taken] -> hint[taken] = 0
            :: else
            fi;
            if
            :: !busy[taken] ->              /* load_todo(): a snapshot */
                claim_and_publish()
            :: else
            fi;
            if
            :: own == NOBODY && busy[taken] -> hint[taken] = 1   /* hint_if_full(): look, then set */
            :: else
            fi
        :: else
        fi;
        d_step {
            at = 0; taken = 0;
            if
            :: passed >= CELLS -> passed = 0; sweep++
            :: else
            fi
        }
    od;
    atomic { sweep = 0; passed = 0 }
}

/* claim(): set the bit; if it was clear, the cell is ours: load it, store its next number. */
inline claim_and_publish() {
    atomic { won = !busy[taken]; busy[taken] = 1 };
    if
    :: won ->
        d_step {
            assert(refs[taken] == 0);       /* I1 */
            next = (used[taken] -> (gen[taken] + 1) % GENS : 0)
        }
        d_step {
            assert(refs[taken] == 0);       /* I2: nobody else has changed it */
            used[taken] = 1; gen[taken] = next; slot[taken] = NONE; refs[taken] = 1;
            own = NUMBER(taken, next); next = 0; won = 0;
            assert(holders[own] == 0);      /* GHOST: a new number has no other owner */
            holders[own] = 1
        }
    :: else
    fi
}

inline bind() {
    d_step {
        assert(NAMES(own) && refs[CELL(own)] != 0 && slot[CELL(own)] == NONE);
        slot[CELL(own)] = SELF;
        living[SELF] = own                  /* GHOST */
    }
}

inline exit_process() {
#ifdef BUG_EXIT_IN_TWO_STEPS
    d_step { refs[CELL(own)]--; holders[own]--; last = (refs[CELL(own)] == 0) };
    d_step { slot[CELL(own)] = NONE; living[SELF] = NOBODY };
#else
    d_step {
        assert(NAMES(own) && slot[CELL(own)] == SELF && refs[CELL(own)] != 0);
        slot[CELL(own)] = NONE;
        refs[CELL(own)]--;
        last = (refs[CELL(own)] == 0);
        clearing[CELL(own)] = last || clearing[CELL(own)];      /* GHOST */
        holders[own]--; living[SELF] = NOBODY                   /* GHOST */
    };
#endif
    clear_if_last(own);
    own = NOBODY
}

inline release(number) {
    d_step {
        assert(NAMES(number) && refs[CELL(number)] != 0);
        refs[CELL(number)]--;
        last = (refs[CELL(number)] == 0);
        assert(!last || slot[CELL(number)] == NONE);
        clearing[CELL(number)] = last || clearing[CELL(number)]; /* GHOST */
        holders[number]--                                        /* GHOST */
    };
    clear_if_last(number);
    number = NOBODY
}

/* clear_busy(): the bit, and then the hint. */
inline clear_if_last(number) {
    if
    :: last ->
#ifndef BUG_BIT_IS_NOT_CLEARED
        atomic { busy[CELL(number)] = 0; clearing[CELL(number)] = 0; last = 0 };
#endif
        if
        :: hint[CELL(number)] -> hint[CELL(number)] = 0
        :: else
        fi
    :: else
    fi
}

inline dup() {
    d_step {
        assert(NAMES(own) && refs[CELL(own)] != 0);
        refs[CELL(own)]++;
        shared = own;
        holders[own]++                      /* GHOST */
    }
}

/* acquire(): load; while the word names the number and has references, compare-and-swap the whole word. */
inline acquire(number) {
    do
    :: atomic {
#ifdef BUG_ACQUIRE_FROM_ZERO
           NAMES(number) -> seen_refs = refs[CELL(number)]; seen_slot = slot[CELL(number)]
#else
           NAMES(number) && refs[CELL(number)] != 0 -> seen_refs = refs[CELL(number)]; seen_slot = slot[CELL(number)]
#endif
       };
       atomic {
           if
           :: NAMES(number) && refs[CELL(number)] == seen_refs && slot[CELL(number)] == seen_slot ->
               refs[CELL(number)]++;
               assert(holders[number] != 0);    /* GHOST: who acquires joins a holder */
               holders[number]++;
               shared = number;
               seen_refs = 0; seen_slot = 0;
               break
           :: else -> seen_refs = 0; seen_slot = 0
           fi
       }
    :: atomic { else -> break }
    od
}

/* lookup(): one load. Who is found lives, and under this number. */
inline lookup(number) {
    d_step {
        if
        :: NAMES(number) && slot[CELL(number)] != NONE -> assert(living[slot[CELL(number)]] == number)
        :: NAMES(number) && slot[CELL(number)] == NONE -> assert(holders[number] == refs[CELL(number)])
        :: else -> assert(holders[number] == 0)
        fi
    }
}

proctype hart() {
    byte own = NOBODY;          /* the number of the process we run */
    byte shared = NOBODY;       /* a number we hold a reference to besides */
    byte n = 0;
    byte sweep = 0, passed = 0, at = 0, taken = 0, next = 0, seen_refs = 0, seen_slot = 0;
    bit won = 0, last = 0;

end:
    do
    :: own == NOBODY ->
        allocate();
        if
        :: own != NOBODY -> bind()
        :: else
        fi
    :: own != NOBODY -> exit_process()
    :: own != NOBODY && shared == NOBODY -> dup()
    :: shared == NOBODY ->
        atomic { select(n : 0 .. NUMBERS - 1) };
        lookup(n);
        acquire(n);
        n = 0
    :: shared != NOBODY -> release(shared)
    od
}

init {
    atomic {
        byte i = 0;
        for (i : 0 .. PROCS - 1) { living[i] = NOBODY }
        i = 0;
        for (i : 0 .. CELLS - 1) { slot[i] = NONE }
        i = 0;
        for (i : 0 .. PROCS - 1) { run hart() }
    }
}

/* A dropped last reference leads to a free cell, if whoever dropped it goes on running. */
ltl freed { [] (clearing[0] -> <> !busy[0]) }

/* I1, and that no reference is lost: a busy bit without references is somebody's who will publish or clear. */
ltl counted { [] (busy[0] || refs[0] == 0) }
