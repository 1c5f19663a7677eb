# Runs the test cases of a module, or those named, and prints what became of each as a line of JSON.
import json
import sys
import unittest


class Outcomes(unittest.TestResult):
    def put(self, test, outcome, error=None):
        name = test.id().rsplit(".", 1)[-1]
        why = "" if error is None else str(error[1]).splitlines()[0]
        print(json.dumps({"name": name, "outcome": outcome, "why": why}), flush=True)

    def addSuccess(self, test):
        self.put(test, "passed")

    def addFailure(self, test, error):
        self.put(test, "failed", error)

    def addError(self, test, error):
        self.put(test, "failed", error)

    def addSkip(self, test, reason):
        self.put(test, "skipped")


module, *names = sys.argv[1:]
unittest.defaultTestLoader.loadTestsFromNames([module + name for name in names or [""]]).run(Outcomes())
