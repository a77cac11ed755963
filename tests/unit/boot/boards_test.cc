// What the kernel makes of each board it runs on: the facts, one table a board.
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/boot/reading.h"
#include "tools/describe_tree/description.h"

namespace boot {
namespace {

using test::load_fixture;
using test::Reading;

/// The facts of a fixture, loaded at `image` and entered on `hart`; nothing may be left to remark.
std::string facts(const std::string& fixture, u64 image, u64 hart) {
    const Reading reading(load_fixture(fixture), Reading::at(image, hart));
    EXPECT_EQ(reading.complaint(), "");
    EXPECT_EQ(reading.log(), "");
    // The tables begin on a line of their own.
    return reading.ok() ? "\n" + describe_tree::describe(*reading) : "";
}

TEST(Boards, VisionFive2AsLinuxDescribesIt) {
    const std::string both_revisions = R"(
memory    0040000000..0140000000  4096 MiB
reserved  0040000000..0040280000  2560 KiB
reserved  0041200000..0041201000  4 KiB
no-map    none
timebase  4000000 Hz
plic      000c000000..0010000000  lines 136
hart      0  id 1   context 2    sstc no   boot
hart      1  id 2   context 4    sstc no
hart      2  id 3   context 6    sstc no
hart      3  id 4   context 8    sstc no
device    snps,dw-apb-uart  0010000000..0010010000  line 32   shift 2  width 4  clock unknown  console
finisher  none
rtc       none
args
initrd    none
seed      none
)";
    EXPECT_EQ(facts("visionfive2_v1.2a_linux", 0x40200000, 1),
              "\nmodel     StarFive VisionFive 2 v1.2A" + both_revisions);
    EXPECT_EQ(facts("visionfive2_v1.3b_linux", 0x40200000, 1),
              "\nmodel     StarFive VisionFive 2 v1.3B" + both_revisions);
}

TEST(Boards, VisionFive2AsUBootPassesItWithAMonitorHartThatIsOkay) {
    EXPECT_EQ(facts("visionfive2_v1.3b_uboot", 0x40200000, 4), R"(
model     StarFive VisionFive 2 v1.3B
memory    0040000000..0240000000  8192 MiB
reserved  0040000000..0040280000  2560 KiB
reserved  0041200000..0041201000  4 KiB
no-map    none
timebase  4000000 Hz
plic      000c000000..0010000000  lines 136
hart      0  id 1   context 2    sstc no
hart      1  id 2   context 4    sstc no
hart      2  id 3   context 6    sstc no
hart      3  id 4   context 8    sstc no   boot
device    snps,dw-apb-uart  0010000000..0010010000  line 32   shift 2  width 4  clock unknown  console
finisher  none
rtc       none
args
initrd    none
seed      none
)");
}

TEST(Boards, VisionFive2OfEitherRevisionHasTheSameHartsFromLinuxAndFromUBoot) {
    EXPECT_EQ(facts("visionfive2_v1.2a_uboot", 0x40200000, 1),
              facts("visionfive2_v1.2a_linux", 0x40200000, 1));
}

TEST(Boards, VisionFive2AsOpenSbiLeavesItWithItsOwnMemoryMarked) {
    EXPECT_EQ(facts("visionfive2_v1.3b_opensbi", 0x40200000, 1), R"(
model     StarFive VisionFive 2 v1.3B
memory    0040000000..0240000000  8192 MiB
reserved  0040000000..0040280000  2560 KiB
reserved  0041200000..0041201000  4 KiB
no-map    0040000000..0040060000  384 KiB
timebase  4000000 Hz
plic      000c000000..0010000000  lines 136
hart      0  id 1   context 2    sstc no   boot
hart      1  id 2   context 4    sstc no
hart      2  id 3   context 6    sstc no
hart      3  id 4   context 8    sstc no
device    snps,dw-apb-uart  0010000000..0010010000  line 32   shift 2  width 4  clock unknown  console
finisher  none
rtc       none
args
initrd    none
seed      none
)");
}

TEST(Boards, VisionFive1UsesBothHartsAndLeavesItsPoolsAlone) {
    EXPECT_EQ(facts("visionfive1", 0x80200000, 1), R"(
model     StarFive VisionFive V1
memory    0080000000..0280000000  8192 MiB
reserved  0080000000..0080280000  2560 KiB
reserved  0081200000..0081201000  4 KiB
reserved  00fa000000..00fb000000  16 MiB
reserved  107a000000..107b000000  16 MiB
no-map    00fa000000..00fb000000  16 MiB
no-map    107a000000..107b000000  16 MiB
timebase  6250000 Hz
plic      000c000000..0010000000  lines 133
hart      0  id 0   context 1    sstc no
hart      1  id 1   context 3    sstc no   boot
device    snps,dw-apb-uart  0012440000..0012450000  line 73   shift 2  width 4  clock unknown  console
finisher  none
rtc       none
args
initrd    none
seed      none
)");
}

TEST(Boards, IcicleKitHasTwoBanksAndItsConsoleOnTheSecondPort) {
    EXPECT_EQ(facts("icicle", 0x80200000, 2), R"(
model     Microchip PolarFire-SoC Icicle Kit
memory    0080000000..00c0000000  1024 MiB
memory    1040000000..1080000000  1024 MiB
reserved  0080000000..0080280000  2560 KiB
reserved  0081200000..0081201000  4 KiB
reserved  00bfc00000..00c0000000  4 MiB
no-map    00bfc00000..00c0000000  4 MiB
timebase  1000000 Hz
plic      000c000000..0010000000  lines 186
hart      0  id 1   context 2    sstc no
hart      1  id 2   context 4    sstc no   boot
hart      2  id 3   context 6    sstc no
hart      3  id 4   context 8    sstc no
device    ns16550a          0020100000..0020100400  line 91   shift 2  width 4  clock 150000000  console
finisher  none
rtc       none
args
initrd    none
seed      none
)");
}

TEST(Boards, SifiveUHasAnotherUartAndNoMmuInHartZero) {
    EXPECT_EQ(facts("sifive_u", 0x80200000, 3), R"(
model     SiFive HiFive Unleashed A00
memory    0080000000..00a0000000  512 MiB
reserved  0080000000..0080280000  2560 KiB
reserved  0081200000..0081201000  4 KiB
no-map    none
timebase  1000000 Hz
plic      000c000000..0010000000  lines 53
hart      0  id 1   context 2    sstc no
hart      1  id 2   context 4    sstc no
hart      2  id 3   context 6    sstc no   boot
hart      3  id 4   context 8    sstc no
device    sifive,uart0      0010010000..0010011000  line 4    shift 0  width 1  clock unknown  console
device    sifive,uart0      0010011000..0010012000  line 5    shift 0  width 1  clock unknown
finisher  none
rtc       none
args      *hostowner=glenda
initrd    none
seed      none
)");
}

TEST(Boards, VirtWithOneToEightHarts) {
    for (u32 count = 1; count <= 8; ++count) {
        const u32 boot = count - 1;
        std::string expected = R"(
model     riscv-virtio,qemu
memory    0080000000..0090000000  256 MiB
reserved  0080000000..0080280000  2560 KiB
reserved  0081200000..0081201000  4 KiB
no-map    none
timebase  10000000 Hz
plic      000c000000..000c600000  lines 96
)";
        for (u32 hart = 0; hart < count; ++hart) {
            const std::string id = std::to_string(hart);
            const std::string context = std::to_string(2 * hart + 1);
            expected += "hart      " + id + "  id " + id + "   context " + context +
                        std::string(5 - context.size(), ' ') + "sstc yes" +
                        (hart == boot ? "  boot\n" : "\n");
        }
        expected +=
            R"(device    ns16550a          0010000000..0010000100  line 10   shift 0  width 1  clock 3686400  console
finisher  0000100000..0000101000
rtc       0000101000..0000102000
args
initrd    none
seed      8 bytes
)";
        EXPECT_EQ(facts("virt_" + std::to_string(count), 0x80200000, boot), expected);
    }
}

}  // namespace
}  // namespace boot
