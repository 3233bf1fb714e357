/** Names that others refer to. */

/** Under which the key that the private CA's follows from is stored. */
export const privateCaKeyName = "private-ca";
