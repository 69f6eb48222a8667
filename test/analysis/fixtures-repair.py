"""Writes repair-distances.json: the least Frobenius norm of the change of a weight matrix that makes a requirement true.

Run: python3 test/analysis/fixtures-repair.py (NumPy, SciPy and clarabel; a minute). Names of groups run these alone and write nothing.

The slopes' vertices are enumerated, all of them. Those that matter make a semidefinite (norm 2) or quadratic (norms 1 and
infinity) program for Clarabel, and the most violated ones join it until none is left. Neither the solver's word nor its
tolerance is taken for the result:
- below: weak duality at its multipliers, projected into the dual cone, holds whatever they are;
- above: its solution, moved towards an interior point until no vertex of all exceeds the limit.
`distance` is between the two and `accuracy` half of what is between them, plus rounding.
"""
import itertools
import json
import pathlib
import sys

import clarabel
import numpy as np
from scipy import sparse
from scipy.optimize import brentq

ACTIVATIONS = {
    "leaky_relu(0.1)": (0.1, 1),
    "smooth_leaky_relu(0.5)": (0.5, 1),
    "smooth_leaky_relu(0.25)": (0.25, 1),
    "slope_restricted(-0.2, 1.1)": (-0.2, 1.1),
    "slope_restricted(0.2, 1.5)": (0.2, 1.5),
    "sigmoid": (0, 0.25),
    "tanh": (0, 1),
    "relu": (0, 1),
}


class Requirement:
    """Of matrices J, `transform`ed: the logarithmic norm, or the norm of I + step J, in the p-norm, is at most `limit`."""

    def __init__(self, p, limit, metric=None, step=None):
        self.p, self.limit, self.metric, self.step = p, limit, metric, step

    def text(self):
        if self.step is not None:
            return f"step({self.p}, {self.step}) <= {self.limit}"
        return f"lognorm({self.p}{'' if self.metric is None else ', metric: P'}) <= {self.limit}"


class Vertices:
    """Every J of the box's vertices (at one knot after the other): J_k + P_k X Q_k, X the change of the weights."""

    def __init__(self, box, J, P, Q, requirement):
        n = J.shape[1]
        if requirement.metric is not None:
            S = np.diag(requirement.metric) if np.ndim(requirement.metric) == 1 else np.linalg.cholesky(requirement.metric).T
            inverse = np.linalg.inv(S)
            J, P, Q = S @ J @ inverse, S @ P, Q @ inverse
        if requirement.step is not None:
            J, P = np.eye(n) + requirement.step * J, requirement.step * P
            if requirement.p == 2:
                # The largest singular value is an eigenvalue of [[0, J], [J^T, 0]].
                J, P, Q = 2 * np.pad(J, ((0, 0), (0, n), (n, 0))), 2 * np.pad(P, ((0, 0), (0, n), (0, 0))), np.pad(Q, ((0, 0), (0, 0), (n, 0)))
        self.J, self.P, self.Q, self.requirement = J, P, Q, requirement
        self.n = J.shape[1]
        self.box = box

    def values(self, X):
        """[vertices, 1], or [vertices, rows] for norms 1 and infinity, of which the largest counts."""
        J, p = self.J + self.P @ X @ self.Q, self.requirement.p
        if p == 2:
            return np.linalg.eigvalsh((J + J.transpose(0, 2, 1)) / 2)[:, -1:]
        if p == 1:
            J = J.transpose(0, 2, 1)
        diagonal = np.diagonal(J, axis1=1, axis2=2)
        return np.abs(J).sum(2) + (diagonal - np.abs(diagonal) if self.requirement.step is None else 0)

    def affine(self, k, effects):
        """J_k and its derivatives along the effects, [n, n] and [effects, n, n]; symmetric for norm 2, transposed for norm 1."""
        J, G = self.J[k], self.P[k] @ effects @ self.Q[k]
        if self.requirement.p == 2:
            return (J + J.T) / 2, (G + G.transpose(0, 2, 1)) / 2
        return (J.T, G.transpose(0, 2, 1)) if self.requirement.p == 1 else (J, G)


def triangle(n):
    """The upper triangle in the solver's order, by columns, and what makes its inner product the matrices'."""
    columns, rows = np.tril_indices(n)
    return rows, columns, np.where(rows == columns, 1, np.sqrt(2))


def solve(vertices, pool, effects, limit, most):
    """The least u over the pool {(vertex, row): subspace}, or None where there is none; and its dual: [(Y, z)] with
    sum <Y, J> - limit z <= 0 whatever J satisfies the requirement. For norm 2 a vertex is held on its subspace alone."""
    N, n, two = len(effects), vertices.n, vertices.requirement.p == 2
    extra = 0 if two else n * len(pool)
    blocks, right, cones = [], [], []
    logarithmic = vertices.requirement.step is None
    for number, ((k, i), V) in enumerate(pool.items()):
        J, G = vertices.affine(k, effects)
        if two:
            J, G = V.T @ J @ V, V.T @ G @ V
            rows, columns, scale = triangle(len(J))
            blocks.append(sparse.csc_matrix((scale * G[:, rows, columns]).T))
            right.append((scale * (limit * np.eye(len(J)) - J)[rows, columns]))
            cones.append(clarabel.PSDTriangleConeT(len(J)))
            continue
        # |J_ij| <= s_j; the diagonal of a logarithmic norm counts with its sign. sum s <= limit.
        slack = sparse.lil_matrix((2 * n + 1, extra))
        for j in range(n):
            slack[j, number * n + j] = slack[n + j, number * n + j] = -1
            slack[2 * n, number * n + j] = 1
        flip = -np.ones(n)
        if logarithmic:
            flip[i] = 1
        entries = G[:, i, :].T
        blocks.append(sparse.hstack([sparse.csc_matrix(np.vstack([entries, flip[:, None] * entries, np.zeros((1, N))])), slack]))
        right.append(np.concatenate([-J[i], -flip * J[i], [limit]]))
        cones.append(clarabel.NonnegativeConeT(2 * n + 1))
    if most is not None:
        box = sparse.vstack([sparse.eye(N), -sparse.eye(N)])
        blocks.append(sparse.hstack([box, sparse.csc_matrix((2 * N, extra))]))
        right.append(np.full(2 * N, most))
        cones.append(clarabel.NonnegativeConeT(2 * N))
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.direct_solve_method = "faer"
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-11
    objective = sparse.diags(np.concatenate([np.ones(N), np.zeros(extra)])).tocsc()
    A = sparse.vstack(blocks).tocsc()
    solution = clarabel.DefaultSolver(objective, np.zeros(N + extra), A, np.concatenate(right), cones, settings).solve()
    if str(solution.status) not in ("Solved", "AlmostSolved", "InsufficientProgress"):
        return None
    z, dual, at = np.array(solution.z), [], 0
    for (_, i), V in pool.items():
        if two:
            rows, columns, scale = triangle(V.shape[1])
            Y = np.zeros((V.shape[1],) * 2)
            Y[rows, columns] = Y[columns, rows] = z[at : at + len(rows)] / scale
            at += len(rows)
            w, E = np.linalg.eigh(Y)
            w, E = np.maximum(w, 0), V @ E
            dual.append(((E * w) @ E.T, w.sum()))
        else:
            Y = np.zeros((n, n))
            plus, minus, total = z[at : at + n], z[at + n : at + 2 * n], max(0, z[at + 2 * n])
            at += 2 * n + 1
            Y[i] = np.clip(plus - minus, -total, total)
            if logarithmic:
                Y[i, i] = total
            dual.append((Y, total))
    return np.array(solution.x)[:N], dual


def lower_bound(vertices, pool, effects, most, dual):
    """Minimum over u of |u|^2 / 2 + what the multipliers say, as a distance."""
    h, a = np.zeros(len(effects)), 0
    for (k, _), (Y, z) in zip(pool, dual):
        J, G = vertices.affine(k, effects)
        h += np.tensordot(G, Y, 2)
        a += (Y * J).sum() - vertices.requirement.limit * z
    if most is None:
        return max(0, a) / max(np.linalg.norm(h), 1e-300)
    u = np.clip(-h, -most, most)
    return np.sqrt(max(0, 2 * (a + u @ (u / 2 + h))))


def cut(vertices, effects, limit, most, pool=None, excess=1e-9):
    """The least u for all vertices, but for this excess and the solver's tolerance; None where there is none."""
    two, whole = vertices.requirement.p == 2, vertices.n <= 6
    u, pool, dual, length, still = np.zeros(len(effects)), dict(pool or {}), [], -1, 0
    while True:
        values = vertices.values(np.tensordot(u, effects, 1))
        over = values > limit + excess
        if not two or whole:
            for item in pool:
                over[item] = False
        still = 0 if np.linalg.norm(u) > length * (1 + 1e-12) else still + 1
        length = max(length, np.linalg.norm(u))
        if not over.any() or still == 3:
            return u, pool, dual
        # What no multiplier holds may go: the distance grows from round to round, so none comes back for ever.
        kept = {}
        largest = max((z for _, z in dual), default=0)
        for (item, V), (Y, z) in zip(pool.items(), dual):
            if z > 1e-7 * largest:
                kept[item] = V if not two or whole else subspace(vertices, item[0], effects, u, Y)
        # Vertices above all their neighbours first.
        index, flips = np.arange(len(values)), 1
        local = np.ones(values.shape, bool)
        while flips < vertices.box:
            local &= values >= values[index ^ flips]
            flips *= 2
        for item in kept:
            over[item] = False
        order = np.argsort(np.where(over, -values - 1e6 * local, np.inf), axis=None)[: over.sum()]
        for at in order[: vertices.n + 4].tolist():
            k, i = map(int, np.unravel_index(at, values.shape))
            kept[k, i] = np.eye(vertices.n) if not two or whole else subspace(vertices, k, effects, u)
        found = solve(vertices, pool := kept, effects, limit, most)
        if found is None:
            return None
        u, dual = found


def subspace(vertices, k, effects, u, Y=None):
    """The top three eigenvectors of the vertex at u, and those that hold it already: [n, r]."""
    J, G = vertices.affine(k, effects)
    spanning = [np.linalg.eigh(J + np.tensordot(u, G, 1))[1][:, -3:]]
    if Y is not None:
        w, E = np.linalg.eigh(Y)
        spanning.append(E[:, w > 1e-6 * w[-1]])
    U, sizes, _ = np.linalg.svd(np.hstack(spanning), full_matrices=False)
    return U[:, sizes > 1e-6]


def least(vertices, effects, most):
    """Bounds on the distance, from below and from above; None where no change will do."""
    limit = vertices.requirement.limit
    change = lambda u: np.tensordot(u, effects, 1)
    found = cut(vertices, effects, limit, most)
    if found is None:
        return None
    u, pool, dual = found
    if not pool:
        return 0.0, 0.0
    low = lower_bound(vertices, pool, effects, most, dual)
    excess = vertices.values(change(u)).max() - limit
    # A point inside; nearly the same vertices count there.
    for margin in (1e-2, 1e-3, 1e-4):
        if inside := cut(vertices, effects, limit - margin, most, pool, margin / 2):
            break
    inner = inside[0]
    slack = limit - vertices.values(change(inner)).max()
    share = max(0, excess + 1e-13) / (max(0, excess + 1e-13) + slack)
    if most is not None:
        u, inner = np.clip(u, -most, most), np.clip(inner, -most, most)
    while vertices.values(change(u + share * (inner - u))).max() > limit:
        share = 2 * share + 1e-14
        assert share < 1e-3, "no feasible point"
    return low, np.linalg.norm(u + share * (inner - u))


def literal(X):
    if np.ndim(X) == 0:
        return f"{round(float(X), 3) + 0.0:.12g}"
    return f"[{', '.join(map(literal, X))}]"


def statements(name, n, lines, requirement):
    metric = [] if requirement.metric is None else [f"param P = {literal(np.asarray(requirement.metric))}"]
    body = [f"state x[{n}]", *lines, *metric, f"require {requirement.text()}"]
    return "\n".join([f"model {name} {{", *(f"  {line}" for line in body), "}", ""])


def corners(counts, intervals):
    """[vertices, neurons] of the box."""
    ends = [pair for count, pair in zip(counts, intervals) for _ in range(count)]
    return np.array(list(itertools.product(*ends)))


def diagonals(d):
    return d[:, :, None] * np.eye(d.shape[1])


# Each shape: the model's text, the changed param's name and value, and its vertices.


def direct(act, A, requirement, b=None):
    """x' = act(A x + b)"""
    n = len(A)
    lines = [f"param A = {literal(A)}", *([] if b is None else [f"param b = {literal(b)}"]), f"activation act = {act}"]
    lines.append(f"flow x' = act(A * x{'' if b is None else ' + b'})")
    D = diagonals(corners([n], [ACTIVATIONS[act]]))
    Q = np.broadcast_to(np.eye(n), D.shape)
    return statements("Direct", n, lines, requirement), "A", A, Vertices(len(D), D @ A, D, Q, requirement)


def skew(act, W, decay, requirement):
    """x' = act((skew(W) - decay I) x)"""
    n = len(W)
    lines = [f"param W = {literal(W)}", f"param A = skew(W) - {literal(decay)} * eye({n})", f"activation act = {act}"]
    D = diagonals(corners([n], [ACTIVATIONS[act]]))
    A = (W - W.T) / 2 - decay * np.eye(n)
    vertices = Vertices(len(D), D @ A, D, np.broadcast_to(np.eye(n), D.shape), requirement)
    return statements("Skew", n, [*lines, "flow x' = act(A * x)"], requirement), "W", W, vertices


def leaky(act, W1, W2, decay, param, requirement, b=None):
    """x' = -decay x + W2 act(W1 x + b)"""
    h, n = W1.shape
    lines = [f"param W1 = {literal(W1)}", f"param W2 = {literal(W2)}", *([] if b is None else [f"param b1 = {literal(b)}"])]
    flow = f"flow x' = -{literal(decay)} * x + W2 * act(W1 * x{'' if b is None else ' + b1'})".replace("-1 * x", "-x")
    D = diagonals(corners([h], [ACTIVATIONS[act]]))
    J = -decay * np.eye(n) + W2 @ D @ W1
    fixed = lambda X: np.broadcast_to(X, (len(D), *X.shape))
    P, Q = (W2 @ D, fixed(np.eye(n))) if param == "W1" else (fixed(np.eye(n)), D @ W1)
    text = statements("Leaky", n, [*lines, f"activation act = {act}", flow], requirement)
    return text, param, W1 if param == "W1" else W2, Vertices(len(D), J, P, Q, requirement)


def deep(acts, W1, W2, W3, requirement):
    """x' = -x + W3 act2(W2 act1(W1 x)), W2 changes"""
    h1, n = W1.shape
    h2 = len(W2)
    d = corners([h1, h2], [ACTIVATIONS[act] for act in acts])
    D1, D2 = diagonals(d[:, :h1]), diagonals(d[:, h1:])
    lines = [f"param W{k} = {literal(W)}" for k, W in enumerate((W1, W2, W3), 1)]
    lines += [f"activation act{k} = {act}" for k, act in enumerate(acts, 1)]
    lines += ["layer h = act1(W1 * x)", "flow x' = -x + W3 * act2(W2 * h)"]
    vertices = Vertices(len(d), -np.eye(n) + W3 @ D2 @ W2 @ D1 @ W1, W3 @ D2, D1 @ W1, requirement)
    return statements("Deep", n, lines, requirement), "W2", W2, vertices


def over_time(act, knots, values, changed, times, ends, requirement, decays=None):
    """x' = act(A(t) x) - r(t) x: A of one path and r of the other, each linear between `times`, where all their knots
    and the interval's ends are."""
    n = len(values[0])
    lines = [f"time t in [{ends[0]}, {ends[1]}]"]
    lines += [f"param A{k} = {literal(A)}" for k, A in enumerate(values)]
    lines.append(f"param A = interpolate({literal(knots)}, [{', '.join(f'A{k}' for k in range(len(values)))}])")
    if decays:
        lines.append(f"param r = interpolate({literal(decays[0])}, {literal(decays[1])})")
    lines += [f"activation act = {act}", f"flow x' = act(A * x){' - r * x' if decays else ''}"]
    D = diagonals(corners([n], [ACTIVATIONS[act]]))
    J, P = [], []
    for t in times:
        weights = [np.interp(t, knots, row) for row in np.eye(len(knots))]
        rate = np.interp(t, *decays) if decays else 0
        J.append(D @ sum(w * A for w, A in zip(weights, values)) - rate * np.eye(n))
        P.append(weights[changed] * D)
    J, P = np.concatenate(J), np.concatenate(P)
    vertices = Vertices(len(D), J, P, np.broadcast_to(np.eye(n), J.shape), requirement)
    return statements("OverTime", n, lines, requirement), f"A{changed}", values[changed], vertices


def basis(W, restriction, effect):
    """Orthonormal changes of W that the restriction leaves, as `effect` sees them."""
    rows, columns = W.shape
    kept = []
    for i, j in itertools.product(range(rows), range(columns)):
        E = np.zeros(W.shape)
        E[i, j] = 1
        if "sparsity" in restriction and W[i, j] == 0:
            continue
        if "rows" in restriction and i + 1 not in restriction["rows"]:
            continue
        if "diagonal" in restriction and i != j:
            continue
        if "symmetric" in restriction:
            if i > j:
                continue
            E = (E + E.T) / np.linalg.norm(E + E.T)
        kept.append(effect(E))
    return np.array(kept)


cases = []


def add(name, made, restriction=None, distance=None, why=None):
    """@param distance where a closed form gives it; @param why there is none"""
    model, param, W, vertices = made
    effect = (lambda E: (E - E.T) / 2) if "skew(W)" in model else (lambda E: E)
    effects = basis(W, restriction or {}, effect)
    most = (restriction or {}).get("most")
    value = vertices.values(np.zeros(W.shape)).max()
    case = {"name": name, "model": model, "param": param, "restriction": restriction, "value": round(value, 10)}
    if why:
        found = cut(vertices, effects, vertices.requirement.limit, most)
        print(f"{name}: none, {'as the solver says' if found is None else 'NOT AS THE SOLVER SAYS'}", flush=True)
        assert found is None or "closure" in why
        case |= {"distance": None, "accuracy": None, "why": why}
    elif distance is not None:
        case |= {"distance": distance, "accuracy": 1e-12 * max(1, distance)}
        print(f"{name}: {distance} by its closed form", flush=True)
    else:
        low, high = least(vertices, effects, most)
        accuracy = abs(high - low) / 2 + 1e-12 * max(1, high)
        print(f"{name}: dual {low:.12g} primal {high:.12g} relative {accuracy / max(high, 1e-300):.1e} from {value:.6g}", flush=True)
        assert low <= high + 1e-12 * max(1, high)
        case |= {"distance": (low + high) / 2, "accuracy": float(f"{accuracy:.2g}")}
    cases.append(case)


def gaussian(seed, rows, columns=None, shift=0.0, scale=1.0):
    """Three decimals, so that the text holds the numbers themselves."""
    columns = rows if columns is None else columns
    X = scale * np.random.default_rng(seed).standard_normal((rows, columns)) / np.sqrt(columns) + shift * np.eye(rows, columns)
    return np.round(X, 3)


def positive(seed, n):
    X = np.random.default_rng(seed).standard_normal((n, n))
    return np.round(np.eye(n) + X @ X.T / n, 3)


L, S, R, T = "leaky_relu(0.1)", "smooth_leaky_relu(0.5)", "slope_restricted(-0.2, 1.1)", "tanh"
mu = Requirement


def known():
    spiral = np.array([[-0.1, 2], [-2, -0.1]])
    add("spiral, slopes [0.5, 1], limit 0", direct(S, spiral, mu(2, 0), np.array([0, 0.1])))
    add("spiral, slopes [0.5, 1], limit -0.05", direct(S, spiral, mu(2, -0.05), np.array([0, 0.1])))
    add("spiral, slopes [0.1, 1], limit 0", direct(L, spiral, mu(2, 0), np.array([0, 0.1])))
    add("lower triangular", direct("smooth_leaky_relu(0.25)", np.array([[-1.0, 0], [3, -1]]), mu(2, 0)))
    A = gaussian(11, 3)
    add("satisfied already", direct(S, A - 3 * np.eye(3), mu(2, 0)))
    add("one state", direct(L, np.array([[0.7]]), mu(2, -0.2)))
    fixed = np.diag(np.minimum(np.diag(A), 0))
    add("boundary: tanh and limit 0 leave a diagonal", direct(T, A, mu(2, 0)), distance=float(np.linalg.norm(A - fixed)))
    add("boundary: relu and limit 0 in norm 1 leave a diagonal", direct("relu", A, mu(1, 0)), distance=float(np.linalg.norm(A - fixed)))
    rows = float(np.linalg.norm([dominant(row, i) for i, row in enumerate(A)]))
    add("boundary: relu and limit 0 in norm inf leave dominant rows", direct("relu", A, mu("inf", 0)), distance=rows)
    add("boundary: slopes of both signs and limit 0 leave nothing", direct(R, A, mu(2, 0)), distance=float(np.linalg.norm(A)))


def dominant(row, i):
    """The distance of a row from a_ii + sum |a_ij| <= 0: all entries shrink by the multiplier, a_ii goes on below 0."""
    others = np.abs(np.delete(row, i))
    excess = lambda t: row[i] - t + np.maximum(others - t, 0).sum()
    if excess(0) <= 0:
        return 0.0
    t = brentq(excess, 0, np.abs(row).sum(), xtol=1e-15, rtol=1e-15)
    return np.linalg.norm(np.append(np.minimum(others, t), t))


def one_layer():
    for n, act, limit, shift in [
        (2, L, 0, 0), (2, S, -0.1, 0), (2, R, 0.1, -1), (2, T, 0.2, 0),
        (3, L, 0, -1), (3, S, 0.3, 0), (3, R, 0.5, 0), (3, T, 0.1, 0),
        (4, L, -0.1, -1), (4, S, 0, 0), (4, T, 0.25, 0),
        (6, L, 0, -1), (6, L, 0, 0), (6, R, 0.4, 0), (6, T, 0.3, -1),
        (8, L, 0, -1), (8, S, -0.3, 0), (8, L, 0.5, 0), (10, L, 0, -1), (10, T, 0.4, -1),
        (12, L, 0, -1), (12, L, -0.1, 0), (12, S, 0.2, 0),
    ]:  # fmt: skip
        A = gaussian(100 * n + len(act), n, shift=shift)
        b = np.round(np.random.default_rng(n).standard_normal(n), 3) if n % 4 == 0 else None
        add(f"act(A x), n = {n}, {act}, limit {limit}, shift {shift}", direct(act, A, mu(2, limit), b))


def two_matrices():
    for n, h, act, limit, param in [
        (2, 3, L, 0, "W2"), (2, 3, "relu", -0.5, "W1"), (3, 5, T, -0.2, "W2"), (3, 5, R, 0, "W1"),
        (4, 8, L, -0.1, "W2"), (4, 8, "sigmoid", -0.9, "W1"), (5, 12, "relu", 0, "W2"), (5, 12, L, -0.2, "W1"), (6, 2, T, -0.9, "W1"),
    ]:  # fmt: skip
        W1, W2 = gaussian(n + h, h, n, scale=2), gaussian(n * h, n, h, scale=2)
        b = np.round(np.random.default_rng(n).standard_normal(h), 3)
        made = leaky(act, W1, W2, 1, param, mu(2, limit), b)
        add(f"-x + W2 act(W1 x), {n} by {h}, {act}, limit {limit}, {param}", made)


def others():
    for n, h1, h2, acts, limit in [(2, 3, 2, (L, T), -0.2), (3, 4, 4, ("relu", "relu"), 0), (4, 5, 6, (T, R), -0.1)]:
        made = deep(acts, gaussian(n, h1, n, scale=1.5), gaussian(n + 50, h2, h1, scale=1.5), gaussian(n + 60, n, h2, scale=1.5), mu(2, limit))
        add(f"three matrices, {n} by {h1} by {h2}, limit {limit}", made)
    for n, act, limit in [(2, L, 0), (3, S, -0.05), (5, L, 0.1)]:
        add(f"skew(W) - 0.3 I, n = {n}, {act}, limit {limit}", skew(act, gaussian(n + 70, n, scale=2), 0.3, mu(2, limit)))


def polyhedral():
    for p in (1, "inf"):
        for n, act, limit, shift in [(2, L, 0, 0), (4, R, 0.5, 0), (8, L, -0.05, -1), (5, T, 0.3, 0)]:
            add(f"act(A x), norm {p}, n = {n}, {act}, limit {limit}", direct(act, gaussian(n + 80, n, shift=shift), mu(p, limit)))
        for n, h, act, limit, param in [(2, 4, R, 0, "W2"), (3, 5, L, -0.3, "W1"), (4, 8, "relu", 0, "W2")]:
            made = leaky(act, gaussian(n + 90, h, n, scale=2), gaussian(n + 95, n, h, scale=2), 1, param, mu(p, limit))
            add(f"-x + W2 act(W1 x), norm {p}, {n} by {h}, {act}, limit {limit}, {param}", made)


def metrics():
    add("metric P, act(A x), n = 3", direct(L, gaussian(201, 3), mu(2, 0, positive(1, 3))))
    add("metric P, act(A x), n = 6", direct(S, gaussian(202, 6, shift=-1), mu(2, -0.2, positive(2, 6))))
    made = leaky(T, gaussian(203, 6, 4, scale=2), gaussian(204, 4, 6, scale=2), 1, "W2", mu(2, -0.1, positive(3, 4)))
    add("metric P, -x + W2 act(W1 x), W2", made)
    w = np.array([1, 2.5, 0.4, 1.5])
    add("weights, norm 1, act(A x)", direct(L, gaussian(205, 4), mu(1, 0, w)))
    add("weights, norm inf, act(A x)", direct(R, gaussian(206, 4), mu("inf", 0.4, w)))
    made = leaky("relu", gaussian(207, 5, 4, scale=2), gaussian(208, 4, 5, scale=2), 1, "W1", mu(1, -0.1, w))
    add("weights, norm 1, -x + W2 act(W1 x), W1", made)


def steps():
    for p, limit in [(2, 0.99), (1, 0.98), ("inf", 0.97)]:
        made = leaky(L, gaussian(301, 5, 3, scale=2), gaussian(302, 3, 5, scale=2), 1, "W2", mu(p, limit, step=0.1))
        add(f"step({p}, 0.1) <= {limit}, -x + W2 act(W1 x), W2", made)
    add("step(2, 0.1) <= 1, act(A x)", direct(L, gaussian(303, 4, shift=-1), mu(2, 1, step=0.1)))
    add("step(2, 0.5) <= 1.1, act(A x), n = 6", direct(T, gaussian(304, 6, shift=-4, scale=3), mu(2, 1.1, step=0.5)))
    add("step(inf, 0.25) <= 1.05, act(A x)", direct(R, gaussian(305, 4), mu("inf", 1.05, step=0.25)))


def time():
    A0, A1, A2 = gaussian(401, 3, shift=-2, scale=0.5), gaussian(402, 3, shift=-0.5), gaussian(403, 3, shift=-2, scale=0.5)
    three = [A0, A1, A2]
    add("interpolate, the middle knot", over_time(L, [0, 1, 2], three, 1, [0, 1, 2], [0, 2], mu(2, 0)))
    made = over_time(S, [0, 1, 2], [gaussian(404, 3), A0, A2], 0, [0.25, 1, 1.5], [0.25, 1.5], mu(2, -0.1))
    add("interpolate, a knot before the interval", made)
    decays = ([0, 0.5, 2], np.array([0.5, 0.1, 0.5]))
    made = over_time(T, [0, 1, 2], three, 1, [0, 0.5, 1, 2], [0, 2], mu(2, -0.05), decays)
    add("interpolate, another path's knots between", made)
    made = over_time(L, [0, 1, 2], three, 1, [0, 0.5, 1, 2], [0, 2], mu("inf", 0.1), decays)
    add("interpolate, norm inf, another path's knots between", made)


def restricted():
    thin = gaussian(501, 5, shift=-1, scale=1.5)
    thin[np.random.default_rng(502).random((5, 5)) < 0.4] = 0
    np.fill_diagonal(thin, [-0.5, -1, -0.7, 0.3, -1.2])
    add("sparsity, act(A x)", direct(L, thin, mu(2, 0)), {"sparsity": True})
    add("sparsity, norm 1, act(A x)", direct(L, thin, mu(1, 0)), {"sparsity": True})
    W1, W2 = gaussian(503, 6, 3, scale=2), gaussian(504, 3, 6, scale=2)
    W2[np.abs(W2) < 0.5] = 0
    add("sparsity, -x + W2 act(W1 x), W2", leaky(T, W1, W2, 1, "W2", mu(2, 0)), {"sparsity": True})
    A = gaussian(505, 4, shift=-1)
    A[[1, 3]] *= 0.2
    A[[1, 3], [1, 3]] = -1.5
    A = np.round(A, 3)
    add("rows 1 and 3, act(A x)", direct(L, A, mu(2, 0)), {"rows": [1, 3]})
    add("rows 1 and 3, norm inf, act(A x)", direct(L, A, mu("inf", 0)), {"rows": [1, 3]})
    add("rows 2, 3 and 5, -x + W2 act(W1 x), W1", leaky(T, W1, W2, 1, "W1", mu(2, 0.9)), {"rows": [2, 3, 5]})
    B = gaussian(506, 4)
    add("diagonal, act(A x), n = 4", direct(S, B, mu(2, 0)), {"diagonal": True})
    add("diagonal, norm 1, act(A x), n = 4", direct(S, B, mu(1, 0)), {"diagonal": True})
    add("diagonal, act(A x), n = 8", direct(L, gaussian(507, 8, shift=-1), mu(2, 0)), {"diagonal": True})
    add("symmetric, act(A x), n = 4", direct(S, B, mu(2, 0)), {"symmetric": True})
    add("symmetric, act(A x), n = 6", direct(T, gaussian(508, 6), mu(2, 0.2)), {"symmetric": True})
    add("symmetric, norm inf, act(A x), n = 4", direct(L, B, mu("inf", 0)), {"symmetric": True})
    C = gaussian(509, 4, shift=-0.6)
    add("most 0.7, act(A x)", direct(S, C, mu(2, 0)), {"most": 0.7})
    add("most 0.5, norm inf, act(A x)", direct(S, C, mu("inf", 0.1)), {"most": 0.5})
    add("most 0.7, -x + W2 act(W1 x), W2", leaky(T, W1, W2, 1, "W2", mu(2, 0)), {"most": 0.7})


def none():
    A = gaussian(601, 2)
    zero = "slopes 0 are admissible: J = 0, whose logarithmic norm is 0"
    add("none: tanh without decay", direct(T, A, mu(2, -0.1)), why=zero)
    add("none: relu without decay, norm 1", direct("relu", A, mu(1, -0.1)), why=zero)
    add("none: slopes of both signs, norm inf", direct(R, A, mu("inf", -0.05)), why=zero)
    add("none: tanh without decay, in a metric", direct(T, A, mu(2, -0.1, positive(4, 2))), why=zero)
    W1, W2 = gaussian(602, 3, 2), gaussian(603, 2, 3)
    for param in ("W1", "W2"):
        made = leaky("relu", W1, W2, 0.1, param, mu(2, -0.2))
        add(f"none: decay 0.1 for limit -0.2, {param}", made, why="slopes 0 leave -0.1 I, whose logarithmic norm is -0.1")
    add("none: step without decay", direct("relu", A, mu(2, 0.99, step=0.1)), why="slopes 0 leave I, whose norm is 1")
    made = leaky("relu", W1, W2, 0.1, "W2", mu(2, 0.98, step=0.1))
    add("none: step with decay 0.1", made, why="slopes 0 leave 0.99 I, whose norm is 0.99")
    hollow = np.array([[0, 1, 0.5], [-1, 0, 0], [0.25, 2, 0]])
    add("none: sparsity keeps a diagonal of zeros", direct(L, hollow, mu(2, -0.1)), {"sparsity": True}, why="J has trace 0")
    top = np.array([[-1, 0.5, 0], [0.3, 1, 0.2], [0, 0.4, -2]])
    add("none: rows 1 and 3 leave a positive J_22", direct(L, top, mu(2, 0)), {"rows": [1, 3]}, why="J_22 is at least 0.1")
    add("none: most 0.5 leaves a positive J_22", direct(L, top, mu(2, 0)), {"most": 0.5}, why="J_22 is at least 0.05")
    wide = np.array([[-1, 0, 0], [3, -1, 0], [0, 0, -1]])
    add("none: rows 3 leave the block of rows 1 and 2", direct("smooth_leaky_relu(0.25)", wide, mu(2, 0)), {"rows": [3]}, why="b = 3 needs m >= b^2/4")
    with_skew = skew(L, gaussian(604, 3), 0.3, mu(2, -0.1))
    add("none: skew(W) leaves the diagonal", with_skew, why="J has -0.3 d on its diagonal: -0.03 at least")


if __name__ == "__main__":
    for group in (known, one_layer, two_matrices, others, polyhedral, metrics, steps, time, restricted, none):
        if len(sys.argv) < 2 or group.__name__ in sys.argv[1:]:
            group()
    print(f"{len(cases)} cases")
    if len(sys.argv) < 2:

        def value(v):
            """As the formatter has it."""
            return json.dumps(v).replace("{", "{ ").replace("}", " }").replace("e-0", "e-") if not isinstance(v, str) else json.dumps(v)

        fields = lambda case: ",\n".join(f"    {json.dumps(k)}: {value(v)}" for k, v in case.items())
        text = ",\n".join(f"  {{\n{fields(case)}\n  }}" for case in cases)
        pathlib.Path(__file__).with_name("repair-distances.json").write_text(f"[\n{text}\n]\n")
