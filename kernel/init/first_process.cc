// The first process: sets up the name space, then runs the batch or keeps a shell running.
#include "init/first_process.h"

#include "base/assert.h"
#include "base/late.h"
#include "base/log.h"
#include "base/version.h"
#include "chan/caller.h"
#include "chan/env_group.h"
#include "chan/fd_group.h"
#include "chan/namespace.h"
#include "dev/console/console.h"
#include "init/batch.h"
#include "machine/boot_info.h"
#include "machine/clock.h"
#include "machine/user.h"
#include "proc/exec.h"
#include "proc/notes.h"
#include "proc/spawn.h"
#include "shell/session.h"
#include "syscall/call.h"
#include "syscall/calls.h"

namespace kernel::init {
namespace {

/// What the first process binds where. A failure leaves the name out and is logged.
struct Binding {
    std::string_view from;
    std::string_view onto;
    u32 flags;
};
constexpr Binding kBindings[] = {
    {"#c", "/dev", chan::kMAfter},
    {"#d", "/fd", chan::kMRepl},
    {"#e", "/env", chan::kMRepl | chan::kMCreate},
    {"#p", "/proc", chan::kMRepl},
    {"#s", "/srv", chan::kMRepl | chan::kMCreate},
};

/// What Ctrl-C does.
void interrupt_foreground(u32 pid) {
    // ignored: the shell may have just ended; there is nobody to interrupt then
    (void)proc::post_to_group_of(pid, "interrupt");
}

/// Who asks for the root while there is no process yet; devices only look at who it is.
constinit Late<chan::Caller> nobody;  // boot only

void set_up_names() {
    for (const Binding& binding : kBindings) {
        const Result<u64> bound = syscall::bind(binding.from, binding.onto, binding.flags);
        if (!bound.ok()) {
            klog("init: bind {} {}: {}", binding.from, binding.onto,
                 syscall::error_string(bound.error()).view());
        }
    }
}

/// Descriptors 0, 1 and 2.
void open_console() {
    constexpr chan::OpenMode kModes[] = {chan::kORead, chan::kOWrite, chan::kOWrite};
    for (const chan::OpenMode mode : kModes) {
        const Result<i32> fd = syscall::open("/dev/cons", mode);
        if (!fd.ok()) {
            PANIC("init: /dev/cons: {}", syscall::error_string(fd.error()).view());
        }
    }
}

void put_banner() {
    std::array<char, 200> text;
    const std::string_view banner =
        format_into(text,
                    "\nProcyon {}, a kernel of processes.\n"
                    "Try   cat /proc/1/status   ps   tour   ... or help for the commands.\n\n",
                    version());
    (void)syscall::write(1, as_bytes(banner));  // ignored: a console that fails has been reported
}

/// Keeps a shell on the console, and reaps whatever children come to this process.
[[noreturn]] void keep_shell() {
    for (;;) {  // intended: the first process never ends
        const Result<proc::ProcId> shell = shell::start_interactive_process();
        if (!shell.ok()) {
            klog("init: no shell: {}; trying again", syscall::error_string(shell.error()).view());
            (void)syscall::sleep(nanos_from_seconds(1));  // ignored: a note only shortens it
            continue;
        }
        dev::console().set_foreground(shell.value().pid);
        for (;;) {  // ends with the shell
            const Result<proc::WaitRecord> ended = syscall::wait();
            if (!ended.ok() && ended.error() == Error::kNoLivingChildren) break;
            if (!ended.ok() || ended.value().id != shell.value()) continue;
            const std::string_view message = ended.value().message.view();
            klog("init: the shell ended{}{}; starting another", message.empty() ? "" : ": ",
                 message);
            break;
        }
    }
}

/// Makes the first process the program `path`, which then does what is done here otherwise; a
/// batch's commands are its child's, which finds it made. Returns, after saying why, if `path` cannot
/// be executed.
void become_program(std::string_view path) {
    Result<proc::PreparedProgram> program =
        syscall::call("Exec", [path](chan::Caller&) -> Result<proc::PreparedProgram> {
            proc::Arguments arguments;
            TRY(arguments.add(path));
            return proc::PreparedProgram::prepare(path, std::move(arguments));
        });
    if (!program.ok()) {
        klog("init: {}: {}", path, syscall::error_string(program.error()).view());
        return;
    }
    proc::PreparedProgram::install(std::move(program).value());
    if (is_batch()) {
        const Result<proc::ProcId> batch =
            proc::spawn({.name = "batch", .args = "batch", .body = [](void*) { run_batch(); }});
        if (!batch.ok()) PANIC("init: no batch: {}", syscall::error_string(batch.error()).view());
    }
    machine::enter_user();
}

void first_process_main(void*) {
    // A note to the first process must not end it: it would take the machine with it.
    proc::set_note_handler([](void*, const proc::Note&) { return proc::NoteAnswer::kHandled; },
                           nullptr);
    set_up_names();
    open_console();
    dev::console().set_interrupt_target(interrupt_foreground);
    const Nanos entered = machine::boot_info().entered;
    klog("init: up {} us after kernel entry at {} us", (machine::now() - entered).value / 1000,
         entered.value / 1000);
    const std::optional<std::string_view> program = machine::boot_arg("init");
    if (program.has_value() && !program->empty()) become_program(*program);
    if (is_batch()) run_batch();
    put_banner();
    keep_shell();
}

/// The first process's groups. Errors: kNoMemory, and of attaching `#/`.
Result<proc::FirstProcess> first_groups() {
    chan::Dev* root = chan::find_device("/");
    ASSERT(root != nullptr);
    const Ref<chan::Chan> slash = TRY(root->attach(nobody.make(), ""));
    proc::FirstProcess first;
    first.name = "init";
    first.args = "init";
    first.body = first_process_main;
    first.names = TRY(chan::Namespace::create(slash));
    first.fds = TRY(chan::FdGroup::create());
    first.environment = TRY(chan::EnvGroup::create());
    first.dot = slash;
    return first;
}

}  // namespace

void make_first_process() {
    Result<proc::FirstProcess> first = first_groups();
    if (!first.ok()) PANIC("no first process: {}", first.error());
    const Result<proc::ProcId> made = proc::spawn_first(std::move(first).value());
    if (!made.ok()) PANIC("no first process: {}", made.error());
}

}  // namespace kernel::init
