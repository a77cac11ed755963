// The reader of scripts' first lines: the words that a second reader finds, or the same reason.
#include "tests/fuzz/target.h"
#include "tests/unit/elf/judge.h"

std::vector<std::string> fuzz::seeds() {
    return {
        "#!/bin/rc\necho hello\n",
        "#! /bin/rc -e 'two words' it''s 'it''s' ''\n",
        "#!a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7 8 9\n",
        "#! \t\r\n",
        "#!/bin/rc " + std::string(245, ' ') + "\n",
        "#!/bin/rc " + std::string(246, ' ') + "\n",
        std::string("#!/bin/rc a\0b\n", 14),
        "#!/bin/rc\n" + std::string(600, 'x'),
        "\177ELF",
    };
}

extern "C" int LLVMFuzzerTestOneInput(const kernel::u8* data, kernel::usize size) {
    const std::string wrong =
        kernel::proc::elf::test::judge_script(kernel::as_bytes(fuzz::text_of(data, size)));
    fuzz::check(wrong.empty(), wrong.c_str());
    return 0;
}
