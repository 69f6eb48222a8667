#!/usr/bin/env python3
"""Writes the pairs beside it, `X.before.EXT` and `X.after.EXT`: the same file as NumPy 2, zipfile and safetensors write it,
before and after a change of the tensor "A" (or of the only one). They need `numpy` and `safetensors`.

    python3 make_pairs.py

The element at row-major place k (from 0) is (k - 3) / 4 before; after the change (k - 3) / 4 + 1 / 3 rounded to the type
where k is even, and the same where k is odd. The tests compute the same numbers by themselves. rounded.json holds
doubles and what they become in 16 and 32 bits.
"""
import io
import json
import random
import struct
import zipfile
from fractions import Fraction
from pathlib import Path
from unittest import mock

import numpy as np
import safetensors
from numpy.lib import format as npy

here = Path(__file__).parent
SHAPE = (2, 3, 4)


def numbers(shape, after):
    k = np.arange(int(np.prod(shape, dtype=int))).reshape(shape)
    return (k - 3) / 4 + (np.where(k % 2 == 0, 1 / 3, 0) if after else 0)


def pair(name, extension, content):
    for word, after in (("before", False), ("after", True)):
        (here / f"{name}.{word}.{extension}").write_bytes(content(after))


def npy_bytes(array, version=None):
    out = io.BytesIO()
    npy.write_array(out, array, version=version)
    return out.getvalue()


# .npy: floats in both byte orders and both memory orders, two versions of the format.
for code in ("f2", "f4", "f8"):
    for order, word in (("<", "little"), (">", "big")):
        for memory in "CF":
            pair(f"{code}-{word}-{memory}", "npy",
                 lambda after: npy_bytes(np.array(numbers(SHAPE, after).astype(order + code), order=memory)))
pair("version2", "npy", lambda after: npy_bytes(numbers(SHAPE, after), (2, 0)))
pair("version3", "npy", lambda after: npy_bytes(numbers(SHAPE, after), (3, 0)))


# .npz by NumPy's own functions, with a fixed date.
class Stream(io.RawIOBase):
    """Cannot seek: sizes and checksums are written after the data."""
    def __init__(self):
        self.content = b""
    def writable(self):
        return True
    def write(self, data):
        self.content += bytes(data)
        return len(data)


def savez(save, out, after):
    arrays = {
        "first": numbers((3,), False).astype(">f8"),
        "A": np.asfortranarray(numbers((20, 30), after).astype("<f4")),
        "layer.0/weight": numbers((2, 2), False),
    }
    with mock.patch("zipfile.time.localtime", return_value=(1980, 1, 1, 0, 0, 0, 0, 0, 0)):
        save(out, **arrays)
    return out


pair("stored", "npz", lambda after: savez(np.savez, io.BytesIO(), after).getvalue())
pair("deflated", "npz", lambda after: savez(np.savez_compressed, io.BytesIO(), after).getvalue())
pair("streamed", "npz", lambda after: savez(np.savez, Stream(), after).content)
pair("streamed-deflated", "npz", lambda after: savez(np.savez_compressed, Stream(), after).content)


def plain(after):
    """Without room for large sizes, with a member that is no tensor, extra fields and comments."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, content in (
            ("readme.txt", b"not a tensor"),
            ("A.npy", npy_bytes(numbers(SHAPE, after))),
            ("b.npy", npy_bytes(numbers((2,), False))),
        ):
            info = zipfile.ZipInfo(name)
            info.comment = f"a comment on {name}".encode()
            info.extra = struct.pack("<HH", 0xCAFE, 3) + b"abc"
            z.writestr(info, content)
        z.comment = b"a comment on the archive"
    return out.getvalue()


pair("plain", "npz", plain)


# .safetensors by its authors' library.
def tensors(code, after):
    alive = []

    def entry(dtype, shape, after):
        values = numbers(shape, after)
        if dtype == "bfloat16":
            data = np.array([bfloat16(value) for value in values.flat], "<u2")
        else:
            data = values.astype(dtype)
        alive.append(data)
        return safetensors.TensorSpec(dtype=dtype, shape=shape, data_ptr=data.ctypes.data, data_len=data.nbytes)

    entries = {"A": entry(code, SHAPE, after), "b": entry("float64", (3,), False), "λ": entry("float32", (1, 5), False)}
    return bytes(safetensors.serialize(entries, {"format": "pt"}))


def nearest(value, precision, lowest):
    """The nearest binary floating-point number, ties to even, by rational arithmetic."""
    exact = abs(Fraction(value))
    exponent = lowest
    while exact >= Fraction(2) ** (exponent + 1):
        exponent += 1
    unit = Fraction(2) ** (exponent - precision + 1)
    # Python rounds a Fraction's half to even.
    rounded = float(round(exact / unit) * unit)
    return -rounded if value < 0 else rounded


def bfloat16(value):
    return int.from_bytes(struct.pack(">f", nearest(value, 8, -126))[:2], "big")


for code in ("float64", "float32", "float16", "bfloat16"):
    pair(code, "safetensors", lambda after: tensors(code, after))


# .json and .csv: the same layout around other numbers, as Python writes these; what has not changed keeps its digits.
def written(text, after):
    """In the text, `@k` is the element at place k."""
    def number(k):
        value = (k - 3) / 4
        return repr(value + 1 / 3) if after and k % 2 == 0 else f"{value:.3f}"

    for k in reversed(range(24)):
        text = text.replace(f"@{k}", number(k))
    return text.encode()


pair("matrix", "json", lambda after: written("\ufeff[\r\n  [@0,@1,  @2],\r\n\t[@3 ,@4,\n@5]] \n", after))
pair("named", "json", lambda after: written(
    '{ "2": [1.50, 2e0], "A\\"": {"A": 1}, "\\u0041":\n  [[@0, @1], [@2, @3], [@4, @5]],\n "λ": [-0.0, 1E-7], "text": "A: 1" }', after))
pair("header", "csv", lambda after: written('\ufeff"first; name 1";second\r\n@0;@1\r\n\r\n "@2" ; @3 \r\n@4;"@5"', after))
pair("commas", "csv", lambda after: written("@0,\t@1\n@2 , @3\n@4,@5\n", after))
pair("spaces", "csv", lambda after: written("# a, b\n  @0   @1\n@2\t@3\n @4 \"@5\"\n", after))
pair("column", "csv", lambda after: written("@0\n@1\n\n@2\n", after))

# Doubles and what they become: NumPy's casts, rational arithmetic for bfloat16.
rng = random.Random(1)
doubles = [0.0, -0.0, 5e-324, -5e-324, 65504.0, 65519.99, -1 / 3]
for precision, lowest, highest in ((11, -14, 15), (8, -126, 127), (24, -126, 127)):
    for _ in range(60):
        # Ties, and what is one double beside them; normal and subnormal.
        exponent = rng.choice([lowest, lowest - precision, lowest - 3, 0, rng.randint(lowest, highest - 1), highest - 1])
        tie = (rng.randrange(2 ** (precision - 1), 2**precision) + 0.5) * 2.0 ** (exponent - precision + 1)
        doubles += [tie, np.nextafter(tie, 0).item(), -np.nextafter(tie, np.inf).item()]
        doubles.append(rng.uniform(-1, 1) * 2.0 ** rng.randint(lowest - precision, highest))
with np.errstate(all="ignore"):
    cast = {
        "F16": [float(np.float64(value).astype(np.float16)) for value in doubles],
        "F32": [float(np.float64(value).astype(np.float32)) for value in doubles],
        "BF16": [nearest(value, 8, -126) for value in doubles],
    }
for name, values in cast.items():
    for i, value in enumerate(values):
        if value == 0:
            values[i] = -0.0 if str(doubles[i])[0] == "-" else 0.0
# None: beyond the largest.
fits = {name: [None if value in (np.inf, -np.inf) else value for value in values] for name, values in cast.items()}
(here / "rounded.json").write_text(json.dumps({"doubles": doubles, **fits}))
