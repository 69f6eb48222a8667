"""Writes the IDX files beside it: `python3 make_idx.py`. Needs NumPy; struct and gzip pack, nothing of Contrax does."""

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np

here = Path(__file__).parent
codes = {"u1": 0x08, "i1": 0x09, ">i2": 0x0B, ">i4": 0x0C, ">f4": 0x0D, ">f8": 0x0E}


def idx(array, code=None, sizes=None):
    sizes = array.shape if sizes is None else sizes
    header = bytes([0, 0, codes[array.dtype.str.lstrip("|")] if code is None else code, len(sizes)])
    return header + b"".join(struct.pack(">I", size) for size in sizes) + array.tobytes()


def write(name, content):
    (here / name).write_bytes(content)


def gz(content, flags=0, extra=b"", crc=None, size=None):
    """RFC 1952, by hand, so that each field can be wrong."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    crc = zlib.crc32(content) if crc is None else crc
    size = len(content) if size is None else size
    return b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\xff" + extra + packed + struct.pack("<II", crc, size & 0xFFFFFFFF)


counting = np.arange(12)
for dtype in codes:
    values = {"u": counting + 244, "i": counting - 5, "f": (counting - 3) / 4}[dtype.lstrip("<>|")[0]]
    write(dtype.strip(">") + ".idx", idx(values.astype(dtype).reshape(3, 2, 2)))

images = np.arange(12, dtype="u1").reshape(3, 2, 2)
good = idx(images)
write("plain-idx3-ubyte", good)
write("python.gz", gzip.compress(good, mtime=0))
write("all-fields.gz", gz(good, 4 + 8 + 16 + 2, struct.pack("<H", 3) + b"abc" + b"name\0" + b"comment\0" + b"\0\0"))

write("cut.idx", good[:-1])
write("longer.idx", good + b"\0")
write("header-only.idx", good[:9])
write("lying.idx", idx(images, sizes=(3, 2, 200)))
write("huge.idx", idx(images, sizes=(2**31, 2**20, 7)))
write("empty.idx", idx(images[:0]))
write("type.idx", idx(images, code=0x0A))
write("no-dimensions.idx", bytes([0, 0, 8, 0]))
write("nan.idx", idx(np.array([[1, 2], [3, np.nan]], dtype=">f4")))

write("cut.gz", gzip.compress(good, mtime=0)[:-6])
write("checksum.gz", gz(good, crc=1))
write("size.gz", gz(good, size=len(good) + 1))
write("no-end.gz", b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"name without end" + b"x" * 8)
write("method.gz", b"\x1f\x8b\x07" + gz(good)[3:])
write("damaged.gz", gz(good)[:12] + b"\xff\xff\xff" + gz(good)[15:])
write("twice.gz", gzip.compress(good, mtime=0) * 2)
# 100 MB of zeros behind a header that states 12 bytes, an honest end and one that agrees with the header.
bomb = good + b"\0" * 100_000_000
write("bomb.gz", gz(bomb))
write("lying-bomb.gz", gz(bomb, size=len(good)))
# A header that states a gigabyte in a file of a few bytes.
write("claims-much.gz", gz(idx(images, sizes=(2**20, 2**7, 1)), size=16 + 2**27))
