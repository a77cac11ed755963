// Locks that sleep, for processes that share memory. Who waits stands in a queue with a semaphore
// of its own; who leaves hands what it had to the first.
#include <libc.h>

struct QLp {
    QLp* next;
    int reads;  // waits to read, not to write
    int called;
};

// Processes made with RFMEM have stacks of their own, so those who wait are not on them.
static struct {
    Lock lock;
    QLp* free;
} places;

static QLp* new_place(int reads) {
    lock(&places.lock);
    QLp* place = places.free;
    if (place != nil) places.free = place->next;
    unlock(&places.lock);
    if (place == nil) place = malloc(sizeof *place);
    if (place == nil) sysfatal("out of memory");
    *place = (QLp){.reads = reads};
    return place;
}

static void append(QLp** head, QLp** tail, QLp* place) {
    if (*head == nil) {
        *head = place;
    } else {
        (*tail)->next = place;
    }
    *tail = place;
}

static void sleep_at(QLp* place) {
    // A note may end the call before its time.
    while (semacquire(&place->called, 1) != 1) {
    }
    lock(&places.lock);
    place->next = places.free;
    places.free = place;
    unlock(&places.lock);
}

static void call(QLp* place) { semrelease(&place->called, 1); }

int canqlock(QLock* q) {
    lock(&q->lock);
    const int mine = !q->locked;
    q->locked = 1;
    unlock(&q->lock);
    return mine;
}

void qlock(QLock* q) {
    lock(&q->lock);
    if (!q->locked) {
        q->locked = 1;
        unlock(&q->lock);
        return;
    }
    QLp* place = new_place(0);
    append(&q->head, &q->tail, place);
    unlock(&q->lock);
    sleep_at(place);
}

void qunlock(QLock* q) {
    lock(&q->lock);
    QLp* first = q->head;
    if (first != nil) {
        q->head = first->next;
    } else {
        q->locked = 0;
    }
    unlock(&q->lock);
    if (first != nil) call(first);
}

// Readers stand behind a writer who waits, or it would wait for ever.
int canrlock(RWLock* l) {
    lock(&l->lock);
    const int mine = !l->writer && l->head == nil;
    l->readers += mine;
    unlock(&l->lock);
    return mine;
}

static void wait_for(RWLock* l, int reads) {
    QLp* place = new_place(reads);
    append(&l->head, &l->tail, place);
    unlock(&l->lock);
    sleep_at(place);
}

void rlock(RWLock* l) {
    lock(&l->lock);
    if (!l->writer && l->head == nil) {
        ++l->readers;
        unlock(&l->lock);
        return;
    }
    wait_for(l, 1);
}

int canwlock(RWLock* l) {
    lock(&l->lock);
    const int mine = !l->writer && l->readers == 0;
    l->writer |= mine;
    unlock(&l->lock);
    return mine;
}

void wlock(RWLock* l) {
    lock(&l->lock);
    if (!l->writer && l->readers == 0) {
        l->writer = 1;
        unlock(&l->lock);
        return;
    }
    wait_for(l, 0);
}

// Nobody writes: the first who waits may, or all readers before the next writer. Unlocks.
static void let_in(RWLock* l) {
    QLp* in = nil;
    QLp* last = nil;
    while (l->head != nil && !l->writer && (l->head->reads || l->readers == 0)) {
        QLp* place = l->head;
        l->head = place->next;
        place->next = nil;
        append(&in, &last, place);
        if (place->reads) {
            ++l->readers;
        } else {
            l->writer = 1;
        }
    }
    unlock(&l->lock);
    while (in != nil) {
        QLp* place = in;
        in = place->next;
        call(place);
    }
}

void runlock(RWLock* l) {
    lock(&l->lock);
    --l->readers;
    let_in(l);
}

void wunlock(RWLock* l) {
    lock(&l->lock);
    l->writer = 0;
    let_in(l);
}

// Who sleeps at a Rendez is woken into the queue of its lock, which the waker holds.
void rsleep(Rendez* r) {
    QLp* place = new_place(0);
    append(&r->head, &r->tail, place);
    qunlock(r->l);
    sleep_at(place);
}

int rwakeup(Rendez* r) {
    QLp* place = r->head;
    if (place == nil) return 0;
    r->head = place->next;
    place->next = nil;
    lock(&r->l->lock);
    append(&r->l->head, &r->l->tail, place);
    unlock(&r->l->lock);
    return 1;
}

int rwakeupall(Rendez* r) {
    int count = 0;
    while (rwakeup(r)) ++count;
    return count;
}
