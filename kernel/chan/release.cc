// The work list that closes channels.
#include "chan/release.h"

namespace kernel::chan {

void Release::drop(Ref<Chan> chan) {
    if (Chan* last = chan.release_last(); last != nullptr) take(*last);
}

void Release::drop(Ref<Path> path) {
    if (Path* last = path.release_last(); last != nullptr) take(*last);
}

void Release::drop(Ref<Union> object) {
    if (Union* last = object.release_last(); last != nullptr) take(*last);
}

void Release::take(Path& path) {
    // Bounded by the elements of the path, at most kPathMax.
    for (Path* last = &path; last != nullptr;) {
        Ref<Path> parent = std::move(last->parent_);
        drop(std::move(last->mount_point_));
        Path::free(*last);
        last = parent.release_last();
    }
}

void Release::take(Union& object) {
    for (Mount& member : object.members_.first(object.size_)) drop(std::move(member.to));
    drop(std::move(object.from_));
    Union::free(object);
}

void Release::close(Chan& chan) {
    chan.device_.close(chan);
    drop(std::move(chan.drop_after_close_));
    drop(std::move(chan.path_));
    drop(std::move(chan.union_));
    Chan::free(chan);
}

void Release::run() {
    // Ends when all channels that hung on the first ones are closed: references form no cycles.
    while (Chan* chan = closing_.pop_front()) close(*chan);
}

}  // namespace kernel::chan
