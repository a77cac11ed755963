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
    usize allocated() const { return sizeof(Block) + end; }
};

namespace {

/// Blocks of a page at most: larger ones may be hard to find, and are long to copy with interrupts
/// off.
constexpr usize kBlockBytes = kPageSize;

}  // namespace

BlockQueue::~BlockQueue() { close(); }

void BlockQueue::free_blocks(Block* first) {
    while (first != nullptr) {
        Block* block = std::exchange(first, first->next);
        mm::deallocate(block, block->allocated());
    }
}

Result<BlockQueue::Message> BlockQueue::make_message(ConstBytes data) {
    constexpr usize kDataMax = kBlockBytes - sizeof(Block);
    Message message;
    do {
        const ConstBytes part = data.first(std::min(data.size(), kDataMax));
        data = data.subspan(part.size());
        const Result<Bytes> memory = mm::allocate(sizeof(Block) + part.size());
        if (!memory.ok()) {
            free_blocks(message.first);
            return memory.error();
        }
        Block* block = ::new (static_cast<void*>(memory.value().data())) Block();
        block->end = static_cast<u32>(part.size());
        block->ends_message = data.empty();
        std::copy_n(part.data(), part.size(), block->data());
        (message.last == nullptr ? message.first : message.last->next) = block;
        message.last = block;
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

Result<void> BlockQueue::write_message(ConstBytes data) {
    const Message message = TRY(make_message(data));
    const Result<void> waited = sched::sleep(writable_, [this] { return !is_full(); });
    if (!waited.ok()) {
        free_blocks(message.first);
        return waited;
    }
    {
        sync::IrqSaveGuard guard(lock_);
        if (!hung_up_) {
            (last_ == nullptr ? first_ : last_->next) = message.first;
            last_ = message.last;
            size_ += data.size();
            held_ += message.held;
            guard.unlock();
            sched::wakeup(readable_);
            return {};
        }
    }
    free_blocks(message.first);
    return Error::kClosedPipe;
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

Result<usize> BlockQueue::read(Bytes out) {
    if (out.empty()) return usize{0};
    if (!readers_.lock_interruptible()) return Error::kInterrupted;
    sched::QLockGuard reading(readers_, sched::kAdoptLock);
    TRY(sched::sleep(readable_, [this] { return is_readable(); }));
    usize done = 0;
    bool more = true;
    while (more && done < out.size()) {
        Block* emptied = nullptr;
        {
            sync::IrqSaveGuard guard(lock_);
            Block* block = first_;
            if (block == nullptr) break;  // the end, or all that there is
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
                held_ -= block->allocated();
                block->next = nullptr;
            }
        }
        free_blocks(emptied);
    }
    sched::wakeup(writable_);
    return done;
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
