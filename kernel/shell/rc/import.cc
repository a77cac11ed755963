// Import: a directory of files as variables and functions.
#include "shell/rc/import.h"

#include "shell/rc/word.h"

namespace kernel::shell::rc {
namespace {

constexpr std::string_view kDirectory = "/env";

class Importer final : public DirectoryVisitor {
public:
    explicit Importer(Interpreter& shell)
        : shell_(shell), text_(shell.host().memory()), values_(shell.host().memory()) {}

    Result<void> entry(std::string_view name, FileKind kind) override {
        if (kind == FileKind::kDirectory) return {};
        const Result<void> imported = import(name);
        const bool skipped = !imported.ok() && imported.error() != Error::kNoMemory;
        return skipped ? Result<void>() : imported;
    }

private:
    Result<void> import(std::string_view name) {
        TRY(read(name));
        if (name.starts_with(kFunctionPrefix)) return shell_.define_function(text_.view());
        // Values are ended by NULs; the last may lack its own.
        values_.truncate(0);
        for (std::string_view rest = text_.view(); !rest.empty();) {
            const usize end = std::min(rest.find('\0'), rest.size());
            TRY(values_.push(rest.substr(0, end)));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return shell_.set_variable(name, values_.items());
    }

    /// Puts what file `name` holds into text_.
    Result<void> read(std::string_view name) {
        Host& host = shell_.host();
        text_.clear();
        format_to(text_, "{}/{}", kDirectory, name);
        const Fd file = TRY(host.open(TRY(text_.text()), OpenMode::kRead));
        text_.clear();
        Result<usize> got = 0;
        do {
            std::array<std::byte, 256> piece;
            got = host.read(file, piece);
            if (got.ok()) text_.write(as_text(ConstBytes(piece).first(got.value())));
        } while (got.ok() && got.value() > 0);
        host.close(file);
        if (!got.ok()) return got.error();
        (void)TRY(text_.text());  // ignored: it is text_.view()
        return {};
    }

    Interpreter& shell_;
    TextBuffer text_;
    Vector<std::string_view> values_;
};

}  // namespace

Result<void> import_environment(Interpreter& shell) {
    Importer importer(shell);
    const Result<void> all = shell.host().list(kDirectory, importer);
    // A process without environment starts with none.
    return all.ok() || all.error() != Error::kNoMemory ? Result<void>() : all;
}

}  // namespace kernel::shell::rc
