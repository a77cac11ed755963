// Paths: making elements, writing the text of a chain, letting go.
#include "chan/path.h"

#include "base/text.h"
#include "chan/chan.h"
#include "chan/release.h"
#include "mm/heap.h"

namespace kernel::chan {
namespace {

/// Doubles quotes on the way to another sink.
class QuoteDoubler final : public Sink {
public:
    explicit QuoteDoubler(Sink& to) : to_(to) {}
    void write(std::string_view text) override {
        for (;;) {
            const usize quote = text.find('\'');
            to_.write(text.substr(0, quote));
            if (quote == std::string_view::npos) return;
            to_.write("''");
            text.remove_prefix(quote + 1);
        }
    }

private:
    Sink& to_;
};

/// Finds out whether a text written in pieces needs quotes.
class QuoteFinder final : public Sink {
public:
    void write(std::string_view text) override {
        if (!text.empty() && needs_quotes(text)) found_ = true;
    }
    bool found() const { return found_; }

private:
    bool found_ = false;
};

/// "/" ends in the separator already.
bool needs_separator(const Path& parent) { return !parent.element().ends_with('/'); }

}  // namespace

Path::Path(Ref<Path> parent, Ref<Chan> mount_point, std::string_view element, usize length)
    : parent_(std::move(parent)),
      mount_point_(std::move(mount_point)),
      length_(static_cast<u32>(length)),
      element_size_(static_cast<u32>(element.size())) {
    std::memcpy(reinterpret_cast<char*>(this + 1), element.data(), element.size());
}

Path::~Path() = default;

Result<Ref<Path>> Path::create(Ref<Path> parent, Ref<Chan> mount_point, std::string_view element,
                               usize length) {
    if (length > kPathMax) return Error::kNameTooLong;
    const Bytes memory = TRY(mm::allocate(sizeof(Path) + element.size()));
    Path* path = ::new (static_cast<void*>(memory.data()))
        Path(std::move(parent), std::move(mount_point), element, length);
    return Ref<Path>::adopt(*path);
}

Result<Ref<Path>> Path::create_root(std::string_view text, Ref<Chan> mount_point) {
    return create({}, std::move(mount_point), text, text.size());
}

Result<Ref<Path>> Path::create_child(Ref<Path> parent, std::string_view name,
                                     Ref<Chan> mount_point) {
    const usize length = parent->length() + (needs_separator(*parent) ? 1 : 0) + name.size();
    return create(std::move(parent), std::move(mount_point), name, length);
}

Result<Ref<Path>> Path::with_mount_point(Ref<Chan> mount_point) const {
    return create(parent_, std::move(mount_point), element(), length_);
}

void Path::free(Path& path) {
    const usize size = sizeof(Path) + path.element_size_;
    path.~Path();
    mm::deallocate(&path, size);
}

void Path::destroy(Path& path) {
    Release release;
    release.take(path);
    release.run();
}

std::string_view Path::element() const {
    return {reinterpret_cast<const char*>(this + 1), element_size_};
}

void Path::copy_window(usize start, std::span<char> window) const {
    const usize end = start + window.size();
    const auto put = [&](usize at, std::string_view piece) {
        for (usize i = 0; i < piece.size(); ++i) {
            if (at + i >= start && at + i < end) window[at + i - start] = piece[i];
        }
    };
    for (const Path* path = this; path != nullptr; path = path->parent_.get()) {
        if (path->length_ <= start) return;  // it and its parents lie before the window
        const usize at = path->length_ - path->element_size_;
        put(at, path->element());
        if (path->parent_ && needs_separator(*path->parent_)) put(at - 1, "/");
    }
}

void Path::write_to(Sink& sink) const {
    std::array<char, 256> window;
    for (usize start = 0; start < length_; start += window.size()) {
        const usize part = std::min<usize>(window.size(), length_ - start);
        copy_window(start, std::span(window).first(part));
        sink.write({window.data(), part});
    }
}

std::string_view Path::copy_to(std::span<char> out) const {
    const std::span<char> part = out.first(std::min<usize>(out.size(), length_));
    copy_window(0, part);
    return {part.data(), part.size()};
}

void put_quoted_path(Sink& sink, const Path& path) {
    QuoteFinder finder;
    path.write_to(finder);
    if (!finder.found()) {
        path.write_to(sink);
        return;
    }
    QuoteDoubler doubler(sink);
    sink.write("'");
    path.write_to(doubler);
    sink.write("'");
}

}  // namespace kernel::chan
