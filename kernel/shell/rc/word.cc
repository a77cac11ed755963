// Word and List: creation and destruction.
#include "shell/rc/word.h"

namespace kernel::shell::rc {

Result<Ref<Word>> Word::create(Memory& memory, std::string_view head, std::string_view tail) {
    const usize size = head.size() + tail.size();
    void* at = memory.allocate(sizeof(Word) + size);
    if (at == nullptr) return Error::kNoMemory;
    Word* word = ::new (at) Word(memory, size);
    char* bytes = reinterpret_cast<char*>(word + 1);
    if (!head.empty()) std::memcpy(bytes, head.data(), head.size());
    if (!tail.empty()) std::memcpy(bytes + head.size(), tail.data(), tail.size());
    return Ref<Word>::adopt(*word);
}

void Word::destroy(Word& word) {
    Memory& memory = word.memory_;
    const usize size = word.size_;
    word.~Word();
    memory.release(&word, sizeof(Word) + size);
}

Result<Ref<List>> List::allocate(Memory& memory, usize capacity) {
    static_assert(alignof(List) >= alignof(Ref<Word>));
    void* at = memory.allocate(sizeof(List) + capacity * sizeof(Ref<Word>));
    if (at == nullptr) return Error::kNoMemory;
    List* list = ::new (at) List(memory);
    list->capacity_ = capacity;
    return Ref<List>::adopt(*list);
}

void List::add(Ref<Word> word) {
    Ref<Word>* items = reinterpret_cast<Ref<Word>*>(this + 1);
    ::new (static_cast<void*>(items + count_)) Ref<Word>(std::move(word));
    ++count_;
}

Result<Ref<List>> List::create(Memory& memory, std::span<const Ref<Word>> words) {
    Ref<List> list = TRY(allocate(memory, words.size()));
    for (const Ref<Word>& word : words) list->add(word);
    return list;
}

Result<Ref<List>> List::create(Memory& memory, std::span<const std::string_view> texts) {
    Ref<List> list = TRY(allocate(memory, texts.size()));
    for (std::string_view text : texts) list->add(TRY(Word::create(memory, text)));
    return list;
}

void List::destroy(List& list) {
    Memory& memory = list.memory_;
    const usize capacity = list.capacity_;
    for (const Ref<Word>& word : list.words()) word.~Ref();
    list.~List();
    memory.release(&list, sizeof(List) + capacity * sizeof(Ref<Word>));
}

}  // namespace kernel::shell::rc
