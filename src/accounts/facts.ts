/** Facts of a connection that the accounts keep in the store. */

/** When the CRM last hinted that the account's settings changed (Unix ms). */
export const SETTINGS_HINT = "settings_hint_at";
/** How its registration stands (`standing.ts`), kept by whoever works on it, for the pages of every replica. */
export const STANDING = "standing";
/** When more rights were last asked for (Unix ms). */
export const SCOPES_ASKED = "scopes_asked_at";
/** Which of the rights that its rules need its key was last seen to have, and which it lacks (`key-rights.ts`). */
export const RIGHTS_SEEN = "rights_seen";
export const RIGHTS_MISSING = "rights_missing";
/** What the account's admins were told of trouble with the bot, and when (`health.ts`). */
export const TOLD = "admins_told";
