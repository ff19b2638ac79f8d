/**
 * The owner's lease record: one key of localStorage, as JSON. A record that is none (other code
 * wrote the key, the user cleared the site's data) counts as no record. A write beyond the quota is
 * lost, and the owner goes on without this second witness.
 */

import { NO_LEASE, type Lease } from '../core/state.js';
import { isLease } from '../core/wire.js';
import type { LeaseRecord } from './ports.js';

export class LocalStorageLease implements LeaseRecord {
  private text: string | null = null;
  private lease: Lease = NO_LEASE;

  constructor(readonly key: string) {}

  /** The record: the same object for as long as its text is the same. */
  read(): Lease {
    const text = localStorage.getItem(this.key);
    if (text !== this.text) {
      this.text = text;
      this.lease = text === null ? NO_LEASE : parsed(text);
    }
    return this.lease;
  }

  write(lease: Lease): void {
    const text = JSON.stringify(lease);
    try {
      localStorage.setItem(this.key, text);
      this.text = text;
      this.lease = lease;
    } catch {
      // over quota
    }
  }
}

function parsed(text: string): Lease {
  try {
    const value: unknown = JSON.parse(text);
    return isLease(value) ? value : NO_LEASE;
  } catch {
    return NO_LEASE;
  }
}
