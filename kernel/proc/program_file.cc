// Opening programs: where they lie if their device can show it, else a copy of the file.
#include "proc/program_file.h"

#include "chan/file.h"
#include "chan/namec.h"
#include "proc/user_layout.h"

namespace kernel::proc {
namespace {

/// kBadExec with its reason.
Error refused(std::string_view why) {
    chan::Caller::error_detail().format(": {}", why);
    return Error::kBadExec;
}

Result<Ref<mm::Image>> read_all(chan::Caller& caller, chan::Chan& file) {
    chan::Stat stat{};
    TRY(chan::stat(caller, file, stat));
    if (stat.length == 0) return refused("the file is empty");
    if (stat.length > kProgramFileMax) return refused("the file is too large");
    const auto size = static_cast<usize>(stat.length);
    mm::OwnedPages pages =
        TRY(mm::OwnedPages::create(align_up(size, kPageSize) / kPageSize, mm::PageFill::kZero));
    usize done = 0;
    while (done < size) {
        const usize got =
            TRY(chan::read(caller, file, pages.bytes().subspan(done, size - done), u64{done}));
        if (got == 0) return refused("the file became shorter");
        done += got;
    }
    return mm::Image::of(std::move(pages), size);
}

}  // namespace

Result<ProgramFile> ProgramFile::open(chan::Caller& caller, std::string_view name) {
    const Ref<chan::Chan> file = TRY(chan::open_name(caller, name, chan::kOExec));
    if (file->is_dir()) return Error::kPermission;
    if (const std::optional<ConstBytes> bytes = file->device().contents(*file)) {
        return ProgramFile(TRY(mm::Image::of(*bytes)), file->path());
    }
    return ProgramFile(TRY(read_all(caller, *file)), file->path());
}

Result<std::optional<elf::Script>> ProgramFile::script() const {
    elf::Refusal why;
    const ConstBytes bytes = image_->bytes();
    Result<std::optional<elf::Script>> script =
        elf::read_script(bytes.first(std::min(bytes.size(), elf::kScriptHeadBytes)), why);
    if (!script.ok()) return refused(elf::describe(why).view());
    return script;
}

Result<elf::Program> ProgramFile::program() const {
    elf::Refusal why;
    const ConstBytes bytes = image_->bytes();
    Result<elf::Program> program =
        elf::read_program(bytes.first(std::min(bytes.size(), elf::kHeadBytes)), bytes.size(),
                          {.start = kProgramStart, .end = kProgramEnd}, why);
    if (!program.ok()) return refused(elf::describe(why).view());
    return program;
}

}  // namespace kernel::proc
