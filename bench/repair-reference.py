#!/usr/bin/env python3
"""A peer for repairs: the least Frobenius change of A in x' = act(A x), slopes in [m, 1], that brings the largest
2-logarithmic norm to a target. Cutting planes with NumPy, SciPy and LAPACK.

    OMP_NUM_THREADS=1 python3 bench/repair-reference.py [NAME:TARGET ...] [--slopes 0.1] [--gap 1e-3] [--seconds 120]

NAME is A<n> of ../shared/bench/instances.safetensors or trained-64. One line of JSON each:
- `value`: of A as it is, as the local search finds it;
- `lower`: no smaller change does, whatever the local search misses (each cut holds for every repair; floating point);
- `upper`: the length of a change at which a LOCAL search with many starts finds no violation: not a proof (all vertices for n <= 16);
  with --prove, `repaired` are global bounds on the logarithmic norm then, by ../shared/bench/reference.py.

A cut is <D v v^T, Delta> <= target - v^T D A v, D a vertex and v a unit vector. Each round solves the least-distance
problem over the cuts (its dual: non-negative, by an active set), searches violations at the solution and between it and a
point inside, adds them all, and forgets cuts that have been slack for long.
"""
import argparse
import json
import struct
import sys
import time
from pathlib import Path

import numpy as np
from scipy.linalg import cho_factor, cho_solve

SHARED = Path(__file__).resolve().parents[2] / "shared"
FILES = {"A": "bench/instances.safetensors", "trained-64": "data/mnist-node/mnist-node-64.safetensors"}
USUAL = ["A16:0", "A32:0", "A64:0", "trained-64:1", "trained-64:0.5", "trained-64:0"]


def tensor(path, name):
    raw = path.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    entry = json.loads(raw[8 : 8 + size])[name]
    start, end = entry["data_offsets"]
    data = np.frombuffer(raw[8 + size + start : 8 + size + end], {"F32": "<f4", "F64": "<f8"}[entry["dtype"]])
    return data.reshape(entry["shape"]).astype(float)


def top(W, d):
    """[k] largest logarithmic norms and [k, n] unit eigenvectors of D W for slopes [k, n]."""
    J = d[:, :, None] * W
    w, V = np.linalg.eigh((J + J.transpose(0, 2, 1)) / 2)
    return w[:, -1], V[:, :, -1]


def climb(W, m, d, most=40):
    """Sign steps from each start until none gains: values, slopes and eigenvectors; starts that met are one."""
    w, v = top(W, d)
    done = []
    for _ in range(most):
        following = np.where(v * (v @ W.T) > 0, 1.0, m)
        following, index = np.unique(following, axis=0, return_index=True)
        before, was = w[index], d[index]
        w2, v2 = top(W, following)
        better = w2 > before + 1e-12
        done.append((before[~better], was[~better], v[index][~better]))
        w, v, d = w2[better], v2[better], following[better]
        if not len(w):
            break
    else:
        done.append((w, d, v))
    return [np.concatenate(parts) for parts in zip(*done)]


def search(W, m, starts, rng, random):
    """Violations near and far: from these vectors, from these with noise, and from random ones. Slopes and vector gain in
    turns, the vector by power steps; the best end in `climb`, with a few random vertices."""
    n = len(W)
    noisy = starts + 0.5 * rng.standard_normal(starts.shape) / np.sqrt(n)
    v = np.concatenate([starts, noisy, rng.standard_normal((random, n))])
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    shift = np.linalg.norm(W, 2) / 2
    for _ in range(50):
        d = np.where(v * (v @ W.T) > 0, 1.0, m)
        v = (d * (v @ W.T) + (d * v) @ W) / 2 + shift * v
        v /= np.linalg.norm(v, axis=1, keepdims=True)
    value = np.einsum("ki,ki->k", np.maximum(v * (v @ W.T), m * v * (v @ W.T)), np.ones_like(v))
    d, first = np.unique(d, axis=0, return_index=True)
    d = d[np.argsort(-value[first])[: 2 * n]]
    d = np.concatenate([d, np.where(rng.random((n // 2, n)) < 0.5, 1.0, m)])
    w, d, v = climb(W, m, d)
    order = np.argsort(-w)
    return w[order], d[order], v[order]


def thorough(W, m, starts, rng):
    """All vertices where they are few; else many more starts, eigenvectors at each step, which miss less."""
    n = len(W)
    if n <= 16:
        every = np.where(np.arange(2**n)[:, None] >> np.arange(n) & 1, 1.0, m)
        w, v = map(np.concatenate, zip(*(top(W, part) for part in np.array_split(every, 16))))
        order = np.argsort(-w)[: 4 * n]
        return w[order], every[order], v[order]
    near = np.where(rng.random(starts.shape) < 2 / n, 1 + m - starts, starts)
    w, d, v = climb(W, m, np.concatenate([near, np.where(rng.random((64000 // n, n)) < 0.5, 1.0, m)]))
    order = np.argsort(-w)[: 4 * n]
    return w[order], d[order], v[order]


def dual(K, r, x):
    """max r x - x K x / 2 over x >= 0, from x >= 0: Lawson and Hanson's active set, several entering while that gains."""
    K = K + 1e-13 * np.trace(K) / len(r) * np.eye(len(r))
    active, before, several = x > 0, -np.inf, 16
    for _ in range(20 * len(r)):
        while active.any():
            y = np.zeros(len(r))
            y[active] = cho_solve(cho_factor(K[np.ix_(active, active)]), r[active])
            bad = active & (y <= 0)
            if not bad.any():
                x = y
                break
            step = (x[bad] / np.maximum(x[bad] - y[bad], 1e-300)).min()
            x = x + step * (y - x)
            active &= ~(bad & (x <= 1e-14))
            x[~active] = 0
        gradient = np.where(active, -np.inf, r - K @ x)
        now = r @ x / 2
        several = several if now > before * (1 + 1e-12) else 1
        before = now
        entering = np.argsort(-gradient)[:several]
        if gradient[entering[0]] <= 1e-9:
            break
        active[entering[gradient[entering] > 1e-9]] = True
    return x


def repair(A, m, target, gap, seconds, seed=0):
    began, rng, n = time.perf_counter(), np.random.default_rng(seed), len(A)
    worst = lambda W, starts, random: search(W, m, starts, rng, random)
    w, d, v = worst(A, np.zeros((0, n)), 500)
    value = w[0]
    if value <= target:
        return A, dict(value=value, lower=0.0, upper=0.0, rounds=0, seconds=time.perf_counter() - began)
    # Inside: A minus enough of the identity.
    inner = -np.eye(n) * (value - target) / m
    d_in = worst(A + inner, v, 500)
    low, upper, best, rounds, marks = 0.0, np.inf, None, 0, {}
    D, V, idle, x = d, v, np.zeros(len(d), int), np.zeros(len(d))
    slack = target - d_in[0][0]
    while True:
        rounds += 1
        DV = D * V
        r = np.einsum("ki,ki->k", DV, V @ A.T) - target
        K = (DV @ DV.T) * (V @ V.T)
        x = dual(K, r, x)
        change = -(DV * x[:, None]).T @ V
        low = max(low, r @ x / np.linalg.norm(change))
        held = V[x > 0]
        w1, d1, v1 = worst(A + change, held, 200)
        excess = max(0.0, w1[0] - target)
        # By convexity the point that divides by excess and slack is a repair, as far as the search sees.
        share = excess / (excess + slack)
        outer = change + share * (inner - change)
        # Most of the way to a better one costs less: the multiple of the change, or what the segment says.
        candidates = (outer, change - np.eye(n) * excess / m, change * (1 + excess / (value - target)))
        for candidate in sorted(candidates, key=np.linalg.norm):
            length = np.linalg.norm(candidate)
            if length < upper:
                w2, d2, v2 = worst(A + candidate, np.concatenate([held, v1]), 200)
                if w2[0] <= target:
                    upper, best = length, candidate
                    break
                else:
                    d1, v1, w1 = np.concatenate([d1, d2]), np.concatenate([v1, v2]), np.concatenate([w1, w2])
        # Deep cuts: where the way inside is still violated.
        if np.isfinite(upper):
            w3, d3, v3 = worst(A + 0.7 * change + 0.3 * best, held, 50)
            w1, d1, v1 = np.concatenate([w1, w3]), np.concatenate([d1, d3]), np.concatenate([v1, v3])
        spent, relative = time.perf_counter() - began, upper / low - 1
        for mark in (0.1, 0.01, 0.001):
            if relative <= mark and mark not in marks:
                marks[mark] = [rounds, round(spent, 2)]
        if best is not None and (relative <= gap or spent > seconds):
            # A search with many more starts: what it finds is a cut like any other.
            w4, d4, v4 = thorough(A + best, m, np.unique(D[x > 0], axis=0), rng)
            if w4[0] <= target or spent > seconds:
                break
            best = best - np.eye(n) * (w4[0] - target) / m
            upper = np.linalg.norm(best)
            w1, d1, v1 = np.concatenate([w1, w4]), np.concatenate([d1, d4]), np.concatenate([v1, v4])
        idle = np.where(x > 0, 0, idle + 1)
        keep = idle < 5
        new = (np.einsum("ki,ij,kj->k", d1 * v1, A + change, v1) > target + 1e-10)
        D, V = np.concatenate([D[keep], d1[new]]), np.concatenate([V[keep], v1[new]])
        x, idle = np.concatenate([x[keep], np.zeros(new.sum())]), np.concatenate([idle[keep], np.zeros(new.sum(), int)])
    return A if best is None else A + best, dict(
        value=value, lower=low, upper=upper, rounds=rounds, seconds=round(time.perf_counter() - began, 2), cuts=int((x > 0).sum()),
        vertices=len(np.unique(D[x > 0], axis=0)), within=marks, violation=max(0.0, w4[0] - target), rank=0 if best is None else int(np.linalg.matrix_rank(best, 1e-6)),
    )  # fmt: skip


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("names", nargs="*", default=USUAL)
    options.add_argument("--slopes", type=float, default=0.1)
    options.add_argument("--gap", type=float, default=1e-3)
    options.add_argument("--seconds", type=float, default=120)
    options.add_argument("--prove", type=float, default=0, help="seconds for the peer's global bounds on the result")
    options = options.parse_args()
    for question in options.names:
        name, target = question.split(":")
        file = SHARED / FILES.get(name, FILES["A"])
        if not file.exists():
            print(f"{question}: skipped, its instances are not here ({file}).")
            continue
        A = tensor(file, "ode.weight" if name == "trained-64" else name)
        repaired, found = repair(A, options.slopes, float(target), options.gap, options.seconds)
        if options.prove:
            sys.path.insert(0, str(SHARED / "bench"))
            import reference

            n = len(A)
            form = reference.form([repaired, np.eye(n)], np.zeros((n, n)))
            bounds = reference.solve(form, np.full(n, options.slopes), np.ones(n), 1e-6, options.prove, False)
            found["repaired"] = [bounds["lower"], bounds["upper"]]
        print(json.dumps({"name": name, "target": float(target), "slopes": [options.slopes, 1], **found}), flush=True)
