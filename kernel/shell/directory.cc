// DirReader: cuts a directory's bytes into stat records.
#include "shell/directory.h"

#include "syscall/calls.h"

namespace kernel::shell {

Result<const chan::Stat*> DirReader::next() {
    if (!records_) records_ = TRY(mm::Box<Records>::create());
    if (start_ == end_) {
        // A directory read returns whole records, so nothing is ever carried over.
        start_ = 0;
        end_ = TRY(syscall::read(fd_, records_->bytes));
        if (end_ == 0) return static_cast<const chan::Stat*>(nullptr);
    }
    const ConstBytes rest{records_->bytes.data() + start_, end_ - start_};
    const usize size = TRY(chan::next_stat_record(rest));
    TRY(chan::unmarshal_stat(rest.first(size), records_->entry));
    start_ += size;
    return &records_->entry;
}

}  // namespace kernel::shell
