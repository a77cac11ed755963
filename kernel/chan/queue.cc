// Block queues: messages as chains of blocks, copied in and out a block at a time.
#include "chan/queue.h"

#include "base/units.h"
#include "mm/heap.h"

namespace kernel::chan {

/// A run of bytes; its data follow it. Of whoever makes or frees it, or guarded by the queue's
/// lock.
struct BlockQueue::Block {
    Block* next = nullptr;
    u32 start = 0;  // of what is still to be read
    u32 end = 0;
    bool ends_message = false;

    std::byte* data() { return reinterpret_cast<std::byte*>(this + 1); }
    usize size() const { return end - start; }
    static usize allocated_for(usize bytes) { return std::max(sizeof(Block) + bytes, kSmallBlock); }
    usize allocated() const { return allocated_for(end); }
};

namespace {

/// Blocks of a page at most: larger ones may be hard to find, and are long to copy with interrupts
/// off.
constexpr usize kBlockBytes = kPageSize;

}  // namespace

BlockQueue::~BlockQueue() {
    close();
    // relaxed: nobody else has it.
    Block* const spare = spare_.load(std::memory_order_relaxed);
    if (spare != nullptr) mm::deallocate(spare, kSmallBlock);
}

void BlockQueue::free_blocks(Block* first) {
    while (first != nullptr) {
        Block* block = std::exchange(first, first->next);
        mm::deallocate(block, block->allocated());
    }
}

/// A block with a copy of `data`.
Result<BlockQueue::Block*> BlockQueue::make_block(ConstBytes data) {
    const usize bytes = Block::allocated_for(data.size());
    void* memory = nullptr;
    // [queue.spare] acquire: who left it has read it; pairs with acq_rel in discard().
    if (bytes == kSmallBlock) memory = spare_.exchange(nullptr, std::memory_order_acquire);
    if (memory == nullptr) {
        const Bytes room = TRY(mm::allocate(bytes));
        memory = room.data();
    }
    Block* const block = ::new (memory) Block();
    block->end = static_cast<u32>(data.size());
    std::copy_n(data.data(), data.size(), block->data());
    return block;
}

/// Frees a block that was read, or leaves its memory to the next one who needs as much.
void BlockQueue::discard(Block* block) {
    const usize bytes = block->allocated();
    if (bytes == kSmallBlock) {
        // [queue.spare] acq_rel: as in make_block(), and the other way round for what was there.
        block = spare_.exchange(block, std::memory_order_acq_rel);
    }
    if (block != nullptr) mm::deallocate(block, bytes);
}

Result<BlockQueue::Message> BlockQueue::make_message(ConstBytes data) {
    constexpr usize kDataMax = kBlockBytes - sizeof(Block);
    Message message;
    do {
        const ConstBytes part = data.first(std::min(data.size(), kDataMax));
        data = data.subspan(part.size());
        const Result<Block*> made = make_block(part);
        if (!made.ok()) {
            free_blocks(message.first);
            return made.error();
        }
        Block* const block = made.value();
        block->ends_message = data.empty();
        (message.last == nullptr ? message.first : message.last->next) = block;
        message.last = block;
        message.size += part.size();
        message.held += block->allocated();
    } while (!data.empty());
    return message;
}

bool BlockQueue::is_full() const {
    sync::IrqSaveGuard guard(lock_);
    return held_ >= limit_ && !hung_up_;
}

bool BlockQueue::is_readable() const {
    sync::IrqSaveGuard guard(lock_);
    return first_ != nullptr || hung_up_;
}

/// Puts `message` at the end, waiting while the queue is full.
Result<void> BlockQueue::put(const Message& message) {
    for (;;) {  // a turn per wait; nobody else fills what was made free
        {
            sync::IrqSaveGuard guard(lock_);
            if (hung_up_) return Error::kClosedPipe;
            if (held_ < limit_) {
                // Who reads waits in an empty queue only.
                const bool was_empty = first_ == nullptr;
                (was_empty ? first_ : last_->next) = message.first;
                last_ = message.last;
                size_ += message.size;
                held_ += message.held;
                guard.unlock();
                if (was_empty) sched::wakeup(readable_);
                return {};
            }
        }
        TRY(sched::sleep(writable_, [this] { return !is_full(); }));
    }
}

Result<void> BlockQueue::write_message(ConstBytes data) {
    const Message message = TRY(make_message(data));
    Result<void> written = put(message);
    if (!written.ok()) free_blocks(message.first);
    return written;
}

Result<usize> BlockQueue::write(ConstBytes data) {
    if (!writers_.lock_interruptible()) return Error::kInterrupted;
    sched::QLockGuard guard(writers_, sched::kAdoptLock);
    usize done = 0;
    do {
        const ConstBytes part = data.subspan(done, std::min(data.size() - done, kMessageMax));
        const Result<void> written = write_message(part);
        if (!written.ok()) {
            if (done == 0) return written.error();
            return done;
        }
        done += part.size();
    } while (done < data.size());
    return done;
}

/// Takes up to out.size() bytes: of one message, or with boundaries ignored of what there is.
/// Nothing if there is none yet.
std::optional<usize> BlockQueue::take(Bytes out) {
    usize done = 0;
    bool more = true;
    bool made_room = false;
    for (bool first = true; more && done < out.size(); first = false) {
        Block* emptied = nullptr;
        {
            sync::IrqSaveGuard guard(lock_);
            Block* block = first_;
            if (block == nullptr) {  // the end, or all that there is
                if (first && !hung_up_) return std::nullopt;
                break;
            }
            const usize part = std::min(block->size(), out.size() - done);
            std::copy_n(block->data() + block->start, part, out.data() + done);
            block->start += static_cast<u32>(part);
            size_ -= part;
            done += part;
            if (block->size() == 0) {
                more = !block->ends_message || boundaries_ == Boundaries::kIgnored;
                emptied = block;
                first_ = block->next;
                if (first_ == nullptr) last_ = nullptr;
                const bool was_full = held_ >= limit_;
                held_ -= block->allocated();
                made_room |= was_full && held_ < limit_;
            }
        }
        if (emptied != nullptr) discard(emptied);
    }
    // Who writes waits for a full queue only.
    if (made_room) sched::wakeup(writable_);
    return done;
}

Result<usize> BlockQueue::read(Bytes out) {
    if (out.empty()) return usize{0};
    if (!readers_.lock_interruptible()) return Error::kInterrupted;
    sched::QLockGuard reading(readers_, sched::kAdoptLock);
    for (;;) {  // a turn per wait; nobody else takes what came
        if (const std::optional<usize> taken = take(out)) return *taken;
        TRY(sched::sleep(readable_, [this] { return is_readable(); }));
    }
}

void BlockQueue::hang_up() {
    {
        sync::IrqSaveGuard guard(lock_);
        hung_up_ = true;
    }
    sched::wakeup(readable_);
    sched::wakeup(writable_);
}

void BlockQueue::close() {
    Block* discarded = nullptr;
    {
        sync::IrqSaveGuard guard(lock_);
        hung_up_ = true;
        discarded = std::exchange(first_, nullptr);
        last_ = nullptr;
        size_ = 0;
        held_ = 0;
    }
    free_blocks(discarded);
    sched::wakeup(readable_);
    sched::wakeup(writable_);
}

usize BlockQueue::size() const {
    sync::IrqSaveGuard guard(lock_);
    return size_;
}

}  // namespace kernel::chan
