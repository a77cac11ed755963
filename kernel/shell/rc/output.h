// Output: text on its way to a descriptor, gathered into larger writes.
#pragma once

#include "base/format.h"
#include "base/result.h"
#include "base/std.h"
#include "shell/rc/host.h"

namespace kernel::shell::rc {

/// A buffered writer. After the first write that failed everything else is dropped until the next
/// attach().
class Output final : public Sink, Pinned {
public:
    explicit Output(Host& host) : host_(host) {}

    /// Directs what follows to `fd`; kNoFd drops it with kBadFd.
    void attach(Fd fd);
    void write(std::string_view text) override;
    /// Whether a write since attach() has failed.
    bool failed() const { return !outcome_.ok(); }
    /// Writes out what is gathered. Fails with the first error since attach().
    Result<void> flush();

private:
    Result<void> write_all(std::string_view text);

    Host& host_;
    Fd fd_ = kNoFd;
    Result<void> outcome_;
    usize filled_ = 0;
    std::array<char, 512> buffer_;
};

}  // namespace kernel::shell::rc
