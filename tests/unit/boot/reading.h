// Reading: a machine read from one device tree, with what was said about it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "boot/machine_description.h"
#include "tests/unit/boot/tree_builder.h"

namespace boot::test {

/// A reading as the kernel does it, on the hart and at the place that a Handoff says.
class Reading {
public:
    explicit Reading(Blob blob) : Reading(std::move(blob), at(0x80200000)) {}
    Reading(Blob blob, const Handoff& handoff);

    static Handoff at(u64 image, u64 hart = 0) {
        return {.fdt_address = {image + 16 * kernel::kMiB},
                .image = {.start = {image}, .size = 0x80000},
                .boot_hart_id = hart};
    }

    bool ok() const { return ok_; }
    std::string complaint() const { return std::string(complaint_.view()); }
    bool said(std::string_view words) const { return log_.find(words) != std::string::npos; }
    const std::string& log() const { return log_; }
    const MachineDescription& operator*() const { return *machine_; }
    const MachineDescription* operator->() const { return machine_.get(); }
    bool reserves(PhysRange range) const { return machine_->reserved.covers(range); }

private:
    Blob blob_;
    Complaint complaint_;
    std::unique_ptr<MachineDescription> machine_ = std::make_unique<MachineDescription>();
    bool ok_ = false;
    std::string log_;
};

inline PhysRange run(u64 start, u64 end) { return {.start = {start}, .size = end - start}; }

/// A minimal machine with one hart and no memory; `add` puts more into the root.
template <class Add>
Blob machine_with(Add&& add) {
    TreeBuilder builder;
    builder.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
    builder.begin("cpus").cells("#address-cells", {1}).cells("#size-cells", {0});
    builder.cells("timebase-frequency", {10'000'000});
    builder.begin("cpu@0").text("device_type", "cpu").text("mmu-type", "riscv,sv39");
    builder.cells("reg", {0}).end();
    builder.end();
    add(builder);
    builder.end();
    return builder.finish();
}
/// 128 MiB from 2 GiB on.
inline void add_memory(TreeBuilder& builder) {
    builder.begin("memory@80000000").text("device_type", "memory");
    builder.cells("reg", {0, 0x80000000, 0, 0x8000000}).end();
}

}  // namespace boot::test
