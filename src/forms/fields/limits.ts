/** How large a form may be. Apart from the parser, so that the browser's half can know them without it. */

/** UTF-8 bytes of one form. */
export const MAX_HTML_BYTES = 1024 * 1024;
/** Browsers flatten what is nested more than 512 deep, so beyond that the two halves would see different trees. */
export const MAX_DEPTH = 100;
/** A form of 500 fields has some 5,000. Mis-nested markup makes parsers copy elements, so these are counted as made. */
export const MAX_ELEMENTS = 10_000;
