/** A module of the marketplace, as its publisher's cabinet describes it. */
export interface ModuleOffer {
  readonly code: string;
  readonly name: string;
  /** Its configuration page, to which the CRM sends browsers. */
  readonly formUrl: string;
  /** Left out or null: it is connected through its form only. */
  readonly oneStep?: OneStepOffer | null;
}

/** `configUrl` is asked whenever the card is opened; `secret` signs the registration. */
export interface OneStepOffer {
  readonly configUrl: string;
  readonly secret: string;
}

/** One call of the CRM to a module: a form without a signature. */
export interface Callback {
  readonly about: "activity" | "settings";
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** `status` null: no answer. */
export interface SentCallback extends Callback {
  readonly at: number;
  readonly status: number | null;
}

/** Gone: no account has that address any more. Moved: it leads to the new one. */
export type OldAddress = "gone" | "moved";

/** The vendor's lists of hosts: zones of the cloud, and whole hosts of own installations. `changedAt` is Unix ms. */
export interface DomainLists {
  crm: readonly string[];
  box: readonly string[];
  changedAt: number;
}
