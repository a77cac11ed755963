// Program: the arena that parsed nodes live in.
#include "shell/rc/ast.h"

#include "base/units.h"

namespace kernel::shell::rc {
namespace {

constexpr usize kFirstPieceBytes = 512;
constexpr usize kMaxPieceBytes = 4096;
constexpr usize kAlignment = alignof(std::max_align_t);

}  // namespace

Result<Ref<Program>> Program::create(Memory& memory, const Origin& origin) {
    void* at = memory.allocate(sizeof(Program));
    if (at == nullptr) return Error::kNoMemory;
    return Ref<Program>::adopt(*::new (at) Program(memory, origin));
}

void Program::destroy(Program& program) {
    Memory& memory = program.memory_;
    while (program.pieces_ != nullptr) {
        Piece* piece = std::exchange(program.pieces_, program.pieces_->below);
        memory.release(piece, piece->size);
    }
    program.~Program();
    memory.release(&program, sizeof(Program));
}

Result<void*> Program::allocate(usize bytes) {
    bytes = align_up(bytes, kAlignment);
    if (pieces_ == nullptr || pieces_->size - pieces_->used < bytes) {
        constexpr usize kHeader = align_up(sizeof(Piece), kAlignment);
        const usize next = pieces_ == nullptr ? kFirstPieceBytes : pieces_->size * 2;
        const usize size = std::max(std::min(next, kMaxPieceBytes), kHeader + bytes);
        void* at = memory_.allocate(size);
        if (at == nullptr) return Error::kNoMemory;
        pieces_ = ::new (at) Piece{pieces_, size, kHeader};
    }
    void* at = reinterpret_cast<std::byte*>(pieces_) + pieces_->used;
    pieces_->used += bytes;
    return at;
}

Result<Node*> Program::add(NodeType type, u32 line) {
    void* at = TRY(allocate(sizeof(Node)));
    return ::new (at) Node{.type = type, .line = line};
}

Result<std::string_view> Program::add_text(std::string_view text) {
    if (text.empty()) return std::string_view{};
    char* at = static_cast<char*>(TRY(allocate(text.size())));
    std::memcpy(at, text.data(), text.size());
    return std::string_view{at, text.size()};
}

}  // namespace kernel::shell::rc
