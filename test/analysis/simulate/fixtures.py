"""Writes solutions.json: solutions by SciPy's integrators at tight tolerances, of the fields in fields.ts.

Run: python3 test/analysis/simulate/fixtures.py
"""
import json
import pathlib

import numpy as np
from scipy.integrate import solve_ivp

MU = 0.012277471
PERIOD = 17.0652165601579625588917206249


def lotka_volterra(t, x):
    return [1.5 * x[0] - x[0] * x[1], x[0] * x[1] - 3 * x[1]]


def arenstorf(t, y):
    one, two = ((y[0] + MU) ** 2 + y[1] ** 2) ** 1.5, ((y[0] - 1 + MU) ** 2 + y[1] ** 2) ** 1.5
    return [
        y[2], y[3],
        y[0] + 2 * y[3] - (1 - MU) * (y[0] + MU) / one - MU * (y[0] - 1 + MU) / two,
        y[1] - 2 * y[2] - (1 - MU) * y[1] / one - MU * y[1] / two,
    ]  # fmt: skip


def pleiades(t, z):
    x, y = z[:7], z[7:14]
    dx, dy = x[None, :] - x[:, None], y[None, :] - y[:, None]
    cube = (dx**2 + dy**2) ** 1.5 + np.eye(7)
    weight = np.arange(1, 8)[None, :] / cube
    return np.concatenate([z[14:], (weight * dx).sum(1), (weight * dy).sum(1)])


PLEIADES = [3, 3, -1, -3, 2, -2, 2, 3, -3, 2, 0, 0, -4, 4, 0, 0, 0, 0, 0, 1.75, -1.5, 0, 0, 0, -1.25, 1, 0, 0]


def van_der_pol(t, x):
    return [x[1], 1000 * (1 - x[0] ** 2) * x[1] - x[0]]


def van_der_pol_jacobian(t, x):
    return [[0, 1], [-2000 * x[0] * x[1] - 1, 1000 * (1 - x[0] ** 2)]]


def relu_flow(t, x):
    W = np.array([[0.3, -2.0, 0.5], [2.0, 0.1, -0.7], [-0.4, 0.9, 0.2]])
    return -0.4 * x + np.maximum(W @ x + np.array([0.1, -0.2, 0.05]), 0) - np.maximum(-W @ x, 0) * 0.5


def weights_over_time(t, x, last):
    """As the model in model-field.test.ts: interpolate between knots 1 and 2.5, a jump at 1.7."""
    t = min(t, last)
    A0, A1 = np.array([[-1.0, 2.0], [-2.0, -1.0]]), np.array([[-0.5, -1.0], [3.0, -2.0]])
    A = A0 + np.clip((t - 1) / 1.5, 0, 1) * (A1 - A0)
    b = np.array([0.5, -0.5]) if t < 1.7 else np.array([-2.0, 1.0])
    return np.tanh(A @ x + b) + np.sin(3 * t) * np.array([1.0, 0.0]) - 0.2 * x


def solved(field, x0, times, method="DOP853", breaks=(), **options):
    """States at the times, the integration stopped and begun again at the breaks."""
    ends, state, out = [times[0], *breaks, times[-1]], np.array(x0, float), []
    for start, end in zip(ends, ends[1:]):
        last = np.nextafter(end, start) if end in breaks else end
        f = (lambda t, x: field(t, x, last)) if field is weights_over_time else field
        inside = [t for t in times if start <= t < end or t == end == times[-1]]
        settings = {"rtol": 1e-13, "atol": 1e-15, **options}
        solution = solve_ivp(f, [start, end], state, method=method, t_eval=sorted({*inside, end}), **settings)
        assert solution.success, solution.message
        kept = dict(zip(solution.t, solution.y.T))
        out += [[t, [float(v) for v in kept[t]]] for t in inside]
        state = solution.y[:, -1]
    return out


def grid(start, end, count):
    return [float(t) for t in np.linspace(start, end, count)]


values = {
    "lotka-volterra": solved(lotka_volterra, [10, 5], grid(0, 15, 16)),
    "arenstorf": solved(arenstorf, [0.994, 0, 0, -2.00158510637908252240537862224], grid(0, PERIOD, 9)),
    "pleiades": solved(pleiades, PLEIADES, grid(0, 3, 7)),
    # Over a whole period, 1614.3: Radau IIA at tight tolerances, confirmed by LSODA to the digits that the test asks for.
    "van-der-pol": solved(van_der_pol, [2, 0], grid(0, 2000, 21), "Radau", jac=van_der_pol_jacobian, rtol=1e-11, atol=1e-14),
    "van-der-pol by LSODA": solved(van_der_pol, [2, 0], grid(0, 2000, 21), "LSODA", jac=van_der_pol_jacobian, rtol=1e-12, atol=1e-15),
    # Steps this short lose less at a kink than the test asks for.
    "relu": solved(relu_flow, [1, -0.5, 0.3], grid(0, 20, 11), max_step=1e-3, rtol=1e-12, atol=1e-14),
    "weights over time": solved(weights_over_time, [1.0, -1.0], grid(0, 4, 9), breaks=(1, 1.7, 2.5)),
}
pathlib.Path(__file__).with_name("solutions.json").write_text(json.dumps(values, indent=1) + "\n")
