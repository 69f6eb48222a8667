/** Elements that one document may load in all, 2^27: 1 GiB of doubles. */
export const maxElements = 2 ** 27;

/** Of a text file (.json, .csv; larger ones are better kept as .npy) and of a safetensors file's header. */
export const maxTextBytes = 2 ** 25;

/** Of a member of an archive, unpacked. */
export const maxMemberBytes = 2 ** 30;
