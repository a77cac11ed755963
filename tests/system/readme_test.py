#!/usr/bin/env python3
"""The transcript in README.md, run again: same commands, same answers, times and counts aside."""
import re
import unittest

from procyon import ROOT, run


def transcript():
    """The commands of the README's session, and what it says each prints."""
    block = re.search(r"## A minute with it\n\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.S).group(1)
    steps = []
    for line in block.splitlines():
        if line.startswith("% "):
            steps.append([line[2:], []])
        else:
            steps[-1][1].append(line)
    return steps


def masked(text):
    """Text without what differs from run to run: times in status lines and in ps, and the call that a process is in just now."""
    text = re.sub(r"(?m)^(\S+ +eve +)[A-Z][a-z]+( +\d+){9}$", r"\1STATE NUMBERS", text)
    return re.sub(r"(?m)^(eve +\d+) +\d+:\d\d +\d+:\d\d +\d+K \S+ +", r"\1 TIMES ", text)


class Readme(unittest.TestCase):
    def test_the_transcript_is_what_happens(self):
        steps = transcript()
        self.assertGreaterEqual(len(steps), 6)
        script = "\n".join(f"{command}\necho '--8<--'" for command, _ in steps)
        outcome = run(script)
        answers = outcome.text.split("--8<--\n")
        self.assertEqual(len(answers), len(steps) + 1, repr(outcome))
        for (command, expected), answer in zip(steps, answers):
            with self.subTest(command=command):
                self.assertEqual(masked(answer.rstrip("\n")), masked("\n".join(expected)))


if __name__ == "__main__":
    unittest.main()
