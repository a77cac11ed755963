// NameTable: constant rows in the order of their names, found by name.
#pragma once

#include "base/std.h"

namespace kernel {

namespace detail {

/// What the compiler names when it refuses a table.
void names_are_not_in_order();

}  // namespace detail

/// Rows that have a `name` each, all beginning with small letters. Names with the same first letter
/// are neighbours, so only those are compared. Const; made when it is compiled, which fails if the
/// rows are not in order.
template <class Row>
class NameTable {
public:
    template <usize N>
    explicit consteval NameTable(const Row (&rows)[N]) : rows_(rows) {
        static_assert(N < 256);
        for (usize i = 0; i < N; ++i) {
            const std::string_view name = rows[i].name;
            const bool follows = i == 0 || std::string_view(rows[i - 1].name) < name;
            if (!follows || letter_of(name) >= kLetters) detail::names_are_not_in_order();
            for (usize letter = letter_of(name) + 1; letter < begins_.size(); ++letter) {
                begins_[letter] = static_cast<u8>(i + 1);
            }
        }
    }

    /// The row of that name; null if there is none. Any context. Cost: O(rows with its first
    /// letter).
    const Row* find(std::string_view name) const {
        if (name.empty() || letter_of(name) >= kLetters) return nullptr;
        const usize letter = letter_of(name);
        for (usize i = begins_[letter]; i < begins_[letter + 1]; ++i) {
            if (rows_[i].name == name) return &rows_[i];
        }
        return nullptr;
    }

    constexpr std::span<const Row> rows() const { return rows_; }
    constexpr auto begin() const { return rows_.begin(); }
    constexpr auto end() const { return rows_.end(); }
    constexpr usize size() const { return rows_.size(); }

private:
    static constexpr usize kLetters = 26;
    static constexpr usize letter_of(std::string_view name) {
        return static_cast<usize>(static_cast<u8>(name[0])) - 'a';
    }

    std::span<const Row> rows_;
    std::array<u8, kLetters + 1> begins_{};  // where names with that letter begin
};

}  // namespace kernel
