"""The peer of bench/simulate.ts: solve_ivp on all states of a cloud as one system, a product of matrices each time.

Reads {A, starts, times, relative, absolute, method} from standard input; writes {seconds, last} for the last time.
"""
import json
import sys
import time

import numpy as np
from scipy.integrate import solve_ivp

asked = json.load(sys.stdin)
A, starts = np.array(asked["A"]), np.array(asked["starts"])
turned, times = np.ascontiguousarray(A.T), asked["times"]


def field(t, x):
    return np.tanh(x.reshape(starts.shape) @ turned).ravel()


def solve():
    options = {"method": asked["method"], "rtol": asked["relative"], "atol": asked["absolute"]}
    return solve_ivp(field, [times[0], times[-1]], starts.ravel(), t_eval=times, **options)


solve()
began = time.perf_counter()
solution = solve()
seconds = time.perf_counter() - began
assert solution.success, solution.message
print(json.dumps({"seconds": seconds, "evaluations": solution.nfev, "last": solution.y[:, -1].tolist()}))
