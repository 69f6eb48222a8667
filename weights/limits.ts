/** Elements that one document may load in all, 2^27: 1 GiB of doubles. */
export const maxElements = 2 ** 27;

/** Bytes of a text file (.json, .csv) and of an inflated archive member. */
export const maxTextBytes = 2 ** 28;
export const maxMemberBytes = 2 ** 30;
