// Going on, and stopping.
#include <procyon.h>

#include "events.h"
#include "parts.h"

char trouble[ERRMAX];

static int post(int pid, const char* note) {
    const long size = strlen(note);
    return write_file(pid, "note", note, size, 0) == size ? 0 : -1;
}

int resume(Thread* thread, const char* note, int steps) {
    thread->steps = steps;
    thread->step_count = 0;
    if (thread->broken) {
        thread->gone = 1;
        return control(thread->pid, "kill");
    }
    if (note != nil && post(thread->pid, note) < 0) return -1;
    thread->running = 1;
    thread->note[0] = '\0';
    thread->reason = kNoReason;
    thread->waiter = -1; /* begin_waiting() */
    return 0;
}

static void wait_for(void* argument) {
    const int pid = *(int*)argument;
    (void)control(pid, "startstop"); /* it stopped, or is no more */
    send_event((Event){.kind = 's', .pid = pid});
}

/* After each that goes on was resumed: there is an event when one stops. */
static int begin_waiting(void) {
    uvlong registers[kRegisters];
    drop_gone();
    for (int i = 0; i < thread_count; ++i) {
        Thread* it = &threads[i];
        if (it->waiter >= 0) continue;
        if (insert_all(it) < 0) return -1;
        if (!it->steps) continue;
        if (read_registers(it->pid, registers) < 0) return -1;
        it->step_count = places_after(it->pid, registers, it->step_at, nelem(it->step_at));
        for (int k = 0; k < it->step_count; ++k) {
            insert(it, it->step_at[k], 2); /* where nothing is, going there faults */
        }
    }
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].waiter >= 0) continue;
        const int pid = fork_sender(wait_for, &threads[i].pid);
        threads[i].waiter = pid < 0 ? 0 : pid;
    }
    return 0;
}

/* Waits for the end of a child: a waiter, or the first process. -1: there is none, or a note came.
 */
static int reap(void) {
    Waitmsg* message = wait();
    if (message == nil) return -1;
    for (int i = 0; i < thread_count; ++i) {
        if (threads[i].waiter == message->pid) threads[i].waiter = 0;
    }
    if (is_child && message->pid == first_pid) end_status = estrdup(message->msg);
    free(message);
    return 0;
}

void wait_for_end(void) {
    while (is_child && end_status == nil && reap() == 0) continue;
}

/* Its waiter goes; it is stopped, or has ended. */
static void stop_one(Thread* thread) {
    if (thread->waiter > 0) postnote(PNPROC, thread->waiter, "kill");
    while (thread->waiter > 0 && (reap() == 0 || was_interrupted())) continue;
    thread->waiter = 0;
    if (stop_process(thread->pid) < 0 && !is_there(thread->pid)) thread->gone = 1;
    thread->broken = !thread->gone && strcmp(state_of(thread->pid), "Broken") == 0;
}

/* Stops the others when `pid` has stopped by itself or ended (0: none, all are to stop), and finds
 * new ones. Who tells why is the thread returned; nil: there was nothing to tell. */
static Thread* all_stop(int pid) {
    for (int i = 0; i < thread_count; ++i) stop_one(&threads[i]);
    drop_gone();
    drop_strangers();
    take_in_new();
    Thread* told = find_reasons(pid);
    take_out_all();
    if (pid == 0 && told == nil && thread_count > 0) {
        told = &threads[0];
        told->reason = kAsked;
    }
    for (int i = 0; i < thread_count && told != nil; ++i) threads[i].running = threads[i].steps = 0;
    return told;
}

Thread* run(int (*is_asked)(void)) {
    trouble[0] = '\0';
    for (;;) {
        Event event = {.kind = 's'};
        int asked = is_asked();
        if (begin_waiting() < 0) {
            rerrstr(trouble, sizeof trouble);
            asked = 1;
        }
        if (thread_count == 0) return nil;
        while (!asked) {
            event = next_event();
            asked = is_asked();
            if (event.kind == 't' && (event.pid = find_stopped()) != 0) event.kind = 's';
            if (event.kind == 's') break;
        }
        Thread* const told = all_stop(asked ? 0 : event.pid);
        forget_events();
        if (told != nil || thread_count == 0) return told;
        for (int i = 0; i < thread_count; ++i) {
            if (threads[i].running) resume(&threads[i], nil, threads[i].steps);
        }
    }
}

void let_go(void) {
    for (int i = 0; i < kPoints; ++i) points[i].type = 0;
    for (int i = 0; i < thread_count; ++i) {
        Thread* it = &threads[i];
        empty_watchpt(it->pid);
        if (!it->reported && it->note[0] != '\0') post(it->pid, it->note);
    }
}

void detach(void) {
    let_go();
    for (int i = 0; i < thread_count; ++i) control(threads[i].pid, "start");
}

void kill_all(void) {
    for (int i = 0; i < thread_count; ++i) control(threads[i].pid, "kill");
}
