// Dev: what a device is to the rest of the kernel: a tree of files behind one letter.
#pragma once

#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "chan/open_mode.h"
#include "chan/qid.h"
#include "chan/stat.h"

namespace kernel::chan {

class Caller;
class Chan;

/// Where a directory listing is: the device's own numbering, 0 at the start. Must stay meaningful
/// while entries come and go, so an ordinal will do for fixed tables only.
using DirCursor = u64;

/// A device: one constinit object per letter. Methods run in task context with interrupts on and no
/// lock held except, for entry(), read() of rendered text and stat(), the channel's own; they may
/// block, and then return kInterrupted when the task is interrupted. Buffers are kernel memory.
///
/// Directories are never read: the generic code asks for entries and packs them. A device that has
/// only a fixed table of files derives from TableDev instead.
class Dev : Pinned {
public:
    /// `letter` is one rune, of one byte or two.
    constexpr Dev(std::string_view letter, std::string_view name) : letter_(letter), name_(name) {}

    std::string_view letter() const { return letter_; }
    /// The same as a number.
    u16 rune() const;
    std::string_view name() const { return name_; }

    /// A new channel to the device's root; `spec` is what follows the letter in `#xspec`.
    /// Default: the directory Qid 0; kBadSpec if `spec` is not empty.
    virtual Result<Ref<Chan>> attach(Caller& caller, std::string_view spec);

    /// `copy` became a further channel to the same unopened file; device words were copied. A
    /// device that counts references in them adds one here. Does not block. Default: nothing.
    virtual void cloned(Chan& copy);

    /// Moves `chan`, an unopened channel that nobody else knows, from a directory to its entry
    /// `name` (one element, never ".", perhaps ".."; at the root ".." stays). Sets the Qid and
    /// device words on success, leaves the channel as it was on failure. Errors: kNotExist, ...
    virtual Result<void> walk(Caller& caller, Chan& chan, std::string_view name) = 0;

    /// The next entry of directory `dir` at or after `cursor`: fills `out`, moves `cursor` behind
    /// it, returns true; false at the end. `out` arrives prepared by prepare_stat().
    virtual Result<bool> entry(Caller& caller, Chan& dir, DirCursor& cursor, Stat& out) = 0;

    /// Describes `chan`, opened or not. `out` arrives prepared by prepare_stat(), and with the name
    /// by which the channel was reached.
    virtual Result<void> stat(Caller& caller, Chan& chan, Stat& out) = 0;

    /// Opens `chan`, an unopened channel that nobody else knows: checks permission, prepares. The
    /// generic code then marks it open. May return another, opened channel instead (dup, text).
    /// kOCExec and kOExcl are not in `mode`. On failure close() follows with the channel unopened.
    virtual Result<Ref<Chan>> open(Caller& caller, Ref<Chan> chan, OpenMode mode) = 0;

    /// Creates `name` in directory `chan` (as for open()), which becomes the channel to the new
    /// file, opened. `permissions` has kDm bits too. Default: kPermission.
    virtual Result<void> create(Caller& caller, Chan& chan, std::string_view name, OpenMode mode,
                                u32 permissions);

    /// The last reference to `chan` went (opened or not). Whoever dropped it runs this, and may be
    /// no party to the channel; so there is no caller and no error. If `chan` is open with
    /// removes_on_close(), the file goes too. Must not sleep interruptibly. Default: nothing.
    virtual void close(Chan& chan);

    /// Reads from an open file at `offset`; returns how much; 0 is the end. Never called for
    /// directories. Default: kGeneric.
    virtual Result<usize> read(Caller& caller, Chan& chan, Bytes out, u64 offset);

    /// Writes to an open file at `offset`; returns how much. Default: kGeneric.
    virtual Result<usize> write(Caller& caller, Chan& chan, ConstBytes data, u64 offset);

    /// All bytes of an open file, if they lie in memory for ever and never change: then programs
    /// are run where they lie. Default: nothing.
    virtual std::optional<ConstBytes> contents(const Chan& chan);

    /// Removes the file. Default: kPermission.
    virtual Result<void> remove(Caller& caller, Chan& chan);

    /// Changes what `changes` does not leave alone (see kKeep32). All or nothing. Default:
    /// kPermission.
    virtual Result<void> wstat(Caller& caller, Chan& chan, const Stat& changes);

protected:
    ~Dev() = default;

    /// What attach() is mostly made of: a channel to `qid` named `#` letter `spec`.
    Result<Ref<Chan>> attach_at(Qid qid, std::string_view spec, u32 device_number = 0);

private:
    const std::string_view letter_;
    const std::string_view name_;
};

/// Fills in what is the same for most files of `device`: letter, times (access now, change at build
/// time), owner eve.
void prepare_stat(const Dev& device, u32 device_number, Stat& out);

/// Completes a prepared `out` with what a table knows; the kDm bits of mode come from the Qid.
void describe(Stat& out, std::string_view name, Qid qid, u64 length, u32 permissions);

/// Whether `caller` may open, as `mode` says, a file with these permission bits: the owner by the
/// first three, else eve by the second, else the third. Errors: kPermission.
Result<void> check_permission(Caller& caller, std::string_view owner, u32 permissions,
                              OpenMode mode);

/// What every directory open must hold to: read only, nothing else. Errors: kPermission.
Result<void> check_directory_open(OpenMode mode);

// The device table.

/// Most devices a kernel can have; their indexes fit a DeviceSet, and one bit is left.
inline constexpr usize kDevicesMax = 63;

/// Sets the devices of this kernel; the span must live on. Context: boot, or a test, before any
/// channel exists. The order is the order of `#c/drivers`.
void set_device_table(std::span<Dev* const> devices);
std::span<Dev* const> device_table();

/// The device whose letter `text` begins with, or null. Cost: O(devices).
Dev* find_device(std::string_view text);

/// The letter that a directory entry says as a number; `?` of no device.
std::string_view device_letter(u16 rune);

/// A set of devices, bit n for the n-th of the table.
using DeviceSet = u64;
inline constexpr DeviceSet kAllDevices = ~DeviceSet{0};
/// Stands for mounting file servers, which in Plan 9 is a device, M, that programs cannot name.
inline constexpr DeviceSet kMountDevice = DeviceSet{1} << kDevicesMax;
/// The set of those whose letters are in `letters`; letters of no device are skipped.
DeviceSet device_set(std::string_view letters);

}  // namespace kernel::chan
