// Setting up and checking the world of channel tests.
#include "tests/unit/chan/world.h"
#include "tests/fixture/stat_record.h"

#include "machine/boot_info.h"
#include "mm/frames.h"
#include "mm/memory.h"
#include "mm/slab_cache.h"

namespace kernel::chan::test {
namespace {

void add_usual_files(World& world) {
    world.root.add_dir("a");
    world.root.add_dir("b");
    world.root.add_dir("n");
    world.root.add_file("f", "text of f");
    world.ram.add_file("x/y/z", "text of z");
    world.ram.add_file("g", "text of g");
}

void run_body(const std::function<void(World&)>& body, std::span<Dev* const> devices) {
    World world;
    add_usual_files(world);
    std::vector<Dev*> table = {&world.root, &world.ram};
    table.insert(table.end(), devices.begin(), devices.end());
    set_device_table(table);
    const u64 before = memory_in_use();
    {
        Result<Ref<Chan>> slash = world.root.attach(world.caller, "");
        ASSERT_TRUE(slash.ok());
        CallerStart start;
        start.user = "eve";
        start.pid = 7;
        start.parent_pid = 3;
        start.serial = 1234;
        // MUST (all): a fresh machine has memory.
        start.name_space = MUST(Namespace::create(slash.value()));
        start.fds = MUST(FdGroup::create());
        start.environment = MUST(EnvGroup::create());
        start.dot = std::move(slash).value();
        world.caller.start(std::move(start));
    }
    body(world);
    world.caller.finish();
    EXPECT_EQ(Chan::count(), 0u);
    EXPECT_EQ(memory_in_use(), before);
    EXPECT_EQ(world.root.alive, 0);
    EXPECT_EQ(world.ram.alive, 0);
    EXPECT_EQ(world.root.opened, 0);
    EXPECT_EQ(world.ram.opened, 0);
    set_device_table({});
}

fixture::Options options_for(u32 harts) {
    fixture::Options options;
    options.harts = harts;
    options.boot = [] { mm::initialize(machine::boot_info()); };
    return options;
}

// The allocation that fails next; counts down. Used by one task.
usize allocations_left = 0;
bool failed_one = false;

bool fail_when_counted_down(usize) {
    if (allocations_left == 0) {
        failed_one = true;
        return true;
    }
    --allocations_left;
    return false;
}

}  // namespace

void run_world(const std::function<void(World&)>& body, std::span<Dev* const> devices, u32 harts) {
    fixture::run(options_for(harts), [&] { run_body(body, devices); });
}

void run_world_seeds(u64 count, const std::function<void(World&)>& body,
                     std::span<Dev* const> devices, u32 harts) {
    fixture::run_seeds(options_for(harts), count, [&] { run_body(body, devices); });
}

void start_like(Caller& like, Caller& made, std::string_view user) {
    CallerStart start;
    start.user = user;
    start.pid = like.pid() + 1;
    start.name_space = like.name_space();
    start.fds = like.fds();
    start.environment = like.environment();
    start.dot = like.dot();
    made.start(std::move(start));
}

u64 memory_in_use() {
    u64 total = mm::page_counts().in_use();
    for (usize i = 0;; ++i) {
        const std::optional<mm::SlabStats> stats = mm::slab_stats(i);
        if (!stats.has_value()) return total;
        // Magazines are the caches' own, one per hart that used the cache.
        if (std::string_view(stats->name) != "magazine") total += stats->in_use;
    }
}

std::string path_text(const Chan& chan) {
    std::array<char, kPathMax> text;
    return std::string(chan.path()->copy_to(text));
}

std::string read_rest(Caller& caller, Chan& chan, usize buffer_size) {
    std::string all;
    std::vector<std::byte> buffer(buffer_size);
    for (;;) {
        const Result<usize> count = read(caller, chan, buffer);
        if (!count.ok()) return "<" + outcome(count) + ">";
        if (count.value() == 0) return all;
        all += as_text(Bytes(buffer).first(count.value()));
    }
}

std::string contents(Caller& caller, std::string_view name) {
    const Result<Ref<Chan>> chan = open_name(caller, name, kORead);
    if (!chan.ok()) return "<" + outcome(chan) + ">";
    return read_rest(caller, *chan.value());
}

std::string listing(Caller& caller, std::string_view name, usize buffer_size) {
    const Result<Ref<Chan>> chan = open_name(caller, name, kORead);
    if (!chan.ok()) return "<" + outcome(chan) + ">";
    const std::string records = read_rest(caller, *chan.value(), buffer_size);
    std::string names;
    for (ConstBytes rest = as_bytes(records); !rest.empty();) {
        const Result<usize> size = next_stat_record(rest);
        if (!size.ok()) return records;
        const Result<Stat> stat = fixture::stat_of_record(rest.first(size.value()));
        EXPECT_TRUE(stat.ok());
        if (!names.empty()) names += ' ';
        names += stat.value().name.view();
        rest = rest.subspan(size.value());
    }
    return names;
}

Ref<Chan> must_open(Caller& caller, std::string_view name, OpenMode mode) {
    Result<Ref<Chan>> chan = open_name(caller, name, mode);
    EXPECT_EQ(outcome(chan), "ok") << name;
    return MUST(std::move(chan));  // checked above
}

void must_write(Caller& caller, Chan& chan, std::string_view text) {
    const Result<usize> written = write(caller, chan, as_bytes(text));
    EXPECT_EQ(outcome(written), "ok");
    EXPECT_EQ(written.value(), text.size());
}

usize fail_each_allocation(const std::function<Result<void>()>& operation) {
    EXPECT_TRUE(operation().ok());  // warms caches up, so that the counts below compare
    const u64 before = memory_in_use();
    const u64 chans = Chan::count();
    for (usize let_through = 0;; ++let_through) {
        allocations_left = let_through;
        failed_one = false;
        mm::set_failure_hook(fail_when_counted_down);
        const Result<void> result = operation();
        mm::set_failure_hook(nullptr);
        EXPECT_EQ(memory_in_use(), before) << "with allocation " << let_through << " failing";
        EXPECT_EQ(Chan::count(), chans) << "with allocation " << let_through << " failing";
        if (!failed_one) {
            EXPECT_TRUE(result.ok());
            return let_through;
        }
        if (result.ok()) continue;  // it did without what failed
        EXPECT_EQ(result.error(), Error::kNoMemory) << "with allocation " << let_through;
        if (testing::Test::HasFailure()) return let_through;
    }
}

}  // namespace kernel::chan::test
