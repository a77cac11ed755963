// Choices: the search is a stack of choices, of which the last that has another possibility is
// advanced.
#include "tests/model/choices.h"

#include <cstdlib>

namespace model {

Choices Choices::repeat(const std::string& list) {
    Choices choices(Way::kRepeat);
    const char* at = list.c_str();
    while (*at != '\0') {
        char* end = nullptr;
        const unsigned long chosen = std::strtoul(at, &end, 10);
        if (end == at) break;
        choices.made_.push_back({0, static_cast<u32>(chosen)});
        at = *end == '\0' ? end : end + 1;
    }
    return choices;
}

u32 Choices::pick(u32 count) {
    if (count == 1) return 0;
    if (way_ == Way::kRandom) {
        // xorshift64*: quick, and good enough to wander.
        random_ ^= random_ >> 12;
        random_ ^= random_ << 25;
        random_ ^= random_ >> 27;
        const u64 draw = (random_ * 0x2545f4914f6cdd1d) >> 32;
        const u32 chosen = static_cast<u32>((draw * count) >> 32);
        made_.push_back({count, chosen});
        return chosen;
    }
    if (depth_ == made_.size()) made_.push_back({count, 0});
    Choice& choice = made_[depth_++];
    if (way_ == Way::kRepeat) choice.count = count;
    if (choice.count != count || choice.chosen >= count) {
        fail("the program does not repeat: it depends on something besides the choices");
    }
    return choice.chosen;
}

bool Choices::next() {
    depth_ = 0;
    while (!made_.empty() && made_.back().chosen + 1 == made_.back().count) made_.pop_back();
    if (made_.empty()) return false;
    ++made_.back().chosen;
    return true;
}

void Choices::begin_walk(u64 seed) {
    made_.clear();
    // splitmix64: neighbouring seeds wander apart at once.
    u64 mixed = seed + 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    random_ = (mixed ^ (mixed >> 31)) | 1;
}

std::string Choices::text() const {
    std::string text;
    const usize end = way_ == Way::kAll ? depth_ : made_.size();
    for (usize i = 0; i < end; ++i) {
        if (i != 0) text += '.';
        text += std::to_string(made_[i].chosen);
    }
    return text;
}

}  // namespace model
