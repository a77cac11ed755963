// ProgramFile: an executable file, opened and read as far as exec needs it.
#pragma once

#include "base/result.h"
#include "base/std.h"
#include "chan/caller.h"
#include "chan/path.h"
#include "mm/image.h"
#include "proc/elf/program.h"
#include "proc/elf/script.h"

namespace kernel::proc {

/// The largest file that is run which does not lie in memory already.
inline constexpr u64 kProgramFileMax = 64 * u64{kMiB};

/// An open executable and all of its bytes. A value.
class ProgramFile {
public:
    /// Opens `name` to execute it. Errors: of the name and the device; kBadExec, with the reason as
    /// detail, if it is empty or larger than kProgramFileMax; kNoMemory; kInterrupted. Context:
    /// task of `caller`, no lock held.
    static Result<ProgramFile> open(chan::Caller& caller, std::string_view name);

    /// The first line, if it asks for an interpreter. Errors: kBadExec, with detail.
    Result<std::optional<elf::Script>> script() const;
    /// What is to be mapped. Errors: kBadExec, with detail.
    Result<elf::Program> program() const;

    const Ref<mm::Image>& image() const { return image_; }
    /// The name by which it was found.
    const Ref<chan::Path>& path() const { return path_; }

private:
    ProgramFile(Ref<mm::Image> image, Ref<chan::Path> path)
        : image_(std::move(image)), path_(std::move(path)) {}

    Ref<mm::Image> image_;
    Ref<chan::Path> path_;
};

}  // namespace kernel::proc
