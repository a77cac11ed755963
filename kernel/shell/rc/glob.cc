// One path element after the other: all names found so far are extended by it.
#include "shell/rc/glob.h"

#include "shell/rc/pattern.h"

namespace kernel::shell::rc {
namespace {

bool has_mark(std::string_view element) {
    for (usize at = element.find(kMark); at != std::string_view::npos && at + 1 < element.size();
         at = element.find(kMark, at + 2)) {
        if (element[at + 1] != kMark) return true;
    }
    return false;
}

/// Keeps the entries that match.
class Matcher final : public DirectoryVisitor {
public:
    Matcher(std::string_view prefix, std::string_view element, bool directories_only,
            Vector<Ref<Word>>& names)
        : prefix_(prefix), element_(element), directories_only_(directories_only), names_(names) {}

    Result<void> entry(std::string_view name, FileKind kind) override {
        if (directories_only_ && kind != FileKind::kDirectory) return {};
        if ((name == "." || name == "..") && !element_.starts_with('.')) return {};
        if (!matches(element_, name)) return {};
        const Result<Ref<Word>> path = Word::create(names_.memory(), prefix_, name);
        if (!path.ok() || !names_.push(path.value()).ok()) {
            failed_ = true;
            return Error::kNoMemory;
        }
        return {};
    }
    bool failed() const { return failed_; }

private:
    std::string_view prefix_;
    std::string_view element_;
    bool directories_only_;
    Vector<Ref<Word>>& names_;
    bool failed_ = false;
};

Result<void> extend_by_match(Host& host, std::string_view prefix, std::string_view element,
                             bool more, Vector<Ref<Word>>& names) {
    Matcher matcher(prefix, element, more, names);
    const Result<void> listed = host.list(prefix.empty() ? "." : prefix, matcher);
    if (matcher.failed()) return Error::kNoMemory;
    (void)listed;  // ignored: what cannot be read matches nothing
    return {};
}

}  // namespace

Result<void> find_files(Host& host, std::string_view pattern, Vector<Ref<Word>>& names) {
    Memory& memory = host.memory();
    Vector<Ref<Word>> found(memory);
    TRY(found.push(TRY(Word::create(memory, {}))));
    bool matched = true;  // whether the last element came from a directory: it exists
    TextBuffer literal(memory);
    while (!pattern.empty() && !found.empty()) {
        // An element, or a run of slashes.
        usize end = pattern.starts_with('/') ? pattern.find_first_not_of('/') : pattern.find('/');
        end = std::min(end, pattern.size());
        const std::string_view element = pattern.substr(0, end);
        pattern.remove_prefix(end);
        Vector<Ref<Word>> next(memory);
        matched = has_mark(element);
        literal.clear();
        put_unmarked(literal, element);
        for (const Ref<Word>& prefix : found) {
            if (matched) {
                TRY(extend_by_match(host, prefix->text(), element, !pattern.empty(), next));
            } else {
                TRY(next.push(TRY(Word::create(memory, prefix->text(), TRY(literal.text())))));
            }
        }
        found = std::move(next);
    }
    for (const Ref<Word>& name : found) {
        if (matched || host.kind(name->text()).ok()) TRY(names.push(name));
    }
    // Heap sort: the one of the standard sorts that does not recurse.
    const auto before = [](const Ref<Word>& left, const Ref<Word>& right) {
        return left->text() < right->text();
    };
    std::make_heap(names.begin(), names.end(), before);
    std::sort_heap(names.begin(), names.end(), before);
    return {};
}

}  // namespace kernel::shell::rc
