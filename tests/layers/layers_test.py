#!/usr/bin/env python3
"""The include check itself: the tree passes, and each kind of violation planted in a copy of the table is found."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
CHECK = ROOT / "tools/layers/check.py"


def run_check(root):
    return subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True)


class LayersTest(unittest.TestCase):
    def test_the_tree_obeys_the_table(self):
        result = run_check(ROOT)
        self.assertEqual(result.returncode, 0, result.stdout)

    def plant(self, relative, text):
        """Checks a tree that holds the table, one base header and the planted file."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "tools/layers").mkdir(parents=True)
            shutil.copy(ROOT / "tools/layers/layers.txt", root / "tools/layers")
            for header in ("kernel/base/std.h", "kernel/proc/proc.h"):
                (root / header).parent.mkdir(parents=True, exist_ok=True)
                (root / header).write_text("#pragma once\n")
            path = root / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            return run_check(root)

    def test_an_upward_include_is_found(self):
        result = self.plant("kernel/sched/task.h", '#include "proc/proc.h"\n')
        self.assertEqual(result.returncode, 1)
        self.assertIn("sched may not include proc", result.stdout)

    def test_a_standard_header_outside_base_is_found(self):
        result = self.plant("kernel/sched/task.h", "#include <vector>\n")
        self.assertIn("standard headers come through base/std.h", result.stdout)
        self.assertEqual(result.returncode, 1)

    def test_a_conditional_above_the_machine_is_found(self):
        result = self.plant("kernel/proc/life.cc", "#ifdef DEBUG\n#endif\n")
        self.assertIn("a conditional above the machine layer", result.stdout)
        self.assertEqual(result.returncode, 1)

    def test_assembly_above_the_machine_is_found(self):
        result = self.plant("kernel/proc/life.cc", 'void f() { asm volatile("nop"); }\n')
        self.assertIn("assembly", result.stdout)
        self.assertEqual(result.returncode, 1)

    def test_a_missing_header_is_found(self):
        result = self.plant("kernel/proc/life.cc", '#include "proc/nothing.h"\n')
        self.assertIn("no such header", result.stdout)
        self.assertEqual(result.returncode, 1)

    def test_words_in_comments_and_texts_are_not_code(self):
        result = self.plant("kernel/proc/life.cc", '// asm <vector>\nconst char* t = "asm"; /*\n#ifdef X */\n')
        self.assertEqual(result.returncode, 0, result.stdout)


if __name__ == "__main__":
    unittest.main()
