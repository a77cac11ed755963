/* Two races of the table that the Pid hash replaces (9front, port/proc.c of 2020-02-23), small: SPIN must find both.
 *
 * There an entry is {ref, pid}: two words, changed one after the other. (`pid` is called `name` here: it is a word of
 * Promela.) -DR1 or -DR3 choose the race:
 *   R1  somebody looks an entry up by number and then counts itself; between the two the last holder drops it.
 *   R3  an allocator sees that a number is in no entry and then takes an entry for it; between the two another one, whose
 *       counter has come round to the same number, has done the same.
 */
#define ENTRIES 2
#define FREE 0

byte name[ENTRIES];
byte ref[ENTRIES];

/* pidlookup(): the entries one after the other; `found` is ENTRIES if none has the number. */
inline pidlookup(number, found) {
    found = 0;
    do
    :: found == ENTRIES || name[found] == number -> break
    :: else -> found++
    od
}

#ifdef R1
#define N 1

/* pidadd(): look it up, count. What is counted is still the number that was looked for. */
proctype join() {
    byte e;
    pidlookup(N, e);
    if
    :: e < ENTRIES ->
        ref[e]++;
        assert(name[e] == N)
    :: else
    fi
}

/* piddel(): count down; at zero, free the entry. */
proctype leave() {
    byte e;
    bit last;
    pidlookup(N, e);
    atomic { ref[e]--; last = (ref[e] == 0) };
    if
    :: last -> name[e] = FREE
    :: else
    fi
}

init { atomic { name[0] = N; ref[0] = 1; run join(); run leave() } }
#endif

#ifdef R3
/* pidalloc(): a number of which there is no entry goes into the first free one. The numbers are 1, so the counter comes round
 * at once; with 31 bits it comes round while this hart's virtual processor is not running. */
proctype allocate() {
    byte e, way = 0;
    bit taken = 0;
    pidlookup(1, e);
    if
    :: e == ENTRIES ->
        do
        :: taken || way == ENTRIES -> break
        :: else ->
            atomic { taken = (name[way] == FREE); name[way] = (taken -> 1 : name[way]) };
            if
            :: taken -> ref[way]++
            :: else -> way++
            fi
        od
    :: else
    fi;
    assert(name[0] == FREE || name[0] != name[1])      /* one number, one entry */
}

init { atomic { run allocate(); run allocate() } }
#endif
