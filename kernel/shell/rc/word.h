// Word and List: the values of the language, immutable and counted, so that copies are cheap and
// may cross into other processes.
#pragma once

#include "base/format.h"
#include "base/ref.h"
#include "base/result.h"
#include "base/std.h"
#include "shell/rc/memory.h"
#include "shell/rc/vector.h"

namespace kernel::shell::rc {

/// A text. The bytes follow the object.
class Word final : public RefCounted<Word> {
public:
    /// A copy of `head` followed by `tail`. Fails with kNoMemory.
    static Result<Ref<Word>> create(Memory& memory, std::string_view head,
                                    std::string_view tail = {});

    std::string_view text() const { return {reinterpret_cast<const char*>(this + 1), size_}; }

private:
    template <class T>
    friend class kernel::Ref;
    Word(Memory& memory, usize size) : memory_(memory), size_(size) {}
    static void destroy(Word& word);

    Memory& memory_;
    const usize size_;
};

/// A list of words. The references follow the object.
class List final : public RefCounted<List> {
public:
    /// A list of `words`. Fails with kNoMemory.
    static Result<Ref<List>> create(Memory& memory, std::span<const Ref<Word>> words);
    static Result<Ref<List>> create(Memory& memory, std::span<const std::string_view> texts);

    std::span<const Ref<Word>> words() const {
        return {reinterpret_cast<const Ref<Word>*>(this + 1), count_};
    }
    usize size() const { return count_; }

private:
    template <class T>
    friend class kernel::Ref;
    explicit List(Memory& memory) : memory_(memory) {}
    static Result<Ref<List>> allocate(Memory& memory, usize capacity);
    static void destroy(List& list);
    void add(Ref<Word> word);

    Memory& memory_;
    usize count_ = 0;
    usize capacity_ = 0;
};

/// Text under construction. Running out of memory is remembered and reported by take-out.
class TextBuffer final : public Sink {
public:
    explicit TextBuffer(Memory& memory) : bytes_(memory) {}

    void write(std::string_view text) override {
        if (!failed_ && !bytes_.append({text.data(), text.size()}).ok()) failed_ = true;
    }
    void put(char c) { write({&c, 1}); }
    void clear() {
        bytes_.truncate(0);
        failed_ = false;
    }
    /// Keeps the first `size` bytes.
    void cut(usize size) { bytes_.truncate(size); }

    std::string_view view() const { return {bytes_.begin(), bytes_.size()}; }
    usize size() const { return bytes_.size(); }
    bool failed() const { return failed_; }
    /// Fails with kNoMemory if a write had no room.
    Result<std::string_view> text() const {
        if (failed_) return Error::kNoMemory;
        return view();
    }

private:
    Vector<char> bytes_;
    bool failed_ = false;
};

}  // namespace kernel::shell::rc
