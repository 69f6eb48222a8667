import type { TensorEntry } from "../model/tensor.ts";
import { codes, LoadError, quote } from "./failure.ts";
import { decodeNpy, encodedNpy, maxNpyPrefix, type NpyHeader, npyHeader, npyLength } from "./npy.ts";
import type { WeightFile } from "./weight-file.ts";
import { memberContent, memberPrefix, type ZipMember, zipDirectory } from "./zip.ts";
import { withContents } from "./zip-write.ts";

const suffix = ".npy";

/** A .npz file: a zip archive of .npy files, each a tensor under its name without `.npy`, as `numpy.load` has it. */
export function openNpz(bytes: Uint8Array): WeightFile {
  const directory = zipDirectory(bytes);
  const members = directory.members.filter((member) => member.name.endsWith(suffix));
  const names = members.map((member) => member.name.slice(0, -suffix.length));
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new LoadError(codes.malformed, `it holds the tensor ${quote(name)} twice`);
    seen.add(name);
  }
  return {
    kind: "named",
    names,
    entry: (index) => entry(names[index], members[index]),
    read(index) {
      const member = members[index];
      const header = memberHeader(member);
      const expected = npyLength(header);
      // Before anything of that size is unpacked.
      if (member.size !== expected) {
        const problem = `its header implies ${expected} bytes, the archive's directory states ${member.size}`;
        throw new LoadError(codes.malformed, problem);
      }
      return decodeNpy(header, memberContent(member));
    },
    write(changes) {
      const contents = changes.map(({ index, after }): [ZipMember, Uint8Array] => {
        const content = memberContent(members[index]);
        return [members[index], encodedNpy(npyHeader(content), content, after)];
      });
      return withContents(bytes, directory, new Map(contents));
    },
  };
}

function entry(name: string, member: ZipMember): TensorEntry | null {
  try {
    const { shape, dtype } = memberHeader(member);
    return { name, shape, dtype };
  } catch (error) {
    if (error instanceof LoadError) return null;
    throw error;
  }
}

function memberHeader(member: ZipMember): NpyHeader {
  return npyHeader(memberPrefix(member, maxNpyPrefix));
}
