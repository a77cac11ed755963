// Address spaces without a program in them: what segments show, forks, sharing, and running out of
// memory.
#include "mm/address_space.h"

#include <gtest/gtest.h>

#include <string>

#include "machine/boot_info.h"
#include "machine/memory.h"
#include "mm/failure.h"
#include "mm/frames.h"
#include "mm/memory.h"
#include "mm/user_pages.h"
#include "tests/fixture/kernel_fixture.h"

namespace kernel::mm {
namespace {

using machine::UserAccess;
using machine::UserAttempt;
using OnExec = AddressSpace::OnExec;

constexpr VirtAddr kBase{0x10000};
constexpr VirtAddr kHigh{0x4000'0000};

/// Runs `body` as a task; afterwards as many pages are in use as before.
void run(const std::function<void()>& body) {
    fixture::run(
        {.harts = 1, .memory = 32 * kMiB, .boot = [] { initialize(machine::boot_info()); }},
        [&body] {
            // What the first space leaves behind are slabs, which do not count.
            const u64 before = page_counts().in_use();
            body();
            EXPECT_EQ(page_counts().in_use(), before);
        });
}

Segment zeroes(VirtAddr start, u64 pages, SegmentKind kind = SegmentKind::kBss) {
    return {.start = start,
            .end = start + pages * kPageSize,
            .kind = kind,
            .access = UserAccess::kReadWrite};
}

Ref<AddressSpace> make(std::initializer_list<Segment> segments) {
    Ref<AddressSpace> space = AddressSpace::create().value();
    for (const Segment& segment : segments) EXPECT_TRUE(space->add(segment).ok());
    return space;
}

void put(AddressSpace& space, VirtAddr at, std::string_view text) {
    ASSERT_TRUE(space.put(at, as_bytes(text)).ok());
}

std::string get(AddressSpace& space, VirtAddr at, usize size) {
    std::string text(size, '?');
    const Result<void> got = space.get(std::as_writable_bytes(std::span(text)), at);
    return got.ok() ? text : std::string(error_text(got.error()));
}

/// A file of three pages in memory that can be mapped: page n is full of 'a' + n.
class File {
public:
    File() : pages_(OwnedPages::create(3, PageFill::kZero).value()) {
        for (usize i = 0; i < pages_.bytes().size(); ++i) {
            pages_.bytes()[i] = static_cast<std::byte>('a' + i / kPageSize);
        }
    }
    Ref<Image> image(usize size = 3 * kPageSize) {
        return Image::of(ConstBytes(pages_.bytes()).first(size)).value();
    }
    PhysAddr page(u64 index) const { return pages_.physical() + index * kPageSize; }

private:
    OwnedPages pages_;
};

Segment showing(Ref<Image> image, u64 size, UserAccess access) {
    return {.start = kBase,
            .end = kBase + align_up(size, kPageSize),
            .kind = access == UserAccess::kReadWrite ? SegmentKind::kData : SegmentKind::kText,
            .access = access,
            .image = std::move(image),
            .data_start = kBase,
            .data_size = size};
}

TEST(AddressSpace, ShowsZeroesUntilTheyAreWritten) {
    run([] {
        const Ref<AddressSpace> space = make({zeroes(kBase, 4)});
        EXPECT_EQ(get(*space, kBase, 2), std::string(2, '\0'));
        EXPECT_EQ(space->tables().find(kBase), zero_page());
        put(*space, kBase + kPageSize - 1, "xy");
        EXPECT_EQ(get(*space, kBase + kPageSize - 2, 4), std::string("\0xy\0", 4));
        EXPECT_NE(space->tables().find(kBase), zero_page());
    });
}

TEST(AddressSpace, NothingIsOutsideOfSegments) {
    run([] {
        const Ref<AddressSpace> space = make({zeroes(kBase, 1), zeroes(kBase + 2 * kPageSize, 1)});
        EXPECT_EQ(get(*space, kBase - 1, 1), "bad arg in system call");
        EXPECT_EQ(get(*space, kBase + kPageSize - 1, 2), "bad arg in system call");
        EXPECT_EQ(get(*space, {machine::kUserEnd - 1}, 2), "bad arg in system call");
        EXPECT_EQ(get(*space, {~u64{0}}, 2), "bad arg in system call");
        EXPECT_EQ(space->fault(kBase + kPageSize, UserAttempt::kLoad).error(), Error::kBadArg);
        EXPECT_EQ(space->fault({~u64{0} - 5}, UserAttempt::kStore).error(), Error::kBadArg);
        EXPECT_EQ(space->fault(kBase, UserAttempt::kExecute).error(), Error::kBadArg);
        EXPECT_TRUE(space->allows(kBase, kPageSize, UserAttempt::kStore));
        EXPECT_FALSE(space->allows(kBase, kPageSize + 1, UserAttempt::kStore));
        EXPECT_FALSE(space->allows(kBase, kPageSize, UserAttempt::kExecute));
        EXPECT_FALSE(space->allows(kBase, ~u64{0}, UserAttempt::kLoad));
        EXPECT_TRUE(space->allows({0}, 0, UserAttempt::kStore));
    });
}

TEST(AddressSpace, SegmentsMustNotOverlapNorBeTooMany) {
    run([] {
        const Ref<AddressSpace> space = make({zeroes(kBase, 2), zeroes(kBase + 8 * kPageSize, 2)});
        for (const u64 page : {0, 1, 7, 8, 9}) {
            EXPECT_EQ(space->add(zeroes(kBase + page * kPageSize, 2)).error(),
                      Error::kSegmentsOverlap)
                << page;
        }
        EXPECT_EQ(space->add(zeroes({machine::kUserEnd - kPageSize}, 2)).error(), Error::kBadArg);
        Segment odd = zeroes(kBase + 2 * kPageSize, 1);
        odd.end = odd.end + 1;
        EXPECT_EQ(space->add(odd).error(), Error::kBadArg);
        for (usize i = 2; i < AddressSpace::kSegmentsMax; ++i) {
            EXPECT_TRUE(space->add(zeroes(kHigh + i * kPageSize, 1)).ok());
        }
        EXPECT_EQ(space->add(zeroes(kHigh + 100 * kPageSize, 1)).error(), Error::kNoVirtualMemory);
    });
}

TEST(AddressSpace, TextIsShownWhereItLies) {
    run([] {
        File file;
        const Ref<AddressSpace> space =
            make({showing(file.image(), 3 * kPageSize, UserAccess::kReadExecute)});
        EXPECT_TRUE(space->fault(kBase + kPageSize, UserAttempt::kExecute).ok());
        EXPECT_EQ(space->tables().find(kBase + kPageSize), file.page(1));
        EXPECT_EQ(get(*space, kBase + kPageSize - 1, 2), "ab");
        EXPECT_EQ(space->fault(kBase, UserAttempt::kStore).error(), Error::kBadArg);
    });
}

TEST(AddressSpace, WhatTheFileDoesNotFillIsCopiedAndZeroBehind) {
    run([] {
        File file;
        const usize size = kPageSize + 3;
        const Ref<AddressSpace> space = make({showing(file.image(size), size, UserAccess::kRead)});
        EXPECT_EQ(space->tables().find(kBase), std::nullopt);
        EXPECT_EQ(get(*space, kBase + kPageSize, 5), std::string("bbb\0\0", 5));
        EXPECT_NE(space->tables().find(kBase + kPageSize), file.page(1));
    });
}

TEST(AddressSpace, DataIsTheFilesUntilItIsWritten) {
    run([] {
        File file;
        const Ref<AddressSpace> space =
            make({showing(file.image(), 3 * kPageSize, UserAccess::kReadWrite)});
        EXPECT_EQ(get(*space, kBase, 1), "a");
        EXPECT_EQ(space->tables().find(kBase), file.page(0));
        put(*space, kBase, "X");
        EXPECT_EQ(get(*space, kBase, 2), "Xa");
        EXPECT_NE(space->tables().find(kBase), file.page(0));
        // Written first: never the file's.
        put(*space, kBase + kPageSize, "Y");
        EXPECT_EQ(get(*space, kBase + kPageSize, 2), "Yb");
        EXPECT_EQ(get(*make({showing(file.image(), kPageSize, UserAccess::kRead)}), kBase, 1), "a");
    });
}

TEST(AddressSpace, AForkSeesWhatWasAndNotWhatComes) {
    run([] {
        File file;
        const Ref<AddressSpace> parent =
            make({showing(file.image(), kPageSize, UserAccess::kReadWrite), zeroes(kHigh, 4)});
        put(*parent, kHigh, "one");
        const Ref<AddressSpace> child = parent->fork(AddressSpace::Data::kCopied).value();
        EXPECT_EQ(get(*child, kHigh, 3), "one");
        put(*child, kHigh, "two");
        put(*child, kBase, "B");
        EXPECT_EQ(get(*parent, kHigh, 3), "one");
        EXPECT_EQ(get(*parent, kBase, 1), "a");
        put(*parent, kHigh + kPageSize, "late");
        EXPECT_EQ(get(*child, kHigh + kPageSize, 4), std::string(4, '\0'));
        const Ref<AddressSpace> grandchild = child->fork(AddressSpace::Data::kCopied).value();
        EXPECT_EQ(get(*grandchild, kHigh, 3), "two");
        EXPECT_EQ(get(*grandchild, kBase, 2), "Ba");
    });
}

TEST(AddressSpace, SharedDataIsOneAndTheStackIsNot) {
    run([] {
        File file;
        Segment stack = zeroes(kHigh, 2, SegmentKind::kStack);
        const Ref<AddressSpace> parent =
            make({showing(file.image(), 3 * kPageSize, UserAccess::kReadWrite),
                  zeroes(kBase + 3 * kPageSize, 2), stack});
        const VirtAddr bss = kBase + 3 * kPageSize;
        EXPECT_EQ(get(*parent, kBase, 1), "a");  // seen where it lies, before it is shared
        EXPECT_EQ(get(*parent, bss, 1), std::string(1, '\0'));
        put(*parent, kBase + kPageSize, "P");
        put(*parent, kHigh, "mine");
        const Ref<AddressSpace> child = parent->fork(AddressSpace::Data::kShared).value();
        put(*child, kBase, "C");
        EXPECT_EQ(get(*parent, kBase, 2), "Ca");
        put(*parent, kBase + kPageSize, "Q");
        EXPECT_EQ(get(*child, kBase + kPageSize, 2), "Qb");
        put(*child, bss, "bss");
        EXPECT_EQ(get(*parent, bss, 3), "bss");
        put(*child, kHigh, "hers");
        EXPECT_EQ(get(*parent, kHigh, 4), "mine");
        // A fork of the usual kind from either is on its own again.
        const Ref<AddressSpace> other = child->fork(AddressSpace::Data::kCopied).value();
        put(*other, kBase, "O");
        EXPECT_EQ(get(*parent, kBase, 1), "C");
        put(*parent, bss, "BSS");
        EXPECT_EQ(get(*other, bss, 3), "bss");
        EXPECT_EQ(get(*other, kBase + kPageSize, 2), "Qb");
        EXPECT_EQ(get(*other, kBase + 2 * kPageSize, 2), "cc");
    });
}

TEST(AddressSpace, DataThatAForkSawIsNotSharedWithIt) {
    run([] {
        const Ref<AddressSpace> parent = make({zeroes(kBase, 2)});
        put(*parent, kBase, "one");
        const Ref<AddressSpace> copy = parent->fork(AddressSpace::Data::kCopied).value();
        const Ref<AddressSpace> sharer = parent->fork(AddressSpace::Data::kShared).value();
        put(*sharer, kBase, "two");
        EXPECT_EQ(get(*parent, kBase, 3), "two");
        EXPECT_EQ(get(*copy, kBase, 3), "one");
    });
}

TEST(AddressSpace, WhatNobodySharesAnyMoreIsForkedWithoutACopy) {
    run([] {
        constexpr u64 kPages = 100;
        const Ref<AddressSpace> parent = make({zeroes(kBase, kPages)});
        {
            const Ref<AddressSpace> sharer = parent->fork(AddressSpace::Data::kShared).value();
            // Half of it the parent has never seen.
            for (u64 i = 0; i < kPages; ++i) {
                put(i % 2 == 0 ? *sharer : *parent, kBase + i * kPageSize, std::to_string(i));
            }
        }
        const u64 before = page_counts().in_use();
        const Ref<AddressSpace> copy = parent->fork(AddressSpace::Data::kCopied).value();
        EXPECT_LE(page_counts().in_use(), before + 1);  // a root
        put(*parent, kBase, "parent");
        put(*copy, kBase + kPageSize, "copy");
        EXPECT_EQ(get(*copy, kBase, 1), "0");
        EXPECT_EQ(get(*parent, kBase + kPageSize, 1), "1");
        for (u64 i = 2; i < kPages; ++i) {
            EXPECT_EQ(get(*parent, kBase + i * kPageSize, 3), get(*copy, kBase + i * kPageSize, 3));
            EXPECT_EQ(get(*copy, kBase + i * kPageSize, 2),
                      (std::to_string(i) + '\0').substr(0, 2));
        }
        // What was taken back can be shared again, and shrinks.
        const Ref<AddressSpace> sharer = parent->fork(AddressSpace::Data::kShared).value();
        put(*sharer, kBase, "sharer");
        EXPECT_EQ(get(*parent, kBase, 6), "sharer");
    });
}

TEST(AddressSpace, TheBssGrowsAndShrinks) {
    run([] {
        const Ref<AddressSpace> space =
            make({zeroes(kBase, 0), zeroes(kHigh, 1, SegmentKind::kStack)});
        EXPECT_EQ(space->fault(kBase, UserAttempt::kLoad).error(), Error::kBadArg);
        EXPECT_TRUE(space->resize_bss(kBase + kPageSize + 1).ok());
        put(*space, kBase + 2 * kPageSize - 1, "x");
        EXPECT_EQ(space->fault(kBase + 2 * kPageSize, UserAttempt::kLoad).error(), Error::kBadArg);
        EXPECT_TRUE(space->resize_bss(kBase + kPageSize).ok());
        EXPECT_EQ(space->fault(kBase + kPageSize, UserAttempt::kLoad).error(), Error::kBadArg);
        EXPECT_TRUE(space->resize_bss(kBase + 2 * kPageSize).ok());
        EXPECT_EQ(get(*space, kBase + 2 * kPageSize - 1, 1), std::string(1, '\0'));
        EXPECT_EQ(space->resize_bss(kBase - 1).error(), Error::kBadArg);
        EXPECT_EQ(space->resize_bss(kHigh + 1).error(), Error::kSegmentsOverlap);
        EXPECT_EQ(space->resize_bss({machine::kUserEnd + 1}).error(), Error::kBadArg);
    });
}

TEST(AddressSpace, ASharedBssGrowsForAllAndShrinksForNone) {
    run([] {
        const Ref<AddressSpace> parent = make({zeroes(kBase, 1)});
        const Ref<AddressSpace> child = parent->fork(AddressSpace::Data::kShared).value();
        EXPECT_TRUE(child->resize_bss(kBase + 9 * kPageSize).ok());
        put(*child, kBase + 8 * kPageSize, "grown");
        EXPECT_EQ(get(*parent, kBase + 8 * kPageSize, 5), "grown");
        EXPECT_EQ(parent->resize_bss(kBase + kPageSize).error(), Error::kInUse);
    });
}

TEST(AddressSpace, SegmentsAreAttachedAndDetached) {
    run([] {
        const Ref<AddressSpace> space = make({zeroes(kBase, 1)});
        const VirtAddr first =
            space->attach(SegmentKind::kMemory, {0}, 5000, UserAccess::kReadWrite, OnExec::kClosed)
                .value();
        EXPECT_EQ(first, AddressSpace::kAttachBase);
        const VirtAddr second =
            space->attach(SegmentKind::kShared, {0}, 1, UserAccess::kReadWrite, OnExec::kClosed)
                .value();
        EXPECT_EQ(second, first + 2 * kPageSize);
        put(*space, first, "memory");
        put(*space, second, "shared");
        const Ref<AddressSpace> child = space->fork(AddressSpace::Data::kCopied).value();
        put(*child, first, "MEMORY");
        put(*child, second, "SHARED");
        EXPECT_EQ(get(*space, first, 6), "memory");
        EXPECT_EQ(get(*space, second, 6), "SHARED");
        EXPECT_EQ(space->detach(kBase).error(), Error::kBadArg);
        EXPECT_EQ(space->detach(kHigh).error(), Error::kBadArg);
        EXPECT_TRUE(space->detach(second).ok());
        EXPECT_EQ(space->fault(second, UserAttempt::kLoad).error(), Error::kBadArg);
        EXPECT_EQ(get(*child, second, 6), "SHARED");
        EXPECT_EQ(space->attach(SegmentKind::kMemory, kBase, 1, UserAccess::kRead, OnExec::kClosed)
                      .error(),
                  Error::kSegmentsOverlap);
        EXPECT_EQ(
            space->attach(SegmentKind::kMemory, kBase + 1, 1, UserAccess::kRead, OnExec::kClosed)
                .error(),
            Error::kBadArg);
        EXPECT_EQ(
            space->attach(SegmentKind::kMemory, {0}, 0, UserAccess::kRead, OnExec::kClosed).error(),
            Error::kBadArg);
        EXPECT_EQ(space
                      ->attach(SegmentKind::kMemory, {0}, machine::kUserEnd, UserAccess::kRead,
                               OnExec::kClosed)
                      .error(),
                  Error::kNoVirtualMemory);
        EXPECT_EQ(space
                      ->attach(SegmentKind::kMemory, {machine::kUserEnd}, 1, UserAccess::kRead,
                               OnExec::kClosed)
                      .error(),
                  Error::kBadArg);
    });
}

TEST(AddressSpace, WhatExecKeepsIsAsInAFork) {
    run([] {
        const Ref<AddressSpace> before = make({zeroes(kBase, 1)});
        const auto attach = [&before](SegmentKind kind, OnExec on_exec) {
            return before->attach(kind, {0}, 2 * kPageSize, UserAccess::kReadWrite, on_exec)
                .value();
        };
        const VirtAddr closed = attach(SegmentKind::kMemory, OnExec::kClosed);
        const VirtAddr memory = attach(SegmentKind::kMemory, OnExec::kKept);
        const VirtAddr shared = attach(SegmentKind::kShared, OnExec::kKept);
        for (const VirtAddr at : {kBase, memory, shared, closed}) put(*before, at, "old");

        const Ref<AddressSpace> after = AddressSpace::create().value();
        EXPECT_TRUE(after->keep_attached(*before).ok());
        EXPECT_EQ(after->resident(), 2u);
        EXPECT_TRUE(after->add(zeroes(kBase, 1)).ok());
        EXPECT_EQ(get(*after, kBase, 1), std::string(1, '\0'));
        EXPECT_EQ(get(*after, memory, 3), "old");
        EXPECT_EQ(get(*after, shared, 3), "old");
        EXPECT_EQ(after->fault(closed, UserAttempt::kLoad).error(), Error::kBadArg);
        put(*after, memory, "new");
        put(*after, shared, "new");
        EXPECT_EQ(get(*before, memory, 3), "old");
        EXPECT_EQ(get(*before, shared, 3), "new");
        EXPECT_EQ(get(*before, closed, 3), "old");
        // What is kept is what it was: it shrinks, and is copied by a fork or not.
        EXPECT_TRUE(after->resize(memory, memory + kPageSize).ok());
        const Ref<AddressSpace> child = after->fork(AddressSpace::Data::kCopied).value();
        put(*child, memory, "own");
        put(*child, shared, "all");
        EXPECT_EQ(get(*after, memory, 3), "new");
        EXPECT_EQ(get(*after, shared, 3), "all");
    });
}

TEST(AddressSpace, WhatExecKeepsStaysCommonIfItWas) {
    run([] {
        const Ref<AddressSpace> before = make({});
        const VirtAddr at = before
                                ->attach(SegmentKind::kMemory, {0}, kPageSize,
                                         UserAccess::kReadWrite, OnExec::kKept)
                                .value();
        const Ref<AddressSpace> thread = before->fork(AddressSpace::Data::kShared).value();
        const Ref<AddressSpace> after = AddressSpace::create().value();
        EXPECT_TRUE(after->keep_attached(*before).ok());
        put(*after, at, "seen");
        EXPECT_EQ(get(*thread, at, 4), "seen");
    });
}

TEST(AddressSpace, WhatExecKeepsMustLeaveRoomForTheProgram) {
    run([] {
        const Ref<AddressSpace> before = make({});
        const VirtAddr at = before
                                ->attach(SegmentKind::kMemory, kBase, kPageSize,
                                         UserAccess::kReadWrite, OnExec::kKept)
                                .value();
        put(*before, at, "kept");
        const Ref<AddressSpace> after = AddressSpace::create().value();
        EXPECT_TRUE(after->keep_attached(*before).ok());
        EXPECT_EQ(after->add(zeroes(kBase, 1)).error(), Error::kSegmentsOverlap);
        for (usize i = 1; i < AddressSpace::kSegmentsMax; ++i) {
            EXPECT_TRUE(after->add(zeroes(kHigh + 2 * i * kPageSize, 1)).ok());
        }
        EXPECT_EQ(after->add(zeroes(kHigh, 1)).error(), Error::kNoVirtualMemory);
        EXPECT_EQ(get(*before, at, 4), "kept");
    });
}

TEST(AddressSpace, ASegmentThatOthersMakeLargerEndsWhereTheNextBegins) {
    run([] {
        const Ref<AddressSpace> space = make({zeroes(kBase, 1)});
        const VirtAddr shared = space
                                    ->attach(SegmentKind::kShared, {0}, kPageSize,
                                             UserAccess::kReadWrite, OnExec::kKept)
                                    .value();
        const Ref<AddressSpace> child = space->fork(AddressSpace::Data::kCopied).value();
        const VirtAddr next = shared + kPageSize;
        EXPECT_TRUE(child
                        ->attach(SegmentKind::kMemory, next, kPageSize, UserAccess::kReadWrite,
                                 OnExec::kKept)
                        .ok());
        EXPECT_TRUE(child->fault(next, UserAttempt::kLoad).ok());
        EXPECT_TRUE(space->resize(shared, shared + 3 * kPageSize).ok());
        put(*space, next, "grown");
        EXPECT_EQ(get(*child, next, 5), std::string(5, '\0'));
        // Not the page of zeroes, which all see.
        put(*child, next, "child");
        EXPECT_EQ(get(*space, kBase, 5), std::string(5, '\0'));
        EXPECT_EQ(get(*space, next, 5), "grown");
        EXPECT_EQ(child->fault(next + kPageSize, UserAttempt::kLoad).error(), Error::kBadArg);
        EXPECT_TRUE(child->detach(shared).ok());
        EXPECT_EQ(get(*child, next, 5), "child");
        EXPECT_TRUE(child->detach(next).ok());
        // Where nothing is in the way any more it is as large as for the others.
        const Ref<AddressSpace> grandchild = space->fork(AddressSpace::Data::kCopied).value();
        EXPECT_EQ(get(*grandchild, next, 5), "grown");
    });
}

TEST(AddressSpace, ADeviceIsTheSameForAll) {
    run([] {
        PhysicalSegment device{.range = {PhysAddr{0x10'0000}, 2 * kPageSize}};
        const Ref<AddressSpace> space = make({zeroes(kBase, 1)});
        const auto attach = [&](u64 size, UserAccess access) {
            return space->attach_device(device, {0}, size, access, OnExec::kKept);
        };
        EXPECT_EQ(attach(2 * kPageSize + 1, UserAccess::kReadWrite).error(), Error::kBadArg);
        const VirtAddr at = attach(2 * kPageSize, UserAccess::kReadWrite).value();
        const VirtAddr second = at + kPageSize;
        const auto shown_by = [second](const Ref<AddressSpace>& to, UserAttempt attempt) {
            EXPECT_TRUE(to->fault(second, attempt).ok());
            EXPECT_EQ(to->tables().reach(second, attempt), machine::UserSpace::Answer::kAllowed);
            return *to->tables().find(second);
        };
        const PhysAddr register_page = device.range.start + kPageSize;
        EXPECT_EQ(shown_by(space, UserAttempt::kLoad), register_page);
        const Ref<AddressSpace> child = space->fork(AddressSpace::Data::kCopied).value();
        const Ref<AddressSpace> thread = space->fork(AddressSpace::Data::kShared).value();
        const Ref<AddressSpace> after = AddressSpace::create().value();
        EXPECT_TRUE(after->keep_attached(*space).ok());
        for (const auto* one : {&space, &child, &thread, &after}) {
            EXPECT_EQ(shown_by(*one, UserAttempt::kStore), register_page);
            EXPECT_EQ((*one)->resident(), 0u);
        }
        EXPECT_EQ(get(*space, second, 1), error_text(Error::kBadArg));
        EXPECT_EQ(space->put(second, as_bytes("x")).error(), Error::kBadArg);
        EXPECT_EQ(space->forget(second, kPageSize).error(), Error::kBadArg);
        EXPECT_EQ(space->resize(second, second).error(), Error::kBadArg);
        EXPECT_TRUE(space->detach(second).ok());
        EXPECT_EQ(space->fault(second, UserAttempt::kLoad).error(), Error::kBadArg);

        // No more is allowed than the device allows.
        device.access = UserAccess::kRead;
        const VirtAddr constant = attach(1, UserAccess::kReadWrite).value();
        EXPECT_TRUE(space->fault(constant, UserAttempt::kLoad).ok());
        EXPECT_EQ(space->fault(constant, UserAttempt::kStore).error(), Error::kBadArg);
    });
}

TEST(AddressSpace, WhatIsForgottenIsZeroes) {
    run([] {
        const Ref<AddressSpace> space =
            make({zeroes(kBase, 3), zeroes(kHigh, 1, SegmentKind::kStack)});
        const VirtAddr common = space
                                    ->attach(SegmentKind::kShared, {0}, 2 * kPageSize,
                                             UserAccess::kReadWrite, OnExec::kClosed)
                                    .value();
        for (const VirtAddr start : {kBase, common}) {
            put(*space, start + 1, "kept");
            put(*space, start + kPageSize, "gone");
            EXPECT_TRUE(space->forget(start + 1, 2 * kPageSize - 1).ok());
            EXPECT_EQ(get(*space, start + 1, 4), "kept");
            EXPECT_EQ(get(*space, start + kPageSize, 4), std::string(4, '\0'));
        }
        EXPECT_EQ(space->forget(kHigh, kPageSize).error(), Error::kBadArg);
        EXPECT_EQ(space->forget(kBase, 4 * kPageSize).error(), Error::kBadArg);
        EXPECT_EQ(space->forget(kBase, ~u64{0}).error(), Error::kBadArg);
    });
}

constinit u64 allowed = 0;  // allocations that still succeed

/// Runs `attempt` with its first allocation failed, then its second, ..., until it succeeds.
void fail_each(const std::function<Result<void>()>& attempt) {
    for (u64 first = 0;; ++first) {
        ASSERT_LT(first, 1000u);
        allowed = first;
        set_failure_hook([](usize) { return allowed == 0 ? true : (--allowed, false); });
        const Result<void> made = attempt();
        set_failure_hook(nullptr);
        if (made.ok()) return;
        ASSERT_EQ(made.error(), Error::kNoMemory);
    }
}

TEST(AddressSpace, SharingThatFailsDoesNotMakeWhatIsReadOnlyWritable) {
    run([] {
        const Ref<AddressSpace> space = make({});
        const auto attach = [&space](UserAccess access) {
            return space->attach(SegmentKind::kMemory, {0}, kPageSize, access, OnExec::kKept)
                .value();
        };
        const VirtAddr constant = attach(UserAccess::kRead);
        put(*space, attach(UserAccess::kReadWrite), "written");
        EXPECT_TRUE(space->fault(constant, UserAttempt::kLoad).ok());
        fail_each([&]() -> Result<void> {
            const Result<Ref<AddressSpace>> child = space->fork(AddressSpace::Data::kShared);
            EXPECT_NE(space->tables().reach(constant, UserAttempt::kStore),
                      machine::UserSpace::Answer::kAllowed);
            if (!child.ok()) return child.error();
            return {};
        });
    });
}

TEST(AddressSpace, ForgettingFailsWhole) {
    run([] {
        // The last two pages of a table, and the first two of the next.
        constexpr VirtAddr kFirst{2 * kMiB - 2 * kPageSize};
        const Ref<AddressSpace> parent = make({zeroes(kBase, 1024)});
        const auto seen_in = [kFirst](AddressSpace& space) {
            std::string text;
            for (u64 i = 0; i < 4; ++i) text += get(space, kFirst + i * kPageSize, 1);
            return text;
        };
        for (u64 i = 0; i < 4; ++i) {
            put(*parent, kFirst + i * kPageSize, std::string_view("abcd").substr(i, 1));
        }
        fail_each([&]() -> Result<void> {
            const Ref<AddressSpace> child = TRY(parent->fork(AddressSpace::Data::kCopied));
            const Result<void> forgotten = child->forget(kFirst + kPageSize, 2 * kPageSize);
            EXPECT_EQ(seen_in(*child), forgotten.ok() ? std::string("a\0\0d", 4) : "abcd");
            return forgotten;
        });
        EXPECT_EQ(seen_in(*parent), "abcd");
    });
}

TEST(AddressSpace, KeepingForExecFailsWhole) {
    run([] {
        const Ref<AddressSpace> before = make({zeroes(kBase, 1), zeroes(kHigh, 1)});
        const auto attach = [&before](VirtAddr at, OnExec on_exec) {
            return before
                ->attach(SegmentKind::kMemory, at, kPageSize, UserAccess::kReadWrite, on_exec)
                .value();
        };
        // In one table with what goes.
        const VirtAddr kept = attach(kBase + kPageSize, OnExec::kKept);
        const VirtAddr closed = attach(kBase + 2 * kPageSize, OnExec::kClosed);
        for (const VirtAddr at : {kBase, kept, closed, kHigh}) put(*before, at, "text");
        fail_each([&]() -> Result<void> {
            const Ref<AddressSpace> after = TRY(AddressSpace::create());
            TRY(after->keep_attached(*before));
            EXPECT_EQ(get(*after, kept, 4), "text");
            EXPECT_EQ(after->tables().find(kBase), std::nullopt);
            EXPECT_EQ(after->tables().find(closed), std::nullopt);
            EXPECT_EQ(after->tables().find(kHigh), std::nullopt);
            return {};
        });
        for (const VirtAddr at : {kBase, kept, closed, kHigh}) {
            EXPECT_EQ(get(*before, at, 4), "text");
            put(*before, at, "TEXT");
        }
    });
}

TEST(AddressSpace, RunningOutOfMemoryLosesNothing) {
    run([] {
        const Ref<AddressSpace> parent =
            make({zeroes(kBase, 600), zeroes(kHigh, 4, SegmentKind::kStack)});
        fail_each([&] { return parent->put(kBase, as_bytes(std::string_view("text"))); });
        fail_each([&] { return parent->put(kHigh, as_bytes(std::string_view("stack"))); });
        for (const auto data : {AddressSpace::Data::kCopied, AddressSpace::Data::kShared,
                                AddressSpace::Data::kCopied}) {
            Ref<AddressSpace> child;
            fail_each([&]() -> Result<void> {
                child = TRY(parent->fork(data));
                return {};
            });
            EXPECT_EQ(get(*child, kBase, 4), "text");
            fail_each([&] { return child->put(kHigh, as_bytes(std::string_view("STACK"))); });
            fail_each(
                [&] { return child->put(kBase + kPageSize, as_bytes(std::string_view("x"))); });
            EXPECT_EQ(get(*parent, kHigh, 5), "stack");
        }
        fail_each([&]() -> Result<void> {
            TRY(parent->attach(SegmentKind::kShared, {0}, 5 * kPageSize, UserAccess::kReadWrite,
                               OnExec::kClosed));
            return {};
        });
    });
}

}  // namespace
}  // namespace kernel::mm
