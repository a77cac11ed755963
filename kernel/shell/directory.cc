// DirReader: cuts a directory's bytes into stat records.
#include "shell/directory.h"

#include "syscall/calls.h"

namespace kernel::shell {

Result<std::optional<chan::Stat>> DirReader::next() {
    if (start_ == end_) {
        // A directory read returns whole records, so nothing is ever carried over.
        if (buffer_.size() == 0) buffer_ = TRY(mm::Buffer::create(kBufferSize));
        start_ = 0;
        end_ = TRY(syscall::read(fd_, buffer_.bytes()));
        if (end_ == 0) return std::optional<chan::Stat>{};
    }
    const ConstBytes rest{buffer_.data() + start_, end_ - start_};
    const usize size = TRY(chan::next_stat_record(rest));
    const chan::Stat stat = TRY(chan::unmarshal_stat(rest.first(size)));
    start_ += size;
    return std::optional<chan::Stat>{stat};
}

}  // namespace kernel::shell
