// What is to be seen besides registers and memory.
#include "../debug/stack.h"
#include "db.h"

void stack_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    if (print_stack(current()->pid) < 0) complain("stack: %r");
}

void sym_command(int argc, char* argv[]) {
    USED(argc);
    uvlong at;
    if (!get_value(argv[1], &at)) return;
    const char* const name = place_name(at);
    if (name[0] == '\0') return complain("no symbol at 0x%llux", at);
    print("0x%llux %s\n", at, name);
}

void addr_command(int argc, char* argv[]) {
    USED(argc);
    const Symbol* it = find_symbol(argv[1], 0);
    if (it == nil) return complain("no symbol %q", argv[1]);
    for (int i = 0; it != nil; it = find_symbol(argv[1], ++i)) {
        print("0x%llux %s, %llud bytes\n", it->at, it->name, it->size);
    }
}

/* Reading takes them, so they are put back; it meets them in the same order. */
void notes_command(int argc, char* argv[]) {
    enum { kMostNotes = 5 };
    USED(argc);
    USED(argv);
    const Thread* const thread = current();
    char notes[kMostNotes][ERRMAX];
    int count = 0;
    if (thread->note[0] != '\0') print("%q stopped it\n", thread->note);
    while (count < kMostNotes) {
        const long size = read_file(thread->pid, "note", notes[count], ERRMAX - 1, 0);
        if (size < 0) return complain("notes: %r");
        if (size == 0) break;
        notes[count++][size] = '\0';
    }
    for (int i = 0; i < count; ++i) {
        print("%q\n", notes[i]);
        if (write_file(thread->pid, "note", notes[i], strlen(notes[i]), 0) < 0) {
            complain("can't put %q back: %r", notes[i]);
        }
    }
    if (count == 0 && thread->note[0] == '\0') print("no notes\n");
}

void drop_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    Thread* const thread = current();
    if (thread->note[0] == '\0') return complain("no note stopped it");
    thread->note[0] = '\0';
}

void threads_command(int argc, char* argv[]) {
    ulong pid;
    if (argc > 1) {
        if (!get_count(argv[1], 0x7fffffff, &pid)) return;
        if (find_thread(pid) == nil) return complain("%s shares no data with it", argv[1]);
        choose(pid);
    }
    for (int i = 0; i < thread_count; ++i) {
        print("%s%d ", &threads[i] == current() ? "*" : " ", threads[i].pid);
        print_here(&threads[i]);
    }
}

static void print_file(const char* file) {
    static char text[16384];
    if (read_text(current()->pid, file, text, sizeof text) < 0) return complain("%s: %r", file);
    print("%s", text);
}

void maps_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    print_file("maps");
}
void segments_command(int argc, char* argv[]) {
    USED(argc);
    USED(argv);
    print_file("segment");
}
