"""Commands for gdb on a live Procyon: procs, runq, locks. They read memory only; nothing in the kernel runs for them.

tools/qemu-run.sh --gdb prints a command line that loads this file. The kernel must be built with type information.
"""

import gdb

# What there is for each hart is one large array.
gdb.execute("set max-value-size unlimited")


class Unreadable(gdb.GdbError):
    """What is wrong, as one sentence."""


def lookup(name):
    """A global of the kernel, those of unnamed namespaces included."""
    try:
        # An image that was optimised as one names some in several parts, of which one says where they are.
        for symbol in gdb.lookup_static_symbols(name):
            if symbol.value().address is not None:
                return symbol.value()
        return gdb.parse_and_eval(f"'{name}'")
    except gdb.error:
        raise Unreadable(f"there is no {name} in {gdb.current_progspace().filename}") from None


def kernel_type(name):
    try:
        return gdb.lookup_type(name)
    except gdb.error:
        raise Unreadable("this kernel was built without type information (-g)") from None


def atomic(value):
    """What a kernel::Atomic holds."""
    inner = value["value_"]
    for fields in (("_M_i",), ("_M_b", "_M_p")):
        try:
            for field in fields:
                inner = inner[field]
            return inner
        except gdb.error:
            continue
    raise Unreadable(f"cannot look into {value.type}")


def late(value):
    """The object in a kernel::Late<T>."""
    return value["bytes_"].address.cast(value.type.strip_typedefs().template_argument(0).pointer()).dereference()


def elements(array):
    """The elements of a std::array."""
    items = array["_M_elems"]
    low, high = items.type.strip_typedefs().range()
    return [items[index] for index in range(low, high + 1)]


def text(fixed):
    """A kernel::FixedString."""
    size = int(fixed["size_"])
    return bytes(int(byte) & 0xFF for byte in elements(fixed["bytes_"])[:size]).decode(errors="replace")


def word(enum_type, number):
    """The enumerator of `number` without its k."""
    for field in kernel_type(enum_type).fields():
        if field.enumval == number:
            return field.name.rpartition("::")[2].removeprefix("k")
    return str(number)


def linked(head, hook):
    """The elements of an intrusive list, which `hook` links. Ends even if the list is being changed."""
    at, limit = head, 100_000
    while int(at) and limit:
        yield at.dereference()
        at, limit = at.dereference()[hook]["next_"], limit - 1


def place(address):
    """An address as function+offset."""
    return gdb.execute(f"info symbol {int(address):#x}", to_string=True).partition(" in section")[0].strip().replace(" + ", "+")


def harts():
    """(index, HartState, HartBlock) of every hart that is up."""
    states = elements(lookup("kernel::sched::detail::(anonymous namespace)::harts")["slots_"])
    blocks = elements(lookup("arch::riscv64::hart_blocks"))
    for index, block in enumerate(blocks):
        if int(atomic(block["online"])):
            yield index, late(states[index]["value"]), block


def processes():
    """Every process in the table."""
    table = late(lookup("kernel::proc::(anonymous namespace)::the_table"))
    directory = table["directory_"]["_M_ptr"]
    for slot in range(int(atomic(table["slots_"]))):
        if int(directory[slot]):
            proc = directory[slot].dereference()
            if word("kernel::proc::ProcState", int(atomic(proc["state_"]))) != "Free":
                yield proc


def task_word(task):
    return word("kernel::sched::TaskState", int(atomic(task["state_"])))


def priority(task):
    """The effective and the base priority."""
    packed = int(atomic(task["priorities_"]))
    return f"{packed >> 8 & 0xFF}/{packed & 0xFF}"


def wait_reason(task):
    reason = atomic(task["wait_reason_"])
    return reason.string(errors="replace") if int(reason) else ""


class Command(gdb.Command):
    """A command that looks through the eyes of a hart that has the kernel's map: one in firmware sees other memory."""

    def __init__(self):
        super().__init__(self.NAME, gdb.COMMAND_DATA)
        self.__doc__ = self.__class__.__doc__

    def invoke(self, _argument, _from_tty):
        chosen = gdb.selected_thread()
        if chosen is None:
            raise Unreadable("there is no machine: attach to one first")
        frame = gdb.selected_frame()
        kernel_type("kernel::sched::Task")  # asked first: without types, names are not found either
        try:
            self.choose_hart(chosen)
            self.show()
        finally:
            chosen.switch()
            frame.select()

    @staticmethod
    def choose_hart(chosen):
        known = int(gdb.parse_and_eval("(unsigned long)&'arch::riscv64::hart_blocks'"))
        for thread in [chosen, *gdb.selected_inferior().threads()]:
            thread.switch()
            try:
                gdb.selected_inferior().read_memory(known, 8)
                return
            except gdb.MemoryError:
                continue
        raise Unreadable("no hart has the kernel mapped now: it is booting, or all are in firmware; continue and stop again")


class Procs(Command):
    """List the processes: number, life, what the task does, hart, priority/base, switches, name, and what it waits for."""

    NAME = "procs"

    def show(self):
        print(f"{'pid':>7} {'slot':>5} {'life':<8}{'task':<12}{'hart':>4} {'pri':>6} {'switches':>9}  {'name':<16} waits for")
        for proc in sorted(processes(), key=lambda proc: int(atomic(proc["pid_"]))):
            task = proc["task_"]
            print(f"{int(atomic(proc['pid_'])):>7} {int(proc['slot_']):>5} "
                  f"{word('kernel::proc::ProcState', int(atomic(proc['state_']))):<8}{task_word(task):<12}"
                  f"{int(atomic(task['hart_'])):>4} {priority(task):>6} {int(atomic(task['switches_'])):>9}  "
                  f"{text(proc['attributes_']['text']):<16} {wait_reason(task)}".rstrip())


class RunQueues(Command):
    """List what each hart runs and, best priority first, the tasks that wait for it."""

    NAME = "runq"

    def show(self):
        for index, hart, block in harts():
            running = atomic(hart["running"])
            if not int(running):
                what = "is not in the scheduler yet"
            elif int(running) == int(hart["idle"].address):
                what = "idle"
            else:
                what = f"runs {text(running.dereference()['name_'])} ({task_word(running.dereference())})"
            queue = hart["queue"]
            print(f"hart {index} (hardware id {int(block['hardware_id'])}): {what}; {int(atomic(queue['ready_']))} ready")
            for level, tasks in reversed(list(enumerate(elements(queue["lists_"])))):
                names = [text(task["name_"]) for task in linked(tasks["head_"], "queue_hook_")]
                if names:
                    print(f"    priority {level:>2}: {' '.join(names)}")


def spin_locks(hart):
    """The HeldLocks of a hart, room included; nothing in release builds, which count them only."""
    try:
        listed = elements(lookup("kernel::sync::detail::held_locks")["slots_"])[hart]["value"]
    except Unreadable:
        return []
    return elements(listed) if listed.type.sizeof >= 16 else []


class Locks(Command):
    """List the spin locks each hart holds, with rank and who took them, and the processes that hold or want sleeping locks."""

    NAME = "locks"

    def show(self):
        for index, _, block in harts():
            count = int(block["spin_locks_held"])
            print(f"hart {index}: {count} spin lock{'s' * (count != 1)}")
            for lock in spin_locks(index)[:count]:
                rank = word("kernel::sync::LockRank", int(lock["lock"].dereference()["rank_"]))
                print(f"    {rank} at {int(lock['lock']):#x}, taken by {place(lock['taker']['value'])}")
        for proc in processes():
            task = proc["task_"]
            ranks = [word("kernel::sync::LockRank", int(rank))
                     for rank in elements(task["sleep_locks_"])[: int(task["sleep_lock_count_"])]]
            wants = task_word(task).startswith("Queueing")
            if ranks or wants:
                print(f"process {int(atomic(proc['pid_']))} {text(proc['attributes_']['text'])}: "
                      f"holds {', '.join(ranks) or 'none'}{', waits for one more' * wants}")


for command in (Procs, RunQueues, Locks):
    command()
