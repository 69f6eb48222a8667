"""Writes flows.json: norms of transition matrices by SciPy's integrator, of the models in lipschitz.test.ts.

Run: python3 test/analysis/fixtures-flows.py
"""
import json
import pathlib

import numpy as np
from scipy.integrate import solve_ivp


def rotation(t):
    return np.array([[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]])


def piece(t):
    knots = [0, 1, 2]
    values = [np.array(v) for v in ([[-1, 0.5], [-0.5, -1]], [[-1.5, 0], [0, -0.5]], [[-1, -0.5], [0.5, -1]])]
    k = 0 if t < 1 else 1
    return values[k] + (t - knots[k]) * (values[k + 1] - values[k])


MODELS = {
    "varying": ([0, 5], lambda t: np.array([[-1, 10 * np.sin(3 * t), 0.3], [np.cos(2 * t), -2, np.exp(-t)], [0.1, np.sqrt(1 + t), -1]])),
    "turning": ([0, 10], lambda t: rotation(t) @ np.array([[-1, 3], [0, -2]]) @ rotation(t).T),
    "interpolated": ([0, 1, 2], piece),
    "not normal": ([0, 3], lambda t: np.array([[-3, 100], [0.01, -2]])),
    "steps": ([0, 0.5, 0.75, 1], lambda t: np.array([[-1.0 if t < 0.5 else 2.0 if t < 0.75 else 1.0]])),
}


def norms(ends, matrix):
    n = len(matrix(ends[0]))
    state = np.eye(n)
    for start, end in zip(ends, ends[1:]):
        # Jumps at a piece's end belong to the next piece.
        inside = lambda t: min(t, np.nextafter(end, start))
        solution = solve_ivp(lambda t, z: (matrix(inside(t)) @ z.reshape(n, n)).ravel(), [start, end], state.ravel(), method="DOP853", rtol=1e-13, atol=1e-16)
        state = solution.y[:, -1].reshape(n, n)
    return {"1": np.linalg.norm(state, 1), "2": np.linalg.norm(state, 2), "inf": np.linalg.norm(state, np.inf)}


values = {name: norms(ends, matrix) for name, (ends, matrix) in MODELS.items()}
pathlib.Path(__file__).with_name("flows.json").write_text(json.dumps(values, indent=2) + "\n")
