// Ours beside libfdt: what the device tree reader of the kernel and the reference reader say about
// the same bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace boot::test {

/// What came of a comparison.
struct Comparison {
    bool ours = false;         // our reader accepts the blob
    bool theirs = false;       // fdt_check_full() does
    std::string disagreement;  // empty: they agree, or differ on purpose
};

/// Gives `blob` to both readers. They must agree on whether it is a tree, and for a tree on every
/// answer: nodes with names and depths, properties with names and bytes, reservations, phandles,
/// cell counts, lists of texts, and where paths and aliases lead.
///
/// They part on purpose in this, and nothing else:
///  - version 17 and what is compatible with it is read by ours; libfdt reads 2 to 16 as well, but
///    version 1.6 of it may crash below 16 and is not asked;
///  - depth and size are limited in ours (kFdtMaxDepth, kFdtMaxSize);
///  - a root, and properties only in it, is what ours wants; libfdt's check passes a tree without,
///    of which it then answers nothing;
///  - no-ops outside the root are not expected by libfdt 1.6, which is given the tree without them;
///  - lengths near 2^31 are refused by ours; libfdt 1.6 adds them up in an int, may go in circles,
///    and is not asked;
///  - an alias of an alias leads nowhere in ours; libfdt follows it, in circles if it is one;
///  - no address cells (`#address-cells = <0>`) are an error to libfdt, but are what every
///  interrupt
///    controller states.
Comparison compare_with_libfdt(std::span<const std::byte> blob);

}  // namespace boot::test
