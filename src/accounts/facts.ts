/** Facts of a connection that the accounts keep in the store. */

/** When the CRM last hinted that the account's settings changed (Unix ms). */
export const SETTINGS_HINT = "settings_hint_at";
/** How its registration stands (`standing.ts`), kept by whoever works on it, for the pages of every replica. */
export const STANDING = "standing";
/** When more rights were last asked for (Unix ms). */
export const SCOPES_ASKED = "scopes_asked_at";
/** Which rights its key was last seen to have, of those that its rules need, and when: `{at, scopes}`. */
export const RIGHTS_SEEN = "rights_seen";
/** What the account's admins were told of trouble with the bot, and when (`health.ts`). */
export const TOLD = "admins_told";
