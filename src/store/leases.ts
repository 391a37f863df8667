/** The right to work on one connection, so that two replicas never do. Plain data. */
export interface Lease {
  readonly connectionId: string;
  /** The replica that holds it: a name that no other process ever has (made anew at each start). */
  readonly owner: string;
  /** Grows with every change of owner: what was begun under an older one is refused. */
  readonly epoch: number;
  /** For how long it holds after a claim or a renewal, by the clock of the database. */
  readonly ttlMs: number;
}

/** A stored connection and the replica that works on it; null: nobody does. */
export interface Holding {
  readonly connectionId: string;
  readonly owner: string | null;
  /** Grows whenever somebody changes what is wanted of the connection, or hints that something about it has changed. */
  readonly revision: number;
}

/** Who works on which connection (reliability.md D9). Time is the database's: the clocks of replicas may differ. */
export interface Leases {
  /** Other processes may use the same store: a lease that is not renewed ends. */
  readonly shared: boolean;
  /** Takes a connection that nobody holds, or whose holder has not renewed in time. Null: not now. Asked again by its holder it
   *  gives the same lease, renewed: an answer that was lost does no harm. */
  claim(connectionId: string, owner: string, ttlMs: number): Promise<Lease | null>;
  /** Extends leases, in one statement however many they are. Gives those that are still held; the others are lost. One whose time
   *  is over but that nobody else has taken is still held. */
  renew(leases: readonly Lease[]): Promise<readonly Lease[]>;
  /** Gives leases back, so that others can take these connections at once. Those already lost are left alone. */
  giveBack(leases: readonly Lease[]): Promise<void>;
  /** Tells that a replica is there for the next `ttlMs` (0: it leaves). Gives all that are there, by name. */
  present(owner: string, ttlMs: number): Promise<readonly string[]>;
  /** Every stored connection, by id. */
  holdings(): Promise<readonly Holding[]>;
}

/** Somebody else has taken the connection, or the lease was given back: whoever gets this stops working on it. Nothing was
 *  changed. It is no StoreError: trying again is of no use. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
  readonly connectionId: string;
  constructor({ connectionId }: Lease) {
    super(`another replica has taken over the connection ${connectionId}`);
    this.connectionId = connectionId;
  }
}
