/** Facts of the whole program, whatever it serves. */
export const WHOLE_PROGRAM = "";
export const STATUS_TOKEN = "status_token";
/** Where the running program answers; `rulebot status` reads it. */
export const STATUS_ADDRESS = "status_address";
