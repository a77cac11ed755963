// The intrusive list: order, removal anywhere, reuse of an element.
#include "base/list.h"

#include <gtest/gtest.h>

#include <vector>

namespace kernel {
namespace {

struct Item {
    int number;
    ListHook<Item> hook{};
};
using Items = List<Item, &Item::hook>;

std::vector<int> numbers(const Items& items) {
    std::vector<int> seen;
    for (Item& item : items) seen.push_back(item.number);
    return seen;
}

void drain(Items& items) {
    while (items.pop_front() != nullptr) {
    }
}

TEST(List, KeepsTheOrderOfInsertion) {
    Item a{1}, b{2}, c{3}, d{4};
    Items items;
    items.push_back(b);
    items.push_front(a);
    items.push_back(d);
    items.insert_before(d, c);
    EXPECT_EQ(numbers(items), (std::vector<int>{1, 2, 3, 4}));
    drain(items);
}

TEST(List, RemovesFirstMiddleAndLast) {
    Item a{1}, b{2}, c{3};
    Items items;
    for (Item* item : {&a, &b, &c}) items.push_back(*item);
    items.remove(b);
    EXPECT_EQ(numbers(items), (std::vector<int>{1, 3}));
    items.remove(a);
    EXPECT_EQ(items.front(), &c);
    items.remove(c);
    EXPECT_TRUE(items.empty());
    EXPECT_EQ(items.back(), nullptr);
    EXPECT_FALSE(b.hook.linked());
    items.push_back(b);
    EXPECT_EQ(items.back(), &b);
    drain(items);
}

TEST(List, PopFrontOfAnEmptyListIsNull) {
    Items items;
    EXPECT_EQ(items.pop_front(), nullptr);
}

}  // namespace
}  // namespace kernel
