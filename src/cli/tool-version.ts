/** The same as in package.json, which a test compares; reading that file would cost every start. */
export const toolVersion = "0.1.0";
