// Places as Qids.
#include "devproc/place.h"

namespace kernel::devproc {

chan::Qid Place::qid() const {
    const u64 path = Type::make(static_cast<u64>(type)) | Slot::make(process.slot) |
                     SerialLow::make(process.serial_low);
    return {path, process.pid, is_dir() ? chan::kQtDir : chan::kQtFile};
}

Place Place::of(const chan::Qid& qid) {
    return {static_cast<FileType>(Type::get(qid.path)),
            {.slot = static_cast<u32>(Slot::get(qid.path)),
             .pid = qid.vers,
             .serial_low = static_cast<u32>(SerialLow::get(qid.path))}};
}

}  // namespace kernel::devproc
