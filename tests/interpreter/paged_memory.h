// PagedMemory: a UserEnvironment of the test's own: pages at addresses it says, with permissions.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "base/units.h"
#include "tests/host/interpreter/user_environment.h"

namespace interpreter_tests {

using host::interpreter::Attempt;
using host::interpreter::Counter;
using host::interpreter::Translation;
using kernel::u64;

/// What may be done with a page.
struct Permissions {
    bool load = false;
    bool store = false;
    bool execute = false;
};
inline constexpr Permissions kReadWrite{.load = true, .store = true};
inline constexpr Permissions kReadOnly{.load = true};
inline constexpr Permissions kExecuteOnly{.execute = true};
inline constexpr Permissions kEverything{.load = true, .store = true, .execute = true};

class PagedMemory final : public host::interpreter::UserEnvironment {
public:
    /// Maps the page at `page`, filled with zeros, or gives the one that is there other
    /// permissions.
    void map(u64 page, Permissions permissions);
    /// Takes a page away; what it held is lost.
    void unmap(u64 page) { pages_.erase(page); }
    /// Lets there be no memory behind the page at `page`, though it is mapped.
    void break_page(u64 page) { broken_ = page; }

    /// The host's byte behind a mapped address.
    std::byte* at(u64 address);
    /// Little-endian bytes at any address, across pages too.
    u64 peek(u64 address, unsigned size);
    void poke(u64 address, u64 value, unsigned size);
    void write_code(u64 address, const std::vector<kernel::u16>& code);

    Translation translate(kernel::VirtAddr address, Attempt attempt) override;
    std::optional<u64> counter(Counter counter, u64 retired) override;

    /// How often the interpreter asked.
    u64 translations() const { return translations_; }

    // What counters show; instret adds what the run retired.
    std::optional<u64> cycle;
    std::optional<u64> time;
    std::optional<u64> instret;

private:
    struct Page {
        Permissions permissions{};
        // Of words, so that it is aligned as pages are promised to be.
        std::vector<u64> words = std::vector<u64>(kernel::kPageSize / sizeof(u64));
    };
    std::map<u64, Page> pages_;
    std::optional<u64> broken_;
    u64 translations_ = 0;
};

}  // namespace interpreter_tests
