// Who may do what in #p.
#include "devproc/permission.h"

#include "chan/dev.h"
#include "chan/owner.h"

namespace kernel::devproc {
namespace {

constexpr u32 kDirectoryMode = 0555;
constexpr u32 kReadBits = 0444;

bool is_read(chan::OpenMode mode) { return !mode.writes(); }

bool use_allows(Use use, chan::OpenMode mode) {
    switch (use) {
        case Use::kReadOnly:
            return is_read(mode);
        case Use::kWriteOnly:
            return mode.access() == chan::OpenAccess::kWrite;
        case Use::kReadWrite:
            return true;
    }
    return false;
}

bool kernel_use_allows(KernelUse use, chan::OpenMode mode) {
    switch (use) {
        case KernelUse::kSame:
            return true;
        case KernelUse::kReadOnly:
            return is_read(mode);
        case KernelUse::kNone:
            return false;
    }
    return false;
}

/// `none` may open and change only what is its own.
bool is_none_elsewhere(const Question& question) {
    return question.caller.is_none() && !question.caller.is_eve() &&
           question.caller.pid() != question.process.pid;
}

Result<void> permit_open(const Question& question) {
    // Reading and executing are the same here; a file that is opened to be truncated or removed
    // when it is closed is neither.
    const chan::OpenMode mode(question.mode.executes() ? chan::kORead.bits()
                                                       : question.mode.access_only().bits());
    if (question.file == nullptr) {
        const bool only_reads = question.mode.access() == chan::OpenAccess::kRead &&
                                !question.mode.truncates() && !question.mode.removes_on_close();
        return only_reads ? Result<void>() : Error::kPermission;
    }
    const File& file = *question.file;
    if (!use_allows(file.use, mode)) return Error::kPermission;
    if (question.target == nullptr) {
        return chan::check_permission(question.caller, chan::host_owner(), file.mode, mode);
    }
    const Target& target = *question.target;
    if (target.ended) return Error::kProcessExited;
    if (target.kernel_process && !kernel_use_allows(file.kernel_use, mode)) {
        return Error::kPermission;
    }
    if (file.eve_only && !question.caller.is_eve()) return Error::kPermission;
    if (file.secret && target.private_memory) return Error::kPermission;
    if (is_none_elsewhere(question)) return Error::kPermission;
    if (file.for_all) return {};
    return chan::check_permission(question.caller, target.owner, mode_of(&file, &target), mode);
}

Result<void> permit_change(const Question& question) {
    const bool is_changeable = question.file != nullptr && question.target != nullptr &&
                               question.file->type != FileType::kNotepg;
    if (!is_changeable) return Error::kPermission;
    if (question.target->ended) return Error::kProcessExited;
    if (is_none_elsewhere(question)) return Error::kPermission;
    if (question.caller.user().view() == question.target->owner.view()) return {};
    return question.caller.is_eve() ? Result<void>() : Error::kPermission;
}

}  // namespace

Result<void> permit(const Question& question) {
    switch (question.wish) {
        case Wish::kSee:
            return {};  // everybody sees everything
        case Wish::kOpen:
            return permit_open(question);
        case Wish::kChange:
            return permit_change(question);
    }
    return Error::kPermission;
}

u32 mode_of(const File* file, const Target* target) {
    if (file == nullptr) return kDirectoryMode;
    if (target == nullptr) return file->mode;
    if (file->mode == File::kProcessMode) return target->mode;
    return file->mode | (target->mode & kReadBits);
}

}  // namespace kernel::devproc
