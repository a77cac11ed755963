// Job: making one in the parent, running it in the child.
#include "shell/rc/job.h"

#include "shell/rc/evaluator.h"
#include "shell/rc/interpreter.h"

namespace kernel::shell::rc {

Result<Owned<Job>> Job::create(const Evaluator& shell, Kind kind, Ref<Program> program,
                               const Node* node) {
    Memory& memory = shell.environment().memory();
    Owned<Job> job(memory, make<Job>(memory, memory));
    if (!job) return Error::kNoMemory;
    TRY(shell.environment().copy_to(job->environment_));
    job->program_ = std::move(program);
    job->node_ = node;
    job->kind_ = kind;
    job->flags_ = shell.flags();
    job->status_.assign(shell.status());
    return job;
}

Result<Owned<Job>> Job::create_writer(Memory& memory, Ref<Word> text) {
    Owned<Job> job(memory, make<Job>(memory, memory));
    if (!job) return Error::kNoMemory;
    job->text_ = std::move(text);
    return job;
}

/// A job that could not begin says why, as a command that fails does.
void Job::complain(Host& host, Error error) {
    constexpr Fd kDiagnostics = 2;
    Output output(host);
    output.attach(kDiagnostics);
    format_to(output, "rc: {}\n",
              error == Error::kNoMemory ? std::string_view("out of memory") : error_text(error));
    (void)output.flush();  // ignored: there is nowhere else to say it
}

void Job::run(Host& host, StatusText& status) {
    status.clear();
    if (text_) {
        Output output(host);
        output.attach(1);
        output.write(text_->text());
        (void)output.flush();  // ignored: who did not want it all is not told
        return;
    }
    const Result<void> done = evaluate(host, status);
    if (done.ok()) return;
    status.assign(error_text(done.error()));
    complain(host, done.error());
}

Result<void> Job::evaluate(Host& host, StatusText& status) {
    const Owned<Interpreter> shell = TRY(Interpreter::create_bare(host));
    Evaluator& evaluator = shell->evaluator();
    evaluator.environment().take(environment_);
    evaluator.set_flags(flags_);
    evaluator.set_status(status_);
    evaluator.run_as_job(std::move(program_), node_);
    status.assign(evaluator.status());
    return {};
}

std::string_view Job::describe(std::span<char> buffer) const {
    BufferSink sink(buffer);
    if (text_) {
        sink.write("rc: here document");
    } else if (!put_node(environment_.memory(), sink, *node_).ok()) {
        return "rc";
    }
    return cut_at_rune(sink.text(), buffer.size());
}

}  // namespace kernel::shell::rc
