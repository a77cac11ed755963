// The builtins of the in-kernel shell: one function per command; builtin_table.cc names and
// documents them.
#pragma once

#include "base/result.h"
#include "shell/rc/builtin.h"

namespace kernel::shell::builtins {

using rc::Call;

// files.cc
Result<void> cat(Call& call);
Result<void> echo(Call& call);
Result<void> xd(Call& call);
Result<void> wc(Call& call);
Result<void> rm(Call& call);
Result<void> mkdir(Call& call);
Result<void> test(Call& call);
Result<void> pwd(Call& call);

// page.cc
Result<void> page(Call& call);

// list.cc
Result<void> ls(Call& call);

// names.cc
Result<void> bind(Call& call);
Result<void> unmount(Call& call);
Result<void> ns(Call& call);

// processes.cc
Result<void> ps(Call& call);
Result<void> kill(Call& call);
Result<void> slay(Call& call);
Result<void> broke(Call& call);
Result<void> start(Call& call);
Result<void> stop(Call& call);

// load.cc
Result<void> spin(Call& call);
Result<void> kprocs(Call& call);

// system.cc
Result<void> date(Call& call);
Result<void> halt(Call& call);
Result<void> reboot(Call& call);
Result<void> sleep(Call& call);
Result<void> time(Call& call);
Result<void> succeed(Call& call);
Result<void> fail(Call& call);

// crash.cc
Result<void> crash(Call& call);

}  // namespace kernel::shell::builtins
