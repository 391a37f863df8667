/** The connection's id in facts of the whole program, whatever it serves. */
export const WHOLE_PROGRAM = "";
