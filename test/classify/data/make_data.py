"""Writes the small data sets and what NumPy says of them: `python3 make_data.py`. Needs NumPy alone.

small: two layers, a skip, weights that change with time, biases; the gradient by complex steps, without a backward pass.
clusters: a contracting flow on noisy prototypes, with which certified accuracies are neither 0 nor the clean one.
"""

import gzip
import json
import struct
from pathlib import Path

import numpy as np

here = Path(__file__).parent
random = np.random.default_rng(7)


def idx(name, array):
    header = bytes([0, 0, 8, array.ndim]) + b"".join(struct.pack(">I", size) for size in array.shape)
    (here / name).write_bytes(gzip.compress(header + array.astype("u1").tobytes(), mtime=0))


def forward(u, w, steps):
    """Forward Euler on [0, 1]; u may be complex."""
    x = w["E"] @ u + w["e"]
    for k in range(steps):
        t, h = k / steps, 1 / steps
        x = x + h * w["field"](x, t)
    return w["H"] @ x + w["c"]


def gradient(u, label, w, steps):
    """Of the cross-entropy by u, by complex steps."""
    out = np.zeros(len(u))
    for i in range(len(u)):
        moved = u.astype(complex)
        moved[i] += 1e-30j
        s = forward(moved, w, steps)
        out[i] = (np.log(np.exp(s - s.real.max()).sum()) + s.real.max() - s[label]).imag / 1e-30
    return out


def small():
    n, k, classes, steps = 4, 6, 3, 7
    A = [random.normal(size=(5, n)) for _ in range(3)]
    w = {name: random.normal(size=shape) for name, shape in dict(
        E=(n, k), e=(n,), H=(classes, n), c=(classes,), b=(5,), W=(3, 5), S=(3, n), d=(3,), V=(n, 3), K=(n, 5)).items()}

    def field(x, t):
        a = A[0] + (A[1] - A[0]) * t / 0.6 if t < 0.6 else A[1] + (A[2] - A[1]) * (t - 0.6) / 0.4
        g = np.tanh(a @ x + w["b"])
        q = w["W"] @ g + w["S"] @ x + w["d"]
        return w["V"] @ (q / (1 + np.exp(-q))) + 0.3 * w["K"] @ g - 0.5 * x

    np.savez(here / "small.npz", **w, A0=A[0], A1=A[1], A2=A[2])
    bytes_ = random.integers(0, 256, size=(40, 2, 3))
    U = bytes_.reshape(40, k) / 255
    w["field"] = field
    scores = np.array([forward(u, w, steps) for u in U])
    labels = np.where(random.random(40) < 0.7, scores.argmax(1), random.integers(0, classes, 40))
    G = np.array([gradient(u, y, w, steps) for u, y in zip(U, labels)])
    held = scores.argmax(1) == labels
    under = {}
    for epsilon in (0.02, 0.1, 0.2):
        inf = np.clip(U + epsilon * np.sign(G), 0, 1)
        two = np.clip(U + epsilon * G / np.linalg.norm(G, axis=1, keepdims=True), 0, 1)
        under[epsilon] = {name: int((held & (np.array([forward(v, w, steps) for v in V]).argmax(1) == labels)).sum())
                          for name, V in (("inf", inf), ("2", two))}
    idx("small-images.gz", bytes_)
    idx("small-labels.gz", labels)
    result = dict(steps=steps, scores=scores.tolist(), gradients=G.tolist(), clean=int(held.sum()),
                  under=[dict(epsilon=epsilon, **each) for epsilon, each in under.items()])
    (here / "small.json").write_text(json.dumps(result) + "\n")


def clusters():
    n, k, classes, count = 8, 16, 4, 120
    prototypes = random.random((classes, k))
    labels = random.integers(0, classes, count)
    bytes_ = np.clip(np.round(255 * (prototypes[labels] + 0.18 * random.normal(size=(count, k)))), 0, 255)
    E = np.linalg.qr(random.normal(size=(k, n)))[0].T
    A = 1.2 * random.normal(size=(n, n)) / np.sqrt(n)
    b = 0.3 * random.normal(size=n)

    def field(x, t):
        q = A @ x + b
        return np.where(q >= 0, q, 0.1 * q) - 1.5 * x

    X = []
    for u in bytes_ / 255:
        x = E @ u
        for k_ in range(10):
            x = x + 0.1 * field(x, 0)
        X.append(x)
    X = np.array(X)
    ones = np.hstack([X, np.ones((count, 1))])
    target = np.eye(classes)[labels]
    head = np.linalg.solve(ones.T @ ones + 1e-2 * np.eye(n + 1), ones.T @ target).T
    np.savez(here / "clusters.npz", E=E, A=A, b=b, H=head[:, :n], c=head[:, n],
             images=bytes_.astype("u1"), labels=labels)
    print("clusters, clean", ((ones @ head.T).argmax(1) == labels).mean())


small()
clusters()
