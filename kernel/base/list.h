// List<T>: an intrusive doubly linked list; elements carry their links and are never owned by the
// list.
#pragma once

#include "base/assert.h"
#include "base/std.h"

namespace kernel {

template <class T>
class ListHook;
template <class T, ListHook<T> T::* Hook>
class List;

/// The links an element of type T carries, one hook per list it can be on. It must be off its list
/// when it dies.
template <class T>
class ListHook : Pinned {
public:
    constexpr ListHook() = default;
    constexpr ~ListHook() { DEBUG_ASSERT(!linked_); }

    bool linked() const { return linked_; }

private:
    template <class U, ListHook<U> U::* Hook>
    friend class List;

    // All three protected as the list is.
    T* next_ = nullptr;
    T* previous_ = nullptr;
    bool linked_ = false;
};

/// A list of T linked through `T::*Hook`. All operations are O(1) except iteration.
/// The caller protects the list and the hooks of its elements by one lock.
template <class T, ListHook<T> T::* Hook>
class List : Pinned {
public:
    constexpr List() = default;

    bool empty() const { return head_ == nullptr; }
    T* front() const { return head_; }
    T* back() const { return tail_; }
    /// The neighbour of `element`, which is on this list; null at the end.
    static T* next(const T& element) { return (element.*Hook).next_; }

    void push_back(T& element) { link(element, tail_, nullptr); }
    void push_front(T& element) { link(element, nullptr, head_); }
    /// Puts `element` before `position`, which is on this list.
    void insert_before(T& position, T& element) {
        link(element, (position.*Hook).previous_, &position);
    }

    T* pop_front() {
        T* first = head_;
        if (first != nullptr) remove(*first);
        return first;
    }

    /// Takes `element`, which is on this list, off it.
    void remove(T& element) {
        ListHook<T>& hook = element.*Hook;
        DEBUG_ASSERT(hook.linked_);
        (hook.previous_ == nullptr ? head_ : (hook.previous_->*Hook).next_) = hook.next_;
        (hook.next_ == nullptr ? tail_ : (hook.next_->*Hook).previous_) = hook.previous_;
        hook.next_ = nullptr;
        hook.previous_ = nullptr;
        hook.linked_ = false;
    }

    class Iterator {
    public:
        explicit Iterator(T* at) : at_(at) {}
        T& operator*() const { return *at_; }
        T* operator->() const { return at_; }
        Iterator& operator++() {
            at_ = List::next(*at_);
            return *this;
        }
        bool operator==(const Iterator& other) const = default;

    private:
        T* at_;
    };
    /// Iteration; the element an iterator stands on must stay on the list until the iterator is
    /// advanced.
    Iterator begin() const { return Iterator(head_); }
    Iterator end() const { return Iterator(nullptr); }

private:
    void link(T& element, T* previous, T* next) {
        ListHook<T>& hook = element.*Hook;
        DEBUG_ASSERT(!hook.linked_);
        hook.previous_ = previous;
        hook.next_ = next;
        hook.linked_ = true;
        (previous == nullptr ? head_ : (previous->*Hook).next_) = &element;
        (next == nullptr ? tail_ : (next->*Hook).previous_) = &element;
    }

    T* head_ = nullptr;
    T* tail_ = nullptr;
};

}  // namespace kernel
