"""What the Pid hash is to reach, row by row: ratios to the floor and to the best peer, judged over several runs.

A measurement of a run is {row: {table: [ns of each round]}}, where a row is "operation/threads/live", plus facts {name: value}.
A ratio is the median over the rounds of a run, each ratio of tables measured side by side. A goal counts as reached when it
holds in 3 of 4 runs, that is, as soon as it held in 3, and as missed when it failed in 2.
"""
import statistics

PEERS = ("9front", "radix", "lfht", "tbb", "locked")
TABLES = ("floor", "pid") + PEERS
SIZES = (100, 10_000, 1_000_000)
SMALL, LARGE = SIZES[:2], SIZES[2:]
HOLDS, FAILS = 3, 2

# (operation, threads, sizes, at most x floor, at most x best peer, judged); None where there is nothing to compare with.
RATIOS = [
    ("hit", 1, SMALL, 2.0, 0.75, True),
    ("hit", 2, SMALL, 2.0, 0.75, True),
    ("miss", 1, SMALL, 2.0, 0.75, True),
    ("hit", 1, LARGE, 1.75, 0.15, True),
    ("hit", 2, LARGE, 1.75, 0.15, True),
    ("miss", 1, LARGE, 1.75, 0.5, True),
    ("chain", 1, SIZES, 1.25, 1.0, True),
    ("acquire+release", 1, SMALL, 1.25, 1.0, True),
    ("acquire+release", 1, LARGE, 1.75, 0.5, True),
    # By design the two share lines: shown, not judged.
    ("acquire+release", 2, SMALL, 1.4, None, False),
    ("acquire+release", 2, LARGE, None, None, False),
    ("alloc+free", 1, SMALL, None, 0.75, True),
    ("alloc+free", 1, LARGE, None, 0.25, True),
    ("alloc+free", 2, (100,), None, None, False),
    ("alloc+free", 2, (10_000, 1_000_000), None, 0.15, True),
    ("hit beside churn", 1, (100,), None, None, False),
    ("hit beside churn", 1, (10_000, 1_000_000), None, 0.5, True),
]
# (row, of what, at most) against another row of the same table, or of the floor.
AGAINST = [(f"alloc+free/1/{n}", "2 x fetch_add + fetch_sub", "acquire+release/1/100", "floor", 2.0) for n in SIZES]
AGAINST += [(f"alloc+free/2/{n}", "x its figure for 1 thread", f"alloc+free/1/{n}", "pid", 1.15) for n in SIZES[1:]]
AGAINST += [(f"hit beside churn/1/{n}", "x quiet hit", f"hit/1/{n}", "pid", 1.5) for n in SIZES[1:]]


def row_name(operation, threads, live):
    return f"{operation}/{threads}/{live}"


def rows():
    """Every row that is measured, with the tables that have it."""
    for operation, threads, sizes, *_ in RATIOS:
        for live in sizes:
            bare = operation in ("alloc+free", "hit beside churn")
            yield row_name(operation, threads, live), TABLES[1:] if bare else TABLES


def best_peer(measured):
    return min((p for p in PEERS if p in measured), key=lambda p: statistics.median(measured[p]))


def ratio(ours, theirs):
    return statistics.median(a / b for a, b in zip(ours, theirs))


def judge(ns, facts):
    """One run: a list of (goal, what is seen, holds, judged)."""
    verdicts = []

    def add(goal, value, limit, judged=True):
        verdicts.append((f"{goal} <= {limit:g}", f"{value:.2f}", value <= limit, judged))

    for operation, threads, sizes, floor, peer, judged in RATIOS:
        for live in sizes:
            name = row_name(operation, threads, live)
            if floor is not None:
                add(f"{name}: x floor", ratio(ns[name]["pid"], ns[name]["floor"]), floor, judged)
            if peer is not None:
                best = best_peer(ns[name])
                add(f"{name}: x best peer ({best})", ratio(ns[name]["pid"], ns[name][best]), peer, judged)
    for name, what, other, table, limit in AGAINST:
        add(f"{name}: {what}", ratio(ns[name]["pid"], ns[other][table]), limit)
    add("memory: bytes a cell", facts["bytes_per_cell"], 8.2)
    add("memory: % of any machine's, at most", facts["memory_percent"], 0.3)
    add("worst allocation, 3M live in a row of 4M, us", facts["worst_allocation_us"], 10)
    verdicts.append((f"reuse distance, 3/4 full >= {facts['reuse_distance_bound']:,.0f}", f"{facts['reuse_distance']:,.0f}",
                     facts["reuse_distance"] >= facts["reuse_distance_bound"], True))
    verdicts.append(("reuse by the gate, seconds >= 10", f"{facts['reuse_seconds']:.2f}", facts["reuse_seconds"] >= 10, True))
    if "rv64_lookup" in facts:
        add("rv64 lookup, instructions, no fence", facts["rv64_lookup"], 20)
    return verdicts


class Judgement:
    """The verdicts of runs, added up. The best peer may change from run to run: goals are known by their order."""

    def __init__(self):
        self.runs = []

    def add(self, verdicts):
        self.runs.append(verdicts)

    def _counts(self):
        for goals in zip(*self.runs):
            held = sum(holds for _, _, holds, _ in goals)
            yield goals, held, len(goals) - held

    def decided(self):
        return all(held >= HOLDS or failed >= FAILS for goals, held, failed in self._counts() if goals[-1][3])

    def table(self):
        """Lines of (mark, goal, seen in each run); and how many judged goals are missed."""
        lines, missed = [], 0
        for goals, held, failed in self._counts():
            reached = failed < FAILS if len(self.runs) > 1 else not failed
            judged = goals[-1][3]
            missed += judged and not reached
            mark = ("✓" if reached else "✗") if judged else "·"
            lines.append((mark, goals[-1][0], "  ".join(seen for _, seen, _, _ in goals)))
        return lines, missed
